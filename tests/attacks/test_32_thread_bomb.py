"""Attack: starts threads until the machine gives up."""

from dataclasses import replace

import pytest

from tests.attacks.conftest import LIMITS

# Threads start in a cell: four thousand cost a busy machine more than a call may compute.
BOMB = """
import _thread
held = _thread.allocate_lock(); held.acquire()
_thread.stack_size(32768)
def bomb():
    for count in range(5000):
        try: _thread.start_new_thread(held.acquire, ())
        except RuntimeError: return True
    return False
ran_out = bomb()
def look(): return ran_out
"""


@pytest.mark.usefixtures("locked_down")
def test_threads_run_out_soon(findings):
    assert "found: True" in findings(BOMB, limits=replace(LIMITS, cell_cpu_s=20.0))
