"""The quiz as buttons and fields: an anywidget between the browser and a session.

The browser shows and asks; every answer is saved or explained by the kernel, and the
browser says so only once the kernel has said so.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from nbjudge.questions.paper import DrawnQuestion
from nbjudge.questions.question import Words
from nbjudge.student.quiz_practice import PracticeSession
from nbjudge.student.quiz_session import GradedSession

_HERE = Path(__file__).parent
Reply = dict[str, Any]


class QuizWidget(anywidget.AnyWidget):
    """What the browser draws.

    Args:
        page: Gives what it shows now; see `graded_page` and `practice_page`.
        reply: Answers a message of the browser's.
        text: The same in plain text, for where no widget can be drawn.
    """

    _esm = _HERE / "quiz_widget.js"
    _css = _HERE / "quiz_widget.css"
    page = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        page: Callable[[], Reply],
        reply: Callable[[Mapping[str, Any]], Reply],
        text: str,
    ) -> None:
        super().__init__(page=page())
        self._current_page = page
        self._text = text
        self._reply = reply
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self.send({**self._reply(content), "seq": content.get("seq")})
            # For a browser that is reloaded: it asks the kernel for the page as it is now.
            self.page = self._current_page()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, rest = (bundle[0], bundle[1:]) if isinstance(bundle, tuple) else (bundle, ())
        if data is None:
            return bundle
        data = {**data, "text/plain": self._text}
        return (data, *rest) if rest else data


def graded_page(session: GradedSession) -> Reply:
    """Return what the browser shows of a graded paper."""
    questions = [
        {**_question(drawn), "answer": session.answers.get(drawn.id)}
        for drawn in session.paper.questions
    ]
    return {
        "mode": "graded",
        "title": session.quiz.title,
        "student": session.paper.student,
        "questions": questions,
        "messages": list(session.messages),
        **saved_state(session),
    }


def saved_state(session: GradedSession) -> Reply:
    """Return what is saved, and whether the notebook carries it too."""
    return {
        "file": session.file_name,
        "answered": session.answered,
        "of": len(session.paper.questions),
        "receipt": session.receipt,
        "carried": session.carried,
    }


def graded_reply(session: GradedSession) -> Callable[[Mapping[str, Any]], Reply]:
    """Return what saves the browser's answers."""

    def reply(message: Mapping[str, Any]) -> Reply:
        question, answer = message.get("question"), message.get("answer")
        if message.get("type") != "answer" or not isinstance(question, str):
            return {"type": "unknown"}
        if not isinstance(answer, (str, list)):
            return {"type": "unknown"}
        try:
            session.answer(question, answer)
        except OSError as error:
            return {"type": "not-saved", "why": error.strerror or str(error)}
        return {
            "type": "saved",
            "question": question,
            "read": session.read_as(question),
            **saved_state(session),
        }

    return reply


def practice_page(session: PracticeSession, title: str) -> Reply:
    """Return what the browser shows of practice questions."""
    return {
        "mode": "practice",
        "title": title,
        "questions": [_practised(session, drawn) for drawn in session.questions],
        "messages": [],
    }


def practice_reply(session: PracticeSession) -> Callable[[Mapping[str, Any]], Reply]:
    """Return what explains the browser's answers."""

    def reply(message: Mapping[str, Any]) -> Reply:
        question, answer = message.get("question"), message.get("answer")
        try:
            if message.get("type") == "again":
                drawn = session.draw_again(str(question))
                return {"type": "drawn", "question": question, **_practised(session, drawn)}
            if message.get("type") != "try" or not isinstance(answer, (str, list)):
                return {"type": "unknown"}
            scored = session.try_answer(str(question), answer)
        except KeyError:
            return {"type": "unknown"}
        explanations = [[about, words.html] for about, words in _shown(session, question, scored)]
        return {
            "type": "explained",
            "question": question,
            "fraction": scored.fraction,
            "problem": scored.problem,
            "explanations": explanations,
            "went": session.how_it_went(str(question)),
        }

    return reply


def _shown(session: PracticeSession, question: Any, scored: Any) -> list[tuple[str, Words]]:
    """Explain; of a written answer, what a good one says."""
    drawn = next(drawn for drawn in session.questions if drawn.id == question)
    by_text = {entry.words.text: entry.words.html for entry in drawn.entries}
    said = [(by_text.get(about, ""), words) for about, words in scored.explanations]
    if scored.fraction is None:
        model = html.escape(session.model_answer(str(question)))
        said.append(("A good answer says:", Words(text="", html=model)))
    return said


def _practised(session: PracticeSession, drawn: DrawnQuestion) -> Reply:
    return {
        **_question(drawn),
        "answer": None,
        "again": session.has_other_draws(drawn.id),
        "went": session.how_it_went(drawn.id),
    }


def _question(drawn: DrawnQuestion) -> Reply:
    question = drawn.question
    return {
        "id": question.id,
        "kind": question.kind,
        "points": question.points,
        "prompt": drawn.prompt.html,
        "entries": [
            {"id": e.id, "html": e.words.html, "text": e.words.text} for e in drawn.entries
        ],
        "unit": question.unit,
        "words": question.words,
    }
