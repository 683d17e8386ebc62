"""Find the public probes that were released with the learner's notebook."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath, PureWindowsPath

from nbjudge.errors import UserError
from nbjudge.naming.probes import ProbeFile, load_probes
from nbjudge.texts import say

SUFFIX = ".nbjudge.json"
_cache: dict[tuple[Path, int, int], ProbeFile] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """What lies beside the notebook: every lesson's probes, and which lesson is open."""

    folder: Path
    lessons: Mapping[str, ProbeFile]
    open_notebook: str
    """Name of the notebook without suffix; empty if the editor does not tell."""

    def lesson(self) -> ProbeFile:
        """Return the probes of the open notebook, or of the only one here.

        Raises:
            UserError: If there is none, or several and none is the open one.
        """
        return self._one_of(self.lessons, "")

    def exercise(self, name: str) -> ProbeFile:
        """Return the probes of the lesson that has the exercise `name`.

        Raises:
            UserError: If no lesson here has it, or several and none is the open one.
        """
        having = {key: file for key, file in self.lessons.items() if name in file.exercises}
        if self.lessons and not having:
            known = sorted(e for file in self.lessons.values() for e in file.exercises)
            likely = get_close_matches(name, known, n=1)
            meant = say('did you mean check("{name}")? ', name=likely[0]) if likely else ""
            raise UserError(
                say("There is no exercise {name!r} here.", name=name),
                context=f"{self.folder}: {', '.join(sorted(self.lessons))}",
                hint=say(
                    "{meant}check one of these: {names}.", meant=meant, names=", ".join(known)
                ),
            )
        return self._one_of(having, name)

    def _one_of(self, files: Mapping[str, ProbeFile], exercise: str) -> ProbeFile:
        if not files:
            name = {"name": exercise, "suffix": SUFFIX}
            raise UserError(
                say("There are no public examples here for {name}: no file *{suffix}.", **name)
                if exercise
                else say("There are no public examples here: no file *{suffix}.", **name),
                context=str(self.folder),
                hint=say(
                    "open the notebook in the folder it was released in, with its {suffix} file "
                    "beside it; or download the assignment again.",
                    suffix=SUFFIX,
                ),
            )
        if len(files) > 1 and self.open_notebook not in files:
            lessons = {"name": exercise, "lessons": ", ".join(sorted(files))}
            raise UserError(
                say("Several lessons here could be meant for {name}: {lessons}.", **lessons)
                if exercise
                else say("Several lessons here could be meant: {lessons}.", **lessons),
                context=str(self.folder),
                hint=say("give the notebook the name it was released with."),
            )
        return files.get(self.open_notebook) or next(iter(files.values()))


def find_released(names: Mapping[str, object]) -> Released:
    """Read every `*.nbjudge.json` in the current folder.

    Args:
        names: The learner's names, where editors leave the notebook's path.

    Raises:
        UserError: If one of them cannot be read.
    """
    folder = Path.cwd()
    files = {p.name.removesuffix(SUFFIX): _load(p) for p in sorted(folder.glob(f"*{SUFFIX}"))}
    return Released(folder=folder, lessons=files, open_notebook=open_notebook(names))


def read_ahead() -> None:
    """Read what lies in the current folder, so that the first check need not.

    What is wrong with a file is said by the check that needs it.
    """
    with contextlib.suppress(UserError, OSError):
        find_released({})


def _load(path: Path) -> ProbeFile:
    """Read a file once, until it changes: a check follows a check."""
    stat = path.stat()
    key = (path, stat.st_mtime_ns, stat.st_size)
    if key not in _cache:
        for old in [kept for kept in _cache if kept[0] == path]:
            del _cache[old]
        with _no_collection():
            _cache[key] = load_probes(path)
    return _cache[key]


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Keep garbage from being looked for: so many new objects would set that off.

    Where torch is loaded it takes ten times as long as reading the file.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def open_notebook(names: Mapping[str, object]) -> str:
    """Return the open notebook's name, "" if the editor does not tell it.

    Jupyter's server and VS Code each tell it their way.
    """
    path = os.environ.get("JPY_SESSION_NAME") or names.get("__vsc_ipynb_file__") or ""
    if not isinstance(path, str):
        return ""
    kind = PureWindowsPath if "\\" in path else PurePosixPath
    return kind(path).name.removesuffix(".ipynb")
