"""Numbers as people type them: comma or point, powers of ten, fractions, units."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from nbjudge.texts import say

_LONGEST = 100
_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)
        (?P<digits>\d[\d.,]*|[.,]\d+)
        (?:e(?P<exponent>[+-]?\d{1,4}))?
        (?:/(?P<divisor>\d+(?:[.,]\d+)?))?
        (?P<unit>.*)""",
    re.VERBOSE,
)
_POWER = re.compile(r"[x*\u00d7\u00b7]10(?:\^|\*\*)\(?([+-]?\d{1,4})\)?")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\u2010", "-"))


class NotANumber(ValueError):
    """The text is no number; `str` says why in one sentence for whoever typed it."""


class UnknownUnit(NotANumber):
    """It is a number, in a unit that nobody here knows; only the key may."""


def read_number(text: str, units: Mapping[str, float] | None = None) -> float:
    """Read what somebody typed: `-1,5`, `1.5e-3`, `2·10^-3`, `3/4`, `12 GB`.

    A single comma is a decimal comma. Where both signs are there, the last is the
    decimal one; several equal ones separate thousands.

    Args:
        text: What was typed; not trusted.
        units: What an answer may be in -> what to multiply it by.

    Raises:
        NotANumber: If it is none, or its unit is not known.
    """
    if len(text) > _LONGEST:
        raise NotANumber(say("a number has at most {count} characters", count=_LONGEST))
    plain = "".join(_SUPERSCRIPT.sub(_raised, text).translate(_MINUS).split())
    plain = _POWER.sub(r"e\1", plain)
    match = _NUMBER.fullmatch(
        plain.replace("E", "e", 1) if re.search(r"\dE[+-]?\d", plain) else plain
    )
    if match is None:
        raise NotANumber(
            say("{text!r} is no number", text=text.strip()[:40])
            if text.strip()
            else say("nothing was typed")
        )
    value = float(f"{match['sign']}{_decimal(match['digits'], text)}e{match['exponent'] or 0}")
    if match["divisor"]:
        divisor = float(match["divisor"].replace(",", "."))
        value = value / divisor if divisor else math.inf
    value *= _factor(match["unit"], units or {})
    if not math.isfinite(value):
        raise NotANumber(say("{text!r} has no finite value", text=text.strip()[:40]))
    return value


def _raised(match: re.Match[str]) -> str:
    return f"^{match[1].translate(_SUPERSCRIPTS)}"


def _decimal(digits: str, text: str) -> str:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(".", ",", key=digits.rfind)
        thousands = "," if decimal == "." else "."
        if digits.count(decimal) > 1 or not _is_grouped(digits.partition(decimal)[0], thousands):
            raise NotANumber(say("{text!r} is no number", text=text.strip()[:40]))
        return digits.replace(thousands, "").replace(decimal, ".")
    if points > 1 or commas > 1:
        mark = "." if points else ","
        if not _is_grouped(digits, mark):
            raise NotANumber(say("{text!r} is no number", text=text.strip()[:40]))
        return digits.replace(mark, "")
    return digits.replace(",", ".")


def _is_grouped(digits: str, mark: str) -> bool:
    first, *rest = digits.split(mark)
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in rest)


def _factor(unit: str, units: Mapping[str, float]) -> float:
    if not unit:
        return 1.0
    known = {"".join(name.split()): factor for name, factor in units.items()}
    if unit in known:
        return known[unit]
    folded = {name.casefold(): factor for name, factor in known.items()}
    # kB and KB are one unit to whoever types them, but mm and Mm are two.
    if unit.casefold() in folded and len(folded) == len(known):
        return folded[unit.casefold()]
    own = {"unit": unit[:20], "names": " / ".join(units or ())}
    raise UnknownUnit(
        say("the unit {unit!r} is not known; it is in {names}", **own)
        if units
        else say("the unit {unit!r} is not known; no unit is asked for", **own)
    )
