"""Tensors, generators and torch's names over the wire, and what lies about them."""

import json
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nbjudge.protocol import torch_values
from nbjudge.protocol.frame import FrameLimits, ProtocolError
from nbjudge.protocol.message import (
    Gradients,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)
from nbjudge.protocol.torch_values import CARRIERS
from nbjudge.protocol.values import Handle

from .test_hostile_frames import read
from .test_round_trip import LIMITS, call, frame, handle

SIZES = st.lists(st.integers(0, 4), max_size=3)


@given(st.sampled_from(sorted(CARRIERS)), SIZES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_tensors_of_every_dtype_survive_bit_for_bit(name, size, random):
    dtype = getattr(torch, name)
    count = int(np.prod(size)) * dtype.itemsize
    raw = bytes(random.randrange(2) for _ in range(count))
    tensor = torch.frombuffer(bytearray(raw), dtype=dtype) if raw else torch.empty(0, dtype=dtype)
    tensor = tensor.reshape(size)
    answer, _, _ = call(lambda x: x.clone(), tensor)
    assert type(answer) is torch.Tensor
    assert (answer.dtype, answer.shape) == (tensor.dtype, tensor.shape)
    assert bits(answer) == bits(tensor)


def bits(tensor):
    return bytes(tensor.reshape(-1).view(torch.uint8).numpy()) if tensor.numel() else b""


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x[:, ::2],
        lambda x: x.T,
        lambda x: x[0].expand(5, 6),
        lambda x: x[1:1],
        lambda x: x[2, 3],
        lambda x: torch.view_as_complex(x.reshape(4, 3, 2)).conj(),
    ],
    ids=["every-other-column", "transposed", "expanded", "empty", "scalar", "conjugate"],
)
def test_views_keep_their_values_and_strides(view):
    tensor = view(torch.arange(24.0).reshape(4, 6))
    answer, (after,), _ = call(lambda x: x.clone(), tensor)
    assert torch.equal(answer, tensor)
    if not tensor.is_conj():
        assert after.stride() == tensor.stride()


def test_a_result_on_an_inputs_memory_is_on_the_callers():
    x = torch.zeros(4, dtype=torch.bfloat16)
    answer, _, _ = call(lambda t: t[1:].add_(1), x)
    answer += 1
    assert x.tolist() == [0.0, 2.0, 2.0, 2.0]


def test_a_tensor_and_an_array_may_share_memory():
    array = np.zeros(3)
    answer, _, _ = call(lambda a, t: (a.fill(2), t.sum().item())[1], array, torch.from_numpy(array))
    assert answer == 6.0
    assert array.tolist() == [2.0, 2.0, 2.0]


def test_a_parameter_arrives_as_a_tensor_with_its_gradient():
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.full((2,), 5.0)
    answer, _, _ = call(lambda: parameter)
    assert type(answer) is torch.Tensor
    assert answer.requires_grad
    assert answer.grad.tolist() == [5.0, 5.0]


class Lying(torch.Tensor):
    """Says yes to everything."""

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return True


@pytest.mark.parametrize(
    "value",
    [
        torch.ones(2).as_subclass(Lying),
        torch.eye(2).to_sparse(),
        torch.ones(2, device="meta"),
    ],
    ids=["subclass", "sparse", "meta"],
)
def test_what_is_no_plain_tensor_becomes_a_handle(value):
    answer, _, _ = call(lambda: value)
    assert answer == handle(value)


def test_torchs_names_keep_their_type():
    values = (torch.float8_e5m2, torch.Size([2, 0]), torch.device("cuda:0"))
    answer, _, _ = call(lambda x: x, values)
    assert answer == values
    assert [type(v) for v in answer] == [type(v) for v in values]


def test_a_tensor_for_a_judge_without_torch_is_a_handle():
    sent = encode_request(3, "call", (1,), handle_for=None, tensors=False)
    request = decode_request(*frame(sent.pieces), make_handle=lambda h: h, limits=LIMITS)
    reply = encode_reply(request, ok=True, body=torch.ones(1), handle_for=handle)
    document, blob = frame(reply)
    _, answer = decode_reply(3, document, blob, sent=sent, make_handle=lambda h: h, limits=LIMITS)
    assert type(answer) is Handle


def test_a_judge_without_torch_imports_none(monkeypatch):
    monkeypatch.setattr(torch_values, "loaded_torch", lambda: None)
    node = {"T": ["float32", [1], [4], 0, 0, 0, None]}
    with pytest.raises(ProtocolError, match="there is no torch here"):
        read(node, buffers=[[0, 4]], blob=bytes(4))


