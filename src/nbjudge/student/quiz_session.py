"""One open graded quiz: paper, saved answers, and what the notebook itself carries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbjudge.questions.answers import Answers, UnreadableAnswers, checked_answers
from nbjudge.questions.expression import shown_number
from nbjudge.questions.number import NotANumber, UnknownUnit, read_number
from nbjudge.questions.paper import Paper, draw_paper
from nbjudge.questions.quiz_file import Quiz
from nbjudge.student.quiz_folder import AnswersFile
from nbjudge.texts import say

Given = dict[str, str | list[str]]


class GradedSession:
    """A student at a graded paper. It holds no key: there is none on this machine.

    Args:
        quiz: As released.
        student: Whose paper.
        folder: Where the notebook is.
    """

    def __init__(self, quiz: Quiz, student: str, folder: Path) -> None:
        self.quiz = quiz
        self.paper: Paper = draw_paper(quiz, student)
        self._file = AnswersFile(folder, quiz)
        saved = self._file.read(self.paper)
        self.messages = [saved.message] if saved.message else []
        self.saved = saved.answers
        self.answers: Given = _own(saved.answers, self.paper)
        self.carried = ""
        """Receipt of what the quiz cell carries."""

    @property
    def file_name(self) -> str:
        """The file that answers are saved in."""
        return self._file.path.name

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(bool(answer) for answer in self.answers.values())

    @property
    def receipt(self) -> str:
        """Of what is saved; empty if nothing is."""
        return self.saved.receipt if self.saved and self.answered else ""

    def take_from_cell(self, fields: Mapping[str, Any]) -> None:
        """Take over what the quiz cell carries: all of it if no file is here, edits always.

        Args:
            fields: The call's `answers`, `numbers`, `student`, `paper` and `receipt`.
        """
        if not fields.get("answers"):
            return
        try:
            given = checked_answers({k: v for k, v in fields.items() if k != "receipt"})
        except UnreadableAnswers as error:
            self.messages.append(
                say("The answers in this cell were not taken over: {error}.", error=error)
            )
            return
        if given.paper not in ("", self.paper.id):
            self.messages.append(
                say(
                    "The answers in this cell are on the paper of {student!r} and were not taken "
                    "over.",
                    student=given.student[:60],
                )
            )
            return
        on_paper = {drawn.id for drawn in self.paper.questions}
        for name in sorted(set(given.answers) - on_paper)[:3]:
            self.messages.append(say("No question {name!r} is on your paper.", name=name[:60]))
        was_written_by_us = given.receipt == fields.get("receipt")
        if was_written_by_us:
            self.carried = given.receipt
        if not was_written_by_us or self.saved is None:
            self.answers |= {
                name: answer
                for name, answer in _own(given, self.paper).items()
                if self._is_possible(name, answer)
            }
            self.save()

    def answer(self, question: str, answer: str | list[str]) -> None:
        """Take and save one answer.

        Raises:
            OSError: If it cannot be saved.
        """
        if self.paper.question(question) is None:
            return
        self.answers[question] = answer
        self._write()

    def save(self) -> None:
        """Save everything, or say why that failed."""
        try:
            self._write()
        except OSError as error:
            self.messages.append(say("NOT saved: {strerror}.", strerror=error.strerror))

    def read_as(self, question: str) -> str:
        """Say how a typed number is read; empty for other questions."""
        drawn, answer = self.paper.question(question), self.answers.get(question)
        if drawn is None or drawn.question.kind != "numeric" or not isinstance(answer, str):
            return ""
        if not answer.strip():
            return ""
        try:
            return say("read as {value}", value=shown_number(read_number(answer)))
        except UnknownUnit:
            return ""  # it may be one that only the key knows
        except NotANumber as error:
            return str(error)

    def carried_answers(self) -> Answers | None:
        """Return what the cell should carry; None if there is nothing."""
        return self.saved if self.saved and self.answered else None

    def _write(self) -> None:
        self.saved = self._file.write(self.paper, self.answers)

    def _is_possible(self, name: str, answer: str | list[str]) -> bool:
        """Say whether a question has what is answered; if not, say so to the learner."""
        drawn = self.paper.question(name)
        known = {entry.id for entry in drawn.entries} if drawn else set()
        ids = [answer] if isinstance(answer, str) else answer
        unknown = [item for item in ids if known and item not in known]
        if unknown:
            options = ", ".join(sorted(known))
            self.messages.append(
                say(
                    "{name} has no {unknown!r}; it has: {options}.",
                    name=name,
                    unknown=unknown[0][:60],
                    options=options,
                )
            )
        return not unknown


def _own(answers: Answers | None, paper: Paper) -> Given:
    """Keep what is on the paper."""
    if answers is None:
        return {}
    known = {drawn.id for drawn in paper.questions}
    return {
        name: answer if isinstance(answer, str) else list(answer)
        for name, answer in answers.answers.items()
        if name in known
    }
