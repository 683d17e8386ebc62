from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

from nbjudge.cells import ExecutedCells
from nbjudge.cli.main import main
from nbjudge.errors import UserError
from nbjudge.grading.cells import cell_runner_for
from nbjudge.model import Course
from nbjudge.nbgrader_adapter.batch import LOCKED
from nbjudge.nbgrader_adapter.cell_class import CellsClass
from nbjudge.nbgrader_adapter.cell_jobs import refuse_other_kernels
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.nbgrader_adapter.settings import NbJudge, Way
from tests.gradebooks import alembic_on_path

PS = "ps1"
CONFIG = """
import nbjudge.nbgrader_adapter
c = get_config()
c.NbJudge.weakest_isolation = "limits"
nbjudge.nbgrader_adapter.install(c)
"""


def cell(source: str, name: str, **about: Any) -> Any:
    flags = {"grade": False, "solution": False, "locked": False, "task": False, **about}
    return new_code_cell(
        source, id=name, metadata={"nbgrader": {"grade_id": name, "schema_version": 3, **flags}}
    )


def written(answer: str) -> str:
    cells = [
        cell(f"def cube(x):\n    return {answer}", "cube", solution=True),
        cell("assert cube(2) == 8", "check", grade=True, locked=True, points=4),
    ]
    return nbformat.writes(new_notebook(cells=cells))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stock nbgrader course, with nothing of nbjudge's but two lines."""
    root = tmp_path_factory.mktemp("stock")
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "source" / PS).mkdir(parents=True)
    (root / "source" / PS / "p1.ipynb").write_text(written("x ** 3"))
    with alembic_on_path() as patch:
        patch.chdir(root)
        app = NbGrader()
        app.initialize([])
        assert NbGraderAPI(app.coursedir, parent=app).generate_assignment(PS)["success"]
    return root


