import numpy as np
import torch

from nbjudge.authoring.prove_variations import variations


def scaled(x, factor=2, *, eps=0.0, centered=True, axis=-1, name=None):
    return x


def test_each_call_has_one_other_argument():
    x = np.array([1.0, 2.0])
    calls = list(variations(scaled, (x,), {"eps": 0.25}))

    changed = [
        (args[0].tolist(), {k: v for k, v in kwargs.items() if (k, v) != ("eps", 0.25)})
        for args, kwargs in calls
    ]
    assert sorted(changed, key=str) == sorted(
        [
            ([8.0, 16.0], {}),
            ([1 / 256, 2 / 256], {}),
            ([1.0, 2.0], {"factor": 3}),
            ([1.0, 2.0], {"eps": 1.0}),
            ([1.0, 2.0], {"centered": False}),
            ([1.0, 2.0], {"axis": 0}),
        ],
        key=str,
    )


def test_every_call_gets_copies():
    x = np.array([1.0])
    for (given,), _ in variations(scaled, (x,), {}):
        given[...] = 0.0
    assert x.tolist() == [1.0]


def test_a_default_of_zero_becomes_another_number():
    assert ((), {"eps": 0.5}) in list(variations(lambda *, eps=0.0: eps, (), {}))


def test_tensors_are_scaled_and_whole_numbers_left_alone():
    floats, integers = torch.ones(2), np.array([1, 2])
    calls = [args for args, _ in variations(lambda a, b: a, (floats, integers), {})]

    assert [args[0].tolist() for args in calls] == [[8.0, 8.0], [1 / 256, 1 / 256]]


def test_what_has_no_signature_keeps_its_arguments():
    assert list(variations(max, (1.5,), {})) == [((6.0,), {})]
