import pytest

from nbjudge.cli._counted import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1000, "1000 files")]
)
def test_only_one_is_no_plural(number: int, said: str):
    assert counted(number, "file") == said
