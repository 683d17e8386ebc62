"""Standard output and error of a cell: what Python writes, and what lies below Python."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable

_READ_BYTES = 1 << 20


class CellStream(io.TextIOBase):
    """Stands in for `sys.stdout` or `sys.stderr`, without a buffer: order is kept.

    Args:
        descriptor: 1 or 2, as `fileno` answers.
        write: Takes the text.
    """

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, descriptor: int, write: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._write = write

    def write(self, text: str) -> int:
        """Pass text on."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._write(text)
        return len(text)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that libraries below Python write to."""
        return self._descriptor

    def isatty(self) -> bool:
        """Say no: progress bars and colours are for terminals."""
        return False


class DescriptorTail:
    """What arrives on a descriptor past Python: a library's own messages.

    A file that has no name stands in for the descriptor, and is read and emptied.

    Args:
        descriptor: 1 or 2; what it was is let go.
    """

    def __init__(self, descriptor: int) -> None:
        number, path = tempfile.mkstemp()
        os.unlink(path)
        os.dup2(number, descriptor)
        os.close(number)
        self._descriptor = descriptor

    def take(self) -> str:
        """Return what came since the last time; cut at 1 MiB."""
        with contextlib.suppress(OSError):
            size = os.fstat(self._descriptor).st_size
            if size:
                data = os.pread(self._descriptor, min(size, _READ_BYTES), 0)
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                return data.decode("utf-8", "replace")
        return ""
