"""The bank that the manual shows, released to a class of one assignment."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbjudge.questions.bank_file import parse_bank
from nbjudge.questions.quiz_file import Quiz
from nbjudge.questions.release import release_quiz

MANUAL = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-quiz.md"


@pytest.fixture(scope="session")
def bank():
    example = MANUAL.read_text().split("```yaml\n")[1].split("```")[0]
    found, errors = parse_bank(example.encode(), "quiz.yaml")
    assert errors == []
    return found


@pytest.fixture(scope="session")
def released(bank, tmp_path_factory):
    """The quiz as students get it, and all its keys."""
    return release_quiz(
        bank,
        tmp_path_factory.mktemp("bank"),
        Quiz(
            lesson="m1_l05_layer_norm_formula",
            course="layer-normalization",
            assignment="m1_l05_layer_norm_formula",
            title="The formula",
            questions=(),
            practice_keys={},
        ),
    )
