"""The promises of the lesson on the foundations: its text, its numbers, its figures."""

import ast
from functools import partial

import numpy as np
import pytest
import torch

from nbjudge.suite.implementation import load_bank
from solutions import m1_l01_mathematical_foundations as solution
from tests import lessons

SLUG = "m1_l01_mathematical_foundations"
BANK = load_bank(SLUG)
TEXT = lessons.lesson_text(SLUG)
CELLS = lessons.lesson_cells(SLUG)
PLANK = torch.tensor([1.0, 7.0, 7.0, 9.0], dtype=torch.float64)

explanation = partial(lessons.explanation, SLUG)


def wrong(exercise, name, *args):
    return BANK.wrong_code(exercise, name)(*args)


def test_setup_cell_defines_the_example_function_as_the_solutions_do():
    (setup,) = [c.source for c in CELLS if "setup" in c.metadata.get("tags", [])]
    names = {"np": np}
    exec(setup, names)  # noqa: S102 - our own
    w, x = np.array([1.5, -0.5, 2.0]), np.array([0.3, 0.2, 1.0])
    assert names["cube_of_sum"](w)(x) == solution.cube_of_sum(w)(x)


def test_numbers_in_the_explanations_are_true():
    row = PLANK.numpy()
    text = explanation("mean_var_std", "abs-deviation")
    sizes = wrong("mean_var_std", "abs-deviation", row)[1]
    assert f"For 1, 7, 7, 9 that is {sizes}; the mean of their squares is" in text
    assert text.endswith(f"is {PLANK.var(correction=0).item():g}.")
    assert explanation("mean_var_std", "root-forgotten").endswith("is 9 and should be 3.")
    assert PLANK.std(correction=0) == 3
    ratio = PLANK.var(correction=1) / PLANK.var(correction=0)
    assert f"4/3 = {ratio:.3f} times" in explanation("mean_var_std", "unbiased-variance")
    assert f"4/3 = {ratio:.3f} times" in explanation("grad_mean_var", "bessel")
    assert "mean of 3 and 5 is then 8" in explanation("mean_var_std", "ddof-in-the-mean")
    assert wrong("mean_var_std", "ddof-in-the-mean", np.array([3.0, 5.0]), None, 1)[0] == 8
    mean = wrong("mean_var_std", "int-division", np.array([1, 2, 2, 6]))[0]
    assert f"mean of 1, 2, 2, 6 becomes {mean}, and it is 2.75" in explanation(
        "mean_var_std", "int-division"
    )
    assert "takes 24 from" in explanation("centering_matrix", "ones-not-averaged")
    assert (row - wrong("centering_matrix", "ones-not-averaged", 4) @ row == 24).all()
    taken = 1 - wrong("centering_matrix", "d-minus-one", 3) @ np.ones(3)
    assert f"it takes {taken[0]} from" in explanation("centering_matrix", "d-minus-one")
    twice = PLANK.mean().item() - wrong("centering_matrix", "length-not-squared", 4) @ np.ones(4)
    assert twice == pytest.approx(7 * np.ones(4))  # of (1, 1, 1, 1) the mean is taken twice
    assert 0.7 + 0.1 - 0.2 + 0.1 != 0.7


def test_worked_plank_is_that_of_torch():
    deviations = PLANK - PLANK.mean()
    assert "| position $x$ (dm) | 1 | 7 | 7 | 9 | mean: 24 / 4 = **6** |" in TEXT
    assert PLANK.sum() == 24
    assert "(dm) | " + " | ".join(f"{d:g}" for d in deviations) + " | their sum: 0 |" in TEXT
    assert "| " + " | ".join(f"{d:g}" for d in deviations.square()) + " | variance: 36 / 4" in TEXT
    assert deviations.square().sum() == 36
    assert "$180/4 = 45 = 36 + 9$" in TEXT
    assert PLANK.square().sum() == 180


def test_practice_answer_on_two_planks_is_that_of_torch():
    first = torch.tensor([6.0 - 3, 6 + 3, 6 - 3, 6 + 3], dtype=torch.float64)
    second = torch.tensor([3.0 - 1, 3 + 1, 3 - 1, 3 + 1], dtype=torch.float64)
    together = torch.cat([first, second])
    assert together.var(correction=0) == 7.25
    assert "is $5 + 1.5^2 = 7.25$, and $\\sigma \\approx 2.69$" in TEXT
    assert round(together.std(correction=0).item(), 2) == 2.69


