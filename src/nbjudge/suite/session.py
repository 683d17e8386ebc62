"""A collected suite that can be run many times: collect once, fork per run.

pytest collects in the parent; each run happens in a fork, with the ordinary
runner, so fixtures, parametrization and Hypothesis work and nothing leaks from
one run into the next. Only public hooks are used.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from pathlib import Path

import pytest

from nbjudge.errors import GraderFault, NbJudgeError
from nbjudge.model import CaseResult
from nbjudge.suite import plugin
from nbjudge.suite.again import CallAgain, call_again
from nbjudge.suite.case import CaseInfo, describe_case
from nbjudge.suite.implementation import MakeStudent, put_course_on_path
from nbjudge.suite.verdict import verdict


class SuiteSession:
    """The items of one lesson, collected and ready.

    Made by `with_suite`; not a pytest session of its own.
    """

    def __init__(self, session: pytest.Session, recorder: _Recorder) -> None:
        self._session = session
        self._recorder = recorder
        self._items = {item: describe_case(item) for item in session.items}
        self._again: dict[pytest.Item, CallAgain] = {}

    @property
    def cases(self) -> tuple[CaseInfo, ...]:
        """Every collected case, in order."""
        return tuple(self._items.values())

    @property
    def plain(self) -> frozenset[str]:
        """Keys of the cases that `run` calls without pytest: it has seen that they need no more."""
        return frozenset(self._items[item].key for item in self._again)

    def learn_plain(self, keys: Collection[str]) -> None:
        """Take over what a fork of this process has found in `plain`."""
        for item, case in self._items.items():
            if case.key in keys and (again := call_again(item, {})):
                self._again[item] = again

    def run(
        self, cases: Iterable[CaseInfo], make_student: MakeStudent, *, seed: bytes
    ) -> tuple[CaseResult, ...]:
        """Run cases here and now, in this process.

        Once pytest has run a case that needs nothing but `student`, `rng` and its parameters,
        it is only called: a class runs each three hundred times, a proof a thousand times.

        Args:
            cases: Some of `cases`.
            make_student: Gives the `student` of each.
            seed: Key of the random inputs.
        """
        stash = self._session.config.stash
        stash[plugin.STUDENT], stash[plugin.SEED] = make_student, seed
        wanted = {case.key for case in cases}
        items = [item for item, case in self._items.items() if case.key in wanted]
        in_full = [item for item in items if item not in self._again]
        following = dict(itertools.zip_longest(in_full, in_full[1:]))
        return tuple(
            self._run_item(item, following[item]) if item in following else self._run_again(item)
            for item in items
        )

    def _run_again(self, item: pytest.Item) -> CaseResult:
        case = self._items[item]
        start = time.process_time()
        error = self._again[item](self._session.config.stash[plugin.STUDENT], case)
        if isinstance(error, NbJudgeError):
            raise error
        return verdict(case, error, time.process_time() - start)

    def _run_item(self, item: pytest.Item, following: pytest.Item | None) -> CaseResult:
        self._recorder.error = None
        self._recorder.fixtures.clear()
        start = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if again := call_again(item, self._recorder.fixtures):
            self._again[item] = again
        if isinstance(self._recorder.error, NbJudgeError):
            raise self._recorder.error  # an author's mistake, not an answer
        return verdict(self._items[item], self._recorder.error, time.process_time() - start)


_LEFT_OUT = """
cacheprovider debugging doctest faulthandler junitxml legacypath logging pastebin setuponly
setupplan stepwise terminal threadexception unraisableexception warnings
""".split()  # noqa: SIM905 - a list of quoted strings reads worse
"""Plugins of pytest's that a suite cannot notice; each takes its share of every case's time."""


class _Recorder:
    """The part of the plugin that keeps what a case raised, as an object."""

    def __init__(self, use: Callable[[SuiteSession], None]) -> None:
        self._use = use
        self.error: BaseException | None = None
        self.fixtures: dict[str, Callable[..., object]] = {}
        """What the case that runs has asked for, by name."""
        self.collection_errors: list[str] = []
        self.raised: BaseException | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        # The verdict is made from the exception; drawing a traceback costs 30 ms a case.
        config.option.tbstyle = "value"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_errors.append(str(report.longrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> None:
        self.fixtures[fixturedef.argname] = fixturedef.func

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.items and not self.collection_errors:
            try:
                self._use(SuiteSession(session, self))
            except BaseException as error:  # noqa: BLE001, RUF100 - raised again by with_suite
                self.raised = error
        return True


def with_suite(root: Path, slug: str, use: Callable[[SuiteSession], None]) -> None:
    """Collect a lesson's suite and call `use` with it.

    Args:
        root: The course.
        slug: The lesson.
        use: Called once, inside pytest's session.

    Raises:
        GraderFault: If the suite cannot be collected or holds no case.
    """
    put_course_on_path(root)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    recorder = _Recorder(use)
    arguments: Sequence[str] = [
        *("-c", os.devnull, f"--rootdir={root}", "--import-mode=importlib"),
        *(word for name in _LEFT_OUT for word in ("-p", f"no:{name}")),
        "--capture=no",
        str(root / "grader_tests" / slug),
    ]
    with contextlib.ExitStack() as stack:
        # pytest reports usage errors on stderr; the judge's words are raised below.
        quiet = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
        stack.enter_context(contextlib.redirect_stderr(quiet))
        code = pytest.main(list(arguments), plugins=[plugin, recorder])
    if recorder.raised is not None:
        raise recorder.raised
    if recorder.collection_errors:
        raise GraderFault("the suite cannot be imported:\n" + "\n".join(recorder.collection_errors))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise GraderFault(f"grader_tests/{slug} holds no case")
    if code == pytest.ExitCode.USAGE_ERROR:
        raise GraderFault(f"pytest refuses grader_tests/{slug}")


def run_local(
    root: Path,
    slug: str,
    make_student: MakeStudent,
    select: Callable[[CaseInfo], bool],
    *,
    seed: bytes = plugin.AUTHOR_SEED,
) -> dict[str, CaseResult]:
    """Run an author's own code against some cases, in this process.

    Args:
        root: The course.
        slug: The lesson.
        make_student: Called at the start of each case.
        select: Says which cases to run.
        seed: Key of the random inputs.

    Returns:
        Results by exercise and case: `layer_norm::test_worked_example`.

    Raises:
        GraderFault: If the suite cannot be collected or holds no case.
    """
    results: dict[str, CaseResult] = {}

    def use(suite: SuiteSession) -> None:
        cases = [case for case in suite.cases if select(case)]
        for case, result in zip(cases, suite.run(cases, make_student, seed=seed), strict=True):
            results[case.key] = result

    with_suite(root, slug, use)
    return results
