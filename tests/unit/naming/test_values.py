import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbjudge.naming.values import Ref, arrays_in, copy_value, decode, encode, is_plain

_DTYPES = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="=")
    | hnp.unsigned_integer_dtypes(endianness="=")
    | hnp.floating_dtypes(endianness="=", sizes=(16, 32, 64))
)
_ARRAYS = hnp.arrays(_DTYPES, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_PLAIN = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=8,
)


def _through_json(value, **options):
    return decode(json.loads(json.dumps(encode(value, **options), allow_nan=False)))


def _same_scalar(a, b):
    return type(a) is type(b) and (a == b or (math.isnan(a) and math.isnan(b)))


@given(_ARRAYS)
def test_every_array_comes_back_as_it_was(array):
    back = _through_json(array)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)
    if array.dtype.kind == "f":
        np.testing.assert_array_equal(np.signbit(back), np.signbit(array) & ~np.isnan(array))


@given(_PLAIN)
def test_every_plain_value_comes_back_as_it_was(value):
    assert is_plain(value)
    assert repr(_through_json(value)) == repr(value)


@given(st.floats())
def test_a_float_comes_back_with_every_bit(value):
    assert _same_scalar(_through_json(value), value)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16, np.int8, np.bool_])
def test_a_numpy_scalar_becomes_the_python_scalar_of_its_value(kind):
    value = kind(1)
    assert _same_scalar(_through_json(value), value.item())


def test_fewer_digits_shorten_the_numbers_and_keep_the_dtype():
    array = np.array([1 / 3, np.inf, 2e300 / 3])
    assert encode(array, digits=3)["array"]["values"] == [0.333, "inf", 6.67e299]
    assert encode(1 / 3, digits=2) == 0.33


def test_big_endian_and_strided_arrays_come_back_by_value():
    array = np.arange(6, dtype=">f4").reshape(2, 3)[:, ::2]
    np.testing.assert_array_equal(_through_json(array), array)
    assert _through_json(array).dtype == np.float32


@pytest.mark.parametrize(
    "value",
    [
        object(),
        np.array([None]),
        np.array(["a"]),
        np.array([1j]),
        np.array(["2020-01-01"], dtype="M8[D]"),
        np.ma.array([1.0]),
        1j,
        {1, 2},
        b"bytes",
        [object()],
        {"key": object()},
        np.complex64(1),
    ],
)
def test_what_is_no_plain_data_is_refused(value):
    assert not is_plain(value)
    with pytest.raises(TypeError, match="must be plain data or a numpy array"):
        encode(value)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"unknown": 1},
        {"float": "many"},
        {"array": {"dtype": "object", "shape": [1], "values": [1]}},
        {"array": {"dtype": "float64", "shape": [2], "values": [1]}},
        {"array": {"shape": [2], "values": [1]}},
        {"tuple": 3},
        {"dict": [[1]]},
        {"dict": [[[1], 1]]},
        {"ref": "x"},
        {"float": "nan", "tuple": []},
    ],
)
def test_what_no_value_encodes_to_is_refused(document):
    with pytest.raises(ValueError, match=r"value|dtype|reshape|unpack|int"):
        decode(document)


def test_a_reference_survives():
    assert _through_json([Ref(2)]) == [Ref(2)]


def test_a_copy_shares_nothing_with_its_original():
    original = {"a": [np.zeros(2), (np.ones(2),)]}
    copy = copy_value(original)
    copy["a"][0][:] = 5
    copy["a"][1][0][:] = 5
    copy["a"].append(1)
    assert len(original["a"]) == 2
    assert original["a"][0].tolist() == [0, 0]
    assert original["a"][1][0].tolist() == [1, 1]


def test_arrays_are_found_in_order():
    first, second, third = np.zeros(1), np.ones(1), np.ones(2)
    found = arrays_in({"a": [first, (second,)], "b": third})
    assert [id(a) for a in found] == [id(first), id(second), id(third)]
