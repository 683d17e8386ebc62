"""Assignments made for nbgrader's rules, and students who try every one of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

Edit = Callable[[NotebookNode], None]
"""Turns the released notebook into what a student handed in."""


def graded(name: str, **about: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of one cell, schema 3."""
    flags = {"grade": False, "solution": False, "locked": False, "task": False, **about}
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **flags}}


def answer(name: str, source: str, **about: Any) -> NotebookNode:
    """A cell that students fill in; the body lies between nbgrader's markers."""
    return new_code_cell(source, metadata=graded(name, solution=True, **about))


def test_cell(name: str, points: float, source: str) -> NotebookNode:
    """A locked cell with points."""
    return new_code_cell(source, metadata=graded(name, grade=True, locked=True, points=points))


test_cell.__test__ = False  # type: ignore[attr-defined] # pytest takes its name for a test's

SQUARES = """def squares(n):
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION"""


def first_notebook() -> NotebookNode:
    """Asserts, hidden tests, partial credit, files, everything that a kernel offers."""
    cells = [
        new_markdown_cell("# Squares"),
        new_code_cell(
            "import os\nimport warnings\nfrom helper import double",
            metadata=graded("imports", locked=True),
        ),
        answer("squares", SQUARES),
        test_cell("test_squares", 2, "assert squares(1) == [1]\nassert squares(2) == [1, 4]"),
        test_cell(
            "test_squares_hidden",
            3,
            "assert squares(1) == [1]\n### BEGIN HIDDEN TESTS\n"
            "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n"
            "    raise AssertionError('no ValueError')\n### END HIDDEN TESTS",
        ),
        test_cell(
            "test_partly",
            4,
            "parts = [squares(1) == [1], squares(3) == [1, 4, 9]]\n2.0 * sum(parts)",
        ),
        test_cell("test_prints", 1, "print(squares(2))"),
        test_cell("test_message", 1, "assert squares(1)\n'all is well'"),
        test_cell("test_file", 1, "assert open('numbers.csv').read().split() == ['1', '2']"),
        test_cell("test_helper", 1, "assert double(2) == 4"),
        test_cell("test_zero_points", 0, "assert squares(2) == [1, 4]"),
        test_cell("test_environment", 1, "assert os.environ['NBGRADER_EXECUTION'] == 'autograde'"),
        new_code_cell("squares(2)"),
        test_cell("test_last_result", 1, "assert _ == [1, 4], _"),
        test_cell(
            "test_kernel",
            1,
            "import asyncio\nawait asyncio.sleep(0)\nassert 'squares' in dir()\n"
            "get_ipython().run_line_magic('time', '1 + 1')\nassert In[-1]",
        ),
        test_cell(
            "test_display",
            1,
            "from IPython.display import HTML, display\ndisplay(HTML('<b>1</b>'))",
        ),
        test_cell(
            "test_written",
            1,
            "with open('scratch.txt', 'w') as file:\n    file.write('1')\n"
            "assert open('scratch.txt').read() == '1'\n0.5",
        ),
        new_markdown_cell("Why?", metadata=graded("why", grade=True, solution=True, points=3)),
        answer("plot", "### BEGIN SOLUTION\nplot = 1\n### END SOLUTION", grade=True, points=2),
        new_markdown_cell(
            "Write a program.", metadata=graded("program", task=True, points=5, locked=True)
        ),
    ]
    return _python(cells)


def second_notebook() -> NotebookNode:
    """A notebook that some leave out."""
    return _python(
        [
            answer(
                "cube",
                "def cube(x):\n    ### BEGIN SOLUTION\n    return x**3\n    ### END SOLUTION",
            ),
            test_cell("test_cube", 2, "assert cube(2) == 8"),
        ]
    )


def _python(cells: list[NotebookNode]) -> NotebookNode:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """Find a cell by its grade_id."""
    found = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
    return found[0]


def writes(name: str, source: str) -> Edit:
    """The student writes an answer."""

    def edit(notebook: NotebookNode) -> None:
        cell(notebook, name).source = source

    return edit


