"""`course/` and `solutions/` to `source/` to `release/`, and whether they still agree.

What a build would write is worked out in memory first; then it is either written
or compared. A notebook that somebody edited by hand is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge.authoring.course_pages import course_pages
from nbjudge.authoring.hand_edits import SourceNotebook, read_source
from nbjudge.authoring.probes import record_probes
from nbjudge.authoring.quiz_cells import quiz_files
from nbjudge.authoring.release import read_folder, release_files
from nbjudge.authoring.source_notebook import built_notebook, notebook_bytes
from nbjudge.authoring.translations import check_translation, with_its_sections
from nbjudge.errors import UserError
from nbjudge.model import Course, Lesson


@dataclass(kw_only=True, slots=True)
class BuildReport:
    """What a build did or, under `--check`, what it would have done."""

    changed: list[str] = field(default_factory=list)
    """Files, relative to the course, that were written or have drifted."""
    unchanged: int = 0
    """Files that were already as they should be."""
    hand_made: list[str] = field(default_factory=list)
    """Lessons whose source notebook no build made: left alone."""
    hand_edited: list[UserError] = field(default_factory=list)
    """Lessons that were not built because of edits; each says which and what to do."""


def build(course: Course, lessons: Sequence[Lesson], *, check: bool = False) -> BuildReport:
    """Build lessons, release their assignments and write the pages about the whole course.

    Args:
        course: The course.
        lessons: Which of its lessons.
        check: Write nothing, only compare.

    Raises:
        UserError: If a lesson cannot be built; nothing of it is written then.
    """
    report = BuildReport()
    assignments: dict[str, dict[str, bytes]] = {}
    translations = [item for item in course.translations if item.slug in {e.slug for e in lessons}]
    for lesson in [*lessons, *translations]:
        files = _source_files(course, lesson, report, check=check)
        assignments.setdefault(lesson.assignment, {}).update(files)
    for assignment, files in assignments.items():
        if files:
            _settle_assignment(course, assignment, files, report, check=check)
    # Of all lessons, whichever were asked for: a page is cheap, and speaks of the whole course.
    _settle(course, course.root, course_pages(course), report, check=check)
    if check and len(lessons) == len(course.lessons):
        report.changed += _orphans(course)
    return report


def _source_files(
    course: Course, lesson: Lesson, report: BuildReport, *, check: bool
) -> dict[str, bytes]:
    """Return a lesson's part of `source/<assignment>/`; {} if it is left alone."""
    path = course.source_notebook(lesson.assignment, lesson.slug)
    existing = read_source(path, course.relative(path)) if path.exists() else None
    if existing and existing.is_hand_made:
        report.hand_made.append(lesson.slug)
        return {}
    check_translation(course, lesson)
    notebook = built_notebook(course, lesson.slug, lesson.language)
    edits = existing.edits() if existing else []
    if existing and edits and not existing.says_the_same(notebook["cells"]) and not check:
        report.hand_edited.append(_hand_edited(course.relative(path), existing))
        return {}
    beside = {
        course.probes(lesson.assignment, lesson.slug).name: record_probes(course, lesson),
        **quiz_files(course, lesson),
    }
    return {path.name: notebook_bytes(notebook), **with_its_sections(course, lesson, beside)}


def _hand_edited(name: str, notebook: SourceNotebook) -> UserError:
    return UserError(
        "The source notebook was edited by hand, so it was not overwritten.",
        context="\n    ".join([name, *notebook.edits()]),
        hint=f"`nbjudge absorb {name}` takes the edits into course/ and solutions/; "
        f"deleting the notebook drops them.",
    )


def _settle_assignment(
    course: Course, assignment: str, files: dict[str, bytes], report: BuildReport, *, check: bool
) -> None:
    """Write or compare one assignment's source and release."""
    source = course.root / "source" / assignment
    release = course.root / "release" / assignment
    whole = {**read_folder(source), **files}
    _settle(course, source, files, report, check=check)
    released = release_files(course.root, assignment, whole)
    _settle(course, release, released, report, check=check)
    for name in read_folder(release).keys() - released.keys():
        report.changed.append(course.relative(release / name))
        if not check:
            (release / name).unlink()


def _settle(
    course: Course, folder: Path, files: dict[str, bytes], report: BuildReport, *, check: bool
) -> None:
    for name, content in sorted(files.items()):
        path = folder / name
        if path.exists() and path.read_bytes() == content:
            report.unchanged += 1
            continue
        report.changed.append(course.relative(path))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _orphans(course: Course) -> Iterable[str]:
    """Built notebooks that no lesson of the course builds any more."""
    lessons = [*course.lessons, *course.translations]
    built = {course.source_notebook(item.assignment, item.slug) for item in lessons}
    for path in sorted((course.root / "source").glob("*/*.ipynb")):
        name = course.relative(path)
        if path not in built and not read_source(path, name).is_hand_made:
            yield f"{name} (no lesson of course.toml builds it)"
