"""No key of a graded question is in anything that reaches a student."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nbjudge.authoring.audit import audit
from nbjudge.model import Course
from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.quiz_file import load_quiz

ROOT = Path(__file__).resolve().parents[2]
BANKS = sorted((ROOT / "grader_tests").glob("*/quiz.yaml"))
RELEASED = sorted((ROOT / "release").glob("*/*.quiz.json"))


def secrets() -> dict[str, str]:
    """Every explanation, expression and accepted text of every graded question."""
    return {
        text.strip(): f"{path.parent.name}, {question.id}"
        for path in BANKS
        for question in read_bank(path, path.name).of_use("graded")
        for _, text in (*question.key_texts(), *question.expressions())
        if len(text.strip()) > 20
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own
    return next(folder.glob("*.whl"))


def test_every_bank_has_enough_questions():
    for path in BANKS:
        bank = read_bank(path, path.name)
        assert len(bank.of_use("graded")) >= 5, path
        assert len(bank.of_use("practice")) >= 8, path


def test_no_text_of_a_graded_key_is_in_any_released_file():
    files = [path for path in (ROOT / "release").rglob("*") if path.is_file()]
    contents = {path: _readable(path) for path in files}

    assert len(secrets()) > 40
    assert [
        (path.name, where)
        for path, content in contents.items()
        for text, where in secrets().items()
        if text in content
    ] == []


def _readable(path: Path) -> str:
    """A file's text, and every string in it as JSON writes it."""
    text = path.read_text(encoding="utf-8")
    return (
        text + "\n".join(_strings(json.loads(text))) if path.suffix in (".json", ".ipynb") else text
    )


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in _strings(item)]
    return [text for item in value for text in _strings(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.parent.name)
def test_a_released_graded_question_holds_its_own_fields_and_nothing_else(path):
    document = json.loads(path.read_text())
    graded = [question for question in document["questions"] if question["use"] == "graded"]
    public = {"id", "use", "kind", "prompt", "points", "group", "section", "draw", "where"}
    public |= {"entries", "shuffle", "code", "unit", "words"}

    assert {field for question in graded for field in question} <= public
    entries = [entry for question in graded for entry in question.get("entries", ())]
    assert {field for entry in entries for field in entry} <= {"id", "words"}
    assert {field for entry in entries for field in entry["words"]} == {"text", "html"}
    assert set(document["practice_keys"]).isdisjoint(question["id"] for question in graded)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.parent.name)
def test_the_order_of_released_options_says_nothing(path):
    for question in load_quiz(path).of_use("graded"):
        ids = [entry.id for entry in question.entries]
        assert not question.shuffle or ids == sorted(ids)


def test_the_wheel_holds_the_widget_and_no_key(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert "nbjudge/student/quiz_widget.js" in names
    assert "nbjudge/student/quiz_widget.css" in names
    assert [name for name in names if "quiz.yaml" in name or "grader_tests" in name] == []
    assert audit(Course.load(ROOT), [wheel]).leaks == ()
