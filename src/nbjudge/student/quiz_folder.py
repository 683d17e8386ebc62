"""What lies beside the learner's notebook: the quiz, the saved answers, progress in practice."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbjudge.errors import UserError
from nbjudge.questions.answers import SUFFIX as ANSWERS_SUFFIX
from nbjudge.questions.answers import Answers, UnreadableAnswers, answers_bytes, read_answers
from nbjudge.questions.paper import Paper
from nbjudge.questions.quiz_file import SUFFIX, Quiz, load_quiz
from nbjudge.texts import say

PRACTICE = ".practice.json"


def find_quiz(lesson: str, folder: Path) -> Quiz:
    """Read the released quiz of a lesson, named by its slug or the beginning of it.

    Raises:
        UserError: If there is none, or several could be meant.
    """
    there = sorted(path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))
    meant = [name for name in there if name == lesson or name.startswith(f"{lesson}_")]
    if len(meant) == 1:
        return load_quiz(folder / f"{meant[0]}{SUFFIX}")
    raise UserError(
        say("Several quizzes could be meant by {lesson!r}.", lesson=lesson)
        if meant
        else say("There is no quiz for {lesson!r}.", lesson=lesson),
        context=str(folder),
        hint=say("the quizzes here are: {names}.", names=", ".join(there))
        if there
        else say(
            "open the notebook in the folder it was released in, with its {suffix} file "
            "beside it; or download the assignment again.",
            suffix=SUFFIX,
        ),
    )


def earlier_quizzes(folder: Path) -> list[tuple[Quiz, Path]]:
    """Return the quizzes of earlier lessons, which lie in the folders beside this one.

    Those that cannot be read are left out: a review is no place for their repair.
    """
    here = sorted(path.name for path in folder.glob(f"*{SUFFIX}"))
    limit = here[0] if here else "\uffff"
    found = []
    for path in sorted(folder.parent.glob(f"*/*{SUFFIX}")):
        if path.name < limit:
            try:
                found.append((load_quiz(path), path.parent))
            except UserError:
                continue
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What the answers file held."""

    answers: Answers | None
    message: str = ""
    """What was wrong with it, for the learner; it was then put aside."""


class AnswersFile:
    """`<slug>.answers.json`: written whole or not at all, with every click.

    Args:
        folder: Where the notebook is.
        quiz: What is answered.
    """

    def __init__(self, folder: Path, quiz: Quiz) -> None:
        self.path = folder / f"{quiz.lesson}{ANSWERS_SUFFIX}"
        self._quiz = quiz

    def read(self, paper: Paper) -> Saved:
        """Read the answers on a paper; a file with others is put aside, never overwritten."""
        try:
            saved = read_answers(self.path.read_bytes())
        except FileNotFoundError:
            return Saved(answers=None)
        except OSError as error:
            return Saved(answers=None, message=f"{self.path.name}: {error.strerror}.")
        except UnreadableAnswers as error:
            return self._put_aside(
                say("{name} could not be read: {error}.", name=self.path.name, error=error),
                "damaged",
            )
        if saved.paper not in ("", paper.id):
            whose = say(
                "{name} holds answers on the paper of {student!r}.",
                name=self.path.name,
                student=saved.student[:60],
            )
            return self._put_aside(whose, saved.paper)
        return Saved(answers=saved)

    def write(self, paper: Paper, answers: Mapping[str, str | list[str]]) -> Answers:
        """Save answers on a paper and return them as they were written.

        Raises:
            OSError: If they cannot be written.
        """
        known = {drawn.id: drawn for drawn in paper.questions}
        own = {name: answer for name, answer in answers.items() if name in known and answer}
        whole = Answers(
            student=paper.student,
            paper=paper.id,
            lesson=paper.lesson,
            quiz=self._quiz.digest,
            answers=own,
            numbers={name: known[name].numbers for name in own if known[name].numbers},
        )
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        draft.write_bytes(answers_bytes(whole))
        draft.replace(self.path)
        return whole

    def _put_aside(self, message: str, word: str) -> Saved:
        label = "".join(c for c in word if c.isalnum())[:16] or "other"
        aside = self.path.with_name(f"{self._quiz.lesson}.answers-{label}.json")
        try:
            self.path.replace(aside)
        except OSError as error:
            return Saved(answers=None, message=f"{message} {error.strerror}.")
        return Saved(
            answers=None,
            message=say("{message} It was put aside as {name}.", message=message, name=aside.name),
        )


class Progress:
    """`<slug>.practice.json`: tries and successes per practice question; kept if it can be.

    Args:
        folder: Where the lesson's notebook is.
        lesson: The slug.
    """

    def __init__(self, folder: Path, lesson: str) -> None:
        self._path = folder / f"{lesson}{PRACTICE}"
        self._tries: dict[str, dict[str, int]] = {}
        try:
            content = json.loads(self._path.read_bytes())
            for name, own in content.items():
                self._tries[str(name)] = {str(k): int(v) for k, v in own.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            self._tries = {}

    def count(self, question: str, what: str) -> int:
        """Return how often: `tries`, `right`, `draws`."""
        return self._tries.get(question, {}).get(what, 0)

    def add(self, question: str, what: str) -> None:
        """Count once more, and save if that is possible."""
        own = self._tries.setdefault(question, {})
        own[what] = own.get(what, 0) + 1
        try:
            self._path.write_text(json.dumps(self._tries, indent=1) + "\n", encoding="utf-8")
        except OSError:
            return

    def is_missed(self, question: str) -> bool:
        """Say whether it was tried and never answered rightly."""
        return bool(self.count(question, "tries")) and not self.count(question, "right")
