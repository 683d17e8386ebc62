"""Drawing by HMAC: the same key draws the same, on every machine and in every version.

A paper's key is a function of public things (course, assignment, student), so anybody can
draw it again. Each question draws by its own id: a question added to the bank, or taken
out, changes nothing about the others.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nbjudge.questions.expression import BadExpression, Number, evaluate

Spread = range | tuple[Number, ...]
_TRIES = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawable:
    """What a question's numbers are drawn from."""

    spreads: Mapping[str, Spread]
    where: str = ""
    """A condition on them; empty for none."""


def paper_key(course: str, assignment: str, student: str) -> bytes:
    """Return the key that draws a student's paper; nothing in it is secret."""
    message = "\0".join(("nbjudge paper 1", course, assignment, same_student(student)))
    return hashlib.sha256(message.encode()).digest()


def same_student(student: str) -> str:
    """Bring an id to one form: `Ada` and `ada ` are one student."""
    return unicodedata.normalize("NFKC", student).strip().casefold()


def shuffled(key: bytes, what: str, ids: Iterable[str]) -> list[str]:
    """Return ids in the order of their HMACs."""
    return sorted(ids, key=lambda own: (_digest(key, "order", what, own), own))


def one_of(key: bytes, what: str, ids: Sequence[str]) -> str:
    """Return one of the ids, each as likely as another."""
    return shuffled(key, what, ids)[0]


def draw_numbers(drawable: Drawable, key: bytes, question: str) -> dict[str, Number]:
    """Draw a question's numbers.

    Raises:
        BadExpression: If a thousand draws do not meet the condition, or it has no value.
    """
    for trial in range(_TRIES):
        numbers = {
            name: spread[_below(len(spread), key, "number", question, name, str(trial))]
            for name, spread in drawable.spreads.items()
        }
        if not drawable.where or evaluate(drawable.where, numbers):
            return numbers
    raise BadExpression(f"no numbers were drawn that meet `{drawable.where}`")


def _below(count: int, key: bytes, *what: str) -> int:
    # 256 bits modulo a small count: no value is measurably likelier.
    return int.from_bytes(_digest(key, *what), "big") % count


def _digest(key: bytes, *what: str) -> bytes:
    return hmac.digest(key, "\0".join(what).encode(), hashlib.sha256)
