"""The promises of the lesson on zero mean: its text, its numbers, its figures."""

import re

import numpy as np
import pytest
import torch

from solutions.m1_l02_zero_mean import center, center_backward, fold_centering, masked_center
from tests.lessons import lesson_text, outputs_of_release

SLUG = "m1_l02_zero_mean"
TEXT = lesson_text(SLUG)
CHOIR = np.array([12.0, 3.0, -5.0, 10.0])


def test_worked_deviations_are_right():
    np.testing.assert_array_equal(center(CHOIR), [7.0, -2.0, -10.0, 5.0])
    assert "| 7 | -2 | -10 | 5 | sum 0, mean 0 |" in TEXT
    np.testing.assert_array_equal(center(np.array([0.0, 0.0, 0.0, 20.0])), [-5.0, -5.0, -5.0, 15.0])
    assert "lopsided list is $(-5, -5, -5, 15)$" in TEXT


def test_worked_gradient_is_that_of_torch():
    dy = torch.tensor([4.0, 0.0, 0.0, -1.0], dtype=torch.float64)
    x = torch.from_numpy(CHOIR).requires_grad_()
    (x - x.mean()).backward(dy)

    assert x.grad.tolist() == [3.25, -0.75, -0.75, -1.75]
    assert center_backward(dy.numpy()).tolist() == x.grad.tolist()
    assert "$(3.25, -0.75, -0.75, -1.75)$" in TEXT


def test_curvature_is_that_of_torch():
    # Inputs whose moments are exactly those of independent numbers with mean 2 and variance 1/3.
    signs = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]], dtype=torch.float64)
    inputs = 2 + signs / 3**0.5

    def loss(weights):
        return 0.5 * (inputs @ (weights - torch.tensor([1.0, -1.0]))).square().mean()

    hessian = torch.autograd.functional.hessian(loss, torch.zeros(2, dtype=torch.float64))
    flat, steep = torch.linalg.eigvalsh(hessian).tolist()
    assert (flat, steep) == pytest.approx((1 / 3, 25 / 3))
    assert "25 times too small" in TEXT
    assert f"the ratio is {(1 / 3 + 100 * 2**2) / (1 / 3):.0f}" in TEXT


def test_centered_tokens_leave_no_steep_direction():
    # Moments of 5 independent features with mean 2 and variance 1/3, and of their deviations.
    moments = torch.eye(5, dtype=torch.float64) / 3 + 4.0
    projection = torch.from_numpy(center(np.eye(5)))
    before, after = (torch.linalg.eigvalsh(m) for m in (moments, projection @ moments @ projection))

    assert before.tolist() == pytest.approx([1 / 3] * 4 + [1 / 3 + 5 * 4])
    assert after.tolist() == pytest.approx([0, *[1 / 3] * 4], abs=1e-12)
    assert "the curvature $v + Dm^2$ becomes 0 and all others stay $v$" in TEXT


def test_worked_recordings_are_right():
    x = np.array([[[2.0, 10.0], [4.0, 40.0], [0, 0]], [[5.0, 0.0], [6.0, 30.0], [10.0, 60.0]]])
    mask = np.array([[True, True, False], [True, True, True]])

    assert masked_center(x, mask)[0].tolist() == [[-1.0, -15.0], [1.0, 15.0], [0.0, 0.0]]
    assert masked_center(x, mask)[1, :, 0].tolist() == [-2.0, -1.0, 3.0]
    assert "the means are 7 and 30" in TEXT
    assert "first singer are -2, -1 and 3" in TEXT


def test_worked_normalization_is_that_of_torch():
    row = torch.from_numpy(CHOIR)
    weight = torch.tensor([2.0, 1.0, 1.0, 1.0], dtype=torch.float64)
    for line in [
        torch.nn.functional.layer_norm(row, (4,), eps=0.0),
        torch.nn.functional.layer_norm(row, (4,), weight, eps=0.0),
        torch.nn.functional.layer_norm(row, (4,), weight, torch.full_like(weight, 0.5), eps=0.0),
    ]:
        mean = f"{line.mean():.4f}" if abs(line.mean()) > 1e-12 else "0"
        assert "| " + " | ".join(f"{value:.4f}" for value in line) + f" | {mean} |" in TEXT


def test_worked_folding_is_right():
    weights, bias = fold_centering(
        np.array([[1.0, 0.0], [2.0, 5.0], [6.0, 1.0]]), np.array([1.0, 2.0, 9.0])
    )

    assert weights.tolist() == [[-2.0, -2.0], [-1.0, 3.0], [3.0, -1.0]]
    assert "becomes $(-2, 3, -1)$ and the bias $(-3, -2, 5)$" in TEXT
    assert (weights @ [1.0, 2.0] + bias).tolist() == [-9.0, 3.0, 6.0]
    assert "must be $(-9, 3, 6)$" in TEXT


@pytest.mark.long
def test_printed_gradient_is_the_one_of_the_text():
    outputs = outputs_of_release(SLUG)
    (printed,) = [o.text for o in outputs if "the loss grows by" in o.get("text", "")]

    assert re.findall(r"grows by +(-?[\d.]+) times", printed) == [
        "3.250",
        "-0.750",
        "-0.750",
        "-1.750",
    ]
