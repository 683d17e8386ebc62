"""The processes that judge a class: they work, and they end with whoever is stopped."""

from __future__ import annotations

import multiprocessing
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack

import pytest

from nbjudge.cli._judging_pool import judging_pool


def test_a_process_of_the_pool_leaves_ctrl_c_to_the_one_that_started_it():
    with judging_pool(1) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() is signal.SIG_IGN


@pytest.mark.parametrize("stop", [KeyboardInterrupt, GeneratorExit])
def test_whoever_is_stopped_ends_what_is_being_judged(stop: type[BaseException]):
    stack = ExitStack()
    endless = stack.enter_context(judging_pool(1)).submit(time.sleep, 60)
    assert not stack.__exit__(stop, stop(), None)
    assert endless.cancelled() or isinstance(endless.exception(), BrokenProcessPool)
    assert not multiprocessing.active_children()
