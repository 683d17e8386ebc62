"""What a learner does next, and what their last hand-in changed.

Of hidden cases only the kind of input is told, as on the cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbjudge.model import ExerciseResult, GradingResult, Outcome
from nbjudge.reports.points import number_text
from nbjudge.texts import said, say, say_many

_MOST_KINDS = 3
_PASSED = Outcome.PASSED


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do. Plain text; what stands between `backticks` is code."""

    text: str
    points_cell: str = ""
    """The `grade_id` of the cell whose feedback says more."""
    section: str = ""
    """Anchor of the section of the notebook to read again."""


def next_steps(result: GradingResult) -> list[Step]:
    """Return what to do next, in the order of the notebook; empty if nothing is left.

    Args:
        result: The verdict on the notebook.
    """
    if result.fault:
        return [Step(text=say("Nothing: the grader failed, not your work. A person looks at it."))]
    if result.problem:
        text = say(
            "Your notebook could not be judged: {problem}. Check that the file opens in Jupyter "
            "and has the name it was given, and hand it in again if you still can.",
            problem=said(result.problem),
        )
        return [Step(text=text)]
    return [*_of_exercises(result.exercises), *_of_quizzes(result)]


def _of_exercises(exercises: Iterable[ExerciseResult]) -> Iterator[Step]:
    not_started = []
    for exercise in exercises:
        if exercise.untouched and not exercise.fault:
            not_started.append(exercise.exercise)
            continue
        text, section = _exercise(exercise)
        if text:
            cell = f"test_{exercise.exercise}"
            yield Step(text=text, points_cell=cell, section=section)
    if not_started:
        names = ", ".join(f"`{name}`" for name in not_started)
        text = say("Not started: {names}. A first try that is wrong is a good start.", names=names)
        yield Step(text=text, points_cell=f"test_{not_started[0]}")


def _exercise(exercise: ExerciseResult) -> tuple[str, str]:
    name = exercise.exercise
    failed = [case for case in exercise.cases if case.outcome is not _PASSED]
    if exercise.fault or exercise.fraction == 1.0:
        return "", ""
    if exercise.named:
        mistake = exercise.named[0]
        question = said(mistake.question)
        return say("`{name}`: {question}", name=name, question=question), mistake.paragraph
    if exercise.problem:
        problem = said(exercise.problem).rstrip(".")
        return say("`{name}`: {problem}.", name=name, problem=problem), ""
    if failed and all(case.outcome is Outcome.TIMED_OUT for case in failed):
        return say("`{name}` takes too long: look for a loop that does not end.", name=name), ""
    public = [case for case in failed if case.is_public]
    if public:
        text = say(
            "`{name}`: follow the example below that does not pass yet, with pen and paper; then "
            'run `check("{name}")` in your notebook.',
            name=name,
        )
        return text, ""
    kinds = _kinds(case.kind for case in failed)
    return say(
        "`{name}`: the examples pass. Try inputs like these: {kinds}.", name=name, kinds=kinds
    ), ""


def _of_quizzes(result: GradingResult) -> Iterator[Step]:
    for quiz in result.quizzes:
        if quiz.held or quiz.fault:
            continue
        empty = sum(not question.given for question in quiz.marked)
        wrong = sum((q.earned or 0.0) < q.points for q in quiz.marked) - empty
        if wrong > 0:
            text = say_many(
                "Quiz: one answer is not right yet; read why.",
                "Quiz: {number} answers are not right yet; read why.",
                wrong,
            )
            yield Step(text=text, points_cell="test_quiz")
        if empty:
            text = say_many(
                "Quiz: one question has no answer.",
                "Quiz: {number} questions have no answer.",
                empty,
            )
            yield Step(text=text, points_cell="test_quiz")


def changes(earlier: GradingResult, result: GradingResult) -> list[str]:
    """Say what is different from what they had handed in before. Plain text.

    Args:
        earlier: The verdict on the hand-in before.
        result: The verdict on this one.
    """
    if result.problem or result.fault or earlier.fault:
        return []
    if earlier.problem:
        return [say("Your last notebook could not be judged; this one could.")]
    before = {exercise.exercise: exercise for exercise in earlier.exercises}
    lines = [
        line
        for exercise in result.exercises
        if exercise.exercise in before
        for line in _changed(before[exercise.exercise], exercise)
    ]
    lines += _changed_quizzes(earlier, result)
    if not lines:
        lines = [say("Nothing in what it earns.")]
    if earlier.suite_digest != result.suite_digest:
        lines.append(say("The hidden tests themselves have changed in between."))
    return lines


def _changed(old: ExerciseResult, new: ExerciseResult) -> Iterator[str]:
    if old.fault or new.fault:
        return
    name = new.exercise
    if abs(old.score - new.score) > 1e-9:
        points = {"before": number_text(old.score), "now": number_text(new.score)}
        yield say("`{name}`: {now} points, before {before}.", name=name, **points)
    was = {case.id: case.outcome is _PASSED for case in old.cases}
    gained = [case.kind for case in new.cases if case.outcome is _PASSED and not was.get(case.id)]
    lost = [case.kind for case in new.cases if case.outcome is not _PASSED and was.get(case.id)]
    # A first answer passes everything anew: that the points say already.
    if gained and any(was.values()):
        yield say("`{name}` now passes: {kinds}.", name=name, kinds=_kinds(gained))
    if lost:
        yield say("`{name}` no longer passes: {kinds}.", name=name, kinds=_kinds(lost))


def _changed_quizzes(earlier: GradingResult, result: GradingResult) -> Iterator[str]:
    before = {quiz.lesson: quiz for quiz in earlier.quizzes if quiz.has_mark}
    for quiz in result.quizzes:
        old = before.get(quiz.lesson)
        if old is not None and quiz.has_mark and abs(old.score - quiz.score) > 1e-9:
            points = {"before": number_text(old.score), "now": number_text(quiz.score)}
            yield say("Quiz: {now} points, before {before}.", **points)


def _kinds(kinds: Iterable[str]) -> str:
    """List some kinds of input, each once."""
    each = [kind for kind in dict.fromkeys(kinds) if kind]
    if not each:
        return say("other inputs")
    more = len(each) - _MOST_KINDS
    listed = "; ".join(each[:_MOST_KINDS])
    return listed if more <= 0 else listed + "; " + say_many("one more", "{number} more", more)
