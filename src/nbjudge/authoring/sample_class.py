"""A made-up class: one student for everything that a lesson's bank and a bad day can produce."""

from __future__ import annotations

import inspect
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from nbjudge.authoring.sample_answers import with_quiz_answers
from nbjudge.authoring.sample_notebooks import (
    Answer,
    Notebook,
    add_cell_after,
    delete_cell,
    duplicate_cell,
    fill_in,
    to_bytes,
)
from nbjudge.authoring.standalone import standalone_source
from nbjudge.model import Course, Exercise
from nbjudge.naming.bank import Bank
from nbjudge.naming.probes import load_probes
from nbjudge.notebook.lesson import LessonNotebook, read_lesson
from nbjudge.suite.implementation import load_bank, put_course_on_path

_NAMES = """
    ada ben cleo dan eva finn gita hugo ines jon kim lea mia noor otto pia quin rosa sam tia uma
    vic wren xia yuri zoe abel bela carl dora emil fay gus hana ivan june karl liam milo nils olga
    paul rahel sven tom urs vera wim yara zeno alma bo cora dirk esra felix greta hans ida jana
""".split()  # noqa: SIM905 - sixty quoted strings are no list that anybody reads


_OF_OTHERS = 1
"""Misconceptions of an exercise without the largest bank: the class is judged in a minute."""

