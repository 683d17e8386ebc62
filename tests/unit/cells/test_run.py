from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nbjudge.cells import CellsJob, ExecutedCell, ExecutedCells, run_cells
from nbjudge.model import Limits
from nbjudge.sandbox.plain import PlainSandbox


def run(
    tmp_path: Path, *sources: str, timeout_s: float = 20, files: dict[str, Path] | None = None
) -> tuple[ExecutedCell, ...]:
    job = CellsJob(
        student="ada",
        notebook="p1",
        sources=sources,
        files=tuple((seen, str(path)) for seen, path in (files or {}).items()),
        timeout_s=timeout_s,
        limits=Limits(),
    )
    done = run_cells(job, PlainSandbox(tmp_path))
    assert done.fault == ""
    assert ExecutedCells.from_json(done.to_json()) == done
    return done.cells


def told(cell: ExecutedCell) -> list[Any]:
    """Return what each output says, in short."""
    return [
        o["text"]
        if o["output_type"] == "stream"
        else o["ename"]
        if o["output_type"] == "error"
        else o["data"]["text/plain"]
        for o in cell.outputs
    ]


def test_cells_put_out_what_they_do_in_a_notebook(tmp_path: Path) -> None:
    cells = run(
        tmp_path,
        "x = 1\nprint('hi')\nx",
        "import sys\nprint('oh', file=sys.stderr)\n2.5",
        "assert False, 'no'",
        "_, In[-2], Out[1]",
        "x = 3;",
        "def broken(:",
        "raise SystemExit",
    )

    assert [told(cell) for cell in cells[:6]] == [
        ["hi\n", "1"],
        ["oh\n", "2.5"],
        ["AssertionError"],
        ["(2.5, \"assert False, 'no'\", 1)"],
        [],
        ["SyntaxError"],
    ]
    assert told(cells[6])[0] == "SystemExit"


def test_a_loop_is_running_as_in_jupyter(tmp_path: Path) -> None:
    cells = run(
        tmp_path, "import asyncio\nawait asyncio.sleep(0)\n1", "asyncio.run(asyncio.sleep(0))"
    )

    assert told(cells[0]) == ["1"]
    assert "RuntimeError" in told(cells[1])


def test_what_libraries_write_past_python_is_put_out_too(tmp_path: Path) -> None:
    (cell,) = run(tmp_path, "import os\n_ = os.write(2, b'low')\n1")

    assert [(o["output_type"], o.get("name")) for o in cell.outputs] == [
        ("stream", "stderr"),
        ("execute_result", None),
    ]


def test_displays_can_be_cleared_and_changed(tmp_path: Path) -> None:
    cells = run(
        tmp_path,
        "from IPython.display import clear_output, display\nprint('a')\nclear_output()\nprint('b')",
        "handle = display(1, display_id=True)\nhandle.update(2)",
    )

    assert told(cells[0]) == ["b\n"]
    assert told(cells[1]) == ["2"]


def test_nobody_is_at_the_keyboard(tmp_path: Path) -> None:
    (cell,) = run(tmp_path, "input('?')")

    assert cell.outputs[0]["ename"] == "StdinNotImplementedError"
    assert cell.outputs[0]["evalue"] == (
        "input() was called, but nobody is at the keyboard while a notebook is graded."
    )


def test_exit_does_not_keep_the_cells_below_from_running(tmp_path: Path) -> None:
    first, second = run(tmp_path, "exit()", "1")

    assert told(first) == ["exit is not followed while a notebook is judged.\n"]
    assert told(second) == ["1"]


def test_files_lie_beside_the_notebook(tmp_path: Path) -> None:
    data, module = tmp_path / "data", tmp_path / "module"
    data.write_text("1 2")
    module.write_text("answer = 42")
    (cell,) = run(
        tmp_path,
        "import deep.mine\nopen('data.csv').read(), deep.mine.answer",
        files={"data.csv": data, "deep/mine.py": module},
    )

    assert told(cell) == ["('1 2', 42)"]


def test_a_cell_that_takes_too_long_is_interrupted_and_the_next_goes_on(tmp_path: Path) -> None:
    first, second = run(tmp_path, "x = 1\nwhile True: pass", "x", timeout_s=1)

    assert (first.timed_out, told(first)) == (True, ["KeyboardInterrupt"])
    assert told(second) == ["1"]


def test_a_cell_that_ends_its_process_costs_itself_only(tmp_path: Path) -> None:
    first, killer, last = run(tmp_path, "x = 1", "import os\nos._exit(3)", "x")

    assert told(first) == []
    assert killer.killed
    assert killer.outputs[0]["traceback"] == [
        "DeadKernelError: the process ended itself (exit code 3). The cells below ran without it."
    ]
    assert told(last) == ["1"]


def test_a_cell_that_ignores_its_interrupt_is_ended(tmp_path: Path) -> None:
    stubborn = """import time
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass"""
    first, second = run(tmp_path, stubborn, "1", timeout_s=1)

    assert first.killed
    assert first.outputs[0]["evalue"] == "this cell took too long and could not be interrupted"
    assert told(second) == ["1"]


def test_after_too_many_deaths_a_cell_is_an_error_and_not_silence(tmp_path: Path) -> None:
    cells = run(tmp_path, *["import os\nos._exit(1)"] * 12, "1")

    assert cells[-1].killed
    assert cells[-1].outputs[0]["evalue"] == "not run: too many cells above ended their process"


def test_a_flood_is_cut_and_an_error_behind_it_is_not(tmp_path: Path) -> None:
    (cell,) = run(tmp_path, "print('x' * (10 << 20))\nraise KeyError")

    assert len(cell.outputs[0]["text"]) < 5 << 20
    assert cell.outputs[0]["text"].endswith("... cut: the cell printed more than is kept ...\n")
    assert cell.outputs[-1]["ename"] == "KeyError"


def test_plots_become_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (cell,) = run(tmp_path, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")

    assert "image/png" in cell.outputs[0]["data"]


def test_a_missing_file_is_the_graders_fault(tmp_path: Path) -> None:
    job = CellsJob(
        student="ada",
        notebook="p1",
        sources=("1",),
        files=(("gone.csv", str(tmp_path / "gone.csv")),),
        timeout_s=1,
        limits=Limits(),
    )

    assert "gone.csv" in run_cells(job, PlainSandbox(tmp_path)).fault
