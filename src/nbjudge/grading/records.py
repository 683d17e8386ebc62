"""What was last said of each student's notebook, and of what they handed in before that.

A record is written when its marks are in the gradebook. It serves the feedback page and
the class report; no mark is ever read from it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbjudge.grading.seeds import prepare_state_folder
from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Submission
from nbjudge.model.codec import result_from_document, result_to_document

FORMAT = 1
_FOLDER = "records"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One notebook of one student. Holds hidden cases: the instructor's only."""

    result: GradingResult
    """Without the messages of cases, which only the cache keeps."""
    submission: str
    """A digest of what was handed in."""
    earlier: GradingResult | None = None
    """Of what they had handed in before that, if it was judged."""


def submission_digest(submission: Submission | GradingResult) -> str:
    """Return what tells one hand-in from the next.

    Args:
        submission: What was handed in, or the result that says why there is nothing.
    """
    if isinstance(submission, GradingResult):
        return hashlib.sha256(submission.problem.encode()).hexdigest()[:32]
    digest = hashlib.sha256(submission.content)
    digest.update(b"\0" + (submission.answers or b""))
    return digest.hexdigest()[:32]


def keep_record(state_folder: Path, result: GradingResult, submission: str) -> None:
    """Keep what was said of a notebook; what was said of an earlier hand-in moves back.

    Args:
        state_folder: `.nbjudge/` of the course.
        result: The verdict whose marks are in the gradebook.
        submission: From `submission_digest`.
    """
    old = read_record(state_folder, result.assignment, result.notebook, result.student)
    earlier = old.earlier if old is not None else None
    if old is not None and old.submission != submission and not old.result.fault:
        earlier = old.result
    folder = prepare_state_folder(state_folder) / _FOLDER
    path = folder / result.assignment / result.notebook / f"{result.student}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = {
        "format": FORMAT,
        "submission": submission,
        "result": result_to_document(_slim(result)),
        "earlier": None if earlier is None else result_to_document(earlier),
    }
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    draft.replace(path)


def read_record(state_folder: Path, assignment: str, notebook: str, student: str) -> Record | None:
    """Return what was last said; None if there is nothing, or it cannot be read."""
    path = state_folder / _FOLDER / assignment / notebook / f"{student}.json"
    try:
        return _record(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def records(state_folder: Path, assignment: str) -> Iterator[Record]:
    """Return every record of an assignment, by notebook and student."""
    folder = state_folder / _FOLDER / assignment
    for path in sorted(folder.glob("*/*.json")):
        record = read_record(state_folder, assignment, path.parent.name, path.stem)
        if record is not None:
            yield record


def _record(document: dict[str, Any]) -> Record:
    if document["format"] != FORMAT:
        raise ValueError(f"a record must have format {FORMAT}")
    earlier = document["earlier"]
    return Record(
        result=result_from_document(document["result"]),
        submission=str(document["submission"]),
        earlier=None if earlier is None else result_from_document(earlier),
    )


def _slim(result: GradingResult) -> GradingResult:
    """Leave the messages out: they are most of a result, and quote hidden values."""
    return replace(result, exercises=tuple(_slim_exercise(each) for each in result.exercises))


def _slim_exercise(exercise: ExerciseResult) -> ExerciseResult:
    return replace(exercise, cases=tuple(_slim_case(case) for case in exercise.cases))


def _slim_case(case: CaseResult) -> CaseResult:
    return replace(case, message="") if case.message else case
