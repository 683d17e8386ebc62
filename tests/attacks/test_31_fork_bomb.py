"""Attack: starts processes until the machine gives up."""

import pytest

BOMB = """
import os, subprocess, sys, multiprocessing
def look():
    count = 0
    for _ in range(300):
        try:
            if os.fork() == 0:
                while True: pass
            count += 1
        except OSError: pass
    for start in (lambda: subprocess.Popen([sys.executable]),
                  lambda: os.posix_spawn("/bin/sh", ["sh"], {}),
                  lambda: multiprocessing.get_context("fork").Process(target=print).start()):
        try: start(); count += 1
        except OSError: pass
    return count
"""


@pytest.mark.usefixtures("locked_down")
def test_not_one_process_starts(findings):
    assert "found: 0" in findings(BOMB)