Deserves = Literal["full marks", "less", "no mark"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleStudent:
    """One student of the made-up class, with what they hand in."""

    name: str = ""
    handed_in: str
    """What it is, in words: "misconception unbiased-variance"."""
    file_name: str
    content: bytes
    deserves: Deserves = "less"
    quotes_the_library: bool = True
    """It holds lines of the solution library, so its feedback page will, too."""


def sample_class(course: Course, slug: str) -> tuple[SampleStudent, ...]:
    """Make up a class for a built and released lesson.

    It has the solution, every misconception of the exercise that has most and the first of each
    other, a pair of them that can be told apart, every alternative, the untouched stub, and
    notebooks that are broken in every common way. A wrong answer stands alone in its notebook;
    of right ones a notebook holds one per exercise.

    Args:
        course: Has `source/` and `release/` of the lesson.
        slug: The lesson; one with a suite.

    Raises:
        LessonError: If an implementation of the bank cannot stand alone.
    """
    put_course_on_path(course.root)
    names = (f"{name}{again or ''}" for again in itertools.count() for name in _NAMES)
    students = _Lesson.load(course, slug).students()
    named = (replace(student, name=name) for name, student in zip(names, students))  # noqa: B905 - names never end
    return tuple(_with_quiz(course, slug, student) for student in named)


def _with_quiz(course: Course, slug: str, student: SampleStudent) -> SampleStudent:
    """Answer the quiz: rightly for full marks; not at all in a notebook that nobody worked on."""
    if student.deserves == "less" and not student.quotes_the_library:
        return student
    right = student.deserves == "full marks"
    content = with_quiz_answers(course, slug, student.content, student.name, right=right)
    return replace(student, content=content)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lesson:
    """What the class is made from."""

    course: Course
    slug: str
    notebook: LessonNotebook
    released: Notebook
    bank: Bank

    @classmethod
    def load(cls, course: Course, slug: str) -> _Lesson:
        assignment = course.lesson(slug).assignment
        released = course.root / "release" / assignment / f"{slug}.ipynb"
        return cls(
            course=course,
            slug=slug,
            notebook=read_lesson(course.source_notebook(assignment, slug).read_bytes()),
            released=json.loads(released.read_bytes()),
            bank=load_bank(slug),
        )

    def students(self) -> Iterator[SampleStudent]:
        """The best-known cases first: they get the first names of the alphabet."""
        wrong = [*self._with_misconceptions()]
        yield self._student("solution", self._solved(), "full marks")
        yield from wrong[:1]
        yield from self._broken()
        yield from self._with_a_pair()
        yield from wrong[1:]
        yield from self._with_alternatives()

    def _student(
        self, handed_in: str, notebook: Notebook, deserves: Deserves = "less"
    ) -> SampleStudent:
        return SampleStudent(
            handed_in=handed_in,
            file_name=f"{self.slug}.ipynb",
            content=to_bytes(notebook),
            deserves=deserves,
        )

    def _solved(self, **answers: Answer) -> Notebook:
        """Return the notebook with these exercises answered so, and all others solved."""
        right = {name: (source,) for name, source in self.notebook.solutions.items()}
        return fill_in(self.released, {**right, **answers})

    def _broken(self) -> Iterator[SampleStudent]:
        right, first = self._solved(), self.notebook.exercises[0]
        mess = add_cell_after(right, first.id, "for row in x\n    print(row)\n")
        yield self._student("solution, and a cell with a syntax error", mess, "full marks")
        whole = self._student("solution, but only half of the file", right, "no mark")
        half = whole.content[: len(whole.content) * 6 // 10]
        yield replace(whole, content=half, quotes_the_library=False)
        untouched = self._student("the released notebook, untouched", self.released)
        yield replace(untouched, quotes_the_library=False)
        endless = f"def {first.id}(*args, **kwargs):\n    while True:\n        pass\n"
        yield self._student("a loop without end", self._solved(**{first.id: (endless,)}))
        deleted = delete_cell(right, first.points_cell)
        yield self._student("solution, points cell deleted", deleted, "full marks")
        duplicated = duplicate_cell(right, first.points_cell)
        yield self._student("solution, points cell duplicated", duplicated, "full marks")
        renamed = self._student("solution, under another file name", right, "no mark")
        yield replace(renamed, file_name=f"{self.slug} (1).ipynb", quotes_the_library=False)

    def _with_misconceptions(self) -> Iterator[SampleStudent]:
        banks = {e: self.bank.misconceptions(e.id) for e in self.notebook.exercises}
        most = max(map(len, banks.values()), default=0)
        for exercise, bank in banks.items():
            for misconception in bank if len(bank) == most else bank[:_OF_OTHERS]:
                answer = self._wrong_answer(exercise, misconception.id)
                notebook = self._solved(**{exercise.id: answer})
                what = f"misconception {_of(misconception.id, exercise)}"
                yield self._student(what, notebook)

    def _with_a_pair(self) -> Iterator[SampleStudent]:
        """Yield the first pair of mistakes in one exercise that the public probes tell apart."""
        assignment = self.course.lesson(self.slug).assignment
        probes = load_probes(self.course.probes(assignment, self.slug))
        for exercise in self.notebook.exercises:
            known = {name for probe in probes.exercises[exercise.id].probes for name in probe.wrong}
            for pair in self.bank.pairs(exercise.id):
                if pair in known:
                    notebook = self._solved(**{exercise.id: self._wrong_answer(exercise, pair)})
                    yield self._student(f"misconceptions {_of(pair, exercise)}", notebook)
                    return

    def _with_alternatives(self) -> Iterator[SampleStudent]:
        exercises = self.notebook.exercises
        names = [list(self.bank.alternatives.get(exercise.id, {})) for exercise in exercises]
        for hand in itertools.zip_longest(*names):
            chosen = [(e, name) for e, name in zip(exercises, hand, strict=True) if name]
            answers = {
                exercise.id: (self._definition("alternatives.py", name, called=exercise.id),)
                for exercise, name in chosen
            }
            what = ", ".join(_of(name, exercise) for exercise, name in chosen)
            yield self._student(f"alternative {what}", self._solved(**answers), "full marks")

    def _wrong_answer(self, exercise: Exercise, name: str) -> Answer:
        """Return the code of a misconception: on its own, or the variant with its switches."""
        code = self.bank.wrong_code(exercise.id, name)
        switches = getattr(code, "keywords", None)
        if switches is None:
            own = self._definition("misconceptions.py", code.__name__, called=exercise.id)
            return (own,)
        variant = f"{exercise.id}_variant"
        shared = [
            parameter
            for parameter in inspect.signature(self.bank.variants[exercise.id]).parameters.values()
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
        signature = ", ".join(map(str, shared))
        given = [*(p.name for p in shared), *(f"{key}={on!r}" for key, on in switches.items())]
        call = f"def {exercise.id}({signature}):\n    return {variant}({', '.join(given)})\n"
        return self._definition("misconceptions.py", variant), call

    def _definition(self, file: str, name: str, *, called: str = "") -> str:
        path = self.course.suite_folder(self.slug) / file
        module = path.read_text(encoding="utf-8")
        return standalone_source(module, name, called=called, context=str(path))


def _of(name: str, exercise: Exercise) -> str:
    """Name an entry of the bank: exercises may share an id."""
    return f"{name} of {exercise.id}"
