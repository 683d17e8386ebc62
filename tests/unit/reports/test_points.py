import pytest

from nbjudge.reports.points import number_text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (10.0, "10"), (4.9, "4.9"), (1 / 3, "0.33"), (100, "100")]
)
def test_points_have_two_decimals_at_most(value: float, text: str):
    assert number_text(value) == text
