"""Drafts a pytest suite from a notebook's own test cells, for an author to finish.

A test cell runs beside the student's code; a suite runs where no student's code is.
The names that students define become `student.<name>`; everything else is kept as it
was, comments too. What cannot be turned is marked `TODO`.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbjudge.errors import UserError
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.notebook.lesson import grade_id, nbgrader

_MARKER = re.compile(r"^\s*#+\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS)\s*$")


@dataclass(kw_only=True)
class DraftedExercise:
    """One solution cell and the test cells that belong to it."""

    name: str
    """The solution cell's `grade_id`."""
    source: str
    defines: frozenset[str]
    tests: list[DraftedTest] = field(default_factory=list)

    @property
    def points(self) -> float:
        """What its test cells are worth together."""
        return sum(test.points for test in self.tests)


@dataclass(frozen=True, kw_only=True)
class DraftedTest:
    """One test cell."""

    name: str
    source: str
    points: float


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A notebook, ready to be written as modules."""

    exercises: list[DraftedExercise]
    imports: list[str]
    unassigned: list[str]
    """Test cells that test no solution cell."""

    def suite(self, exercise: DraftedExercise) -> str:
        """Return the module `test_<exercise>.py`."""
        named = frozenset(name for each in self.exercises for name in each.defines)
        known = named | _imported(self.imports) | frozenset(dir(builtins))
        cases = [_case(test, named, known) for test in exercise.tests]
        head = f'"""Hidden suite of `{exercise.name}`: a draft from the notebook\'s test cells."""'
        imports = sorted({"import pytest", *self.imports})
        return "\n".join([head, "", *imports, "", *cases]) + "\n"

    def solutions(self) -> str:
        """Return the module with the notebook's own answers."""
        answers = "\n\n\n".join(_without_markers(e.source) for e in self.exercises)
        return (
            "\n".join(['"""Answers, from the notebook."""', "", *self.imports, "", answers]) + "\n"
        )


def draft_suite(content: bytes) -> Draft:
    """Read an instructor's notebook.

    Args:
        content: The *source* notebook: with its answers and hidden tests.

    Raises:
        UserError: If it is no notebook, or has no answer with a test cell.
    """
    try:
        cells = read_notebook(content)["cells"]
    except UnreadableNotebook as error:
        raise UserError(f"The notebook cannot be read: {error}.") from None
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    exercises: list[DraftedExercise] = []
    unassigned: list[str] = []
    for cell in code:
        about = nbgrader(cell)
        if about.get("solution") is True and not about.get("grade"):
            source = cell["source"]
            exercises.append(
                DraftedExercise(name=grade_id(cell), source=source, defines=_defined(source))
            )
        elif about.get("grade") is True and about.get("solution") is not True:
            test = DraftedTest(
                name=grade_id(cell), source=cell["source"], points=float(about.get("points") or 0)
            )
            home = _home(test, exercises)
            if home is None:
                unassigned.append(test.name)
            else:
                home.tests.append(test)
    tested = [exercise for exercise in exercises if exercise.tests]
    if not tested:
        raise UserError(
            "The notebook has no answer cell with a test cell behind it.",
            hint="give the instructor's notebook, from source/: the release has no hidden tests.",
        )
    return Draft(exercises=tested, imports=_imports(code), unassigned=unassigned)


def _home(test: DraftedTest, exercises: Sequence[DraftedExercise]) -> DraftedExercise | None:
    """Return whose test it is: by its name, by what it uses, or the answer above it."""
    used = _used(test.source)
    by_name = [e for e in exercises if test.name == f"test_{e.name}"]
    by_use = [e for e in exercises if e.defines & used]
    return next(iter([*by_name, *reversed(by_use), *reversed(exercises)]), None)


def _case(test: DraftedTest, named: frozenset[str], known: frozenset[str]) -> str:
    name = re.sub(r"\W", "_", test.name.removeprefix("test_")) or "cell"
    lines = [
        f"def test_{name}(student):",
        f'    """TODO: the kind of input, for learners. (Was {test.name}.)"""',
    ]
    if test.points > 0:
        lines.insert(0, f"@pytest.mark.weight({test.points:g})")
    else:
        lines.insert(0, "# TODO: worth no points in the notebook; every case of a suite counts.")
    try:
        body, missing = _turned(_without_markers(test.source), test.points, named, known)
    except SyntaxError:
        body = "# TODO: no plain Python.\n" + _commented(test.source) + "\npytest.fail('a draft')"
        missing = []
    if missing:
        todo = f"# TODO: from other cells of the notebook: {', '.join(missing)}."
        lines += textwrap.wrap(todo, 92, initial_indent="    ", subsequent_indent="    # ")
    return "\n" + "\n".join(lines) + "\n" + textwrap.indent(body, "    ") + "\n"


def _turned(
    source: str, points: float, named: frozenset[str], known: frozenset[str]
) -> tuple[str, list[str]]:
    """Return a cell's code as a case's, and the names that it takes from elsewhere."""
    tree = ast.parse(source)
    own = _defined(source)
    loads = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id not in own]
    edits = [(n.lineno, n.col_offset, f"student.{n.id}", n.id) for n in loads if n.id in named]
    last = tree.body[-1] if tree.body else None
    partial = isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call | ast.Constant)
    if partial and last is not None:
        edits.append((last.lineno, last.col_offset, "value = ", ""))
    text = _edited(source, edits)
    if partial:
        todo = "# TODO: gave partial credit by this value; split it into cases with weights."
        text += f"\n{todo}\nassert value == {points:g}"
    missing = sorted({n.id for n in loads} - named - known - own)
    return text, missing


def _edited(source: str, edits: Iterable[tuple[int, int, str, str]]) -> str:
    """Replace words of a source; columns are ast's, in UTF-8 bytes."""
    lines = [line.encode() for line in source.splitlines()]
    for row, column, new, old in sorted(edits, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new.encode() + line[column + len(old.encode()) :]
    return b"\n".join(lines).decode()


def _defined(source: str) -> frozenset[str]:
    """Return the names that a cell binds, anywhere in it."""
    return frozenset(_bound(source))


def _bound(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        # IPython's own syntax somewhere; what is defined at the left margin is found all the same.
        yield from re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE)
        return
    # What a function binds is its own.
    inner = {id(n) for top in tree.body if isinstance(top, _SCOPES) for n in ast.walk(top)}
    for node in ast.walk(tree):
        if isinstance(node, _SCOPES) and node in tree.body:
            yield node.name
        elif (
            isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inner
        ):
            yield node.id


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _used(source: str) -> set[str]:
    try:
        return {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    except SyntaxError:
        return set(re.findall(r"\w+", source))


def _imports(code: Iterable[dict[str, Any]]) -> list[str]:
    """Return every import at the left margin of any cell, once."""
    found: dict[str, None] = {}
    for cell in code:
        try:
            tree = ast.parse(cell["source"])
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                found[ast.unparse(node)] = None
    return list(found)


def _imported(statements: Iterable[str]) -> frozenset[str]:
    aliases = [a for s in statements for a in ast.parse(s).body[0].names]  # type: ignore[attr-defined]
    return frozenset((alias.asname or alias.name).partition(".")[0] for alias in aliases)


def _without_markers(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not _MARKER.match(line)).strip("\n")


def _commented(source: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in source.splitlines())
