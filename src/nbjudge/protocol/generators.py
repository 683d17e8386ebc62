"""Random generators on the wire: by state, so that both sides draw the same numbers.

The libraries index their own tables by positions inside a state without a
check, so every position is checked here before a state is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbjudge.protocol.frame import ProtocolError
from nbjudge.protocol.torch_values import loaded_torch

_BIT_GENERATORS = {
    kind.__name__: kind
    for kind in (
        np.random.PCG64,
        np.random.PCG64DXSM,
        np.random.MT19937,
        np.random.Philox,
        np.random.SFC64,
    )
}
_POSITIONS = {"MT19937": ("state", "pos", 624), "Philox": ("", "buffer_pos", 4)}
"""Bit generator -> (inner mapping, key, largest value) of its position in its own table."""
_TORCH = "torch"
_MERSENNE_WORDS = 624


def state_of(value: Any) -> tuple[str, object] | None:
    """Return (kind, state) of a numpy or torch generator; None for anything else."""
    if type(value) is np.random.Generator:
        name = type(value.bit_generator).__name__
        return (name, value.bit_generator.state) if name in _BIT_GENERATORS else None
    torch = loaded_torch()
    if torch is not None and type(value) is torch.Generator and value.device.type == "cpu":
        return _TORCH, value.get_state().numpy()
    return None


def generator_from(name: Any, state: Any) -> object:
    """Return a new generator in the given state.

    Raises:
        ProtocolError: If the state is not one that the generator can be in.
    """
    if name == _TORCH:
        return _torch_generator(state)
    bit_generator: Any = _BIT_GENERATORS[name]()
    inner, key, largest = _POSITIONS.get(name, ("", "", 0))
    if key:
        position = (state[inner] if inner else state)[key]
        if type(position) is not int or not 0 <= position <= largest:
            raise ProtocolError("a generator outside its own table")
    bit_generator.state = state
    return np.random.Generator(bit_generator)


def restore(before: object, after: object) -> None:
    """Put a generator into the state of another of the same kind."""
    old, new = state_of(before), state_of(after)
    if old is None or new is None or old[0] != new[0]:
        return
    if isinstance(before, np.random.Generator) and isinstance(new[1], Mapping):
        before.bit_generator.state = new[1]
    else:
        before.set_state(after.get_state())  # type: ignore[attr-defined]


def _torch_generator(state: Any) -> object:
    torch = loaded_torch()
    if torch is None or type(state) is not np.ndarray or state.dtype != np.uint8:
        raise ProtocolError("a generator of torch's that is none")
    generator = torch.Generator()
    if state.shape != (len(generator.get_state()),):
        raise ProtocolError("a generator state of another size")
    # The head of the state: seed (8 bytes), words left, flag (4 each), next word (8).
    left, following = int(state[8:12].view(np.int32)[0]), int(state[16:24].view(np.uint64)[0])
    if not 0 < left <= _MERSENNE_WORDS or left + following > _MERSENNE_WORDS + 1:
        raise ProtocolError("a generator outside its own table")
    generator.set_state(torch.from_numpy(state.copy()))
    return generator
