"""The table of system calls against the kernel's own header."""

import re
from pathlib import Path

import pytest

from nbjudge.sandbox.linux.allowed_calls import ALLOWED, PRETENDED
from nbjudge.sandbox.linux.syscall_numbers import NUMBERS, X86_64

HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


@pytest.mark.skipif(not HEADER.is_file(), reason="linux-libc-dev is not installed")
def test_x86_64_agrees_with_the_header():
    there = dict(re.findall(r"#define __NR_(\w+)\s+(\d+)", HEADER.read_text()))
    assert {name: int(there[name]) for name in X86_64 if name in there} == {
        name: number for name, number in X86_64.items() if name in there
    }
    # An older header lacks the newest calls, never the common ones.
    assert len(set(X86_64) & set(there)) > 150


@pytest.mark.parametrize("machine", NUMBERS)
def test_no_number_is_there_twice(machine):
    # aarch64 knows one call by two names.
    numbers = [n for name, n in NUMBERS[machine].items() if name != "fstatat"]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("machine", NUMBERS)
def test_what_the_filter_looks_up_by_name_has_a_number(machine):
    wanted = {"clone", "clone3", "fcntl", "ioctl", "kill", "openat", "prlimit64", "socketpair"}
    assert wanted | {"tgkill"} <= set(NUMBERS[machine])


def test_every_allowed_call_exists_somewhere():
    known = set().union(*NUMBERS.values())
    assert set(ALLOWED) | set(PRETENDED) <= known | {"fstatat"}
    assert not set(ALLOWED) & set(PRETENDED)
