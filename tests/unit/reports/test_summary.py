from __future__ import annotations

from dataclasses import replace

import pytest

from nbjudge.model import CaseResult, CellRun, ExerciseResult, GradingResult, NamedMistake, Outcome
from nbjudge.reports.summary import Counts, class_line, counts, left_open, rows
from nbjudge.sandbox.base import Isolation


def cases(passed: int, of: int) -> tuple[CaseResult, ...]:
    return tuple(
        CaseResult(id=str(i), outcome=Outcome.PASSED if i < passed else Outcome.FAILED)
        for i in range(of)
    )


def result(student: str, passed: int = 100, of: int = 100, **changes: object) -> GradingResult:
    exercise = ExerciseResult(exercise="layer_norm", points=6, cases=cases(passed, of))
    notebook = str(changes.pop("notebook", "n"))
    exercise = replace(
        exercise, **{k: changes.pop(k) for k in ("named", "untouched") if k in changes}
    )
    about = {"student": student, "assignment": "a", "notebook": notebook}
    return replace(GradingResult(exercises=(exercise,), **about), **changes)


UNBIASED = NamedMistake(
    ids=("unbiased-variance",),
    belief="b",
    explanation="This behaves like dividing by D - 1. At D = 4 outputs shrink by sqrt(3/4).",
    question="q",
    hint="h",
)


PAIR = (
    "Two things seem to act together.\n"
    "This behaves like adding eps after the root. At 0.5 that is much.\n"
    "This behaves like dividing by D - 1."
)


def line(one: GradingResult) -> str:
    (row,) = rows([one])
    return f"{row.student} {row.mark} {row.remark}".rstrip()


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (result("ada"), "ada 100"),
        (
            result("ben", 82, named=(UNBIASED,)),
            "ben 82 layer_norm: behaves like dividing by D - 1",
        ),
        (
            result("cleo", 71, cells=(CellRun(position=14, error="SyntaxError: invalid syntax"),)),
            "cleo 71 cell 14: SyntaxError; the rest judged; "
            "layer_norm: a wrong answer, no known mistake, in 29 of 100 cases",
        ),
        (
            result(
                "colin",
                cells=(
                    CellRun(position=1, error="ModuleNotFoundError: No module named 'seaborn'"),
                    CellRun(position=9, error="EOFError (cell 9, line 1)"),
                ),
            ),
            "colin 100 cell 1: No module named 'seaborn', cell 9: EOFError; the rest judged",
        ),
        (
            result(
                "cora",
                cells=(
                    CellRun(
                        position=3, error="the process ended itself (exit code 9)", killed=True
                    ),
                    CellRun(position=5, error="not tried again after: the process ended itself"),
                ),
            ),
            "cora 100 cell 3: stopped, cell 5: not tried again; the rest judged",
        ),
        (
            result("dan", problem="unreadable JSON, line 210"),
            "dan - unreadable JSON, line 210 (the submission's)",
        ),
        (
            result("eva", fault="the suite does not import\nTraceback ..."),
            "eva - grader fault: the suite does not import",
        ),
        (
            result("jon", 0, named=(replace(UNBIASED, explanation=PAIR),)),
            "jon 0 layer_norm: behaves like adding eps after the root and dividing by D - 1",
        ),
        (result("finn", 0, untouched=True), "finn 0 layer_norm: not started"),
        (
            result("gita", 90, cells=(CellRun(position=3, killed=True),)),
            "gita 90 cell 3: stopped; the rest judged; "
            "layer_norm: a wrong answer, no known mistake, in 10 of 100 cases",
        ),
    ],
)
def test_a_row_says_what_stands_out(one: GradingResult, expected: str):
    assert line(one) == expected


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.FAILED, "a wrong answer, no known mistake, in 3 of 4 cases"),
        (Outcome.ERRORED, "an error in 3 of 4 cases"),
        (Outcome.TIMED_OUT, "too slow in 3 of 4 cases"),
        (Outcome.OUT_OF_MEMORY, "too much memory in 3 of 4 cases"),
        (Outcome.NOT_RUN, "no verdict in 3 of 4 cases"),
    ],
)
def test_the_commonest_way_to_fail_is_named(outcome: Outcome, words: str):
    one = result("ada", 1, 4)
    worse = tuple(replace(case, outcome=outcome) for case in one.exercises[0].cases[2:])
    mixed = replace(one.exercises[0], cases=(*one.exercises[0].cases[:2], *worse))
    assert line(replace(one, exercises=(mixed,))) == f"ada 25 layer_norm: {words}"


def test_what_was_odd_about_the_notebook_is_said_beside_a_full_mark():
    odd = result("ada", notes=("the points cell of f was deleted; judged at the end",))
    assert line(odd) == "ada 100 the points cell of f was deleted; judged at the end"


def test_rows_are_sorted_by_student():
    names = [row.student for row in rows([result("zoe"), result("ada"), result("mia")])]
    assert names == ["ada", "mia", "zoe"]


@pytest.mark.parametrize(
    ("passed", "of", "mark"),
    [(999, 1000, "99"), (1, 1000, "1"), (0, 1000, "0"), (1000, 1000, "100"), (1, 3, "33")],
)
def test_only_everything_is_100_and_only_nothing_is_0(passed: int, of: int, mark: str):
    assert rows([result("ada", passed, of)])[0].mark == mark


def test_several_notebooks_of_a_student_become_one_row_of_all_points():
    both = [result("ada", notebook="n2"), result("ada", 0, notebook="n1", untouched=True)]
    (row,) = rows(both)
    assert (row.mark, row.remark) == ("50", "layer_norm: not started")


def test_one_notebook_without_a_mark_leaves_the_student_without_one():
    (row,) = rows([result("ada"), result("ada", notebook="n2", problem="the file is empty")])
    assert row.mark == "-"


def test_a_students_text_cannot_break_the_table():
    error = "Err\x1b[31m\nbad: x"
    row = rows([result("ada", cells=(CellRun(position=1, error=error),))])[0]
    assert row.remark == "cell 1: Err [31m bad; the rest judged"
    long = rows([result("ada", problem="x" * 500)])[0].remark
    assert len(long) == 120
    assert long.endswith("...")


def test_counts_tell_the_submissions_problems_from_the_graders_faults():
    class_results = [
        result("ada"),
        result("ben", problem="p"),
        result("cleo", fault="f"),
        result("dan", fault="f"),
        result("dan", notebook="n2", problem="p"),
    ]
    assert counts(class_results) == Counts(students=4, marked=1, need_a_person=1, grader_faults=2)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((5, 3, 2, 0), "5 students: 3 marked, 2 need a person, no grader faults."),
        ((1, 1, 0, 0), "1 student: 1 marked, nobody needs a person, no grader faults."),
        ((3, 1, 1, 1), "3 students: 1 marked, 1 needs a person, 1 grader fault."),
    ],
)
def test_the_line_below_the_table(numbers: tuple[int, int, int, int], text: str):
    names = ("students", "marked", "need_a_person", "grader_faults")
    assert class_line(Counts(**dict(zip(names, numbers, strict=True)))) == text


def test_every_level_says_what_it_leaves_open():
    assert len({left_open(level) for level in Isolation}) == len(Isolation)
    assert all(left_open(level).endswith("docs/threat-model.md.") for level in Isolation)


def test_a_weak_level_says_what_submissions_could_read():
    assert left_open("limits") == (
        "Submissions could read and write this account's files, hidden tests included, "
        "and use the network: docs/threat-model.md."
    )
    assert left_open("another") == "docs/threat-model.md says what that leaves open."
