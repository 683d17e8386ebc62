"""Attack: more than a thousand cells, each of which ends the process, but not the first time."""

import time
from dataclasses import replace

import pytest

from tests.attacks.conftest import LIMITS

PATIENT = replace(LIMITS, total_wall_s=300.0)
"""Two rounds of a thousand cells take seconds, but a minute where others compute as well."""
LATER = """
import os, time
if time.monotonic() > {deadline}: os._exit(0)
"""
WAIT = "while time.monotonic() < {deadline} and not time.sleep(0.1): pass"


@pytest.mark.long
def test_each_of_them_costs_one_restart(attack):
    deadline = time.monotonic() + 4
    waits = [WAIT.format(deadline=deadline - 1.5 * n) for n in (2, 1, 0)]
    cells = [LATER.format(deadline=deadline)] * 1100
    exercise = attack(*cells, *waits, "os._exit(0)", "x = 1", limits=PATIENT)
    assert exercise.score == 0.0
    assert exercise.cases[0].message == "layer_norm is not defined"