def test_statistics_of_picks_are_as_the_figure_says():
    rng = np.random.default_rng(1)
    picks = {n: rng.normal(50.0, 2.0, (10_000, n)) for n in range(2, 21)}
    by_n = {n: p.var(axis=1).mean() for n, p in picks.items()}
    by_less = {n: p.var(axis=1, ddof=1).mean() for n, p in picks.items()}
    for n in picks:
        assert by_n[n] == pytest.approx(4 * (n - 1) / n, rel=0.03)
        assert by_less[n] == pytest.approx(4, rel=0.03)
    assert by_n[2] == pytest.approx(2, abs=0.05)
    assert by_n[20] == pytest.approx(3.8, abs=0.05)
    assert picks[2].std(axis=1).mean() == pytest.approx(1.13, abs=0.01)
    assert picks[2].std(axis=1, ddof=1).mean() == pytest.approx(1.6, abs=0.01)
    assert all(p.std(axis=1, ddof=1).mean() < 2 for p in picks.values())


def test_best_steps_are_where_the_figure_says():
    errors = {}
    for dtype in (torch.float64, torch.float32):
        x = torch.tensor(1.0, dtype=dtype)
        for k in range(1, 15):
            h = torch.tensor(10.0**-k, dtype=dtype)
            slope = (torch.sin(x + h) - torch.sin(x - h)) / (2 * h)
            errors[dtype, k] = abs(slope.item() - float(np.cos(1.0)))
    best = {d: min((e, k) for (own, k), e in errors.items() if own is d)[1] for d, _ in errors}
    assert best[torch.float64] in (5, 6)
    assert best[torch.float32] in (2, 3)
    for k in (2, 3):  # the error falls by two powers of ten for each of the step
        assert errors[torch.float64, k] / errors[torch.float64, k + 1] == pytest.approx(
            100, rel=0.01
        )
    assert np.finfo(np.float64).eps ** (1 / 3) == pytest.approx(6e-6, rel=0.02)
    assert np.finfo(np.float64).eps == pytest.approx(2e-16, rel=0.2)


def test_slopes_of_the_text_are_those_of_torch():
    point = torch.tensor([3.0, 2.0], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(point[0] ** 2 * point[1], point)
    assert gradient.tolist() == [12, 9]
    assert "The gradient at this point is $(12, 9)$" in TEXT
    for place, slope in [(-4.0, -3.375), (5.0, 0.0), (9.0, 1.5)]:
        plank = torch.tensor([1.0, 7.0, 7.0, place], dtype=torch.float64, requires_grad=True)
        (gradient,) = torch.autograd.grad(plank.var(correction=0), plank)
        assert gradient[3].item() == pytest.approx(slope)
        assert solution.grad_mean_var(plank.detach().numpy())[1][3] == pytest.approx(slope)
    assert "-3.375, 0 and 1.5" in TEXT
    lowest = [torch.tensor([1.0, 7.0, 7.0, t], dtype=torch.float64) for t in (-10.0, 5.0, 20.0)]
    assert [round(plank.var(correction=0).item()) for plank in lowest] == [48, 6, 48]


def test_worked_projection_is_the_nearest_point():
    u, x = (torch.tensor(v, dtype=torch.float64) for v in ([[1.0], [2.0]], [[3.0], [1.0]]))
    nearest = torch.linalg.lstsq(u, x).solution
    assert nearest.item() == pytest.approx(1.0)
    assert (u.T @ (x - u * nearest)).item() == pytest.approx(0.0, abs=1e-12)


def test_jacobian_of_the_deviations_is_the_centering_matrix():
    jacobian = torch.autograd.functional.jacobian(lambda x: x - x.mean(), PLANK)
    np.testing.assert_allclose(solution.centering_matrix(4), jacobian, atol=1e-15)


def test_demonstrations_call_no_answer():
    answers = set(BANK.entries)
    for cell in CELLS:
        if cell.cell_type == "code" and "nbgrader" not in cell.metadata:
            names = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
            assert not names & answers
