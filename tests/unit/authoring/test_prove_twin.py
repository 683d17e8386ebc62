from types import SimpleNamespace

import numpy as np
import pytest
import torch

from nbjudge.authoring.prove_twin import TwinStudent

X = np.array([1.0, 2.0, 4.0])


def differences(right, other, use=lambda student: student.f(X.copy())):
    found = []
    use(TwinStudent(SimpleNamespace(f=right), SimpleNamespace(f=other), found.append))
    return found


def test_rounding_is_no_difference():
    assert differences(lambda x: x / 3, lambda x: x * (1 / 3)) == []


def _overwriting(x):
    x[0] = 0.0
    return X / 2


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (lambda x: x / 2 + 1e-6, "the result"),
        (lambda x: (x / 2).astype(np.float32), "the result"),
        (lambda x: list(x / 2), "the result"),
        (_overwriting, "an argument after the call"),
        (lambda x: np.divide(x, 2, out=x), "an argument after the call"),
        (lambda x: 1 / 0, "the exception instead of the result"),
    ],
)
def test_other_behaviour_is_reported(other, what):
    assert what in differences(lambda x: x / 2, other)


def test_sharing_memory_is_behaviour():
    assert differences(lambda x: x, lambda x: x.copy()) == [
        "whether the result shares memory with an argument"
    ]


def test_the_case_sees_the_solution():
    student = TwinStudent(SimpleNamespace(f=lambda x: x / 2), SimpleNamespace(f=abs), print)
    np.testing.assert_array_equal(student.f(X), X / 2)


def test_an_exception_of_the_solution_reaches_the_case():
    def refuses(x):
        raise ValueError("no")

    def use(student):
        with pytest.raises(ValueError, match="no"):
            student.f(X)

    assert differences(refuses, refuses, use) == []
    assert differences(refuses, abs, use) == ["the exception instead of the result"]


class Counter:
    def __init__(self, step):
        self.step, self.n = step, 0

    def add(self):
        self.n += self.step

    def plus(self, other):
        return self.n + other.n


def test_objects_are_followed():
    def use(student):
        first, second = student.f(2), student.f(3)
        first.add()
        second.add()
        first.plus(second)
        return first.n

    assert differences(Counter, Counter, use) == []
    assert differences(Counter, lambda step: Counter(step + 1), use)[-2:] == [
        "the result",
        "the attribute n",
    ]


def test_both_draw_the_same_random_numbers():
    def noisy(x):
        return x + np.random.standard_normal(3)  # noqa: NPY002, RUF100 - what learners write

    assert differences(noisy, noisy) == []


def test_tensors_are_compared_by_dtype_and_number():
    x = torch.tensor([1.0, 2.0], dtype=torch.bfloat16)

    def use(student):
        student.f(x)

    assert differences(lambda t: t + 1, lambda t: 1 + t, use) == []
    assert differences(lambda t: t + 1, lambda t: t + 2, use)[-1] == "the result"
    assert differences(lambda t: t + 1, lambda t: (t + 1).float(), use)[-1] == "the result"


def test_an_argument_that_no_case_passes_is_varied():
    def right(x, *, offset=0.0):
        return x + offset

    assert differences(right, lambda x, *, offset=0.0: x + 0) == [
        "the result on an input that no case draws"
    ]


def test_what_the_solution_refuses_is_no_difference():
    def right(x, axis=0):
        return x.sum(axis=axis)

    assert differences(right, lambda x, axis=0: x.sum()) == []


def test_scales_that_no_case_draws_are_tried():
    found = differences(lambda x: np.minimum(x, 10), lambda x: x + 0)
    assert set(found) == {"the result on an input that no case draws"}
