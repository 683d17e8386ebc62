"""The catalogue of what a learner reads, and the language in which they read it.

A sentence stands in the code in English, as an argument of `say` or `say_many`: there it
is read, found and changed. `nbjudge/locale/nbjudge.pot` lists them all; a translation is
`nbjudge/locale/<language>/LC_MESSAGES/nbjudge.mo`. What is not translated stays English.

Where a sentence is made, its reader's language may not be known: the judge's processes work
in English. So a sentence remembers what it was made of, through results on disk too
(`to_plain`, `from_plain`), and is `said` again where it is shown.

This module imports nothing else of nbjudge.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
PSEUDO = "xx"
"""A language for tests: every sentence of the catalogue stands between ⟦ and ⟧."""
VARIABLE = "NBJUDGE_LANGUAGE"
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str | None] = ContextVar("nbjudge_language", default=None)


class Sentence(str):
    """Words in one language that can be said in another: a text like any other otherwise.

    What cuts it, joins it or fills it in makes a plain text of it.
    """

    __slots__ = ("many", "message", "values")
    message: str
    """In English, as the catalogue has it."""
    many: str
    """The form for more than one thing, if there is one."""
    values: Mapping[str, object]

    def __str__(self) -> str:
        """Return itself, so that an exception's `str` is still a sentence."""
        return self


def _sentence(words: str, message: str, many: str, values: Mapping[str, object]) -> Sentence:
    sentence = Sentence(words)
    sentence.message, sentence.many, sentence.values = message, many, values
    return sentence


def said(text: str) -> str:
    """Return a text in the language in use, if it is a sentence of the catalogue."""
    if not isinstance(text, Sentence):
        return text
    values = {k: said(v) if isinstance(v, str) else v for k, v in text.values.items()}
    if text.many:
        number = values.pop("number")
        return say_many(text.message, text.many, number, **values)  # type: ignore[arg-type]
    return say(text.message, **values)


def to_plain(value: Any) -> Any:
    """Turn the sentences in plain data into objects that JSON can hold."""
    if isinstance(value, Sentence):
        document = {"say": value.message, "values": {k: _kept(v) for k, v in value.values.items()}}
        return {**document, "many": value.many} if value.many else document
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return [to_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def from_plain(document: Any) -> Any:
    """Turn what `to_plain` returned into sentences again, said in the language in use."""
    if isinstance(document, list):
        return [from_plain(item) for item in document]
    if not isinstance(document, dict):
        return document
    content = {key: from_plain(item) for key, item in document.items()}
    if "say" not in content:
        return content
    message, values = content["say"], content["values"]
    return said(_sentence(message, message, content.get("many", ""), values))


def _kept(value: object) -> Any:
    """Return what stands in a sentence, as JSON can hold it."""
    if isinstance(value, Sentence):
        return to_plain(value)
    return value if isinstance(value, (str, int, float)) else str(value)


def say(message: str, /, **values: object) -> str:
    """Return a sentence in the learner's language.

    Args:
        message: In English, a literal: the catalogue is made from these.
        **values: What stands for `{name}` in it; never translated.
    """
    translated = _catalogue(language()).gettext(message)
    words = translated.format(**values) if values else translated
    return _sentence(words, message, "", values)


def later(message: str, /) -> str:
    """Mark a sentence of a constant for the catalogue; `say` it where it is used.

    Args:
        message: In English, a literal.
    """
    return message


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the form of a sentence for a number, which stands for `{number}` in it.

    Args:
        one: For one thing, in English, a literal.
        many: For any other number.
        number: How many there are.
        **values: As of `say`.
    """
    translated = _catalogue(language()).ngettext(one, many, number)
    values["number"] = number
    return _sentence(translated.format(**values), one, many, values)


def language() -> str:
    """Return the language in use: what `in_language` says, else the environment's, else English."""
    return _language.get() or os.environ.get(VARIABLE) or ENGLISH


@contextmanager
def in_language(name: str) -> Iterator[None]:
    """Say everything in a language; "" changes nothing."""
    token = _language.set(name or _language.get())
    try:
        yield
    finally:
        _language.reset(token)


class _Pseudo(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@lru_cache(maxsize=8)
def _catalogue(name: str) -> gettext.NullTranslations:
    if name == PSEUDO:
        return _Pseudo()
    return gettext.translation("nbjudge", LOCALE, languages=[name], fallback=True)
