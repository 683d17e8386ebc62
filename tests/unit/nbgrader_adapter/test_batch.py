"""A batch leaves behind what nbgrader's own autograde does: every row, every file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nbjudge.cli.main import main
from nbjudge.model import GradingResult
from nbjudge.nbgrader_adapter.batch import BatchWriter
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from tests.unit.nbgrader_adapter.tiny_course import HALF_RIGHT, LESSON, RIGHT, TinyCourse

LATE = """
class Late(nbgrader.plugins.LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"bo": 1.0, "cleo": 1000.0, "dora": -3.0}.get(student_id)

c.AssignLatePenalties.plugin_class = Late
"""
BEFORE = "import nbgrader.plugins\n"


def hand_in(course: TinyCourse) -> None:
    """A class with all that makes a difference to rows and files."""
    for student, answers in (("ada", RIGHT), ("bo", RIGHT), ("cleo", HALF_RIGHT), ("dora", RIGHT)):
        path = course.submit(student, course.answers(answers))
        if student != "ada":
            (path.parent / "timestamp.txt").write_text("2026-02-03 10:00:00.5 UTC")
    folder = course.submit("eve", course.answers(RIGHT)).parent
    (folder / "data").mkdir()
    (folder / "data" / "mine.csv").write_text("1,2\n")
    (folder / "table.csv").write_text("changed by the student\n")
    (folder / "marks.db").symlink_to(course.root / "gradebook.db")
    course.submit("finn", '{"cells": [')
    course.submit("gus", course.answers(RIGHT), name="final")
    course.submit("hana", course.released)
    (course.root / "source" / LESSON / "table.csv").write_text("the instructor's\n")
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate="2026-02-01 00:00:00 UTC")


def rows(course: TinyCourse) -> dict[str, list[tuple[Any, ...]]]:
    """Every table, with names in the place of random ids."""
    database = sqlite3.connect(course.root / "gradebook.db")
    ids = "submitted_assignment", "submitted_notebook", "grade", "comment"
    found = {}
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        cursor = database.execute(f"SELECT * FROM {table}")  # noqa: S608 - its own names
        names = [column[0] for column in cursor.description]
        own = [i for i, name in enumerate(names) if name == "id" and table in ids]
        found[table] = sorted(
            (tuple(v for i, v in enumerate(row) if i not in own) for row in cursor), key=repr
        )
    database.close()
    return named(found, course)


def named(found: dict[str, list[tuple[Any, ...]]], course: TinyCourse) -> Any:
    with course.gradebook() as gradebook:
        submitted = {}
        for submission in gradebook.assignment_submissions(LESSON):
            submitted[submission.id] = submission.student_id
            submitted |= {n.id: (n.name, submission.student_id) for n in submission.notebooks}
    return {
        table: sorted((tuple(submitted.get(v, v) for v in row) for row in entries), key=repr)
        for table, entries in found.items()
    }


def files(course: TinyCourse) -> dict[str, tuple[int, bytes]]:
    root = course.root / "autograded"
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("after", ["", "c.CourseDirectory.groupshared = True", LATE])
def test_a_batch_leaves_the_rows_and_files_that_nbgrader_leaves(course: TinyCourse, after: str):
    configuration = course.root / "nbgrader_config.py"
    configuration.write_text(BEFORE + configuration.read_text() + after)
    hand_in(course)
    fresh = (course.root / "gradebook.db").read_bytes()
    assert course.autograde()["success"]
    theirs = rows(course), files(course)
    shutil.rmtree(course.root / "autograded")
    (course.root / "gradebook.db").write_bytes(fresh)

    main(["grade", LESSON])
    ours = rows(course), files(course)

    assert ours[0] == theirs[0]
    assert list(ours[1]) == list(theirs[1])
    assert ours[1] == theirs[1]
    assert f"eve/{LESSON}/data/mine.csv" in ours[1]
    assert f"eve/{LESSON}/marks.db" not in ours[1]
    assert "the instructor's" in (course.root / f"autograded/eve/{LESSON}/table.csv").read_text()
    if after == LATE:
        with course.gradebook() as gradebook:
            late = {
                s.student_id: s.late_submission_penalty
                for s in gradebook.assignment_submissions(LESSON)
            }
        assert late["bo"] == 1.0
        assert late["cleo"] == pytest.approx(5.0)  # not more than was earned
        assert late["dora"] == late["ada"] == 0.0


def test_a_second_run_replaces_marks_and_leaves_what_a_person_wrote(course: TinyCourse):
    course.submit("ada", course.answers(HALF_RIGHT))
    main(["grade", LESSON])
    with course.gradebook() as gradebook:
        gradebook.find_comment("double", LESSON, LESSON, "ada").manual_comment = "See me."
        gradebook.db.commit()
    course.submit("ada", course.answers(RIGHT))
    main(["grade", LESSON])
    assert course.grades("ada")["scores"]["test_double"] == 4.0
    with course.gradebook() as gradebook:
        assert gradebook.find_comment("double", LESSON, LESSON, "ada").comment == "See me."


def test_an_excluded_student_is_neither_judged_nor_written(
    course: TinyCourse, capsys: pytest.CaptureFixture[str]
):
    with (course.root / "nbgrader_config.py").open("a") as configuration:
        configuration.write('c.CourseDirectory.student_id_exclude = "boris,zed"\n')
    course.submit("ada", course.answers(RIGHT))
    course.submit("boris", course.answers(RIGHT))
    main(["grade", LESSON])
    assert "boris" not in capsys.readouterr().out
    assert not (course.root / "autograded" / "boris").exists()


def test_one_submission_that_cannot_be_written_costs_nobody_else_their_mark(
    course: TinyCourse, capsys: pytest.CaptureFixture[str]
):
    for student in ("ada", "bo", "cleo"):
        course.submit(student, course.answers(RIGHT))
    (course.root / "submitted/bo" / LESSON / "timestamp.txt").write_text("yesterday or so")
    assert main(["grade", LESSON]) == 1
    out = capsys.readouterr().out
    assert "NOT in the gradebook: the marks of 1; their earlier ones, if any, stay." in out
    assert "bo: UserError: timestamp.txt holds no time: 'yesterday or so'." in out
    for student in ("ada", "cleo"):
        assert course.grades(student)["scores"]["test_double"] == 4.0
    with course.gradebook() as gradebook:
        assert [s.student_id for s in gradebook.assignment_submissions(LESSON)] == ["ada", "cleo"]


@pytest.fixture
def locked(course: TinyCourse) -> Iterator[sqlite3.Connection]:
    """A gradebook that another program is writing to."""
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    yield other
    other.close()


def test_a_locked_gradebook_loses_nothing_and_says_what_to_do(
    course: TinyCourse, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
):
    for student in ("ada", "bo"):
        course.submit(student, course.answers(RIGHT))
    main(["grade", LESSON])
    before = rows(course), files(course)
    grader = NbgraderCourse()
    writer = grader.writer(LESSON)
    assert isinstance(writer, BatchWriter)
    locked.execute("BEGIN IMMEDIATE")
    for student in ("ada", "bo"):
        folder = SubmittedFolder(
            student=student, assignment=LESSON, path=Path(f"submitted/{student}/{LESSON}")
        )
        problem = GradingResult(
            student=student, assignment=LESSON, notebook=LESSON, problem="another result"
        )
        writer.add(folder, [problem])
    writer.close()
    locked.execute("ROLLBACK")
    why = "the gradebook is in use by another program (a formgrader, a backup)"
    assert writer.not_written == {"ada": why, "bo": why}
    assert (rows(course), files(course)) == before


def test_steps_of_the_instructors_own_are_run(course: TinyCourse):
    (course.root / "extra_step.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Note(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        open('noted', 'a').write(resources['nbgrader']['student'] + '\\n')\n"
        "        return nb, resources\n"
    )
    with (course.root / "nbgrader_config.py").open("a") as configuration:
        configuration.write(
            "import sys; sys.path.insert(0, '.')\n"
            "c.Autograde.autograde_preprocessors.append('extra_step.Note')\n"
        )
    course.submit("ada", course.answers(RIGHT))
    course.submit("bo", course.answers(HALF_RIGHT))
    assert main(["grade", LESSON]) == 0
    assert (course.root / "noted").read_text() == "ada\nbo\n"
    assert course.grades("ada")["scores"] == {"test_double": 4.0, "test_total": 2.0}
