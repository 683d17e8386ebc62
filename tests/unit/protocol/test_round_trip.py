"""What goes over the wire comes back as the same plain data."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbjudge.protocol.frame import HEADER, FrameLimits, parse_document, split_header
from nbjudge.protocol.message import decode_reply, decode_request, encode_reply, encode_request
from nbjudge.protocol.values import DTYPES, Handle

LIMITS = FrameLimits()


def frame(pieces):
    raw = b"".join(bytes(piece) for piece in pieces)
    json_bytes, blob_bytes = split_header(raw[: HEADER.size], LIMITS)
    text = raw[HEADER.size : HEADER.size + json_bytes]
    blob = bytearray(raw[HEADER.size + json_bytes :])
    assert len(blob) == blob_bytes
    return parse_document(text, LIMITS), blob


def handle(value):
    return Handle(id=7, kind="object", class_name=type(value).__name__)


def call(function, *args):
    """Carry `args` over, apply `function` there and carry everything back."""
    sent = encode_request(3, "call", args, handle_for=None)
    request = decode_request(*frame(sent.pieces), make_handle=lambda h: h, limits=LIMITS)
    value = function(*request.body)
    reply = encode_reply(request, ok=True, body=[value, request.body], handle_for=handle)
    document, blob = frame(reply)
    ok, (answer, after) = decode_reply(
        3, document, blob, sent=sent, make_handle=lambda h: h, limits=LIMITS
    )
    assert ok
    return answer, after, document


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=12,
)


def same(a, b):
    if isinstance(a, float) and math.isnan(a):
        return isinstance(b, float) and math.isnan(b)
    if isinstance(a, complex):
        return type(b) is complex and same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return type(b) is dict and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, str):
        return b == a.encode("utf-8", "replace").decode()
    return type(a) is type(b) and a == b


@given(PLAIN)
@settings(deadline=None, max_examples=200)
def test_plain_values_survive(value):
    answer, after, _ = call(lambda x: x, value)
    assert same(value, answer)
    assert same((value,), after)


ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda name: hnp.arrays(DTYPES[name], hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)


@given(ARRAYS)
@settings(deadline=None, max_examples=200)
def test_arrays_survive_bit_for_bit(array):
    answer, _, _ = call(lambda x: x.copy(), array)
    assert answer.dtype == array.dtype
    assert answer.shape == array.shape
    assert answer.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x[:, ::2],
        lambda x: x[::-1],
        lambda x: x.T,
        lambda x: np.broadcast_to(x[0], (5, 6)),
        lambda x: x[1:1],
    ],
    ids=["every-other-column", "reversed", "transposed", "broadcast", "empty"],
)
def test_a_strided_view_keeps_its_strides(view):
    array = view(np.arange(24.0).reshape(4, 6))
    seen = {}
    call(lambda x: seen.update(strides=x.strides, values=x.copy()), array)
    if array.size:
        assert seen["strides"] == array.strides
    assert np.array_equal(seen["values"], array)


def test_bytes_between_the_elements_of_a_view_are_not_sent():
    secret = np.zeros((4, 6))
    secret[:, 1::2] = 42.0
    sent = encode_request(1, "call", (secret[:, ::2],), handle_for=None)
    assert np.float64(42.0).tobytes() not in b"".join(map(bytes, sent.pieces))


def test_an_unchanged_input_does_not_travel_back():
    _, _, document = call(lambda x: 1, np.arange(1000.0))
    assert document["buffers"] == [["request", 0]]


def test_mutation_is_written_back_into_the_callers_array():
    x = np.arange(6.0)
    call(lambda a: a.__iadd__(1) is None, x)
    assert np.array_equal(x, np.arange(6.0) + 1)


def test_mutation_through_a_strided_view_leaves_the_gaps_alone():
    x = np.arange(12.0).reshape(3, 4)
    call(lambda a: a.fill(-1), x[:, ::2])
    assert np.array_equal(x[:, ::2], np.full((3, 2), -1.0))
    assert np.array_equal(x[:, 1::2], np.array([[1.0, 3], [5, 7], [9, 11]]))


def test_a_result_that_is_a_view_on_an_input_shares_the_callers_memory():
    x = np.arange(12.0).reshape(3, 4)
    answer, _, _ = call(lambda a: a[1:].T, x)
    assert np.shares_memory(answer, x)
    assert np.array_equal(answer, x[1:].T)


def test_two_inputs_that_overlap_overlap_there_too():
    x = np.arange(8.0)
    answer, _, _ = call(np.shares_memory, x[:5], x[3:])
    assert answer is True


def test_two_inputs_that_do_not_overlap_do_not_there():
    answer, _, _ = call(np.shares_memory, np.zeros(5), np.zeros(5))
    assert answer is False


def test_a_read_only_input_is_read_only_there():
    x = np.arange(3.0)
    x.flags.writeable = False
    answer, _, _ = call(lambda a: a.flags.writeable, x)
    assert answer is False


def test_a_read_only_input_cannot_be_changed_by_the_other_side():
    x = np.arange(3.0)
    x.flags.writeable = False

    def force(a):
        a.flags.writeable = True
        a[:] = 9

    call(force, x)
    assert np.array_equal(x, np.arange(3.0))


def test_foreign_byte_order_is_normalised():
    answer, _, _ = call(lambda a: a.dtype.isnative, np.arange(3, dtype=">i4"))
    assert answer is True


@pytest.mark.parametrize(
    "value",
    [np.recarray((1,), "f8"), np.array([object()]), np.ma.masked_array([1.0]), np.array("text")],
    ids=["record", "object", "masked", "text"],
)
def test_what_is_no_plain_array_becomes_a_handle(value):
    answer, _, _ = call(lambda: value)
    assert answer == Handle(id=7, kind="object", class_name=type(value).__name__)
