"""What a proof finds out, on a small course with one fault at a time."""

import pytest

from nbjudge.authoring.prove import prove_lesson
from nbjudge.authoring.prove_model import Group
from nbjudge.errors import GraderFault, LessonError

from .halving import edit, halving_course, weaken, write

# Each proves a whole suite anew, with some fifty forks.
pytestmark = pytest.mark.long


@pytest.fixture
def course(tmp_path):
    return halving_course(tmp_path)


@pytest.fixture
def files(course):
    slug = course.lessons[0].slug
    return course.suite_folder(slug), course.solution(slug)


def prove(course, rounds=3, **options):
    (proof,) = prove_lesson(course, course.lessons[0], rounds=rounds, **options)
    return proof


def test_a_good_suite_has_no_problems(course):
    steps = []
    proof = prove(course, progress=lambda *step: steps.append(step))

    assert list(proof.problems()) == []
    assert [right.name for right in proof.right] == [
        "solution",
        "the variant without switches",
        "times_half",
    ]
    assert {item.name for item in proof.of(Group.MISCONCEPTION)} == {"third", "plus"}
    assert [item.name for item in proof.of(Group.PAIR)] == ["third + plus"]
    assert len(proof.of(Group.MUTANT)) > 5
    assert proof.mutant_score == 1.0
    assert len(proof.of(Group.CHEATER)) == 8
    assert set(proof.cost_ms) == {case.id for case in proof.cases}
    assert [case.id for case in proof.idle_cases] == []
    assert steps[-1][1] == steps[-1][2] == len(steps)


def test_each_wrong_answer_names_the_cases_that_refuse_it(course):
    refused_by = {item.name: item.refused_by for item in prove(course).wrong}

    assert refused_by["third"] == {"test_worked_example", "test_random[4]", "test_random[5]"}
    assert refused_by["overwrites its inputs and returns zeros"] >= {"test_no_mutation"}


def test_a_misconception_that_passes_is_a_problem(course, files):
    edit(files[0] / "misconceptions.py", '{"divisor": 3}', '{"divisor": 2.0}')

    assert "'third' of the bank passes every case" in list(prove(course).problems())


def test_a_mistake_that_some_rounds_miss_is_a_problem(course, files):
    edit(
        files[0] / "misconceptions.py",
        "return (x + offset) / divisor + extra",
        "return (x + offset) / divisor + (extra if x[0] > 0 and offset else 0)",
    )
    # The random numbers of the three rounds have both signs.
    found = [p for p in prove(course).problems() if p.startswith("'plus'")]

    assert len(found) == 1
    assert found[0].startswith("'plus' of the bank passes every case in ")
    assert found[0].endswith(" rounds")


def test_a_refused_alternative_is_a_problem(course, files):
    edit(files[0] / "alternatives.py", "(x + offset) * 0.5", "(x + offset) * (0.5 + 1e-6)")

    (problem,) = prove(course).problems()

    assert problem.startswith(
        "the right answer 'times_half' is refused 7 times in 3 rounds, first by test_random[4] "
        "in round 0: the result is "
    )


def test_a_cheater_that_earns_is_a_problem(course, files):
    edit(files[0] / "test_halve.py", "@pytest.mark.property\n", "")

    problems = list(prove(course).problems())

    assert (
        "the cheater 'zeros' earns 25 % of the points; mark as property, or sharpen, "
        "what it passes: test_no_mutation" in problems
    )


def test_expecting_after_the_call_is_found_out(course, files):
    edit(
        files[0] / "test_halve.py",
        "expect_close(student.halve(x, offset=0.5), expected)",
        "expect_close(student.halve(x, offset=0.0), halve(x))",
    )

    assert (
        "the cheater 'overwrites its inputs and returns zeros' earns 50 % of the points; "
        "mark as property, or sharpen, what it passes: test_random[4], test_random[5]"
        in list(prove(course).problems())
    )


def explained(*mutants, verdict="accepted"):
    entry = '[[survivor]]\nexercise = "halve"\nmutant = "{}"\nverdict = "{}"\nreason = "r"\n'
    return "".join(entry.format(mutant, verdict) for mutant in mutants)


def test_a_refusal_after_the_first_round_is_a_problem(course, files):
    # The first round makes four calls, each round after it two.
    edit(
        files[0] / "alternatives.py",
        "return (x + offset) * 0.5",
        "times_half.calls = getattr(times_half, 'calls', 0) + 1\n"
        "    return (x + offset) * (0.5 if times_half.calls < 7 else 0.6)",
    )

    (problem,) = prove(course).problems()

    assert "'times_half' is refused 2 times in 3 rounds, first by test_random[4]" in problem
    assert "in round 2: " in problem


def test_a_survivor_must_be_refused_or_explained(course, files):
    weaken(course)
    proof = prove(course)
    survivor = next(s for s in proof.survivors if s.mutant.after == "return _divided(x)")
    problem = (
        f"mutant {survivor.name} survives (line 6, dropped operand): "
        "add a case that refuses it, or explain it in survivors.toml"
    )
    assert problem in list(proof.problems())

    write(files[0] / "survivors.toml", explained(survivor.name))

    assert problem not in list(prove(course).problems())


def test_accepted_survivors_still_count(course, files):
    weaken(course)
    proof = prove(course)
    names = [item.name for item in proof.survivors]
    write(files[0] / "survivors.toml", explained(*names))
    proof = prove(course)
    assert list(proof.problems()) == [
        f"{100 * proof.mutant_score:.0f} % of the mutants are refused; it must be 95 %"
    ]

    write(files[0] / "survivors.toml", explained(*names, verdict="equivalent"))
    assert list(prove(course).problems()) == []


def test_a_stale_explanation_is_a_problem(course, files):
    write(files[0] / "survivors.toml", explained("0123abcd"))

    assert list(prove(course).problems()) == [
        "survivors.toml explains mutant 0123abcd, which is no survivor: take it out"
    ]


def test_a_mutant_that_only_rounds_differently_is_none(course, files):
    edit(files[1], "return _divided(x + offset)", "return _divided(x + offset) + 0 * 1")

    proof = prove(course)

    assert list(proof.problems()) == []
    assert proof.unchanged_mutants >= 1


def test_endless_mutants_end(course, files):
    edit(
        files[1],
        "return x / 2",
        "n = 0\n        while n < 1:\n            n += 1\n        return x / 2".replace(
            "        ", "    "
        ),
    )
    proof = prove(course)

    assert "timed out" in {item.ended for item in proof.of(Group.MUTANT)}
    assert proof.mutant_score == 1.0


def test_an_unknown_exercise_is_named_with_those_that_exist(course):
    with pytest.raises(LessonError) as caught:
        prove(course, exercises=["third"])
    assert str(caught.value) == (
        f"{course.lessons[0].slug} has no suite of 'third'.\n"
        f"  where: {course.suite_folder(course.lessons[0].slug)}\n"
        "  to cure it: it has: halve."
    )


def test_a_suite_that_cannot_be_imported_is_a_fault(course, files):
    edit(files[0] / "test_halve.py", "import numpy as np", "import no_such_thing")

    with pytest.raises(GraderFault, match="the suite cannot be imported"):
        prove(course)
