"""What `nbjudge report` does: reads the records of a class, writes the report, sums it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from nbjudge.errors import UserError
from nbjudge.grading.records import records
from nbjudge.model import Course, GradingResult
from nbjudge.reports.class_history import change_since_last, summarise
from nbjudge.reports.class_marks import with_gradebook
from nbjudge.reports.class_page import report_page
from nbjudge.reports.class_report import ClassReport, class_report
from nbjudge.reports.class_table import write_table
from nbjudge.reports.similar import SimilarPair

PAGE, TABLE = "report.html", "report.csv"
_LINE = 110


def report_on(assignment: str, *, folder: Path | None, names: bool, similar: bool) -> int:
    """Write a class's report; return the exit code.

    Args:
        assignment: nbgrader's.
        folder: Where; None for `reports/<assignment>/`.
        names: Name students.
        similar: Look for submissions that are alike.

    Raises:
        UserError: If nothing was judged yet.
    """
    course = Course.find(Path.cwd())
    report = _with_gradebook(
        class_report(assignment, _by_student(course, assignment)), course, assignment
    )
    if not report.students:
        raise UserError(
            f"There is nothing to report on {assignment!r}.",
            context=str(course.state_folder / "records" / assignment),
            hint=f"run nbjudge grade {assignment} first.",
        )
    # Asked first: a library that is missing is said before anything is written.
    pairs = _similar(assignment) if similar else None
    today = date.today()  # noqa: DTZ011, RUF100 - the reader's day
    kept = course.state_folder / "reports" / f"{assignment}.json"
    target = folder or Path("reports") / assignment
    target.mkdir(parents=True, exist_ok=True)
    page = report_page(
        report,
        title=_title(course, assignment),
        day=today,
        table=TABLE,
        change=change_since_last(kept, summarise(report, today)),
        names=names,
        similar=pairs,
    )
    (target / PAGE).write_text(page, encoding="utf-8")
    write_table(report, target / TABLE)
    _print_first_screen(report)
    print(f"\n{target / PAGE}   the report; for you, not for students")
    print(f"{target / TABLE}   the same as a table")
    return 0


def _with_gradebook(report: ClassReport, course: Course, assignment: str) -> ClassReport:
    """Add the marks that students get; a course that was never graded has no gradebook."""
    if not any((course.root / name).exists() for name in ("nbgrader_config.py", "gradebook.db")):
        return report
    # nbgrader takes two seconds to import, which `--help` need not.
    from nbjudge.nbgrader_adapter.class_marks import class_marks  # noqa: PLC0415
    from nbjudge.nbgrader_adapter.course import NbgraderCourse  # noqa: PLC0415

    group = NbgraderCourse()
    try:
        with group.open_gradebook(course.root) as gradebook:
            kept = class_marks(gradebook, assignment)
        names = group.notebooks(assignment)
    except UserError:  # no gradebook, or nothing released
        return report
    bare = [name for name in names if not course.suite_folder(name).is_dir()]
    return with_gradebook(report, kept, without_suite=bare)


def _by_student(course: Course, assignment: str) -> Iterator[list[GradingResult]]:
    """Read one student after the other: memory does not grow with the class."""
    folder = course.state_folder / "records" / assignment
    notebooks = [path for path in folder.glob("*") if path.is_dir()]
    each: Iterable[GradingResult] = (
        record.result for record in records(course.state_folder, assignment)
    )
    if len(notebooks) > 1:
        each = sorted(each, key=lambda result: result.student)
    for _, results in groupby(each, key=lambda result: result.student):
        yield list(results)


def _title(course: Course, assignment: str) -> str:
    titles = [lesson.title for lesson in course.lessons if lesson.assignment == assignment]
    return ", ".join(titles) or assignment


def _similar(assignment: str) -> list[SimilarPair]:
    # nbgrader, which knows where submissions lie, takes two seconds to import.
    from nbjudge.cli._report_similar import similar_submissions  # noqa: PLC0415

    return similar_submissions(assignment)


def _print_first_screen(report: ClassReport) -> None:
    marked = len(report.marks)
    print(f"{report.students} students, {marked} with a mark")
    if report.without_suite:
        names = ", ".join(report.without_suite)
        print(f"{names}: without a suite, so only marks are known.")
    print("\nTeach tomorrow")
    for belief in report.beliefs[:3]:
        print(f"  {belief.students} of {belief.of} ({100 * belief.share:.0f} %): {belief.belief}")
    if not report.beliefs:
        print("  Nobody behaves like a known misconception.")
    print("\nProbably our fault")
    for doubt in report.doubts[:5]:
        print(f"  {doubt.part}, {doubt.item}: {_short(doubt.why)}")
    if len(report.doubts) > 5:
        print(f"  and {len(report.doubts) - 5} more, on the page")
    if not report.doubts:
        print("  No test and no question behaves oddly.")
    print("\nNeeds a person")
    for one in report.waiting:
        print(f"  {len(one.students)}: {_short(one.why)}")
    if not report.waiting:
        print("  Nobody.")


def _short(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= _LINE else plain[: _LINE - 3] + "..."
