"""What stands on the first screen, for classes whose story is known."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from nbjudge.model import (
    CaseResult,
    ExerciseResult,
    GradingResult,
    NamedMistake,
    Outcome,
    QuestionResult,
    QuizResult,
)
from nbjudge.reports.class_history import Summary, change_since_last, summarise
from nbjudge.reports.class_marks import KeptMark, with_gradebook
from nbjudge.reports.class_page import report_page
from nbjudge.reports.class_report import ClassReport, class_report
from nbjudge.reports.class_table import write_table
from nbjudge.reports.similar import SimilarPair

DAY = date(2026, 11, 21)


def mistake(*ids: str) -> NamedMistake:
    return NamedMistake(
        ids=ids,
        belief=f"belief in {' and '.join(ids)}",
        explanation="e",
        question=f"why {ids[0]}?",
        hint="h",
        paragraph="The-formula",
    )


def exercise(pattern: str, name: str = "f", **about: object) -> ExerciseResult:
    """`1` passes, `0` fails; two cases belong to one test."""
    cases = tuple(
        CaseResult(
            id=f"test_{i // 2}[{i % 2}]",
            outcome=Outcome.PASSED if c == "1" else Outcome.FAILED,
            kind=f"kind {i // 2}",
        )
        for i, c in enumerate(pattern)
    )
    return ExerciseResult(exercise=name, points=4, cases=cases, **about)  # type: ignore[arg-type]


def result(student: str, *exercises: ExerciseResult, **about: object) -> GradingResult:
    whole = GradingResult(student=student, assignment="a", notebook="a", exercises=exercises)
    return replace(whole, **about)  # type: ignore[arg-type]


def question(given: str, earned: float | None, kind: str = "single") -> QuizResult:
    one = QuestionResult(
        question="q", kind=kind, points=1, earned=earned, prompt="What is $x$?", given=given
    )
    return QuizResult(lesson="a", questions=(one,))


def report(*results: GradingResult) -> ClassReport:
    return class_report("a", ([one] for one in results))


def page(about: ClassReport, **changes: object) -> BeautifulSoup:
    settings = {
        "title": "The formula",
        "day": DAY,
        "table": "report.csv",
        "change": None,
        "names": False,
        "similar": None,
    }
    html = report_page(about, **{**settings, **changes})  # type: ignore[arg-type]
    return BeautifulSoup(html, features="html.parser")


def text(soup: BeautifulSoup, selector: str = "body") -> str:
    return " ".join(soup.select_one(selector).get_text(" ").split())


def test_the_most_held_beliefs_come_first_with_how_many_of_those_who_tried():
    named = [result(f"s{i}", exercise("10", named=(mistake("often"),))) for i in range(3)]
    rare = result("t", exercise("10", named=(mistake("rare"),)))
    untouched = result("u", exercise("00", untouched=True))
    about = report(*named, rare, untouched)
    found = [(b.ids, b.students, b.of, b.belief) for b in about.beliefs]
    assert found == [
        (("often",), 3, 4, "belief in often"),
        (("rare",), 1, 4, "belief in rare"),
    ]
    assert "3 of 4 (75 %) behave as if: belief in often Ask them: why often?" in text(
        page(about), "[aria-labelledby=teach]"
    )


def test_a_pair_counts_as_a_pair_and_as_each_of_the_two():
    both = result("s", exercise("00", named=(mistake("a", "b"),)))
    about = report(both, result("t", exercise("10", named=(mistake("a"),))))
    assert [(b.ids, b.students) for b in about.beliefs] == [(("a",), 2), (("b",), 1)]
    assert [(b.ids, b.students) for b in about.pairs] == [(("a", "b"), 1)]
    assert about.beliefs[0].belief == "belief in a"


def test_one_student_holds_a_belief_once_however_many_exercises_show_it():
    twice = (exercise("1", named=(mistake("a"),)), exercise("1", "g", named=(mistake("a"),)))
    (belief,) = report(result("s", *twice)).beliefs
    assert (belief.students, belief.of, belief.exercises) == (1, 1, ("f", "g"))


def doubts(*results: GradingResult) -> list[tuple[str, str, str]]:
    return [(d.part, d.item, d.why) for d in report(*results).doubts]


def test_a_case_that_all_fail_is_our_fault_and_not_everybodys():
    five = [result(f"s{i}", exercise("10")) for i in range(5)]
    assert doubts(*five)[0] == ("f", "test_0[1]", "all 5 who tried fail it")
    assert doubts(*five[:1]) == []


def test_a_test_that_is_the_only_flaw_of_several_answers_is_our_fault():
    good = [result(f"g{i}", exercise("1111")) for i in range(18)]
    refused = [result(f"r{i}", exercise("1101")) for i in range(2)]
    why = "the only test that 2 of 20 answers fail, and no known mistake"
    assert doubts(*good, *refused) == [("f", "test_1", why)]


def test_a_known_mistake_that_one_test_catches_is_no_fault_of_ours():
    good = [result(f"g{i}", exercise("1111")) for i in range(18)]
    named = [result(f"r{i}", exercise("1101", named=(mistake("a"),))) for i in range(2)]
    assert doubts(*good, *named) == []


def test_a_case_that_strong_students_fail_is_our_fault():
    strong = [result(f"a{i}", exercise("01111111"), exercise("1", "g")) for i in range(15)]
    weak = [result(f"b{i}", exercise("10000000"), exercise("0", "g")) for i in range(15)]
    found = [(part, item) for part, item, why in doubts(*strong, *weak) if "strong" in why]
    assert found == [("f", "test_0[0]")]


def test_a_wrong_answer_of_strong_students_makes_us_doubt_the_question():
    strong = [result(f"a{i}", exercise("11"), quizzes=(question("B", 0.0),)) for i in range(12)]
    weak = [result(f"b{i}", exercise("00"), quizzes=(question("A", 1.0),)) for i in range(12)]
    said = [why for part, item, why in doubts(*strong, *weak) if "'B'" in why]
    assert said == [
        "the wrong answer 'B' is that of 12 students with a mean mark of 80 %; "
        "those with the right one have 20 %"
    ]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (result("s", problem="unreadable JSON, line 171"), "could not be judged: unreadable JSON"),
        (
            result("s", problem="expected a.ipynb, found b.ipynb"),
            "could not be judged: no notebook of the name it was given",
        ),
        (result("s", fault="boom"), "the grader failed; see .nbjudge/grade.log"),
        (
            result("s", exercise("1", fault="boom")),
            "the grader failed; see .nbjudge/grade.log",
        ),
        (
            result("s", quizzes=(replace(question("A", 1.0), held="ben's"),)),
            "quiz held: the answers are on another paper",
        ),
        (
            result("s", quizzes=(question("Because", None, kind="written"),)),
            "a written answer to mark",
        ),
    ],
)
def test_who_needs_a_person_is_counted_by_reason(one: GradingResult, why: str):
    (waiting,) = report(one).waiting
    assert (waiting.why, waiting.students) == (why, ("s",))


def test_nobody_is_named_unless_asked():
    about = report(result("grace", problem="unreadable JSON"), result("alan", exercise("1")))
    pair = SimilarPair(one="grace", other="alan", of_one=0.9, of_other=0.95)
    anonymous = str(page(about, similar=[pair]))
    assert "grace" not in anonymous
    assert "alan" not in anonymous
    assert "nbjudge report a --names" in anonymous
    named = page(about, names=True, similar=[pair])
    assert "1 could not be judged: unreadable JSON: grace" in text(named)
    assert "grace alan 90 % 95 %" in text(named)


def test_answers_are_counted_and_their_formulas_drawn():
    class_ = [result(f"a{i}", exercise("11"), quizzes=(question("$B$", 0.0),)) for i in range(3)]
    about = report(*class_, result("b", exercise("11"), quizzes=(question("A", 1.0),)))
    (choices,) = about.questions
    assert [(c.text, c.students, c.share, c.earned) for c in choices.choices] == [
        ("$B$", 3, 0.75, 0.0),
        ("A", 1, 0.25, 1.0),
    ]
    assert page(about).select("details math")


def test_words_of_students_are_escaped():
    about = report(
        result("<script>x</script>", problem="<img src=x onerror=y>"),
        result("s", exercise("1"), quizzes=(question("<script>alert(1)</script>", 0.0),)),
    )
    soup = page(about, names=True)
    assert soup.select("script, img") == []


def test_the_page_needs_nothing_else_and_describes_its_figures():
    soup = page(report(*(result(f"s{i}", exercise("10" * (i % 2 + 1))) for i in range(12))))
    assert soup.select("script, link, [src^=http], iframe") == []
    described = [svg["aria-label"] for svg in soup.select("figure svg[role=img]")]
    assert described[0].startswith("Distribution of marks: 12 from 50 to 60 %")
    assert "by difficulty and discrimination" in described[1]
    headings = [h.get_text() for h in soup.select("h2")]
    assert headings[:3] == ["Teach tomorrow", "Probably our fault", "Needs a person"]


def test_the_table_holds_the_same_numbers(tmp_path: Path):
    about = report(
        result("grace", exercise("10", named=(mistake("a", "b"),)), quizzes=(question("A", 1.0),)),
        result("alan", exercise("11"), quizzes=(question("=1+1", 0.0),)),
    )
    write_table(about, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["row"], r["item"], r["share"]) for r in rows] == [
        ("case", "test_0[0]", "1.0000"),
        ("case", "test_0[1]", "0.5000"),
        ("question", "q", "0.5000"),
        ("answer", "q", "0.5000"),
        ("answer", "q", "0.5000"),
        ("belief", "a", "0.5000"),
        ("belief", "b", "0.5000"),
        ("pair", "a + b", "0.5000"),
    ]
    assert "grace" not in (tmp_path / "t.csv").read_text()
    assert [r["about"] for r in rows if r["row"] == "answer"] == ["A", "'=1+1"]


def test_another_suite_is_counted_by_its_own_cases():
    about = report(result("s", exercise("11")), result("t", exercise("1101")))
    tried = {one.item.name: one.tried for one in about.items}
    assert tried == {"test_0[0]": 2, "test_0[1]": 2, "test_1[0]": 1, "test_1[1]": 1}


def test_marks_are_shares_of_all_points_and_of_all_notebooks():
    two = [result("s", exercise("11")), result("s", exercise("00"), notebook="b")]
    assert class_report("a", [two]).marks.tolist() == [0.5]


def test_a_class_without_marks_has_a_page_too():
    soup = page(report(result("s", problem="unreadable JSON")))
    assert "1 student, 0 with a mark" in text(soup)
    assert "Nobody behaves like a known misconception." in text(soup)
    assert "No test and no question behaves oddly." in text(soup)


def summary(mean: float, **beliefs: int) -> Summary:
    return Summary(day="2026-11-01", students=2, mean=mean, beliefs=beliefs)


def test_a_change_is_told_against_the_last_report_that_was_different(tmp_path: Path):
    path = tmp_path / "reports" / "a.json"
    first, second = summary(0.5, a=2), replace(summary(0.7, a=1, b=1), students=3)
    assert change_since_last(path, first) is None
    assert change_since_last(path, first) is None
    for _ in range(2):
        change = change_since_last(path, second)
        assert change.since == first
        assert (change.students, change.beliefs) == (1, (("a", 2, 1), ("b", 0, 1)))
        assert change.mean == pytest.approx(0.2)


@pytest.mark.parametrize("damage", ["", "[]", '{"format": 2}', '{"format": 1, "reports": [3]}'])
def test_a_damaged_history_is_forgotten(tmp_path: Path, damage: str):
    path = tmp_path / "a.json"
    path.write_text(damage)
    assert change_since_last(path, summary(0.5)) is None
    assert change_since_last(path, summary(0.6)).since == summary(0.5)


def test_the_change_stands_on_the_page(tmp_path: Path):
    about = report(*(result(f"s{i}", exercise("11")) for i in range(3)))
    now = summarise(about, DAY)
    assert (now.students, now.mean, now.beliefs) == (3, 1.0, {})
    change_since_last(tmp_path / "a.json", summary(0.75, a=1))
    soup = page(about, change=change_since_last(tmp_path / "a.json", now))
    assert "Since the report of 2026-11-01" in text(soup)
    assert "+1 students; the mean mark went from 75 % by +25 points." in text(soup)
    assert "a : 1 students then, 0 now." in text(soup)


def test_marks_of_nobody_have_no_mean():
    assert summarise(report(), DAY).mean == 0.0


def test_marks_by_hand_count_in_the_distribution_and_cases_stay_as_they_were_judged():
    judged = class_report("a", [[result("ada", exercise("10"))], [result("ben", exercise("00"))]])
    kept = [
        KeptMark(student="ada", share=1.0, is_complete=True, has_person=True),
        KeptMark(student="ben", share=0.0, is_complete=True, has_person=False),
        KeptMark(student="cy", share=0.5, is_complete=False, has_person=False),
    ]
    report = with_gradebook(judged, kept, without_suite=["essay"])
    assert report.marks.tolist() == [1.0, 0.0]
    assert (report.students, report.by_hand, report.without_suite) == (3, 1, ("essay",))
    assert [(one.why, one.students) for one in report.waiting] == [
        ("an answer to mark by hand", ("cy",))
    ]
    assert report.items == judged.items


def test_without_a_graded_submission_the_report_is_the_judges():
    judged = class_report("a", [[result("ada", exercise("10"))]])
    assert with_gradebook(judged, [], without_suite=[]).marks.tolist() == [0.5]
