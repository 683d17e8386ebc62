"""One submission's quiz: whose paper, which answers count, what they earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nbjudge.errors import GraderFault
from nbjudge.model.quiz_result import QuestionResult, QuizResult
from nbjudge.questions.answers import (
    Answers,
    QuizCell,
    UnreadableAnswers,
    answers_in_cells,
    read_answers,
)
from nbjudge.questions.draw import same_student
from nbjudge.questions.expression import BadExpression
from nbjudge.questions.paper import DrawnQuestion, Paper, draw_paper, paper_id
from nbjudge.questions.question import AnswerKey
from nbjudge.questions.quiz_file import Quiz
from nbjudge.questions.score import Answer, right_answer, score, worded
from nbjudge.texts import say


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """Where a submission may carry answers."""

    student: str
    file: bytes | None
    """The answers file; None if there is none."""
    file_problem: str = ""
    """Why what stands in its place is not read."""
    cells: tuple[str, ...]
    """The sources of the notebook's code cells."""


def mark_quiz(
    quiz: Quiz, keys: Mapping[str, AnswerKey], handed_in: HandedIn, *, show_right: bool = False
) -> QuizResult:
    """Mark a submission's quiz.

    Args:
        quiz: As it was released.
        keys: The keys of its questions.
        handed_in: The submission.
        show_right: Whether the result carries right answers, which students will read.

    Raises:
        GraderFault: If a question of the paper has no key, or a key no value.
    """
    paper = draw_paper(quiz, handed_in.student)
    empty = QuizResult(lesson=quiz.lesson)
    given, empty = _that_count(quiz, handed_in, empty)
    if given is None:
        return replace(empty, questions=_questions(paper, keys, {}, show_right))
    foreign = _foreign(quiz, paper, given)
    if foreign:
        return _held(quiz, keys, paper, given, replace(empty, held=foreign))
    unknown = sorted(set(given.answers) - {drawn.id for drawn in paper.questions})
    notes = [
        say("no question {name!r} is on this paper; ignored", name=name[:40])
        for name in unknown[:3]
    ]
    return replace(
        empty,
        questions=_questions(paper, keys, given.answers, show_right),
        notes=(*empty.notes, *notes),
        receipt=given.receipt,
    )


def _that_count(
    quiz: Quiz, handed_in: HandedIn, empty: QuizResult
) -> tuple[Answers | None, QuizResult]:
    """Return the answers that count: the file's, else the cell's; and what was odd about it."""
    cell = answers_in_cells(handed_in.cells, quiz.lesson)
    try:
        if handed_in.file_problem:
            raise UnreadableAnswers(handed_in.file_problem)
        file = read_answers(handed_in.file, salvage=True) if handed_in.file is not None else None
        damage = ""
    except UnreadableAnswers as error:
        file, damage = None, say("the answers file could not be read: {error}", error=error)
    notes = list(_oddities(quiz, handed_in, file, cell, damage))
    counting = file if file is not None else cell.answers
    if counting is not None and any(counting.answers.values()):
        notes += counting.unread[:3]
        problem = ""
    else:
        problem = _nothing(damage, cell.problem, *(counting.unread[:3] if counting else ()))
    return counting, replace(empty, notes=tuple(notes), problem=problem)


def _oddities(
    quiz: Quiz, handed_in: HandedIn, file: Answers | None, cell: QuizCell, damage: str
) -> Iterator[str]:
    if damage and cell.answers is not None:
        yield say("{damage}; the answers in the quiz cell count", damage=damage)
    if file is not None and cell.problem:
        yield say("{problem}; the answers file counts", problem=cell.problem)
    counting = file or cell.answers
    if file is not None and cell.answers is not None:
        ours, theirs = _own(quiz, handed_in, file), _own(quiz, handed_in, cell.answers)
        if ours and not theirs:
            yield say("the quiz cell is on another student's paper; the answers file counts")
        elif _said(file) != _said(cell.answers):
            yield say("the answers file and the quiz cell differ; the file counts")
    if counting is not None and counting.quiz not in ("", quiz.digest):
        yield say("the answers are to an earlier release of the quiz")
    if counting is not None and not counting.paper:
        yield say("the answers name no paper; read as on this student's")


