"""Which lines no student may see: of answers, of hidden tests, of the keys of graded questions."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from nbjudge.authoring.answers import parsed
from nbjudge.authoring.lesson_text import read_text
from nbjudge.authoring.signatures import DEFINITION_KINDS, is_docstring
from nbjudge.model import Course
from nbjudge.questions.bank_file import read_bank

SHORTEST = 20
"""Characters without spaces; shorter lines say nothing: `return total / count`."""

PUBLIC_MARK = "# public:"
"""An author's word, with a reason, that a line gives nothing away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    number: int
    dense: str
    """Without spaces and comment."""
    is_public: bool


def secret_lines(course: Course) -> dict[str, str]:
    """Return every secret line without spaces and comments -> its file and line.

    Secret are the lines inside functions and classes of `solutions/` and
    `grader_tests/`, but no docstring, nothing that a public stub says, and no line with
    a comment `# public: <why>`, for what any code may say. What stands at the top of a
    module (the texts of misconceptions) is meant for students. Of a graded question
    everything is secret that a bank says beyond the question.

    Raises:
        LessonError: If one of the files cannot be read.
    """
    public = _stub_lines(course)
    found: dict[str, str] = {}
    for folder in ("solutions", "grader_tests"):
        for path in sorted((course.root / folder).rglob("*.py")):
            name = course.relative(path)
            for line in _body_lines(path.read_text(encoding="utf-8"), name):
                if line.is_public:
                    public.add(line.dense)
                elif len(line.dense) >= SHORTEST:
                    found.setdefault(line.dense, f"{name}:{line.number}")
    for lesson in course.lessons:
        for text, where in _key_texts(course, lesson.slug):
            dense = [without_spaces(line) for line in text.split("\n")]
            found |= {line: where for line in dense if len(line) >= SHORTEST} | found
    return {line: where for line, where in found.items() if line not in public}


def without_spaces(text: str) -> str:
    """Take all white space out, so that another layout hides nothing."""
    return "".join(text.split())


def _stub_lines(course: Course) -> set[str]:
    texts = [course.text(lesson.slug) for lesson in course.lessons]
    return {
        without_spaces(line)
        for path in texts
        if path.exists()
        for cell in read_text(path).cells
        if cell.nbgrader.get("solution")
        for line in cell.source.split("\n")
    }


def _key_texts(course: Course, slug: str) -> Iterator[tuple[str, str]]:
    """Answers, explanations and rubrics of a lesson's graded questions."""
    path = course.quiz_bank(slug)
    if not path.exists():
        return
    name = course.relative(path)
    for question in read_bank(path, name).of_use("graded"):
        for _, text in (*question.key_texts(), *question.expressions()):
            yield text, f"{name}, question {question.id}"


def _body_lines(source: str, name: str) -> Iterator[_Line]:
    definitions = [n for n in ast.walk(parsed(source, name)) if isinstance(n, DEFINITION_KINDS)]
    inside: set[int] = set()
    for node in definitions:
        inside.update(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
    for docstring in (node.body[0] for node in definitions):
        if is_docstring(docstring):
            inside.difference_update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    comments = _comments(source)
    lines = source.split("\n")
    for number in sorted(inside):
        column, comment = comments.get(number, (None, ""))
        yield _Line(
            number=number,
            dense=without_spaces(lines[number - 1][:column]),
            is_public=comment.startswith(PUBLIC_MARK),
        )


def _comments(source: str) -> dict[int, tuple[int, str]]:
    """Line number -> where its comment begins, and the comment."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: (t.start[1], t.string) for t in tokens if t.type == tokenize.COMMENT}
