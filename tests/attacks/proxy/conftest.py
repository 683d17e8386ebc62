"""Attacks on what crosses to a torch lesson: tensors, gradients, functions.

The lesson is tiny; its suite asks for a gradient and lends functions.
"""

from textwrap import dedent

import pytest

from nbjudge.model import Exercise, Limits
from nbjudge.notebook.plan import JudgeExercise, RunCell
from nbjudge.suite.client import SuiteHost
from nbjudge.suite.job import Job

SLUG = "m9_l01_centering"
SOLUTION = '''
    """Centering."""


    def center(x):
        """Subtract the mean."""
        return x - x.mean()


    def is_centered(impl):
        """Say whether an implementation centers."""
        import numpy as np

        return abs(float(impl(np.arange(4.0)).mean())) < 1e-9
'''
CENTER = '''
    import torch

    from solutions.m9_l01_centering import center


    def test_value(student):
        """Random numbers."""
        x = torch.rand(4, dtype=torch.float64)
        assert torch.equal(student.center(x), center(x))


    def test_gradient(student):
        """The gradient of the sum is zero."""
        x = torch.rand(4, dtype=torch.float64, requires_grad=True)
        student.center(x).sum().backward()
        assert x.grad.abs().max() < 1e-12
'''
IS_CENTERED = '''
    from nbjudge.suite.hidden import hidden


    @hidden
    def shifted(x):
        return x - x.mean() + 1.0


    @hidden
    def slow(x):
        steps = 0
        for _ in range(x.size):
            steps += 1
        return x - x.mean()


    def test_slow(student):
        """A function that takes its time."""
        assert student.is_centered(slow) is True


    def test_right(student):
        """A right implementation passes."""
        assert student.is_centered(hidden("solutions.m9_l01_centering", "center")) is True


    def test_wrong(student):
        """A wrong implementation does not."""
        assert student.is_centered(shifted) is False


    def test_lent(student):
        """A function of the suite itself."""
        assert student.is_centered(lambda x: x + 1) is False
'''
HONEST = """
def center(x): return x - x.mean()
def is_centered(impl): return abs(float(impl(np.arange(4.0)).mean())) < 1e-9
"""


@pytest.fixture(scope="session")
def torch_host(tmp_path_factory):
    """The strongest isolation of this host."""
    root = _write_course(tmp_path_factory.mktemp("course"))
    with SuiteHost(root, SLUG, weakest_isolation="limits") as started:
        yield started


@pytest.fixture
def torch_attack(torch_host):
    """Judge the given cells; afterwards an honest submission must still get full marks."""

    def judge(*cells):
        result = _judge_cells(torch_host, *cells)
        assert not result.fault
        for exercise in result.exercises:
            assert not exercise.fault, "an attack is never a grader's fault"
        return {exercise.exercise: exercise for exercise in result.exercises}

    yield judge
    neighbour = _judge_cells(torch_host, HONEST)
    assert [exercise.score for exercise in neighbour.exercises] == [2.0, 2.0]


def _write_course(root):
    folder = root / "grader_tests" / SLUG
    folder.mkdir(parents=True)
    (root / "solutions").mkdir()
    (root / "solutions" / f"{SLUG}.py").write_text(dedent(SOLUTION).lstrip())
    for name, text in (("center", CENTER), ("is_centered", IS_CENTERED)):
        (folder / f"test_{name}.py").write_text(dedent(text).lstrip())
    for name in ("misconceptions", "alternatives"):
        (folder / f"{name}.py").write_text("")
    return root


def _judge_cells(host, *cells):
    sources = ("import numpy as np, torch", *map(dedent, cells))
    steps = [RunCell(position=i, source=source) for i, source in enumerate(sources, start=1)]
    for name in ("is_centered", "center"):
        exercise = Exercise(id=name, points=2.0, points_cell=f"test_{name}")
        steps.append(JudgeExercise(exercise=exercise, untouched=False))
    job = Job(
        student="mallory",
        assignment=SLUG,
        notebook=SLUG,
        steps=tuple(steps),
        view="torch",
        limits=Limits(call_cpu_s=2.0, cell_cpu_s=10.0, total_wall_s=120.0),
        seed=b"attacks",
        probes="",
    )
    return host.judge(job)
