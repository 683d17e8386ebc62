"""The catalogue of what a learner reads, and the language in which they read it.

A sentence stands in the code in English, as an argument of `say` or `say_many`: there it
is read, found and changed. `nbjudge/locale/nbjudge.pot` lists them all; a translation is
`nbjudge/locale/<language>/LC_MESSAGES/nbjudge.mo`. What is not translated stays English.

This module imports nothing else of nbjudge.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

ENGLISH = "en"
PSEUDO = "xx"
"""A language for tests: every sentence of the catalogue stands between ⟦ and ⟧."""
VARIABLE = "NBJUDGE_LANGUAGE"
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str | None] = ContextVar("nbjudge_language", default=None)


def say(message: str, /, **values: object) -> str:
    """Return a sentence in the learner's language.

    Args:
        message: In English, a literal: the catalogue is made from these.
        **values: What stands for `{name}` in it; never translated.
    """
    translated = _catalogue(language()).gettext(message)
    return translated.format(**values) if values else translated


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
    return translated.format(number=number, **values)


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
