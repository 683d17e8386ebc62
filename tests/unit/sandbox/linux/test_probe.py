"""The quick try of namespaces, against a host that has them and one that has not."""

import subprocess

import pytest

from nbjudge.sandbox.linux import probe
from nbjudge.sandbox.linux.syscalls import is_known_machine


@pytest.fixture(autouse=True)
def fresh():
    probe.why_no_namespaces.cache_clear()
    yield
    probe.why_no_namespaces.cache_clear()


def answer_with(monkeypatch, code, words):
    done = subprocess.CompletedProcess([], code, stdout=words, stderr="")
    monkeypatch.setattr(probe.subprocess, "run", lambda *a, **k: done)


def test_a_refusal_is_given_in_the_kernels_words(monkeypatch):
    answer_with(monkeypatch, 1, "\n[Errno 28] unshare: No space left on device\n")
    assert probe.why_no_namespaces() == "[Errno 28] unshare: No space left on device"


def test_an_end_without_words_is_told_by_its_exit_code(monkeypatch):
    answer_with(monkeypatch, -9, "")
    assert probe.why_no_namespaces() == "exit code -9"


@pytest.mark.skipif(not is_known_machine(), reason="Linux on a known processor")
def test_this_host_either_has_them_or_says_what_it_refuses():
    reason = probe.why_no_namespaces()
    assert reason == "" or "Errno" in reason
