"""nbgrader's whole round on notebooks without a suite, through a real Jupyter server."""

from __future__ import annotations

import getpass
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.browser.jupyter import isolated_environment, serving
from tests.parity.corpus import RIGHT, also, first_notebook, writes
from tests.parity.two_ways import OURS, Course

pytestmark = pytest.mark.long

PS = "ps1"
ME = getpass.getuser()
"""Who hands in through the exchange; another student's folder is put into submitted/."""


class School:
    """The course, a student's folder, the exchange between them, and the server."""

    def __init__(self, folder: Path) -> None:
        exchange = folder / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)
        settings = f'\nc.Exchange.root = "{exchange}"\nc.Exchange.cache = "{folder / "cache"}"\n'
        self.course = Course(folder / ".demo")  # where `make grader` looks
        self.student = folder / "student"
        self._home = folder / "home"
        for root, text in ((self.course.root, OURS.format(more="")), (self.student, _STUDENT)):
            root.mkdir()
            (root / "nbgrader_config.py").write_text(text + settings)
        self.url = ""
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def nbgrader(self, root: Path, *words: str) -> str:
        """Type an nbgrader command."""
        done = subprocess.run(  # noqa: S603 - our own tools
            [sys.executable, "-m", "nbgrader", *words],
            cwd=root,
            env=isolated_environment(self._home),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def page(self, path: str) -> str:
        """Open a page of the formgrader."""
        with self._opener.open(f"{self.url}/formgrader/{path}") as answer:
            return str(answer.read().decode())

    def api(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Do what a button of the formgrader does."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.url}/formgrader/api/{path}",
            data=json.dumps(body or {}).encode() if method != "GET" else None,
            method=method,
            headers={"X-XSRFToken": self._xsrf(), "Content-Type": "application/json"},
        )
        with self._opener.open(request) as answer:
            return json.loads(answer.read() or b"null")

    def _xsrf(self) -> str:
        (processor,) = (
            h for h in self._opener.handlers if isinstance(h, urllib.request.HTTPCookieProcessor)
        )
        return next((c.value or "" for c in processor.cookiejar if c.name == "_xsrf"), "")


_STUDENT = 'c = get_config()\nc.CourseDirectory.course_id = "parity"\n'


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    school = School(tmp_path_factory.mktemp("school"))
    course = school.course
    course.source(PS, {"p1": first_notebook()})
    source = course.root / "source" / PS
    (source / "numbers.csv").write_text("1\n2\n")
    (source / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    school.nbgrader(course.root, "generate_assignment", PS)
    with serving("grader", course.root.parent, tmp_path_factory.mktemp("jupyter")) as school.url:
        school.page("manage_assignments")  # and its cookie
        yield school


@pytest.fixture(scope="module")
def collected(school: School) -> School:
    """Released, fetched, answered, submitted, collected: by commands and by buttons."""
    answer = school.api("POST", f"assignment/{PS}/release")
    assert answer["success"], answer
    assert PS in school.nbgrader(school.student, "list")
    school.nbgrader(school.student, "fetch_assignment", PS)
    path = school.student / PS / "p1.ipynb"
    notebook = nbformat.read(path, 4)
    script = "from IPython.display import HTML\nHTML('<script>bad()</script><b>ok</b>')"
    also(RIGHT, writes("plot", script))(notebook)
    nbformat.write(notebook, path)
    school.nbgrader(school.student, "submit", PS)
    answer = school.api("POST", f"assignment/{PS}/collect")
    assert answer["success"], answer
    return school


@pytest.fixture(scope="module")
def graded(collected: School) -> School:
    answer = collected.api("POST", f"submission/{PS}/{ME}/autograde")
    assert answer["success"], answer
    return collected


def test_the_formgraders_button_gives_the_marks(graded: School) -> None:
    (row,) = graded.api("GET", f"submissions/{PS}")

    assert (row["student"], row["score"], row["max_score"]) == (ME, 17.5, 28)
    assert row["needs_manual_grade"]


def test_every_page_of_the_formgrader_opens(graded: School) -> None:
    for path in (
        "",
        "manage_assignments",
        f"manage_submissions/{PS}",
        "gradebook",
        f"gradebook/{PS}",
        f"gradebook/{PS}/p1",
        "manage_students",
        f"manage_students/{ME}",
        f"manage_students/{ME}/{PS}",
    ):
        assert "nbgrader" in graded.page(path).lower(), path


def notebook_row(school: School) -> dict[str, Any]:
    (row,) = school.api("GET", f"submitted_notebooks/{PS}/p1")
    return dict(row)


def test_the_page_for_manual_grading_runs_no_script_of_a_students(graded: School) -> None:
    page = graded.page(f"submissions/{notebook_row(graded)['id']}")

    assert "<b>ok</b>" in page
    assert "bad()</script>" not in page


@pytest.fixture(scope="module")
def graded_by_hand(graded: School) -> School:
    row = notebook_row(graded)
    for grade in graded.api("GET", f"grades?submission_id={row['id']}"):
        if grade["name"] in ("plot", "why"):
            graded.api("PUT", f"grade/{grade['id']}", {"manual_score": 1, "extra_credit": 0.5})
    for comment in graded.api("GET", f"comments?submission_id={row['id']}"):
        graded.api("PUT", f"comment/{comment['id']}", {"manual_comment": "well done"})
    return graded


def test_manual_points_survive_another_grading(graded_by_hand: School) -> None:
    before = notebook_row(graded_by_hand)["score"]
    answer = graded_by_hand.api("POST", f"submission/{PS}/{ME}/autograde")

    assert answer["success"], answer
    assert before == 17.5 + 3
    assert notebook_row(graded_by_hand)["score"] == before


def test_feedback_goes_back_through_the_exchange(graded_by_hand: School) -> None:
    school = graded_by_hand
    for step in ("generate_feedback", "release_feedback"):
        answer = school.api("POST", f"assignment/{PS}/{step}")
        assert answer["success"], answer
    school.nbgrader(school.student, "fetch_feedback", PS)
    (page,) = school.student.glob(f"{PS}/feedback/*/p1.html")
    text = page.read_text()

    assert "well done" in text
    assert "no ValueError" not in text  # a line of the hidden tests
    assert "bad()</script>" not in text


def test_lists_the_database_and_the_export_go_on_working(graded_by_hand: School) -> None:
    root = graded_by_hand.course.root

    assert ME in graded_by_hand.nbgrader(root, "list", "--inbound")
    assert ME in graded_by_hand.nbgrader(root, "db", "student", "list")
    assert PS in graded_by_hand.nbgrader(root, "db", "assignment", "list")
    graded_by_hand.nbgrader(root, "export")
    assert ME in (root / "grades.csv").read_text()