def test_results_of_recorded_operations_are_told_apart():
    x = torch.ones(2, requires_grad=True)
    sent = encode_request(3, "call", (x,), handle_for=None)
    request = decode_request(*frame(sent.pieces), make_handle=lambda h: h, limits=LIMITS)
    (leaf,) = request.requiring
    reply = encode_reply(request, ok=True, body=[leaf * 2, torch.ones(1), leaf], handle_for=handle)
    found = Gradients()
    document, blob = frame(reply)
    _, (result, plain, _) = decode_reply(
        3, document, blob, sent=sent, make_handle=lambda h: h, limits=LIMITS, gradients=found
    )
    assert found.results[0] is result
    assert not result.requires_grad
    assert not plain.requires_grad
    assert len(found.leaves) == 1


@pytest.mark.parametrize(
    "content",
    [
        ["float32", [1], [4], 0, 0, 0],
        ["float32", [1], [4], 0, 0, 9, None],
        ["float32", [1], [4], 0, 0, "1", None],
        ["float32", [2], [-4], 0, 4, 0, None],
        ["float32", [2], [3], 0, 0, 0, None],
        ["float32", [9], [4], 0, 0, 0, None],
        ["int64", [1], [8], 0, 0, 1, None],
        ["int64", [1], [8], 0, 0, 2, None],
        ["qint8", [1], [1], 0, 0, 0, None],
        ["Tensor", [1], [1], 0, 0, 0, None],
        ["float32", [1], [4], 0, 0, 1, {"T": ["float32", [2], [4], 0, 0, 0, None]}],
        ["float32", [1], [4], 0, 0, 1, {"d": []}],
        [
            *["float32", [1], [4], 0, 0, 1],
            {"T": ["float32", [1], [4], 0, 0, 0, {"T": ["float32", [1], [4], 0, 0, 0, None]}]},
        ],
    ],
)
def test_a_tensor_that_lies_is_refused(content):
    with pytest.raises(ProtocolError):
        read({"T": content}, buffers=[[0, 8]], blob=bytes(8))


def test_a_tensor_off_its_alignment_is_copied_to_one():
    answer = read({"T": ["float32", [1], [4], 0, 1, 0, None]}, buffers=[[0, 8]], blob=bytes(8))
    assert answer.data_ptr() % 4 == 0


def test_bool_bytes_of_a_tensor_are_normalised():
    node = {"T": ["bool", [4], [1], 0, 0, 0, None]}
    answer = read(node, buffers=[[0, 4]], blob=b"\x00\x01\x02\xff")
    assert answer.view(torch.uint8).tolist() == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "node",
    [
        {"E": "Tensor"},
        {"E": ["float32"]},
        {"V": "cuda:99"},
        {"V": 1},
        {"Z": [1.5]},
        {"Z": [1 << 80]},
        {"Z": "ab"},
        {"k": [1, "f"]},
        {"k": ["1", "f"]},
        {"k": [1]},
    ],
)
def test_a_name_that_is_none_is_refused(node):
    if node == {"k": [1, "f"]}:
        assert read(node).name == "f"  # it is looked up by whoever lent it
        return
    with pytest.raises(ProtocolError):
        read(node)


def test_many_arrays_over_the_same_bytes_are_refused():
    node = {"a": ["int8", [1 << 19], [0], 0, 0, True]}
    with pytest.raises(ProtocolError, match="again and again"):
        read([node] * 10, buffers=[[0, 1]], blob=bytes(1))


def test_a_request_buffer_that_comes_back_twice_is_refused():
    with pytest.raises(ProtocolError, match="never sent"):
        read(None, buffers=[["request", 0], ["request", 0]], sent_values=[np.ones(2)])


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_a_numpy_generator_goes_on_where_it_was(kind):
    generator = np.random.Generator(getattr(np.random, kind)(5))
    generator.random(3)
    twin = pickle.loads(pickle.dumps(generator))  # noqa: S301 - our own
    numbers, (after,), _ = call(lambda g: g.random(4), generator)
    assert numbers.tolist() == twin.random(4).tolist()
    assert after.random() == twin.random()


def test_a_torch_generator_goes_on_where_it_was():
    generator, twin = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    numbers, (after,), _ = call(lambda g: torch.randn(5, generator=g), generator)
    assert torch.equal(numbers, torch.randn(5, generator=twin))
    assert torch.equal(after.get_state(), twin.get_state())


