"""Results kept once: what was judged already is not judged again.

A key is a digest of everything a mark depends on. Timeouts and faults are never
kept: another try may end differently.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbjudge
from nbjudge.grading.keeping import KeptFiles
from nbjudge.model import Course, GradingResult, Outcome
from nbjudge.model.codec import result_from_json, result_to_json

_PACKAGES = ("numpy", "torch", "IPython", "pytest")


class ResultStore:
    """Results in `.nbjudge/results/`, by keys of `kept_key`.

    Args:
        course: Whose results.
    """

    def __init__(self, course: Course) -> None:
        self._files = KeptFiles(course.state_folder, "results")

    def get(self, key: str) -> GradingResult | None:
        """Return the result kept under `key`; None if there is none, or it cannot be read."""
        try:
            content = self._files.get(key)
            return None if content is None else result_from_json(content)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def put(self, key: str, result: GradingResult) -> None:
        """Keep a result, unless another try may end differently."""
        if _is_final(result):
            self._files.put(key, result_to_json(result))


def result_key(parts: Iterable[bytes]) -> str:
    """Return the digest of what a mark depends on; each part counts by itself."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def suite_digest(course: Course, slug: str) -> str:
    """Return a digest of a lesson's suite and of everything in the course it may import."""
    files = [
        *sorted((course.root / "grader_tests").glob("*.py")),
        *sorted(course.suite_folder(slug).rglob("*.py")),
        course.solution(slug),
    ]
    parts = [nbjudge.__version__.encode()]
    for path in files:
        if path.is_file():
            parts += [str(path.relative_to(course.root)).encode(), path.read_bytes()]
    return result_key(parts)[:16]


def environment(course: Course) -> bytes:
    """Return the versions that may change a result."""
    packages = map(_version, (*_PACKAGES, *course.packages))
    return "\n".join([platform.python_version(), *packages]).encode()


def digest_of(path: Path) -> bytes:
    """Return a file's bytes; empty if it does not exist."""
    return path.read_bytes() if path.is_file() else b""


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} -"


def _is_final(result: GradingResult) -> bool:
    if result.fault or any(exercise.fault for exercise in result.exercises):
        return False
    outcomes = {case.outcome for exercise in result.exercises for case in exercise.cases}
    return Outcome.TIMED_OUT not in outcomes and not any(cell.killed for cell in result.cells)
