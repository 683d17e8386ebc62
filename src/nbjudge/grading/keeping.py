"""What was worked out once, in `.nbjudge/`: the last few for each student's notebook.

A file here saves work and decides nothing: whatever is missing is worked out again, with
the same marks. So old ones may go, by themselves. The one in use never does, because
taking a file out makes it the latest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nbjudge.grading.seeds import prepare_state_folder

KEPT = 3
"""Of one student's notebook: the current one, the one before a regrade, and one to spare."""


class KeptFiles:
    """A folder of `.nbjudge/`, with a folder for each student's notebook.

    Args:
        state_folder: `.nbjudge/` of the course.
        name: The folder's.
    """

    def __init__(self, state_folder: Path, name: str) -> None:
        self._folder = state_folder / name

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key of `kept_key`, and make it the latest.

        Raises:
            OSError: If it is there and cannot be read.
        """
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        with suppress(OSError):
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep something, and let go what that student's notebook needs no more.

        Raises:
            OSError: If it cannot be written.
        """
        target = self._path(key)
        for folder in (self._folder.parent, self._folder, target.parent):
            prepare_state_folder(folder)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(content)
        draft.replace(target)
        with suppress(OSError):  # too many files are no reason to lose one
            _prune(target)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def kept_key(whose: Iterable[str], digest: str) -> str:
    """Return the key of one version of something.

    Args:
        whose: Student, assignment and notebook: what there are several versions of.
        digest: Of everything that it depends on.
    """
    names = "\0".join(whose).encode("utf-8", "surrogatepass")
    return f"{hashlib.sha256(names).hexdigest()[:16]}/{digest}"


def _prune(newest: Path) -> None:
    """Remove all but the latest, of which `newest` is one whatever its clock says."""
    others = [path for path in newest.parent.glob("*.json") if path != newest]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[KEPT - 1 :]:
        path.unlink(missing_ok=True)
