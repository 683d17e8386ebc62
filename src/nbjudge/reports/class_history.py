"""What the report said the last time that something was different."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from nbjudge.reports.class_report import ClassReport

FORMAT = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A class in a few numbers."""

    day: str
    """ISO 8601."""
    students: int
    mean: float
    """Mean mark, from 0 to 1; 0 without any."""
    beliefs: dict[str, int]
    """Id of a misconception -> how many behave like it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What is different since an earlier report."""

    since: Summary
    students: int
    mean: float
    beliefs: tuple[tuple[str, int, int], ...]
    """Id, students then, students now; the greatest difference first."""


def summarise(report: ClassReport, day: date) -> Summary:
    """Return what is kept of a report."""
    return Summary(
        day=day.isoformat(),
        students=report.students,
        mean=round(float(np.nanmean(report.marks)), 4) if len(report.marks) else 0.0,
        beliefs={belief.ids[0]: belief.students for belief in report.beliefs},
    )


def change_since_last(path: Path, now: Summary) -> Change | None:
    """Compare with the last report that said something else, and keep this one.

    Running the report twice on the same marks compares with the one before, both times.

    Args:
        path: Where summaries of this assignment are kept.
        now: The report's.
    """
    kept = _read(path)
    before = [one for one in kept if not _says_the_same(one, now)]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = {"format": FORMAT, "reports": [asdict(one) for one in [*before[-1:], now]]}
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(document, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(path)
    return _change(before[-1], now) if before else None


def _read(path: Path) -> list[Summary]:
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != FORMAT:
            return []
        return [Summary(**one) for one in document["reports"]]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _says_the_same(one: Summary, other: Summary) -> bool:
    return (one.students, one.mean, one.beliefs) == (other.students, other.mean, other.beliefs)


def _change(before: Summary, now: Summary) -> Change:
    names = {*before.beliefs, *now.beliefs}
    changed = [(name, before.beliefs.get(name, 0), now.beliefs.get(name, 0)) for name in names]
    changed = [each for each in changed if each[1] != each[2]]
    return Change(
        since=before,
        students=now.students - before.students,
        mean=now.mean - before.mean,
        beliefs=tuple(sorted(changed, key=lambda c: (-abs(c[2] - c[1]), c[0]))),
    )
