"""The pytest plugin: markers, `student`, `rng` and `--impl`.

Installed as an entry point, so `pytest grader_tests/<slug> --impl ...` works
for an author; the judge loads the same plugin and puts a proxy in the place of
the local code.
"""

from __future__ import annotations

import numpy as np
import pytest

from nbjudge.errors import LessonError, UserError
from nbjudge.suite.case import MARKERS, describe_case
from nbjudge.suite.implementation import (
    SOLUTION,
    MakeStudent,
    local_implementation,
    put_course_on_path,
)
from nbjudge.suite.seed import case_seed

STUDENT: pytest.StashKey[MakeStudent] = pytest.StashKey()
"""Set by the judge: what the `student` fixture gives."""
SEED: pytest.StashKey[bytes] = pytest.StashKey()
"""Set by the judge: the key of this round."""
AUTHOR_SEED = b"author"
"""The key of an author's run: fixed, so that a failure can be repeated."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--impl`."""
    parser.getgroup("nbjudge").addoption(
        "--impl",
        default=SOLUTION,
        metavar="WHAT",
        help="run a lesson's suite against: solution (default), alternative:NAME, "
        "misconception:ID, or a .py file of your own; your code only, it is not isolated",
    )
    parser.getgroup("nbjudge").addoption(
        "--round-key",
        default="",
        metavar="TEXT",
        help="draw the cases' random inputs from this text instead of the author's fixed one",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of a suite."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.fixture
def student(request: pytest.FixtureRequest) -> object:
    """The implementation under test; its attributes are the names it defines."""
    make = request.config.stash.get(STUDENT, None)
    if make is None:
        make = _author_implementation(request)
    return make(describe_case(request.node))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers for this case and round."""
    return random_numbers(request.node)


def random_numbers(item: pytest.Item) -> np.random.Generator:
    """Return what `rng` gives a case in this round."""
    typed = item.config.getoption("--round-key").encode()
    key = item.config.stash.get(SEED, typed or AUTHOR_SEED)
    return np.random.default_rng(case_seed(key, item.name))


def _author_implementation(request: pytest.FixtureRequest) -> MakeStudent:
    folder = request.node.path.parent
    put_course_on_path(folder.parent.parent)
    try:
        return local_implementation(folder.name, request.config.getoption("--impl"))
    except (UserError, LessonError) as error:
        raise pytest.UsageError(str(error)) from None
