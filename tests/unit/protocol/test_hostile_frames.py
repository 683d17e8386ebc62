"""Whatever a worker sends ends in `ProtocolError` or in plain data."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbjudge.protocol.frame import (
    HEADER,
    MAGIC,
    FrameLimits,
    ProtocolError,
    parse_document,
    split_header,
)
from nbjudge.protocol.message import decode_reply, encode_request
from nbjudge.protocol.values import Handle

LIMITS = FrameLimits(blob_bytes=1 << 20)


def read(body, *, buffers=(), blob=b"", sent_values=(), number=1, **fields):
    sent = encode_request(1, "call", tuple(sent_values), handle_for=None)
    document = {"id": number, "ok": True, "buffers": list(buffers), "body": body, **fields}
    return decode_reply(
        1, document, bytearray(blob), sent=sent, make_handle=lambda h: h, limits=LIMITS
    )[1]


@pytest.mark.parametrize(
    "header",
    [
        HEADER.pack(b"NOPE", 1, 0, 2, 0),
        HEADER.pack(MAGIC, 2, 0, 2, 0),
        HEADER.pack(MAGIC, 1, 1, 2, 0),
        HEADER.pack(MAGIC, 1, 0, 1 << 31, 0),
        HEADER.pack(MAGIC, 1, 0, 2, 1 << 60),
    ],
    ids=["magic", "version", "reserved", "huge-json", "huge-blob"],
)
def test_a_bad_header_is_refused_before_anything_is_allocated(header):
    with pytest.raises(ProtocolError):
        split_header(header, LIMITS)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"id": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" + b"1," * 300_000 + b"1]",
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "list", "open", "bytes", "nan", "deep", "deep-objects", "many", "digits"],
)
def test_a_text_that_is_no_small_json_object_is_refused(text):
    with pytest.raises(ProtocolError):
        parse_document(text, LIMITS)


@pytest.mark.parametrize(
    ("array", "blob_bytes"),
    [
        (["float64", [2], [8], 0, 0, True], 8),
        (["float64", [1], [8], 0, 8, True], 8),
        (["float64", [1], [8], 0, -8, True], 8),
        (["float64", [2], [-8], 0, 0, True], 16),
        (["float64", [1], [8], 1, 0, True], 8),
        (["float64", [1], [8], -1, 0, True], 8),
        (["float64", [-1], [8], 0, 0, True], 8),
        (["float64", [10**6, 10**6], [0, 0], 0, 0, True], 8),
        (["float64", [1] * 17, [8] * 17, 0, 0, True], 8),
        (["float64", [1], [8, 8], 0, 0, True], 8),
        (["float64", [1.0], [8], 0, 0, True], 8),
        (["float64", [True], [8], 0, 0, True], 8),
        (["object", [1], [8], 0, 0, True], 8),
        (["V8", [1], [8], 0, 0, True], 8),
        (["float64", [1], [8], 0], 8),
        (["float64", [0, 10**19], [8, 8], 0, 0, True], 8),
        ("float64", 8),
    ],
)
def test_an_array_that_lies_about_its_memory_is_refused(array, blob_bytes):
    with pytest.raises(ProtocolError):
        read({"a": array}, buffers=[[0, blob_bytes]], blob=bytes(blob_bytes))


@pytest.mark.parametrize(
    "entry",
    [[0, 9], [-1, 4], [0, -1], [0], "x", [0, 1, 2], ["request", 5], ["request", "0"], [0.0, 1]],
)
def test_a_buffer_table_that_points_elsewhere_is_refused(entry):
    with pytest.raises(ProtocolError):
        read(None, buffers=[entry], blob=bytes(8))


@pytest.mark.parametrize(
    "body",
    [
        {"x": 1},
        {"t": 1},
        {"t": [], "d": []},
        {},
        {"d": [[1]]},
        {"d": [[[1], 2]]},
        {"S": [[1]]},
        {"f": "1.0"},
        {"i": "0x" + "f" * 30_000},
        {"s": ["float64", "00"]},
        {"s": ["object", "00"]},
        {"b": "zz"},
        {"h": [1]},
        {"h": ["a", "b", "c", "d"]},
        {"D": "object"},
        {"l": [1]},
    ],
)
def test_a_value_that_is_none_is_refused(body):
    if body == {"l": [1]}:
        assert read(body) == slice(1)
        return
    with pytest.raises(ProtocolError):
        read(body)


def test_a_reply_to_another_request_is_refused():
    with pytest.raises(ProtocolError, match="another request"):
        read(None, number=2)


def test_bool_bytes_are_normalised():
    body = {"a": ["bool", [4], [1], 0, 0, True]}
    answer = read(body, buffers=[[0, 4]], blob=b"\x00\x01\x02\xff")
    assert answer.view(np.uint8).tolist() == [0, 1, 1, 1]


def test_bools_over_an_input_do_not_change_the_callers_floats():
    x = np.arange(4.0)
    body = {"a": ["bool", [32], [1], 0, 0, True]}
    read(body, buffers=[["request", 0]], sent_values=[x])
    assert np.array_equal(x, np.arange(4.0))


def test_an_answer_made_of_memory_that_was_never_sent_is_refused():
    secret = np.arange(8.0)
    gap = {"a": ["float64", [3], [16], 0, 8, True]}
    with pytest.raises(ProtocolError, match="never sent"):
        read(gap, buffers=[["request", 0]], sent_values=[secret[::2]])


def test_lone_surrogates_are_replaced():
    assert read("a\ud800b") == "a?b"


def test_a_handle_is_bounded():
    handle = read({"h": [1, "k" * 999, "c" * 999, "n" * 999]})
    assert handle == Handle(id=1, kind="k" * 40, class_name="c" * 100, note="n" * 200)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from("tdasficbSFlDhTx"), inner, max_size=2)
    ),
    max_leaves=20,
)


@given(body=JSON, buffers=st.lists(JSON, max_size=3), blob=st.binary(max_size=64))
@settings(deadline=None, max_examples=500)
def test_any_json_ends_in_data_or_a_protocol_error(body, buffers, blob):
    try:
        answer = read(body, buffers=buffers, blob=blob, sent_values=[np.arange(5.0)])
    except ProtocolError:
        return
    json.dumps(repr(answer))


@given(
    shape=st.lists(st.integers(-2, 40), max_size=4),
    strides=st.lists(st.integers(-64, 64), max_size=4),
    offset=st.integers(-8, 128),
    dtype=st.sampled_from(["float64", "bool", "int8", "complex128"]),
)
@settings(deadline=None, max_examples=500)
def test_no_layout_reaches_outside_its_buffer(shape, strides, offset, dtype):
    body = {"a": [dtype, shape, strides, 0, offset, True]}
    try:
        answer = read(body, buffers=[[0, 128]], blob=bytes(range(128)))
    except ProtocolError:
        return
    assert answer.tobytes() is not None
