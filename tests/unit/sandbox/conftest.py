"""Runs a function in a forked child: what a filter does to this process cannot be undone."""

import json
import os
import traceback

import pytest


@pytest.fixture
def in_child():
    """Return a function that runs another one in a child, and its JSON result or wait status."""

    def run(function):
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                answer = function()
            except BaseException:  # noqa: BLE001, RUF100 - all of it is the test's to see
                answer = traceback.format_exc()
            os.write(write_end, json.dumps(answer).encode())
            os._exit(0)
        os.close(write_end)
        with os.fdopen(read_end, "rb") as stream:
            data = stream.read()
        status = os.waitpid(pid, 0)[1]
        return json.loads(data) if data else {"signal": os.WTERMSIG(status)}

    return run
