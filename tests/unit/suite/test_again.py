"""Cases that are called again without pytest: same verdicts, same random numbers, and which not."""

import types

import pytest

from nbjudge.model import Outcome
from nbjudge.suite.fork import run_forked
from nbjudge.suite.session import with_suite

SUITE = """
import pytest
from nbjudge.expect import expect_close

SEEN = []


@pytest.fixture
def opened():
    SEEN.append("opened")
    yield 1
    SEEN.append("closed")


@pytest.fixture
def doubled(request):
    return 2 * request.param


@pytest.mark.parametrize("n", [1, 2])
def test_parameters(student, n):
    expect_close(student.same(n), n)


def test_random(student, rng):
    student.keep(float(rng.random()))


def test_wrong(student):
    expect_close(student.same(1), 2)


def test_raises(student):
    student.fail()


def test_asserts():
    assert 1 == 2, "no"


@pytest.mark.property
def test_fixture_of_the_suite(opened):
    assert opened == 1


@pytest.mark.skip(reason="not today")
def test_skipped(student):
    student.fail()


@pytest.mark.parametrize("doubled", [3], indirect=True)
def test_indirect(doubled):
    assert doubled == 6


class TestInAClass:
    def test_method(self, student):
        expect_close(student.same(1), 1)
"""
SHORT = {"test_parameters[1]", "test_parameters[2]", "test_random", "test_wrong", "test_raises"}
SHORT |= {"test_asserts"}


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    """Four runs of the suite, the first two with one seed."""
    root = tmp_path_factory.mktemp("course")
    folder = root / "grader_tests" / "m1_l01_tiny"
    folder.mkdir(parents=True)
    (folder / "test_tiny.py").write_text(SUITE)
    found = types.SimpleNamespace(results=[], kept=[], short=set(), seen=[])

    def fail():
        raise ValueError("always")

    student = types.SimpleNamespace(same=lambda x: x, keep=found.kept.append, fail=fail)

    def use(suite):
        for seed in (b"one", b"one", b"two", b"three"):
            results = suite.run(suite.cases, lambda case: student, seed=seed)
            found.results.append({r.id: (r.outcome, r.message) for r in results})
        found.short = {item.name for item in suite._again}
        module = next(iter(suite._items)).module
        found.seen = module.SEEN

    with_suite(root, "m1_l01_tiny", use)
    found.root = root
    return found


def test_every_round_has_the_verdicts_of_the_first(rounds):
    first = rounds.results[0]
    assert len(first) == 10
    assert rounds.results == [first] * 4
    assert first["test_wrong"][0] is Outcome.FAILED
    assert first["test_raises"] == (Outcome.ERRORED, "ValueError: always")
    assert first["test_asserts"][0] is Outcome.FAILED


def test_random_numbers_are_those_of_the_case_and_the_round(rounds):
    one, again, two, three = rounds.kept
    assert one == again
    assert len({one, two, three}) == 3


def test_what_pytest_does_more_for_stays_with_pytest(rounds):
    assert rounds.short == SHORT
    assert rounds.seen == ["opened", "closed"] * 4


def test_a_process_learns_what_its_fork_has_found(rounds):
    """Each submission is judged in a fork; the second one's cases are only called."""
    student = types.SimpleNamespace(same=lambda x: x, keep=lambda _: None)
    student.fail = lambda: student.same(1) / 0
    found = types.SimpleNamespace()

    def use(suite):
        def judge():
            results = suite.run(suite.cases, lambda case: student, seed=b"one")
            return [[[r.id, r.outcome, r.message] for r in results], sorted(suite.plain)]

        found.first, plain = run_forked(judge, timeout_s=60)
        found.before = suite.plain
        suite.learn_plain(plain)
        found.after = suite.plain
        found.second, _ = run_forked(judge, timeout_s=60)

    with_suite(rounds.root, "m1_l01_tiny", use)
    assert found.before == frozenset()
    assert found.after == {f"tiny::{case}" for case in SHORT}
    assert found.second == found.first
    assert ["test_raises", "errored", "ZeroDivisionError: division by zero"] in found.first
