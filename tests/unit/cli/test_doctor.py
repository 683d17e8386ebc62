"""`nbjudge doctor` on this machine, whatever it reaches, and its words for others."""

import sqlite3

import pytest

from nbjudge.cli import _doctor
from nbjudge.cli.main import main
from nbjudge.errors import SandboxUnavailable
from nbjudge.sandbox import registry
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.trial import Trial, strongest


def only(monkeypatch, **backends):
    """Let the registry know these back-ends alone."""
    monkeypatch.setattr(registry, "BACKENDS", backends)
    monkeypatch.setattr("nbjudge.sandbox.trial.BACKENDS", backends)


def refuse(course):
    raise SandboxUnavailable("This kernel has no Landlock.", hint="use Linux 5.13.")


def test_it_starts_every_back_end_and_its_exit_code_says_whether_grading_works(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    code = main(["doctor"])
    printed = capsys.readouterr().out
    for name in registry.BACKENDS:
        assert f"\n  {name} " in printed or f"\n! {name} " in printed
    enough = "level 'namespaces'" in printed or "level 'no-namespaces'" in printed
    assert code == (0 if enough else 1)


def test_a_machine_that_reaches_only_limits_is_told_why_and_how(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    only(monkeypatch, linux=refuse, plain=registry.BACKENDS["plain"])
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "! linux                no. This kernel has no Landlock.\n" in printed
    assert "                       to cure it: use Linux 5.13.\n" in printed
    assert "reaches only level 'limits': grading refuses unless the configuration" in printed
    assert "a student's process reads other files" in printed


def test_a_back_end_that_shows_a_planted_file_is_not_counted(tmp_path, monkeypatch, capsys):
    class Leaky(type(registry.BACKENDS["plain"](tmp_path))):
        isolation = Isolation.NO_NAMESPACES

    monkeypatch.chdir(tmp_path)
    only(monkeypatch, leaky=Leaky)
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "no. A worker could read a planted file; please report it." in printed
    assert "runs no back-end: nothing can be graded here." in printed


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (Isolation.NAMESPACES, "reaches level 'namespaces', the strongest."),
        (Isolation.NO_NAMESPACES, "reaches level 'no-namespaces': enough to grade with."),
    ],
)
def test_the_verdict_names_the_level(level, words):
    assert words in _doctor.verdict(level)


def test_the_strongest_level_counts_wherever_it_is_listed():
    trials = [
        Trial(backend="a", isolation=None, says="no"),
        Trial(backend="b", isolation=Isolation.LIMITS, says=""),
        Trial(backend="c", isolation=Isolation.NAMESPACES, says=""),
    ]
    assert strongest(trials) is Isolation.NAMESPACES
    assert strongest(trials[:1]) is None


def test_alembic_must_be_on_the_path(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    finding = _doctor.examine_alembic()
    assert finding.says == "not on PATH"
    assert finding.cure.startswith("nbgrader starts it by name: put /")


def test_a_gradebook_is_opened_and_counted(tmp_path):
    path = tmp_path / "gradebook.db"
    assert _doctor.examine_gradebook(path).says == f"none in {tmp_path} yet"
    with sqlite3.connect(path) as database:
        database.execute("create table student (id)")
        database.execute("insert into student values ('ada')")
    assert _doctor.examine_gradebook(path).says == f"1 student in {path}"


def test_a_gradebook_that_is_none_is_said(tmp_path):
    path = tmp_path / "gradebook.db"
    path.write_text("something else entirely, long enough to have a header")
    finding = _doctor.examine_gradebook(path)
    assert "file is not a database" in finding.says
    assert finding.cure.startswith("restore it from a backup")
