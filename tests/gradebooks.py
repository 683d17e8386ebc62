"""Where nbgrader finds what it needs to make a gradebook."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def alembic_on_path() -> Iterator[pytest.MonkeyPatch]:
    """Put this interpreter's scripts first on PATH: nbgrader calls `alembic` by its bare name.

    Yields:
        The patch that is taken back at the end, for what else must change until then.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        yield patch
