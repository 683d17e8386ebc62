"""Attack: starts threads until the machine gives up."""

import pytest

BOMB = """
import _thread
held = _thread.allocate_lock(); held.acquire()
_thread.stack_size(32768)
def look():
    for count in range(10**5):
        try: _thread.start_new_thread(held.acquire, ())
        except RuntimeError: return count < 5000
    return False
"""


@pytest.mark.usefixtures("locked_down")
def test_threads_run_out_soon(findings):
    assert "found: True" in findings(BOMB)