RIGHT = writes(
    "squares",
    "def squares(n):\n    if n < 1:\n        raise ValueError\n"
    "    return [i ** 2 for i in range(1, n + 1)]",
)

CUBE = writes("cube", "def cube(x):\n    return x ** 3")


def also(*edits: Edit) -> Edit:
    """Several edits."""

    def edit(notebook: NotebookNode) -> None:
        for each in edits:
            each(notebook)

    return edit


def without(name: str) -> Edit:
    """The student deletes a cell."""

    def edit(notebook: NotebookNode) -> None:
        notebook.cells.remove(cell(notebook, name))

    return edit


def adds(source: str) -> Edit:
    """The student adds a cell behind the answer."""

    def edit(notebook: NotebookNode) -> None:
        place = notebook.cells.index(cell(notebook, "squares")) + 1
        new = new_code_cell(source)
        new.id = "added"
        notebook.cells.insert(place, new)

    return edit


def _forged(notebook: NotebookNode) -> None:
    cell(notebook, "test_squares").source = "pass"
    cell(notebook, "test_squares").metadata.nbgrader["points"] = 100
    cell(notebook, "test_squares_hidden").metadata.nbgrader["locked"] = False
    cell(notebook, "imports").source = "double = abs"


def _stripped(notebook: NotebookNode) -> None:
    del cell(notebook, "test_partly").metadata["nbgrader"]


def _retyped(notebook: NotebookNode) -> None:
    changed = cell(notebook, "squares")
    changed.cell_type = "markdown"
    for key in ("outputs", "execution_count"):
        changed.pop(key, None)


def _other_kernel(notebook: NotebookNode) -> None:
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}


def _unknown_id(notebook: NotebookNode) -> None:
    extra = copy.deepcopy(cell(notebook, "test_squares"))
    extra.id, extra.metadata.nbgrader["grade_id"] = "extra", "invented"
    notebook.cells.append(extra)


def _twice(notebook: NotebookNode) -> None:
    extra = copy.deepcopy(cell(notebook, "test_squares"))
    extra.id = "pasted"
    notebook.cells.append(extra)


def _decorated(notebook: NotebookNode) -> None:
    """Attachments, outputs and errors of an earlier run, a widget's state."""
    picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
    told = new_markdown_cell("![a](attachment:a.png)", attachments=picture)
    failed = new_code_cell("1 / 0", outputs=[new_output("error", ename="X", evalue="y")])
    told.id, failed.id = "told", "failed"
    notebook.cells = [told, *notebook.cells, failed]
    why = cell(notebook, "why")
    why.source, why["attachments"] = "See ![a](attachment:a.png)", picture
    tested = cell(notebook, "test_squares")
    tested.execution_count = 7
    tested.outputs = [
        new_output("execute_result", data={"text/plain": "2"}, execution_count=7),
        new_output("stream", name="stderr", text="!"),
    ]
    state = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    notebook.metadata["widgets"] = state


def _skipped(notebook: NotebookNode) -> None:
    cell(notebook, "test_squares").metadata.tags = ["skip-execution"]


def _claims_to_be_an_answer(notebook: NotebookNode) -> None:
    cell(notebook, "test_squares").metadata.nbgrader.update(solution=True, grade=False)


@dataclass(frozen=True, kw_only=True)
class Student:
    """One submission of the made-up assignment."""

    edit: Edit = lambda _notebook: None
    second: Edit | None = CUBE
    """None: not handed in."""
    files: dict[str, str] = field(default_factory=dict)
    timestamp: str = "2030-01-01 12:00:00 UTC"


