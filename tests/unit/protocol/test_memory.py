"""Large stretches of memory: none is taken before it is used, and changes are seen anywhere."""

import resource

import numpy as np
import pytest

from nbjudge.protocol.memory import large_buffer, unchanged


def test_a_large_buffer_takes_no_memory_before_it_is_written_to():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    buffer = large_buffer(1 << 30)
    buffer[:10] = bytes(range(10))
    assert bytes(buffer[:10]) == bytes(range(10))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


@pytest.mark.parametrize("place", [0, 1, (1 << 18) - 1, 1 << 18, 999_999])
def test_one_changed_byte_is_found_wherever_it_is(place):
    before = np.zeros(1_000_000, np.uint8)
    now = before.copy()
    assert unchanged(now, before)
    now[place] = 1
    assert not unchanged(now, before)