def pairs(state):
    return {"d": [[k, pairs(v) if isinstance(v, dict) else v] for k, v in state.items()]}


@pytest.mark.parametrize("position", [-1, 625, 1 << 40, 1.0, None])
def test_a_mersenne_twister_outside_its_table_is_refused(position):
    state = {"bit_generator": "MT19937", "state": {"key": [0] * 624, "pos": position}}
    with pytest.raises(ProtocolError):
        read({"g": ["MT19937", pairs(state)]})


@pytest.mark.parametrize("position", [-1, 5, 1 << 40])
def test_a_philox_outside_its_buffer_is_refused(position):
    state = np.random.Philox(1).state
    inner = {k: {"t": [int(n) for n in v]} for k, v in state["state"].items()}
    node = {
        "d": [
            *[["bit_generator", "Philox"], ["state", {"d": [[k, v] for k, v in inner.items()]}]],
            *[["buffer", [0, 0, 0, 0]], ["buffer_pos", position]],
            *[["has_uint32", 0], ["uinteger", 0]],
        ]
    }
    with pytest.raises(ProtocolError):
        read({"g": ["Philox", node]})


@pytest.mark.parametrize(("left", "following"), [(0, 0), (625, 0), (624, 600), (1, 1 << 40)])
def test_a_torch_generator_outside_its_table_is_refused(left, following):
    state = torch.Generator().get_state().numpy()
    state[8:12] = np.frombuffer(np.int32(left).tobytes(), np.uint8)
    state[16:24] = np.frombuffer(np.uint64(following).tobytes(), np.uint8)
    node = {"g": ["torch", {"a": ["uint8", [5056], [1], 0, 0, True]}]}
    with pytest.raises(ProtocolError, match="outside its own table"):
        read(node, buffers=[[0, 5056]], blob=state.tobytes())


@pytest.mark.parametrize(
    "node",
    [{"g": ["os", {}]}, {"g": ["PCG64", 1]}, {"g": ["torch", 1]}, {"g": ["SeedSequence", {}]}],
)
def test_a_generator_that_is_none_is_refused(node):
    with pytest.raises(ProtocolError):
        read(node)


NODES = st.recursive(
    st.none() | st.integers(-9, 9) | st.sampled_from(["float32", "bool", "MT19937", "torch", ""]),
    lambda inner: (
        st.lists(inner, max_size=7)
        | st.dictionaries(st.sampled_from("TEVZgkad"), inner, min_size=1, max_size=1)
    ),
    max_leaves=30,
)
LAYOUT = st.tuples(
    st.sampled_from(["float32", "bfloat16", "bool", "int64", "complex64"]),
    st.lists(st.integers(-1, 5), max_size=3),
    st.lists(st.integers(-8, 16), max_size=3),
    st.integers(-1, 2),
    st.integers(-4, 40),
    st.integers(-1, 3),
    st.none() | NODES,
)


@given(body=NODES | LAYOUT.map(lambda content: {"T": list(content)}), blob=st.binary(max_size=64))
@settings(deadline=None, max_examples=500)
def test_any_node_ends_in_data_or_a_protocol_error(body, blob):
    try:
        answer = read(body, buffers=[[0, len(blob)]], blob=blob, sent_values=[torch.ones(3)])
    except ProtocolError:
        return
    json.dumps(repr(answer))


@given(body=NODES, buffers=st.lists(NODES, max_size=3), blob=st.binary(max_size=16))
@settings(deadline=None, max_examples=300)
def test_any_callback_ends_in_data_or_a_protocol_error(body, buffers, blob):
    document = {"id": 1, "op": "call", "tensors": True, "buffers": buffers, "body": body}
    limits = FrameLimits(blob_bytes=1 << 16)
    try:
        request = decode_request(
            document, bytearray(blob), make_handle=str, limits=limits, from_worker=True
        )
    except ProtocolError:
        return
    assert request.id == 1


def test_a_callback_with_too_many_buffers_is_refused():
    document = {"id": 1, "op": "call", "buffers": [[0, 0]] * 300, "body": None}
    with pytest.raises(ProtocolError, match="too many buffers"):
        decode_request(
            document, bytearray(), make_handle=str, limits=FrameLimits(), from_worker=True
        )


def test_a_callback_whose_buffers_overlap_is_refused():
    document = {"id": 1, "op": "call", "buffers": [[0, 8], [0, 8]], "body": None}
    with pytest.raises(ProtocolError, match="overlap"):
        decode_request(
            document, bytearray(8), make_handle=str, limits=FrameLimits(), from_worker=True
        )
