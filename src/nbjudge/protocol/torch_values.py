"""What torch adds to the values of the wire: tensors, dtypes, sizes, devices.

torch is never imported by the judge's side of this module: where a suite does
not use it, it is not loaded, and a peer's tensor is refused. A tensor travels as
a numpy array over the same memory; a dtype that numpy lacks is reinterpreted.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np

from nbjudge.protocol.frame import ProtocolError
from nbjudge.protocol.memory import Array

_REINTERPRETED = {
    "bfloat16": "int16",
    "float8_e4m3fn": "uint8",
    "float8_e5m2": "uint8",
}
"""torch's dtypes that numpy lacks, and the integers that carry their bits."""
CARRIERS = {
    name: np.dtype(_REINTERPRETED.get(name, name))
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
        *("float8_e4m3fn", "float8_e5m2"),
    )
}
"""Name of a torch dtype -> dtype of the numpy array that carries a tensor."""
_DEVICES = ("cpu", "cuda", "cuda:0", "meta", "mps", "mps:0")


def loaded_torch() -> Any:
    """Return torch if this process has imported it, else None."""
    torch = sys.modules.get("torch")
    return torch if hasattr(torch, "Tensor") else None


def import_torch() -> bool:
    """Import torch for a peer who sends tensors; say whether it is there. Only workers do this."""
    try:
        importlib.import_module("torch")
    except ImportError:
        return False
    return True


def is_plain_tensor(value: object) -> bool:
    """Say whether a value is exactly a Tensor or Parameter, dense and in ordinary memory."""
    torch = loaded_torch()
    if torch is None or type(value) not in (torch.Tensor, torch.nn.Parameter):
        return False
    tensor: Any = value
    return (
        tensor.device.type == "cpu"
        and tensor.layout is torch.strided
        and dtype_name(tensor.dtype) in CARRIERS
    )


def dtype_name(dtype: object) -> str:
    """Return "float32" for torch.float32."""
    return str(dtype).removeprefix("torch.")


def carrier(tensor: Any) -> Array:
    """Return a numpy array over the memory of a plain tensor; a lazy conjugate is resolved."""
    torch = loaded_torch()
    bare = tensor.detach().resolve_conj().resolve_neg()
    bits = _REINTERPRETED.get(dtype_name(tensor.dtype))
    array: Array = (bare if bits is None else bare.view(getattr(torch, bits))).numpy()
    return array


def tensor_over(array: Array, name: str) -> Any:
    """Return a tensor over the memory of the array that carries it.

    Raises:
        ProtocolError: If no tensor has such a layout, or torch is not loaded here.
    """
    torch = loaded_torch()
    if torch is None:
        raise ProtocolError("a tensor, and there is no torch here")
    if not array.size:
        return torch.empty(array.shape, dtype=getattr(torch, name))
    size = array.itemsize
    if any(s < 0 or s % size for s in array.strides):
        raise ProtocolError("a tensor whose strides no tensor has")
    if not array.flags.aligned:
        array = array.copy()
    tensor = torch.from_numpy(array)
    return tensor.view(getattr(torch, name)) if name in _REINTERPRETED else tensor


def encode_torch_name(value: object) -> dict[str, Any] | None:
    """Return a torch dtype, size or device as JSON; None if it is no such thing."""
    torch = loaded_torch()
    if torch is None:
        return None
    kind = type(value)
    if kind is torch.Size:
        return {"Z": list(value)}  # type: ignore[call-overload]
    if kind is torch.dtype and dtype_name(value) in CARRIERS:
        return {"E": dtype_name(value)}
    if kind is torch.device and str(value) in _DEVICES:
        return {"V": str(value)}
    return None


def decode_dtype(content: Any) -> object:
    """Return a torch dtype; raises KeyError for an unknown name."""
    return getattr(_required_torch(), content) if CARRIERS[content] is not None else None


def decode_device(content: Any) -> object:
    """Return a torch device."""
    if content not in _DEVICES:
        raise ProtocolError("a device that is none")
    return _required_torch().device(content)


def decode_size(content: Any) -> object:
    """Return a torch.Size."""
    if type(content) is not list or any(type(n) is not int or abs(n) >> 62 for n in content):
        raise ProtocolError("a size that is none")
    return _required_torch().Size(content)


def _required_torch() -> Any:
    torch = loaded_torch()
    if torch is None:
        raise ProtocolError("a value of torch's, and there is no torch here")
    return torch
