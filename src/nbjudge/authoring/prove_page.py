"""A lesson's proof as one HTML file that needs nothing else.

It is published, so it names cases by what learners see of them and mutants by
their kind: no line of an answer and no hidden value stands in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from nbjudge.authoring.prove_changed import mark
from nbjudge.authoring.prove_model import ExerciseProof, Group, Wrong
from nbjudge.authoring.prove_page_style import STYLE
from nbjudge.model import Lesson
from nbjudge.naming.traits import LEAST_EVIDENCE

_INTRODUCTION = (
    "How we know that the hidden tests of this lesson judge rightly. Wrong answers were tried on "
    "them: every misconception that the lesson knows, two of them at once, small changes of the "
    "right answer made by a program, and cheaters who know the form of a result and nothing else. "
    "Right answers written in other ways were tried, too, with fresh random numbers in each round."
)
_REFUSED = "<td class=k>✕<span class=s>refused</span></td>"
_PASSED = "<td class=p>·<span class=s>passed</span></td>"


def proof_page(lesson: Lesson, proofs: Sequence[ExerciseProof], digest: str) -> str:
    """Return the page.

    Args:
        lesson: The lesson.
        proofs: One for each of its exercises.
        digest: What the proof is about; see `nbjudge.authoring.prove_changed`.
            Empty for a page that is no proof of the whole lesson.
    """
    title = escape(f"{lesson.title}: how its tests were tested")
    rounds = min((proof.rounds for proof in proofs), default=0)
    contents = "".join(f'<li><a href="#{_id(p)}"><code>{_id(p)}</code></a></li>' for p in proofs)
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            mark(digest, rounds) if digest else "",
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{title}</h1>\n<p>{escape(_INTRODUCTION)}</p>",
            f'<nav aria-label="Exercises"><ul>{contents}</ul></nav>',
            *(_exercise(proof) for proof in proofs),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _id(proof: ExerciseProof) -> str:
    return escape(proof.exercise)


def _exercise(proof: ExerciseProof) -> str:
    return "\n".join(
        [
            f'<section aria-labelledby="{_id(proof)}">',
            f'<h2 id="{_id(proof)}"><code>{_id(proof)}</code></h2>',
            _summary(proof),
            _matrix(proof),
            _mutants(proof),
            _distances(proof),
            "</section>",
        ]
    )


def _summary(proof: ExerciseProof) -> str:
    rows = [(group.value, *_tally(proof, group)) for group in Group]
    accepted = sum(not right.refusals and not right.ended for right in proof.right)
    text = "".join(
        f"<tr><th scope=row>{name}</th><td>{good} of {all_} "
        f"{'earn nothing' if name == Group.CHEATER else 'refused'}</td></tr>"
        for name, good, all_ in rows
        if all_
    )
    return (
        f"<table class=sum><caption>{len(proof.cases)} cases, "
        f"{sum(proof.cost_ms.values()):.0f} ms on the right answer</caption>{text}"
        f"<tr><th scope=row>right answers</th><td>{accepted} of {len(proof.right)} accepted in "
        f"{proof.rounds} rounds</td></tr></table>"
    )


def _tally(proof: ExerciseProof, group: Group) -> tuple[int, int]:
    items = proof.of(group)
    if group is Group.CHEATER:
        return sum(not item.fraction for item in items), len(items)
    return sum(item.is_refused for item in items), len(items)


def _matrix(proof: ExerciseProof) -> str:
    """Cases down, wrong answers across; pairs and mutants as counts."""
    columns = proof.of(Group.MISCONCEPTION) + proof.of(Group.CHEATER)
    heads = "".join(_vertical(item.name) for item in columns)
    pairs, mutants = proof.of(Group.PAIR), proof.of(Group.MUTANT)
    counts = f"<th scope=col>of {len(pairs)} pairs</th><th scope=col>of {len(mutants)} mutants</th>"
    return (
        '<div class=wide tabindex=0 role=region aria-label="Which case refuses what"><table>'
        "<caption>Which case refuses which wrong answer: ✕ refused, · passed</caption>"
        f"<thead><tr><th scope=col>case</th>{heads}{counts}<th scope=col>ms</th></tr></thead>"
        f"<tbody>{''.join(_case_rows(proof, columns, pairs, mutants))}</tbody></table></div>"
    )


def _case_rows(
    proof: ExerciseProof, columns: Sequence[Wrong], pairs: Sequence[Wrong], mutants: Sequence[Wrong]
) -> Iterable[str]:
    titles = Counter(case.title for case in proof.cases)
    seen: Counter[str] = Counter()
    for case in proof.cases:
        seen[case.title] += 1
        number = f" ({seen[case.title]} of {titles[case.title]})" if titles[case.title] > 1 else ""
        marks = [word for word, on in _marks(case.is_public, case.is_property) if on]
        label = escape(case.title.rstrip(".") + number)
        note = f" <small>{', '.join(marks)}</small>" if marks else ""
        cells = "".join(_REFUSED if case.id in item.refused_by else _PASSED for item in columns)
        counts = "".join(
            f"<td class=n>{sum(case.id in item.refused_by for item in items)}</td>"
            for items in (pairs, mutants)
        )
        cost = proof.cost_ms.get(case.id, 0.0)
        yield (
            f"<tr><th scope=row>{label}{note}</th>{cells}{counts}<td class=n>{cost:.1f}</td></tr>\n"
        )


def _marks(is_public: bool, is_property: bool) -> list[tuple[str, bool]]:
    return [("example", is_public), ("property", is_property)]


def _vertical(name: str) -> str:
    return f"<th scope=col class=v><span>{escape(name)}</span></th>"


def _mutants(proof: ExerciseProof) -> str:
    items = proof.of(Group.MUTANT)
    kinds = Counter(item.mutant.kind for item in items if item.mutant)
    refused = Counter(item.mutant.kind for item in items if item.mutant and item.is_refused)
    rows = "".join(
        f"<tr><th scope=row>{escape(kind)}</th><td class=n>{refused[kind]}</td>"
        f"<td class=n>{count}</td></tr>"
        for kind, count in sorted(kinds.items())
    )
    lives = "".join(f"<li>{_survivor(proof, item)}</li>" for item in proof.survivors)
    alive = f"<p>Not refused:</p><ul>{lives}</ul>" if lives else ""
    return (
        f"<details><summary>Small changes of the right answer ({len(items)})</summary><table>"
        f"<caption>{proof.unchanged_mutants} more did what the right answer does</caption>"
        "<thead><tr><th scope=col>kind</th><th scope=col>refused</th><th scope=col>tried</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>{alive}</details>"
    )


def _survivor(proof: ExerciseProof, item: Wrong) -> str:
    kind = escape(item.mutant.kind) if item.mutant else ""
    explanation = proof.explained.get(item.name)
    if explanation is None:
        return f'<span class="bad">✕ {kind}: not explained</span>'
    return f"{kind}, {escape(explanation.verdict)}: {escape(explanation.reason)}"


def _distances(proof: ExerciseProof) -> str:
    if not proof.distances:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{escape(item.first or 'right')}</th><td>{escape(item.second)}</td>"
        f"<td class=n>{item.probes}</td><td class=n>{item.tolerances:,.0f}</td></tr>\n"
        for item in sorted(proof.distances, key=lambda d: (d.tolerances, d.probes))
    )
    return (
        "<details><summary>How clearly the examples tell two answers apart</summary><table>"
        f"<caption>Tolerances by which two answers differ on at least {LEAST_EVIDENCE} examples, "
        "to a power of ten; a million also stands for another kind of result</caption>"
        "<thead><tr><th scope=col>answer</th><th scope=col>other answer</th>"
        "<th scope=col>examples that differ</th><th scope=col>tolerances</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )
