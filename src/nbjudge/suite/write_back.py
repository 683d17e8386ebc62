"""Lists and dicts of a test become what the student's call left them.

Arrays need no such care: they share memory with what came back.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def write_back(before: Any, after: Any) -> None:
    """Change `before` in place into `after`, if both are lists, dicts or tuples of such."""
    if type(before) is not type(after):
        return
    if isinstance(before, tuple):
        for old, new in zip(before, after, strict=False):
            write_back(old, new)
    elif isinstance(before, list):
        if len(before) == len(after):
            before[:] = [_merged(old, new) for old, new in zip(before, after, strict=True)]
        else:
            before[:] = after
    elif isinstance(before, dict):
        merged = {k: _merged(before[k], new) if k in before else new for k, new in after.items()}
        before.clear()
        before.update(merged)


def _merged(old: Any, new: Any) -> Any:
    """Return `old`, changed in place, where the object is still the same one; else `new`."""
    if type(old) is type(new) and isinstance(old, (list, dict, tuple)):
        write_back(old, new)
        return old
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        same = old.shape == new.shape and old.dtype == new.dtype and np.shares_memory(old, new)
        return old if same or not old.size else new
    return new
