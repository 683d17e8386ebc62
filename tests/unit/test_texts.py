"""The catalogue: complete, translatable, and English where nothing is translated."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from nbjudge import texts
from nbjudge.texts import (
    PSEUDO,
    VARIABLE,
    from_plain,
    in_language,
    language,
    later,
    said,
    say,
    say_many,
    to_plain,
)
from tests.translation import bare_words

SOURCE = Path(texts.__file__).parent
KEYWORDS = {"say": None, "later": None, "say_many": (1, 2)}


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A translation of two sentences, as a translator would hand it in."""
    catalogue = Catalog(locale="de")
    catalogue.add("You earned {score} of {points} points.", "{score} von {points} Punkten.")
    catalogue.add(("one more", "{number} more"), ("noch eines", "noch {number}"))
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    (folder / "nbjudge.mo").write_bytes(compiled.getvalue())
    monkeypatch.setattr(texts, "LOCALE", tmp_path)
    texts._catalogue.cache_clear()
    yield
    texts._catalogue.cache_clear()


def test_a_translation_is_said_and_its_values_are_filled_in(german: None):
    with in_language("de"):
        said = say("You earned {score} of {points} points.", score="3", points="6")
        assert said == "3 von 6 Punkten."
        assert say_many("one more", "{number} more", 1) == "noch eines"
        assert say_many("one more", "{number} more", 3) == "noch 3"
    assert say_many("one more", "{number} more", 3) == "3 more"


def test_what_is_not_translated_stays_english(german: None):
    with in_language("de"):
        assert say("not yet") == "not yet"
    with in_language("xy"):
        assert say("{a} of {b}", a=1, b=2) == "1 of 2"


def test_the_environment_chooses_and_a_block_chooses_over_it(monkeypatch: pytest.MonkeyPatch):
    assert language() == "en"
    monkeypatch.setenv(VARIABLE, "de")
    assert language() == "de"
    with in_language("fr"):
        assert language() == "fr"
        with in_language(""):
            assert language() == "fr"
    assert language() == "de"


def test_braces_in_what_is_filled_in_are_left_alone():
    assert say("{name}: no", name="{score}") == "{score}: no"
    assert later("{x}") == "{x}"


def test_the_pseudo_language_marks_every_sentence():
    with in_language(PSEUDO):
        assert say("{name} is bare", name="f") == "⟦f is bare⟧"
        assert say_many("one", "{number} of them", 2) == "⟦2 of them⟧"
        assert bare_words(f"{say('inside {x}', x=say('too'))} outside f 1", ["f"]) == ["outside"]


def test_a_sentence_is_said_again_in_another_language_after_it_was_stored():
    inner = say("not yet")
    lines = [say("{name} is {state}", name="f", state=inner), say_many("one", "{number} of it", 2)]
    document = json.loads(json.dumps(to_plain({"lines": lines, "text": "plain"})))
    assert from_plain(document) == {"lines": ["f is not yet", "2 of it"], "text": "plain"}
    with in_language(PSEUDO):
        assert [said(line) for line in lines] == ["⟦f is ⟦not yet⟧⟧", "⟦2 of it⟧"]
        assert from_plain(document)["lines"] == ["⟦f is ⟦not yet⟧⟧", "⟦2 of it⟧"]
    assert said("plain") == "plain"


def test_an_exception_keeps_its_sentence():
    raised = ValueError(say("not yet"))
    with in_language(PSEUDO):
        assert said(str(raised)) == "⟦not yet⟧"


def test_the_catalogue_is_complete():
    found = extract_from_dir(str(SOURCE), [("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    sentences = {message for _, _, message, _, _ in found}
    with (SOURCE / "locale" / "nbjudge.pot").open("rb") as file:
        listed = {message.id for message in read_po(file) if message.id}
    assert listed == sentences, "run `make texts`"
    assert len(listed) > 150


def test_no_sentence_is_put_together_before_it_is_translated():
    """`say(f"...")` would be a sentence that no catalogue has."""
    wrong = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in SOURCE.rglob("*.py")
        if "from nbjudge.texts import" in (text := path.read_text(encoding="utf-8"))
        for line in text.splitlines()
        if any(f"{call}({quote}" in line for call in ("say", "later") for quote in ('f"', "f'"))
    ]
    assert wrong == []
