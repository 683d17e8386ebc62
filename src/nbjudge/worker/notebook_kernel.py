"""Cells as Jupyter's kernel runs them, outputs and all, for notebooks without a suite.

What IPython does is left to IPython. Here is what ipykernel adds to it: outputs as
messages, a running event loop, `input()` that refuses, a matplotlib that draws into
the notebook, an interrupt when a cell's time is over.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, cast

import IPython.core.pylabtools
from IPython.core.display_trap import DisplayTrap
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError

from nbjudge.worker.cell_outputs import CellOutputs
from nbjudge.worker.cell_streams import CellStream, DescriptorTail
from nbjudge.worker.shell import NotebookShell

_INLINE = "module://matplotlib_inline.backend_inline"
_NO_INPUT = "input() was called, but nobody is at the keyboard while a notebook is graded."


class NotebookKernel:
    """Runs the cells of one notebook, one after the other, and keeps what they put out.

    Takes over this process's streams, working folder and environment.

    Args:
        shell: As forked from the zygote.
    """

    def __init__(self, shell: NotebookShell) -> None:
        self._shell = shell.interactive
        self._displays: dict[str, list[dict[str, Any]]] = {}
        self._outputs = CellOutputs(self._displays)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        sys.path.insert(0, "")  # modules beside the notebook
        self._take_streams()
        self._take_displays()
        _draw_into_the_notebook(self._shell)

    def put_file(self, path: str, data: Any) -> None:
        """Append bytes to a file in the working folder.

        Args:
            path: Relative, as below the submission's folder.
            data: Array of uint8.
        """
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "ab") as file:
            file.write(data.tobytes())

    def execute(self, source: str, position: int, timeout_s: float) -> bytes:
        """Run a cell.

        Args:
            source: As in the notebook.
            position: Counted from 1, over the cells that run.
            timeout_s: Wall seconds after which the cell is interrupted.

        Returns:
            JSON: `{"outputs": [...], "error": {"ename", "evalue"} or null, "timed_out": bool}`.
        """
        outputs = self._outputs = CellOutputs(self._displays)
        self._shell.compile.position = position
        error: BaseException | None = None
        with _interrupted_after(timeout_s) as clock:
            try:
                result = self._loop.run_until_complete(self._run(source))
                error = result.error_before_exec or result.error_in_exec
            except BaseException as escaped:  # noqa: BLE001, RUF100 - the interrupt of an await
                error = escaped
                outputs.error(_name(escaped), "", [f"{_name(escaped)}"])
        self._collect()
        answer = {
            "outputs": outputs.items,
            "error": None if error is None else {"ename": _name(error), "evalue": _text(error)},
            "timed_out": clock.rang,
        }
        return json.dumps(answer, default=str).encode("utf-8", "replace")

    async def _run(self, source: str) -> Any:
        """Run a cell inside the running loop, as ipykernel does: `asyncio.run` fails there too."""
        shell = self._shell
        transformed, failure = source, None
        try:
            transformed = shell.transform_cell(source)
        except Exception:  # noqa: BLE001, RUF100 - IPython words it
            failure = sys.exc_info()
        if not shell.should_run_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=failure
        ):
            return shell.run_cell(source, store_history=True)
        try:
            result = await shell.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=failure,
            )
        finally:
            shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
        return result

    def _take_streams(self) -> None:
        sys.stdout = CellStream(1, lambda text: self._outputs.stream("stdout", text))
        sys.stderr = CellStream(2, lambda text: self._outputs.stream("stderr", text))
        self._tails = {"stdout": DescriptorTail(1), "stderr": DescriptorTail(2)}
        builtins.input = _refuse_input

    def _take_displays(self) -> None:
        shell = self._shell
        kernel = self

        class Publisher(DisplayPublisher):
            def publish(
                self,
                data: Any,
                metadata: Any = None,
                source: Any = None,
                *,
                transient: Any = None,
                update: bool = False,
                **_: Any,
            ) -> None:
                kernel._collect()
                display_id = (transient or {}).get("display_id")
                kernel._outputs.display(data, metadata, display_id=display_id, update=update)

            def clear_output(self, wait: bool = False) -> None:
                kernel._outputs.clear(wait=wait)

        class Hook(DisplayHook):
            def start_displayhook(self) -> None:
                kernel._collect()

            def write_output_prompt(self) -> None: ...

            def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
                if format_dict:
                    kernel._outputs.result(format_dict, md_dict or {}, self.prompt_count)

            def finish_displayhook(self) -> None: ...

        # IPython's constructors have no types.
        publisher, hook, trap = cast("tuple[Any, Any, Any]", (Publisher, Hook, DisplayTrap))
        shell.display_pub = publisher(parent=shell, shell=shell)
        shell.displayhook = hook(parent=shell, shell=shell)
        shell.display_trap = trap(hook=shell.displayhook)
        shell._showtraceback = self._show_traceback
        shell.set_hook("show_in_pager", lambda *_args, **_kwargs: None, 99)

    def _show_traceback(self, kind: Any, value: Any, lines: list[str]) -> None:
        self._collect()
        self._outputs.error(str(getattr(kind, "__name__", kind)), _text(value), list(lines))

    def _collect(self) -> None:
        """Take what libraries wrote past Python before what comes next."""
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(Exception):
                if stream is not None:
                    stream.flush()
        for name, tail in self._tails.items():
            self._outputs.stream(name, tail.take())


class _Clock:
    rang = False


@contextlib.contextmanager
def _interrupted_after(seconds: float) -> Iterator[_Clock]:
    """Raise KeyboardInterrupt in the cell once, as Jupyter's interrupt does."""
    clock = _Clock()

    def ring(_number: int, _frame: FrameType | None) -> None:
        clock.rang = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield clock
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _draw_into_the_notebook(shell: Any) -> None:
    """Have figures become the cell's outputs, as in a notebook."""
    os.environ["MPLBACKEND"] = _INLINE  # read when matplotlib is imported later
    if "matplotlib.pyplot" in sys.modules:
        with contextlib.suppress(Exception):
            # Needs matplotlib, which a grader may do without.
            inline: Any = importlib.import_module(_INLINE.removeprefix("module://"))
            pylabtools: Any = IPython.core.pylabtools
            pylabtools.activate_matplotlib(_INLINE)
            inline.configure_inline_support(shell, _INLINE)


def _refuse_input(prompt: object = "") -> str:
    """Take the place of `input`."""
    raise StdinNotImplementedError(_NO_INPUT)


def _name(error: BaseException) -> str:
    return str(type(error).__name__)


def _text(error: object) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001, RUF100 - a hostile __str__
        return ""