STUDENTS: dict[str, Student] = {
    "untouched": Student(second=lambda _notebook: None),
    "right": Student(edit=also(RIGHT, writes("why", "Because."), writes("plot", "plot = 2"))),
    "half_right": Student(edit=writes("squares", "def squares(n):\n    return [1]")),
    "raises": Student(edit=writes("squares", "def squares(n):\n    raise KeyError(n)")),
    "syntax_error": Student(edit=writes("squares", "def squares(n:\n    return 1")),
    "warns": Student(
        edit=writes("squares", "def squares(n):\n    warnings.warn('old')\n    return [1]")
    ),
    "prints_to_stderr": Student(
        edit=adds("import sys\nold = squares\ndef squares(n):\n    print('!', file=sys.stderr)")
    ),
    "c_stderr": Student(
        edit=also(
            RIGHT, adds("f = squares\ndef squares(n):\n    os.write(2, b'!')\n    return f(n)")
        )
    ),
    "exits": Student(edit=writes("squares", "def squares(n):\n    raise SystemExit")),
    "hangs": Student(edit=also(RIGHT, writes("plot", "while True: pass"))),
    "asks": Student(edit=also(RIGHT, adds("n = input('?')"))),
    "no_number": Student(edit=writes("squares", "def squares(n):\n    return [1] if n else 'x'")),
    "hides_tracebacks": Student(edit=adds("get_ipython().showtraceback = lambda *a, **k: None")),
    "forged": Student(edit=also(RIGHT, _forged)),
    "stripped": Student(edit=also(RIGHT, _stripped)),
    "deleted_test": Student(edit=also(RIGHT, without("test_squares"))),
    "deleted_answer": Student(edit=without("squares")),
    "retyped": Student(edit=also(RIGHT, _retyped)),
    "other_kernel": Student(edit=also(RIGHT, _other_kernel)),
    "one_of_two": Student(edit=RIGHT, second=None),
    "late": Student(edit=RIGHT, timestamp="2030-02-10 12:00:00 UTC"),
    "late_but_extended": Student(edit=RIGHT, timestamp="2030-02-02 12:00:00 UTC"),
    "own_files": Student(
        edit=also(RIGHT, adds("from mine import squares\nassert open('deep/er/x.txt').read()")),
        files={
            "mine.py": "def squares(n):\n    return [4]\n",
            "deep/er/x.txt": "x",
            "numbers.csv": "9 9",
            "helper.py": "double = abs",
        },
    ),
    "decorated": Student(edit=also(RIGHT, _decorated)),
    "o'brien, zoë+1 {x} 100%": Student(edit=RIGHT, second=None),
    '-dash "quoted" αβγ': Student(timestamp="2030-02-10 12:00:00 UTC"),
    "plots": Student(
        edit=also(RIGHT, adds("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])"))
    ),
}
"""Whom nbgrader grades as its rules say."""

_WARNS = """def squares(n):
    warnings.warn("old")
    if n < 1:
        raise ValueError
    return [i ** 2 for i in range(1, n + 1)]"""
_SHOWS_A_NUMBER = """import sys
def squares(n):
    sys.displayhook(2)
    return [2]"""
_ODD = """class Odd(list):
    def __eq__(self, other):
        return self
    def __add__(self, other):
        return self
    __radd__ = __add__
    def __rmul__(self, other):
        return self
def squares(n):
    return Odd()"""

TRAPS: dict[str, Student] = {
    "a_pasted_cell": Student(edit=also(RIGHT, _twice)),
    "kills": Student(edit=also(RIGHT, writes("plot", "os._exit(1)"))),
    "sleeps": Student(edit=also(RIGHT, adds("import asyncio\nawait asyncio.sleep(600)"))),
    "unknown_id": Student(edit=also(RIGHT, _unknown_id)),
    "forged_kind": Student(edit=also(RIGHT, _claims_to_be_an_answer)),
    "warns": Student(edit=writes("squares", _WARNS)),
    "shows_a_number_first": Student(edit=writes("squares", _SHOWS_A_NUMBER)),
    "wrong_type": Student(edit=writes("squares", _ODD)),
    "skips": Student(edit=also(writes("squares", "squares = None"), _skipped)),
    "right": Student(edit=RIGHT),
}
"""Whom nbgrader fails, or gives marks that nobody meant."""
