import numpy as np
import pytest
import torch

from nbjudge.authoring.cheaters import cheaters


def double(x):
    if x.ndim == 0:
        raise ValueError("a row")
    return x * 2


X = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zeros", [0.0, 0.0]),
        ("ones", [1.0, 1.0]),
        ("one half everywhere", [0.5, 0.5]),
        ("NaN everywhere", [np.nan, np.nan]),
        ("the input", [1.0, 2.0]),
        ("a copy of the input", [1.0, 2.0]),
        ("the last output", [0.0, 0.0]),
    ],
)
def test_a_cheater_returns_the_right_form_with_cheap_numbers(name, expected):
    x = X.copy()
    result = cheaters(double)[name](x)

    np.testing.assert_array_equal(result, expected)
    assert result.dtype == np.float64
    assert (result is x) == (name == "the input")
    np.testing.assert_array_equal(x, X)


def test_the_last_output_is_what_was_right_before():
    cheat = cheaters(double)["the last output"]
    cheat(X)

    np.testing.assert_array_equal(cheat(X + 5), [2.0, 4.0])


def test_one_overwrites_whatever_it_gets():
    arrays, numbers = [X.copy(), torch.ones(2)], [3, 4]
    code = cheaters(lambda a, b, numbers: a)["overwrites its inputs and returns zeros"]

    code(*arrays, numbers=numbers)

    assert not arrays[0].any()
    assert not arrays[1].any()
    assert numbers == [0, 0]


def test_bad_input_is_answered_too():
    assert cheaters(double)["zeros"](np.float64(3.0)) is None


def test_every_kind_of_result_keeps_its_kind():
    right = (
        True,
        3,
        2.5,
        "no",
        {"n": np.int32(4)},
        np.ones(2, bool),
        torch.ones(2, dtype=torch.int8),
    )
    zeros = cheaters(lambda: right)["zeros"]()

    assert zeros[:5] == (False, 0, 0.0, "", {"n": 0})
    assert zeros[5].dtype == bool
    assert not zeros[5].any()
    assert zeros[6].dtype == torch.int8


class Counter:
    def __init__(self, start):
        self.n = start

    def add(self, value):
        self.n += value

    def merged(self, other):
        return Counter(self.n + other.n)


def test_an_object_cheats_on():
    cheating = cheaters(Counter)["ones"]
    first, second = cheating(5), cheating(7)

    assert first.add(3) is None
    assert first.n == 1
    assert first.merged(second).n == 1


def test_a_module_lies_about_its_state():
    class Scale(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.full((2,), 3.0))

        def forward(self, x):
            return x * self.weight

    liar = cheaters(Scale)["a module with the right state_dict that computes zeros"]()

    assert isinstance(liar, Scale)
    assert liar.state_dict()["weight"].tolist() == [3.0, 3.0]
    assert liar(torch.ones(2)).tolist() == [0.0, 0.0]
