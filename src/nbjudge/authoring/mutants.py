"""Automatic mutants: the solution with one small change each.

A mutant is what a learner's slip looks like to a suite: another operator,
another constant, a forgotten keyword. Whoever refuses nearly all of them
refuses mistakes that nobody has thought of.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from nbjudge.authoring.mutants_operators import changes

_Definition = cst.FunctionDef | cst.ClassDef


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """The solution module with one change."""

    id: str
    """8 hex digits over the exercise and the changed lines: it outlives edits elsewhere."""
    exercise: str
    kind: str
    """The kind of change, in words that give no answer away: `arithmetic operator`."""
    line: int
    """Where the change is in `solutions/<slug>.py`, from 1."""
    before: str
    """The changed lines as they were, stripped."""
    after: str
    """The same lines in the mutant; empty if they are gone."""
    source: str
    """The whole mutated module."""


def mutants_of(source: str, exercise: str, exercises: Collection[str]) -> list[Mutant]:
    """Return every mutant of one exercise's answer, in the order of its lines.

    What the answer calls in the same module is mutated too, unless it is the
    answer of another exercise. Equal mutants are returned once.

    Args:
        source: The text of `solutions/<slug>.py`.
        exercise: The name whose definition is mutated.
        exercises: All exercises of the lesson.
    """
    wrapper = MetadataWrapper(cst.parse_module(source))
    positions = wrapper.resolve(PositionProvider)
    module = wrapper.module
    seen = {module.code}
    found: list[Mutant] = []
    counts: Counter[tuple[str, str]] = Counter()
    for definition in _reachable(module, exercise, set(exercises) - {exercise}):
        for change in changes(definition):
            mutated = module.deep_replace(change.node, change.replacement)
            code = mutated.code if isinstance(mutated, cst.Module) else source
            if code in seen or not _is_python(code):
                continue
            seen.add(code)
            before, after = _difference(module.code, code)
            counts[before, after] += 1
            found.append(
                Mutant(
                    id=_id(exercise, before, after, counts[before, after]),
                    exercise=exercise,
                    kind=change.kind,
                    line=positions[change.node].start.line,
                    before=before,
                    after=after,
                    source=code,
                )
            )
    return sorted(found, key=lambda mutant: mutant.line)


def _reachable(module: cst.Module, exercise: str, others: set[str]) -> Iterator[_Definition]:
    """The exercise's definition, then the module's definitions that it names, and so on."""
    known = {n.name.value: n for n in module.body if isinstance(n, cst.FunctionDef | cst.ClassDef)}
    waiting, done = [exercise], set(others)
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in known:
            continue
        done.add(name)
        yield known[name]
        waiting += _names(known[name])


def _names(definition: _Definition) -> list[str]:
    collector = _Names()
    definition.visit(collector)
    return collector.found


class _Names(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802 - libcst's name
        self.found.append(node.value)


def _is_python(code: str) -> bool:
    """Some changes make no program, such as a keyword that a lambda cannot lack."""
    try:
        compile(code, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _difference(old: str, new: str) -> tuple[str, str]:
    """Return the changed lines before and after."""
    a, b = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    before = [line.strip() for _, i, j, _, _ in changed for line in a[i:j]]
    after = [line.strip() for _, _, _, i, j in changed for line in b[i:j]]
    return "\n".join(before), "\n".join(after)


def _id(exercise: str, before: str, after: str, number: int) -> str:
    content = "\0".join([exercise, before, after, str(number)])
    return hashlib.sha256(content.encode()).hexdigest()[:8]
