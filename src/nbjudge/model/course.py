"""The course: what `course.toml` says and where everything lies."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbjudge.errors import UserError

ALL_RUNGS = 4
"""Of the ladder of help: 1 what differs, 2 a question, 3 the idea, 4 a worked example."""
_SLUG = re.compile(r"m\d+_l\d{2}_[a-z0-9_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """One lesson: one slug in every folder."""

    slug: str
    title: str
    module: int
    assignment: str
    """nbgrader's assignment; the slug unless `course.toml` groups lessons."""
    weight: float = 1.0
    deadline: str = ""
    """ISO 8601 with a zone; empty for none."""
    rungs: int = ALL_RUNGS
    """How far learners may climb the ladder of help."""
    language: str = ""
    """Of a translation, `de`; empty for the lesson itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The whole course and its folders.

    Every path of the repository's layout is made here and nowhere else.
    """

    root: Path
    id: str
    """Public course id; part of what draws a quiz paper, never a secret."""
    title: str
    modules: tuple[tuple[int, str], ...]
    lessons: tuple[Lesson, ...]
    packages: tuple[str, ...] = ()
    """Distributions that students may import beside those of their lesson's view."""

    @classmethod
    def load(cls, root: Path) -> Course:
        """Read `course/course.toml` below `root`.

        Raises:
            UserError: If there is none or it breaks a rule; says where.
        """
        path = root / "course" / "course.toml"
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            modules = tuple((int(m["number"]), str(m["title"])) for m in document["modules"])
            rungs = document.get("rungs", ALL_RUNGS)
            lessons = tuple(_lesson({"rungs": rungs, **item}) for item in document["lessons"])
            course = cls(
                root=root.resolve(),
                id=str(document["id"]),
                title=str(document["title"]),
                modules=modules,
                lessons=lessons,
                packages=_names(document.get("packages", [])),
            )
        except FileNotFoundError:
            raise UserError(
                "There is no course here.",
                context=str(path),
                hint="run this in the folder that holds course/ and grader_tests/.",
            ) from None
        except KeyError as error:
            raise UserError(f"course.toml lacks {error.args[0]!r}.", context=str(path)) from None
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise UserError(f"course.toml cannot be read: {error}", context=str(path)) from None
        slugs = [lesson.slug for lesson in lessons]
        for slug in slugs:
            if slugs.count(slug) > 1:
                raise UserError(f"Lesson {slug} is listed twice.", context=str(path))
        return course

    @classmethod
    def find(cls, root: Path) -> Course:
        """Read the course below `root`; one that nbgrader made has no lessons of ours.

        Raises:
            UserError: If there is a `course.toml` that breaks a rule.
        """
        if (root / "course" / "course.toml").exists():
            return cls.load(root)
        return cls(root=root.resolve(), id="", title="", modules=(), lessons=())

    def lesson(self, slug: str) -> Lesson:
        """Return the lesson called `slug`.

        Raises:
            UserError: If the course has none of that name.
        """
        for lesson in self.lessons:
            if lesson.slug == slug:
                return lesson
        raise UserError(
            f"There is no lesson {slug!r}.",
            context=str(self.root / "course" / "course.toml"),
            hint=f"the lessons are: {', '.join(lesson.slug for lesson in self.lessons)}.",
        )

    @property
    def translations(self) -> tuple[Lesson, ...]:
        """The lessons in other languages, `course/<slug>.<language>.md`.

        Each is an assignment of its own, `<assignment>.<language>`, with a notebook of the
        same name: so suites, solutions and banks are those of the lesson.
        """
        found = []
        for lesson in self.lessons:
            for path in sorted((self.root / "course").glob(f"{lesson.slug}.*.md")):
                language = path.name.split(".")[1]
                assignment = f"{lesson.assignment}.{language}"
                found.append(replace(lesson, assignment=assignment, language=language))
        return tuple(found)

    def language(self, assignment: str) -> str:
        """Return the language of a translated assignment; "" for any other."""
        for lesson in self.translations:
            if lesson.assignment == assignment:
                return lesson.language
        return ""

    def text(self, slug: str, language: str = "") -> Path:
        """The lesson's public text with its stubs, or a translation of it."""
        return self.root / "course" / f"{slug}{f'.{language}' if language else ''}.md"

    def solution(self, slug: str) -> Path:
        """The module with the lesson's answers."""
        return self.root / "solutions" / f"{slug}.py"

    def suite_folder(self, slug: str) -> Path:
        """Everything hidden about the lesson; absent for a stock nbgrader notebook."""
        return self.root / "grader_tests" / slug

    def has_suite(self, slug: str) -> bool:
        """Say whether a notebook is judged by a suite; a lesson of ours never goes without."""
        return self.suite_folder(slug).is_dir() or any(e.slug == slug for e in self.lessons)

    def source_notebook(self, assignment: str, slug: str) -> Path:
        """The instructor's notebook, built."""
        return self.root / "source" / assignment / f"{slug}.ipynb"

    def probes(self, assignment: str, slug: str) -> Path:
        """The public probes as data, built."""
        return self.root / "source" / assignment / f"{slug}.nbjudge.json"

    def quiz_bank(self, slug: str) -> Path:
        """The lesson's questions with their keys; absent if it has no quiz."""
        return self.suite_folder(slug) / "quiz.yaml"

    def quiz(self, assignment: str, slug: str) -> Path:
        """The questions without graded keys, built; absent if the lesson has no quiz."""
        return self.root / "source" / assignment / f"{slug}.quiz.json"

    def relative(self, path: Path) -> str:
        """Return the name of one of the course's files or folders, the same on every machine."""
        return path.relative_to(self.root).as_posix()

    @property
    def state_folder(self) -> Path:
        """The judge's own state: secret, rounds, results."""
        return self.root / ".nbjudge"


def _names(packages: object) -> tuple[str, ...]:
    if not isinstance(packages, list) or not all(isinstance(name, str) for name in packages):
        raise ValueError(f'packages must be a list such as ["scipy"]; got {packages!r}')
    return tuple(packages)


def _lesson(item: dict[str, Any]) -> Lesson:
    slug = str(item["slug"])
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"a slug must look like m1_l05_topic; got {slug!r}")
    return Lesson(
        slug=slug,
        title=str(item["title"]),
        module=int(slug[1 : slug.index("_")]),
        assignment=str(item.get("assignment", slug)),
        weight=float(item.get("weight", 1)),
        deadline=str(item.get("deadline", "")),
        rungs=_rungs(item["rungs"]),
    )


def _rungs(value: object) -> int:
    if type(value) is not int or not 1 <= value <= ALL_RUNGS:
        raise ValueError(f"rungs must be a whole number from 1 to {ALL_RUNGS}; got {value!r}")
    return value