def _nothing(*reasons: str) -> str:
    return "; ".join(filter(None, reasons)) or say(
        "no answers were handed in: no file beside the notebook, none in it"
    )


def _own(quiz: Quiz, handed_in: HandedIn, given: Answers) -> bool:
    return given.paper in ("", paper_id(quiz, handed_in.student)) and same_student(
        given.student
    ) in ("", same_student(handed_in.student))


def _said(given: Answers) -> dict[str, Answer]:
    return {name: answer for name, answer in given.answers.items() if answer}


def _foreign(quiz: Quiz, paper: Paper, given: Answers) -> str:
    """Say why the answers are not on this student's paper; "" if they are."""
    owner = same_student(given.student)
    if given.lesson not in ("", quiz.lesson):
        return say("the answers are to another quiz, {lesson!r}", lesson=given.lesson[:60])
    if owner not in ("", paper.student):
        return say("the answers are on the paper of {student!r}", student=given.student[:60])
    if given.paper not in ("", paper.id):
        return say(
            "the answers name the paper {paper!r}; this student's is {own}",
            paper=given.paper[:20],
            own=paper.id,
        )
    for name, numbers in given.numbers.items():
        drawn = paper.question(name)
        if drawn is not None and given.answers.get(name) and dict(numbers) != dict(drawn.numbers):
            return say("the numbers in {name} are not those of this student's paper", name=name)
    return ""


def _held(
    quiz: Quiz, keys: Mapping[str, AnswerKey], paper: Paper, given: Answers, empty: QuizResult
) -> QuizResult:
    """Hold a foreign paper; tell the instructor what it would earn on the paper it names."""
    notes = list(empty.notes)
    if given.student and given.paper == paper_id(quiz, given.student):
        theirs = draw_paper(quiz, given.student)
        questions = _questions(theirs, keys, given.answers, show_right=False)
        worth = QuizResult(lesson=quiz.lesson, questions=questions)
        notes.append(
            f"on that paper they would earn {worth.score:.4g} of {worth.points:.4g} points"
        )
    own = _questions(paper, keys, {}, show_right=False)
    blank = tuple(replace(question, earned=None) for question in own)
    return replace(empty, notes=tuple(notes), questions=blank, receipt=given.receipt)


def _questions(
    paper: Paper, keys: Mapping[str, AnswerKey], answers: Mapping[str, Answer], show_right: bool
) -> tuple[QuestionResult, ...]:
    return tuple(
        _question(drawn, keys, answers.get(drawn.id), show_right) for drawn in paper.questions
    )


def _question(
    drawn: DrawnQuestion, keys: Mapping[str, AnswerKey], answer: Answer | None, show_right: bool
) -> QuestionResult:
    key = keys.get(drawn.id)
    if key is None:
        raise GraderFault(f"the bank has no question {drawn.id} any more; run nbjudge build")
    try:
        scored = score(drawn, key, answer)
        right = right_answer(drawn, key) if show_right else ""
    except BadExpression as error:
        raise GraderFault(f"the key of question {drawn.id} has no value: {error}") from None
    question = drawn.question
    return QuestionResult(
        question=drawn.id,
        kind=question.kind,
        points=question.points,
        earned=None if scored.fraction is None else scored.fraction * question.points,
        prompt=drawn.prompt.text,
        given=worded(drawn, answer),
        explanations=tuple(
            (f"`{about}`" if about and question.code else about, words.text)
            for about, words in scored.explanations
        ),
        right=right,
        problem=scored.problem,
        rubric=tuple((criterion.points, criterion.text) for criterion in key.rubric),
    )


def code_cells(notebook_cells: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the sources of a checked notebook's code cells."""
    return tuple(str(c["source"]) for c in notebook_cells if c["cell_type"] == "code")
