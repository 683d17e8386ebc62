"""A notebook that is not Python: refused until it is named, then nbgrader runs it as before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from tests.parity.corpus import answer, test_cell
from tests.parity.gradebooks import differences
from tests.parity.two_ways import Course, both_ways, new_course, with_nbjudge

pytestmark = pytest.mark.long

PS = "ps1"
RIGHT = "square() { echo $(($1 * $1)); }"
# A Bash kernel says nothing of exit codes: what nbgrader scores is a number that is shown.
TEST = 'if [ "$(square 3)" = 9 ]; then echo right; else cat /does/not/exist; fi'


def bash_notebook() -> NotebookNode:
    cells = [
        answer("square", f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION"),
        test_cell("test_square", 2, TEST),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Bash", "language": "bash", "name": "bash"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A released Bash assignment, and a Bash kernel that nbgrader finds."""
    command = [sys.executable, "-m", "bash_kernel.install", "--prefix", str(tmp_path / "kernels")]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own interpreter
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "kernels" / "share" / "jupyter"))
    course = new_course(tmp_path / "course")
    (course.root / "nbgrader_config.py").open("a").write(
        'c.ClearSolutions.code_stub = {"bash": "echo to do"}\n'
    )
    course.source(PS, {"p1": bash_notebook()})
    course.run("nbgrader", "generate_assignment", PS)
    for student, source in (("ada", RIGHT), ("ben", "square() { echo $(($1 + $1)); }")):
        notebook = course.released(PS, "p1")
        notebook.cells[0].source = source
        course.submit(student, PS, {"p1": notebook})
    return course


def test_it_is_refused_before_anything_is_touched(released: Course) -> None:
    ours = with_nbjudge(released, "refuses", more="")
    before = ours.rows

    said = ours.run("nbjudge", "grade", PS, ok=(2,))

    assert "p1.ipynb is for the kernel 'bash' (Bash); nbjudge isolates Python only." in said
    assert "c.NbJudge.leave_to_nbgrader = ['ps1/p1']" in said
    assert ours.rows == before
    assert not (ours.root / "autograded").exists()


def test_left_to_nbgrader_by_name_its_rows_are_stocks(released: Course) -> None:
    stock, ours = both_ways(released, more="c.NbJudge.leave_to_nbgrader = ['ps1/p1']")
    stock.run("nbgrader", "autograde", PS)
    said = ours.run("nbjudge", "grade", PS, ok=(0, 1))

    assert differences(ours.rows, stock.rows) == []
    with ours.gradebook() as gradebook:
        scores = {s.student_id: s.score for s in gradebook.assignment_submissions(PS)}
    assert scores == {"ada": 2.0, "ben": 0.0}
    assert "Left to nbgrader: p1" in said
