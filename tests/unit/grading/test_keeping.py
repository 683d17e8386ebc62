"""How many versions of a result are kept, and which."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nbjudge.grading.keeping import KEPT, KeptFiles, kept_key

ADA = ("ada", "ps1", "p1")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / ".nbjudge"


def put_aged(files: KeptFiles, state: Path, count: int) -> None:
    """Keep versions 0, 1, ..., each used a day before the next."""
    for number in range(count):
        files.put(kept_key(ADA, str(number)), b"%d" % number)
        day = 86400 * (number + 1)
        os.utime(state / "results" / f"{kept_key(ADA, str(number))}.json", (day, day))


def kept(files: KeptFiles, count: int) -> list[int]:
    return [n for n in range(count) if files.get(kept_key(ADA, str(n))) is not None]


def test_the_last_few_of_each_notebook_are_kept(state: Path) -> None:
    files = KeptFiles(state, "results")
    put_aged(files, state, 6)

    assert kept(files, 6) == [3, 4, 5]
    assert KEPT == 3


def test_what_is_in_use_stays_however_old_it_is(state: Path) -> None:
    """A submission judged in spring and read out in every regrade is not the one to go."""
    files = KeptFiles(state, "results")
    put_aged(files, state, 3)
    assert files.get(kept_key(ADA, "0")) == b"0"
    for number in (3, 4):
        files.put(kept_key(ADA, str(number)), b"new")

    assert kept(files, 5) == [0, 3, 4]


def test_what_was_just_written_stays_whatever_the_clock_says(state: Path) -> None:
    files = KeptFiles(state, "results")
    put_aged(files, state, 3)
    future = 2**33
    for path in (state / "results").glob("*/*.json"):
        os.utime(path, (future, future))
    files.put(kept_key(ADA, "3"), b"3")

    assert files.get(kept_key(ADA, "3")) == b"3"


@pytest.mark.parametrize(
    "other",
    [("ben", "ps1", "p1"), ("ada", "ps2", "p1"), ("ada", "ps1", "p2"), ("adap", "s1", "p1")],
)
def test_nobody_elses_results_go(state: Path, other: tuple[str, str, str]) -> None:
    files = KeptFiles(state, "results")
    files.put(kept_key(other, "x"), b"theirs")
    put_aged(files, state, 6)

    assert files.get(kept_key(other, "x")) == b"theirs"


def test_nothing_kept_is_none_and_folders_are_for_their_owner_only(state: Path) -> None:
    files = KeptFiles(state, "results")
    assert files.get(kept_key(ADA, "0")) is None
    files.put(kept_key(ADA, "0"), b"")

    folders = [state, *(path for path in state.rglob("*") if path.is_dir())]
    assert len(folders) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
