"""Resource limits, set in a forked child."""

import os
import resource

from nbjudge.model import Limits
from nbjudge.sandbox.rlimits import address_space_bytes, apply_rlimits

LIMITS = Limits(memory_bytes=1 << 30, file_bytes=1 << 20, open_files=64, total_wall_s=10.0)


def test_each_limit_is_soft_and_hard(in_child):
    def act():
        apply_rlimits(LIMITS, threads=32)
        names = ("AS", "FSIZE", "NOFILE", "CPU", "CORE", "NPROC")
        return {n: list(resource.getrlimit(getattr(resource, f"RLIMIT_{n}"))) for n in names}

    assert in_child(act) == {
        "AS": [1 << 30] * 2,
        "FSIZE": [1 << 20] * 2,
        "NOFILE": [64] * 2,
        "CPU": [11] * 2,
        "CORE": [1] * 2,
        "NPROC": [32] * 2,
    }


def test_address_space_that_is_taken_already_is_not_counted(in_child):
    def act():
        taken = address_space_bytes()
        apply_rlimits(LIMITS, taken_bytes=taken)
        bytearray(900 << 20)
        return [taken > 10 << 20, resource.getrlimit(resource.RLIMIT_AS)[0] == taken + (1 << 30)]

    assert in_child(act) == [True, True]


def test_a_process_table_may_lie_elsewhere(in_child):
    def act():
        return abs(address_space_bytes(os.open("/proc", os.O_RDONLY)) - address_space_bytes())

    assert in_child(act) < 1 << 20


def test_a_lower_limit_stays(in_child):
    def act():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
        apply_rlimits(LIMITS)
        return list(resource.getrlimit(resource.RLIMIT_NOFILE))

    assert in_child(act) == [32, 32]


def test_threads_are_left_alone_unless_asked(in_child):
    before = list(resource.getrlimit(resource.RLIMIT_NPROC))

    def act():
        apply_rlimits(LIMITS)
        return list(resource.getrlimit(resource.RLIMIT_NPROC))

    assert in_child(act) == before
