"""No attack, but looks like one: right answers that are odd in some way, beside busy loops."""

import os
import subprocess
import sys

import pytest

AROUND = """
{before}
right = layer_norm
def layer_norm(*a, **k):
    {first}
    answer = right(*a, **k)
    {then}
"""
ODD = {
    "slow": {
        "before": "import time\ncalls = []",
        "first": "calls.append(1)",
        "then": "end = time.process_time() + (0.7 if len(calls) % 40 == 1 else 0.01)\n"
        "    while time.process_time() < end: pass\n    return answer",
    },
    "sleepy": {
        "before": "import time",
        "first": "time.sleep(0.02)",
        "then": "return answer",
    },
    "noisy": {
        "before": "import sys",
        "first": "print('x' * 10**6); print('y' * 10**6, file=sys.stderr)",
        "then": "return answer",
    },
    "warning": {
        "before": "import logging, warnings",
        "first": "warnings.warn('careful'); logging.error('odd'); np.float64(1) / np.float64(0)",
        "then": "return answer",
    },
    "oddly typed": {
        "before": "",
        "first": "pass",
        "then": "odd = answer[::-1].copy()[::-1]\n"
        "    odd = odd.astype(odd.dtype.newbyteorder('>'), order='F')\n"
        "    odd.flags.writeable = False\n    return odd",
    },
}


@pytest.fixture
def no_free_core():
    """A busy loop for each core."""
    loop = [sys.executable, "-c", "while True: pass"]
    cores = len(os.sched_getaffinity(0))
    loops = [subprocess.Popen(loop) for _ in range(cores)]  # noqa: S603 - our own program
    yield
    for process in loops:
        process.kill()
        process.wait()


@pytest.mark.long
@pytest.mark.usefixtures("no_free_core")
@pytest.mark.parametrize("kind", ODD)
def test_a_right_answer_gets_all_points(attack, honest, kind):
    exercise = attack(honest, AROUND.format(**ODD[kind]))
    assert [case.message for case in exercise.cases if case.message] == []
    assert exercise.score == 6.0
