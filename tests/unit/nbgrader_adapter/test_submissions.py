from __future__ import annotations

import os

import pytest

from nbjudge.model import GradingResult, Submission
from nbjudge.nbgrader_adapter.submissions import submitted_bytes, submitted_folders
from nbjudge.notebook import UnreadableNotebook
from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse


def test_folders_are_sorted_by_student_and_files_beside_them_are_none(course: TinyCourse):
    for student in ("zoe", "ada", "b-1"):
        course.submit(student, "{}")
    (course.root / "submitted" / "README.md").write_text("x")
    other = course.root / "submitted" / "ada" / "another"
    other.mkdir()
    folders = submitted_folders(course.api().coursedir, LESSON)
    assert [folder.student for folder in folders] == ["ada", "b-1", "zoe"]


def test_a_folder_gives_the_bytes_as_they_were_handed_in(course: TinyCourse):
    course.submit("ada", "not even JSON")
    (folder,) = submitted_folders(course.api().coursedir, LESSON)
    expected = Submission(
        student="ada", assignment=LESSON, notebook=LESSON, content=b"not even JSON"
    )
    assert folder.read(LESSON) == expected


def test_a_missing_notebook_becomes_a_result_that_says_what_is_there(course: TinyCourse):
    course.submit("ada", "{}", name="copy")
    (folder,) = submitted_folders(course.api().coursedir, LESSON)
    result = folder.read(LESSON)
    assert isinstance(result, GradingResult)
    assert result.problem == f"expected {LESSON}.ipynb, found copy.ipynb"
    assert not result.has_mark


def test_many_other_notebooks_are_not_all_named(course: TinyCourse):
    for number in range(5):
        path = course.submit("ada", "{}", name=f"try {number}")
    with pytest.raises(UnreadableNotebook) as caught:
        submitted_bytes(path.with_name("x.ipynb"))
    assert str(caught.value) == (
        "expected x.ipynb, found try 0.ipynb, try 1.ipynb, try 2.ipynb, and more"
    )


def test_a_link_is_not_followed(course: TinyCourse):
    path = course.submit("ada", "{}")
    link = path.with_name("link.ipynb")
    link.symlink_to(path)
    with pytest.raises(UnreadableNotebook, match=r"^link.ipynb is a link, not a file$"):
        submitted_bytes(link)


def test_a_pipe_does_not_stop_the_grader(course: TinyCourse):
    path = course.submit("ada", "{}").with_name("pipe.ipynb")
    os.mkfifo(path)
    with pytest.raises(UnreadableNotebook, match=r"^pipe.ipynb is no file$"):
        submitted_bytes(path)


def test_a_folder_with_a_notebooks_name_is_told(course: TinyCourse):
    path = course.submit("ada", "{}").with_name("folder.ipynb")
    path.mkdir()
    with pytest.raises(UnreadableNotebook, match=r"^folder.ipynb is a folder$"):
        submitted_bytes(path)


@pytest.mark.parametrize(
    ("put", "why"),
    [
        (lambda path: None, ""),
        (lambda path: path.symlink_to("/etc/passwd"), "it is a link, not a file"),
        (lambda path: path.symlink_to("nowhere"), "it is a link, not a file"),
        (lambda path: path.mkdir(), "it is a folder"),
        (os.mkfifo, "it is no file"),
    ],
    ids=["nothing", "link", "dead-link", "folder", "pipe"],
)
def test_what_stands_in_the_place_of_quiz_answers_is_told(course: TinyCourse, put, why):
    path = course.submit("ada", "{}")
    put(path.with_name(f"{LESSON}.answers.json"))
    (folder,) = submitted_folders(course.api().coursedir, LESSON)
    found = folder.read(LESSON)

    assert isinstance(found, Submission)
    assert (found.answers, found.answers_problem) == (None, why)
