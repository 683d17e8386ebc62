"""Judges a hostile notebook for real, with an honest one before and after it.

An attack is a file of this folder: its docstring says what it tries, its test
what must come of it.
"""

import tempfile
from pathlib import Path

import pytest

from nbjudge.model import Exercise, Limits
from nbjudge.notebook.plan import JudgeExercise, RunCell
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.registry import choose_sandbox
from nbjudge.suite.client import SuiteHost
from nbjudge.suite.job import Job

ROOT = Path(__file__).parents[2]
SLUG = "m1_l05_layer_norm_formula"
EXERCISE = Exercise(id="layer_norm", points=6.0, points_cell="test_layer_norm")
SETUP = "import numpy as np"
HONEST = """
def layer_norm(x, gamma, beta, eps=1e-5):
    wide = x.astype(np.result_type(x.dtype, np.float32))
    mean = wide.mean(axis=-1, keepdims=True)
    spread = np.sqrt(wide.var(axis=-1, keepdims=True) + eps)
    return ((wide - mean) / spread * gamma + beta).astype(x.dtype)
"""
REPORT = """
def layer_norm(*a, **k):
    raise ValueError("found: " + repr(look()))
"""
LIMITS = Limits(call_cpu_s=1.0, cell_cpu_s=1.0, memory_bytes=1 << 30, total_wall_s=60.0)


def judge_cells(host, *cells, limits=LIMITS):
    run = [RunCell(position=i, source=cell) for i, cell in enumerate((SETUP, *cells), start=1)]
    job = Job(
        student="mallory",
        assignment=SLUG,
        notebook=SLUG,
        steps=(*run, JudgeExercise(exercise=EXERCISE, untouched=False)),
        view="numpy",
        limits=limits,
        seed=b"attacks",
        probes=str(ROOT / "source" / SLUG / f"{SLUG}.nbjudge.json"),
    )
    return host.judge(job)


@pytest.fixture(scope="session")
def host():
    """The strongest isolation of this host."""
    with SuiteHost(ROOT, SLUG, weakest_isolation="limits") as started:
        yield started


@pytest.fixture
def attack(host):
    """Judge the given cells; afterwards an honest submission must still get full marks."""

    def judge(*cells, limits=LIMITS):
        result = judge_cells(host, *cells, limits=limits)
        assert not result.fault
        (exercise,) = result.exercises
        assert not exercise.fault, "an attack is the submission's outcome, never a grader's fault"
        return exercise

    yield judge
    neighbour = judge_cells(host, HONEST)
    assert neighbour.score == 6.0
    assert not neighbour.exercises[0].fault


@pytest.fixture
def findings(attack):
    """Run cells that define `look()` and return what it found, as the judge heard it.

    A mark depends on none of it: whatever is found, the answer is no answer.
    """

    def judge(*cells, limits=LIMITS):
        exercise = attack(*cells, REPORT, limits=limits)
        assert exercise.score == 0.0
        return exercise.cases[0].message

    return judge


@pytest.fixture
def locked_down(tmp_path):
    """Skip where the level promises less than keeping code away from files and processes."""
    level = choose_sandbox(tmp_path, Isolation.LIMITS).isolation
    if level.strength < Isolation.NO_NAMESPACES.strength:
        pytest.skip(f"level {level} does not promise this; docs/threat-model.md says so")


@pytest.fixture
def open_folder():
    """A folder that every user of this machine may read and write."""
    with tempfile.TemporaryDirectory(prefix="nbjudge-attacked-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def honest():
    """A right answer, to be combined with mischief elsewhere."""
    return HONEST
