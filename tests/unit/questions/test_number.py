"""Numbers as people type them."""

from __future__ import annotations

import pytest

from nbjudge.questions.number import NotANumber, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("1,5", 1.5),
        (" -0,48 ", -0.48),
        ("\u22120.5", -0.5),
        ("+3", 3),
        (".5", 0.5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567),
        ("12 500", 12500),
        ("1e-5", 1e-5),
        ("1E3", 1000),
        ("1,5e3", 1500),
        ("2*10^-3", 0.002),
        ("2\u00d710\u207b\u00b3", 0.002),
        ("2 x 10**3", 2000),
        ("3/4", 0.75),
        ("-1/8", -0.125),
        ("12 MB", 12),
        ("12mb", 12),
        ("0,012 GB", 12),
    ],
)
def test_a_number_is_read(text, value):
    assert read_number(text, {"MB": 1, "GB": 1000}) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing was typed"),
        ("about 3", "'about 3' is no number"),
        ("1.2.3", "'1.2.3' is no number"),
        ("1,23,4", "is no number"),
        ("3/0", "no finite value"),
        ("nan", "is no number"),
        ("inf", "is no number"),
        ("__import__('os')", "is no number"),
        ("12 km", "the unit 'km' is not known; it is in MB"),
        ("9" * 101, "at most 100 characters"),
        ("1e9999", "no finite value"),
    ],
)
def test_what_is_none_is_said(text, why):
    with pytest.raises(NotANumber, match=why):
        read_number(text, {"MB": 1})


def test_units_that_differ_by_case_only_are_two():
    units = {"mm": 1.0, "Mm": 1e9}

    assert read_number("2 Mm", units) == 2e9
    with pytest.raises(NotANumber):
        read_number("2 MM", units)
