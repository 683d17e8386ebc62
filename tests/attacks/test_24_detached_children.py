"""Attack: leaves children behind."""

import time
from pathlib import Path

DETACH = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(4242)"])
def layer_norm(*a, **k): return None
"""


def strays():
    command_lines = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline"))
    return [line for line in command_lines if b"time.sleep(4242)" in line]


def test_children_end_with_the_submission(attack):
    assert attack(DETACH).score == 0.0
    deadline = time.monotonic() + 5
    while strays() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert strays() == []