@pytest.fixture
def root(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "course"
    shutil.copytree(released, copy)
    monkeypatch.chdir(copy)
    submit(copy, "ada", written("x * x * x"))
    return copy


def submit(root: Path, student: str, text: str, name: str = "p1") -> None:
    folder = root / "submitted" / student / PS
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(text)


def mark(root: Path, student: str = "ada") -> tuple[float | None, bool, bool, str | None]:
    """Return (automatic score, needs a person, flagged, comment)."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        row = gradebook.find_submission_notebook("p1", PS, student)
        (grade,), (comment,) = row.grades, row.comments
        return grade.auto_score, grade.needs_manual_grade, row.flagged, comment.auto_comment


def group() -> tuple[NbgraderCourse, CellsClass]:
    course = NbgraderCourse()
    return course, course.cells_class(PS)


def test_a_course_without_a_word_of_ours_is_graded(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(root, "ben", written("x"))
    submit(root, "cleo", "{")
    submit(root, "dan", written("x ** 3"), name="p1 (1)")

    assert main(["grade", PS, "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert out.startswith(
        "ada         4 of 4\n"
        "ben         0 of 4\n"
        "cleo             -  unreadable JSON, line 1; 1 cell for a person\n"
        "dan              -  expected p1.ipynb, found p1 (1).ipynb; 1 cell for a person\n"
        "\n4 graded; 2 with cells for a person, in the formgrader.\nIsolation: "
    )
    assert mark(root, "ada") == (4, False, False, None)
    assert mark(root, "cleo")[:3] == (None, True, True)


def test_a_report_without_a_suite_gives_the_marks_that_the_gradebook_has(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(root, "ben", written("x"))
    submit(root, "cleo", "{")
    assert main(["grade", PS, "--jobs", "1"]) == 1
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        row = gradebook.find_submission_notebook("p1", PS, "ben")
        row.grades[0].manual_score = 3.0
        row.late_submission_penalty = 1.0
        gradebook.db.commit()
    capsys.readouterr()

    assert main(["report", PS]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith(
        "3 students, 2 with a mark\np1: without a suite, so only marks are known.\n"
    )
    assert "Needs a person\n  1: an answer to mark by hand\n" in printed
    page = (root / "reports" / PS / "report.html").read_text()
    assert "p1: without a suite, so that only marks are known" in page
    assert "As the gradebook has them, with penalties; in 1 mark a person had a part." in page
    assert "mean 75 %" in page  # 4 of 4, and 3 of 4 by hand less 1 for being late


def test_whoever_handed_in_no_notebook_is_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for student in ("nil", "n[i]l"):
        (root / "submitted" / student / PS).mkdir(parents=True)

    assert main(["grade", PS, "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("ada        4 of 4\n")
    assert "NOT in the gradebook: nil: there is no notebook in the folder.\n" in out
    assert (
        "NOT in the gradebook: n[i]l: nbgrader reads *, ? and [ in a name as a pattern; give the "
        "folder another name.\n"
    ) in out


def test_there_is_nothing_to_draw_anew_without_a_suite(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", PS, "--new-round"]) == 2
    error = capsys.readouterr().err
    assert f"{PS} has no suite, so no random inputs to draw anew." in error
    assert "leave out --new-round." in error


def test_a_fault_keeps_the_earlier_mark_and_a_second_run_takes_the_flag_back(root: Path) -> None:
    course, cells = group()
    folders = course.submissions(PS)
    (job,) = cells.jobs(folders)
    good = cell_runner_for(course.judge_settings).run(job)
    assert cells.write(folders, [(job, good)]) == {}
    assert mark(root) == (4, False, False, None)

    cells.write(folders, [(job, ExecutedCells(fault="A worker could not be started."))])
    score, needs, flagged, comment = mark(root)
    assert (score, needs, flagged) == (4, True, True)
    assert comment == (
        "The grader failed here; the submission is not to blame. "
        "The mark shown is from an earlier grading; a person will look at it."
    )

    cells.write(folders, [(job, good)])
    assert mark(root) == (4, False, False, None)


def test_a_locked_gradebook_loses_nothing_and_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path: connect(path, timeout=0.1))
    course, cells = group()
    folders = course.submissions(PS)
    (job,) = cells.jobs(folders)
    good = cell_runner_for(course.judge_settings).run(job)
    with_lock = connect(root / "gradebook.db")
    with_lock.execute("BEGIN IMMEDIATE")

    assert cells.write(folders, [(job, good)]) == {"ada": LOCKED}
    assert not (root / "autograded").exists()

    with_lock.rollback()
    with_lock.close()
    monkeypatch.undo()
    monkeypatch.chdir(root)
    assert cells.write(folders, [(job, good)]) == {}
    assert mark(root) == (4, False, False, None)


def test_a_folder_that_cannot_be_written_loses_nothing_and_a_second_run_continues(
    root: Path,
) -> None:
    course, cells = group()
    folders = course.submissions(PS)
    (job,) = cells.jobs(folders)
    good = cell_runner_for(course.judge_settings).run(job)
    cells.write(folders, [(job, good)])
    shutil.rmtree(root / "autograded")
    (root / "autograded").write_text("in the way")

    assert cells.write(folders, [(job, good)]) == {"ada": "Not a directory"}
    assert mark(root) == (4, False, False, None)

    (root / "autograded").unlink()
    assert cells.write(folders, [(job, good)]) == {}
    assert (root / "autograded" / "ada" / PS / "p1.ipynb").is_file()


def test_a_wrong_timestamp_costs_nobody_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(root, "ben", written("x ** 3"))
    (root / "submitted" / "ada" / PS / "timestamp.txt").write_text("yesterday or so")

    assert main(["grade", PS, "--jobs", "1"]) == 1
    assert mark(root, "ben") == (4, False, False, None)
    assert (
        "NOT in the gradebook: ada: timestamp.txt holds no time; correct it or remove it.\n"
        "  The earlier marks, if any, stay. Grade again once that is cured: nothing runs twice.\n"
        "  More is in .nbjudge/grade.log.\n"
    ) in capsys.readouterr().out


def test_what_ran_once_is_not_run_again(root: Path) -> None:
    course, cells = group()
    (job,) = cells.jobs(course.submissions(PS))
    runner = cell_runner_for(course.judge_settings)
    first = runner.run(job)
    (kept,) = (root / ".nbjudge" / "cells").glob("*/*.json")
    document = json.loads(kept.read_bytes())
    document["isolation"] = "as kept"
    kept.write_text(json.dumps(document))

    assert first.isolation != "as kept"
    assert runner.run(job).isolation == "as kept"


def test_another_kernel_is_refused_and_the_line_that_allows_it_is_named() -> None:
    refuse_other_kernels({"p1": {"name": "python3"}, "p2": {}}, PS)
    with pytest.raises(UserError) as refused:
        refuse_other_kernels({"p3": {"name": "ir", "language": "R", "display_name": "R 4"}}, PS)
    assert str(refused.value) == (
        "p3.ipynb is for the kernel 'ir' (R 4); nbjudge isolates Python only.\n"
        "  where: assignment ps1\n"
        "  to cure it: to have nbgrader itself run it, in an ordinary kernel without isolation, "
        "add c.NbJudge.leave_to_nbgrader = ['ps1/p3'] to nbgrader_config.py."
    )


@pytest.fixture
def lessons(tmp_path: Path) -> Course:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text(
        'id = "x"\ntitle = "X"\nmodules = []\n[[lessons]]\nslug = "m1_l01_a"\ntitle = "A"\n'
    )
    (tmp_path / "grader_tests" / "own").mkdir(parents=True)
    return Course.find(tmp_path)


def test_a_suite_wins_and_a_lesson_never_goes_without_one(lessons: Course) -> None:
    settings = NbJudge(leave_to_nbgrader=["ps*", "hw1/r_*"])

    assert settings.way(lessons, PS, "own") is Way.SUITE
    assert settings.way(lessons, "m1_l01_a", "m1_l01_a") is Way.SUITE
    assert settings.way(lessons, PS, "p1") is Way.NBGRADER
    assert settings.way(lessons, "hw1", "p1") is Way.CELLS
    assert settings.way(lessons, "hw1", "r_plots") is Way.NBGRADER


def test_beside_cells_a_suite_that_does_not_import_keeps_the_mark_and_says_where_to_look(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Another notebook without a suite keeps the assignment on this route.
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_notebook("p2", PS)
    main(["grade", PS, "--jobs", "1"])
    (root / "grader_tests" / "p1").mkdir(parents=True)
    (root / "grader_tests" / "p1" / "test_cube.py").write_text("import nosuch")
    capsys.readouterr()

    assert main(["grade", PS, "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "  -  the grader failed; the earlier mark is stale; 1 cell for a person\n" in out
    assert (
        "Where the grader failed, .nbjudge/grade.log says why. Once that is cured, grade again.\n"
    ) in out
    assert "the suite cannot be imported" in (root / ".nbjudge" / "grade.log").read_text()
    assert mark(root)[:3] == (4, True, True)
