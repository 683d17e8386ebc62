"""Resource limits, set in a forked child."""

import resource

from nbjudge.model import Limits
from nbjudge.sandbox.rlimits import apply_rlimits

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
