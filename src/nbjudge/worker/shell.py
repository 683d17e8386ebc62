"""An IPython shell without a kernel: cells run as they do in a notebook."""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
import types
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from nbjudge.protocol.torch_values import loaded_torch
from nbjudge.worker.describe import CELL_FILE, describe_exception

_TORCH_WARM_UP = """
import torch
weight = torch.ones(2, requires_grad=True)
weight.half().float().sum().backward()
torch.optim.SGD([weight], lr=0.1).step()
torch.manual_seed(torch.initial_seed())
"""
"""What reads the machine's description once, and what loads most on first use: 1 to 2 s."""


_WARM_UP = ("1 + 1", "%timeit -n1 -r1 pass", "%matplotlib --list", "raise ValueError")
"""The third finds matplotlib's back-ends without choosing one."""
_NO_PROGRAM = "no other program can be started while a notebook is judged"
_NO_KEYBOARD = "nobody is at the keyboard while a notebook is judged; write the value into the code"
_SCRIPTS = ("script", "sh", "bash", "perl", "ruby", "python", "python3", "pypy", "system")


class _CellCompiler(CachingCompiler):
    """Compiles each cell under a name that says which one it is."""

    position = 0

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Return the file name of the cell being compiled."""
        return CELL_FILE.format(position=self.position)


class _Shell(InteractiveShell):
    """The shell of a worker: no window system, no keyboard, no other program."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept `%matplotlib inline` and do nothing: figures are drawn to memory."""

    def system(self, cmd: str) -> None:
        """Answer `!command`, `%pip` and their like with a sentence; the cell goes on."""
        print(f"!{cmd.strip()} is not run: {_NO_PROGRAM}")  # noqa: T201 - the student's output

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> object:
        """Answer `x = !command` with no lines."""
        self.system(cmd)
        return SList() if split else ""

    def ask_exit(self) -> None:
        """Answer `exit` and `quit`: the cells below run all the same."""
        print("exit is not followed while a notebook is judged.")  # noqa: T201 - the student's output

    def refuse_script(self, line: str, cell: str) -> None:
        """Answer `%%bash` and its like."""
        print(f"This cell is not run: {_NO_PROGRAM}")  # noqa: T201 - the student's output


def _no_keyboard(prompt: object = "") -> str:
    """Take the place of `input`."""
    raise EOFError(f"input({str(prompt)!r}): {_NO_KEYBOARD}")


class NotebookShell:
    """The student's namespace, and cells that run in it."""

    def __init__(self) -> None:
        config = Config()
        # The history keeps a thread and a database; neither belongs in a sandbox.
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        main = types.ModuleType("__main__")
        # pickle, inspect and dataclasses look names up in the module __main__.
        sys.modules["__main__"] = main
        self._shell: Any = _Shell.instance(
            config=config,
            display_pub_class=CapturingDisplayPublisher,
            compiler_class=_CellCompiler,
            user_module=main,
        )
        self._shell.ast_node_interactivity = "last_expr"
        for name in _SCRIPTS:
            magics = self._shell.magics_manager
            magics.register_function(self._shell.refuse_script, magic_kind="cell", magic_name=name)
        builtins.input = _no_keyboard

    @property
    def interactive(self) -> Any:
        """IPython's own shell."""
        return self._shell

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that the notebook has defined."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def warm_up(self) -> None:
        """Run what every notebook runs, so that a fork of this process need not import it."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for source in _WARM_UP:
                self.run(source, 0)
            if loaded_torch() is not None:
                self.run(_TORCH_WARM_UP, 0)
        self._shell.reset(new_session=True)

    def run(self, source: str, position: int) -> dict[str, Any] | None:
        """Run a cell; return its exception described, or None.

        Args:
            source: As in the notebook, magics and top-level await included.
            position: Counted from 1, for messages.
        """
        self._shell.compile.position = position
        formatter = self._shell.display_formatter
        formats = formatter.active_types
        # Nobody looks at what is displayed, and drawing a figure takes as long as all other cells.
        formatter.active_types = ["text/plain"]
        try:
            result = self._shell.run_cell(source, store_history=False)
        finally:
            formatter.active_types = formats
        self._shell.display_pub.outputs.clear()
        error = result.error_before_exec or result.error_in_exec
        return None if error is None else describe_exception(error)
