"""Not before the last of them can have handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from nbjudge.cli.main import main
from nbjudge.model import Course
from nbjudge.nbgrader_adapter.extension import due_dates, extend_deadline
from tests.unit.authoring.conftest import tiny_course
from tests.unit.authoring.test_solutions_download import build


def set_deadline(root: Path, deadline: str) -> None:
    path = root / "course" / "course.toml"
    path.write_text(path.read_text() + f'deadline = "{deadline}"\n')


def release(built: Course, slug: str, *more: str) -> int:
    return main(["solutions", slug, *more])


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A built course; the test stands in its folder."""
    monkeypatch.chdir(tmp_path)
    return build(tiny_course(tmp_path))


@pytest.fixture
def slug(built: Course) -> str:
    return built.lessons[0].slug


def test_after_the_deadline_the_download_is_written(built, slug, capsys):
    set_deadline(built.root, "2020-01-31T23:59:00+00:00")
    assert release(built, slug) == 0
    path = f"downloads/{slug}-solutions.zip"
    assert (built.root / path).exists()
    assert capsys.readouterr().out == (
        f"{path}   the solved notebook and other right answers, without hidden tests\n"
        "Put it where students find downloads. Who hands in after this may have read it.\n"
    )


def test_before_it_nothing_is_written_and_it_says_when(built, slug, capsys):
    later = datetime.now(UTC) + timedelta(days=9, hours=12)
    set_deadline(built.root, later.isoformat())
    assert release(built, slug, "--no-deadline") == 2
    assert capsys.readouterr().err == (
        f"nbjudge solutions: The solutions of {slug} can be released on "
        f"{later:%Y-%m-%d %H:%M} UTC, in 9 days: until then somebody may hand in.\n"
        f"  where: the deadline of {slug} in course.toml\n"
    )
    assert not (built.root / "downloads").exists()


@pytest.mark.parametrize(
    ("left", "words"),
    [(timedelta(hours=30, minutes=1), "30 hours"), (timedelta(minutes=5, seconds=5), "5 minutes")],
)
def test_a_short_wait_is_told_in_hours_or_minutes(built, slug, capsys, left, words):
    set_deadline(built.root, (datetime.now(UTC) + left).isoformat())
    assert release(built, slug) == 2
    assert f", in {words}: " in capsys.readouterr().err


def test_without_any_deadline_somebody_must_say_that_none_is_meant(
    built,
    slug,
    capsys,
):
    assert release(built, slug) == 2
    assert capsys.readouterr().err == (
        f"nbjudge solutions: {slug} has no deadline: nobody knows when everybody has handed in.\n"
        "  where: course.toml, and the gradebook\n"
        "  to cure it: set `deadline` in course.toml; for self-study, say --no-deadline.\n"
    )
    assert release(built, slug, "--no-deadline", "--to", "mine.zip") == 0
    assert (built.root / "mine.zip").exists()


def test_a_deadline_that_is_none_names_its_file(built, slug, capsys):
    set_deadline(built.root, "soon")
    assert release(built, slug) == 2
    said = capsys.readouterr().err
    assert "'soon' is no date." in said
    assert f"where: deadline in {built.root}/course/course.toml" in said


def test_the_download_does_not_go_among_what_is_public(built, slug, capsys):
    assert release(built, slug, "--no-deadline", "--to", "release/x.zip") == 2
    assert capsys.readouterr().err == (
        "nbjudge solutions: release is what everybody gets from the beginning; solutions are "
        "not.\n  where: release/x.zip\n  to cure it: name another folder with --to.\n"
    )


def test_an_extension_is_waited_for(tmp_path: Path):
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("a", duedate="2020-01-31 12:00 UTC")
        gradebook.add_student("grace")
        gradebook.add_student("alan")
        extend_deadline(gradebook, "a", "grace", datetime(2020, 2, 3, 12, tzinfo=UTC))
        gradebook.add_submission("a", "alan")
        found = list(due_dates(gradebook, "a"))
        assert list(due_dates(gradebook, "other")) == []
    assert found == [
        (datetime(2020, 1, 31, 12, tzinfo=UTC), "the due date in the gradebook"),
        (datetime(2020, 2, 3, 12, tzinfo=UTC), "the extension of grace"),
    ]
