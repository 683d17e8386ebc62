"""An IPython shell without a kernel: cells run as they do in a notebook."""

from __future__ import annotations

import contextlib
import io
import sys
import types
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from nbjudge.worker.describe import CELL_FILE, describe_exception


class _CellCompiler(CachingCompiler):
    """Compiles each cell under a name that says which one it is."""

    position = 0

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Return the file name of the cell being compiled."""
        return CELL_FILE.format(position=self.position)


class _Shell(InteractiveShell):
    """The shell of a worker: there is no window system to talk to."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept `%matplotlib inline` and do nothing: figures are drawn to memory."""


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

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that the notebook has defined."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def warm_up(self) -> None:
        """Run what every notebook runs, so that a fork of this process need not import it."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for source in ("1 + 1", "%timeit -n1 -r1 pass", "raise ValueError"):
                self.run(source, 0)
        self._shell.reset(new_session=True)

    def run(self, source: str, position: int) -> dict[str, Any] | None:
        """Run a cell; return its exception described, or None.

        Args:
            source: As in the notebook, magics and top-level await included.
            position: Counted from 1, for messages.
        """
        self._shell.compile.position = position
        result = self._shell.run_cell(source, store_history=False)
        self._shell.display_pub.outputs.clear()
        error = result.error_before_exec or result.error_in_exec
        return None if error is None else describe_exception(error)
