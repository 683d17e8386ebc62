"""Attack: a notebook without a suite looks for what its tests' neighbours hold.

Its tests may be read and fooled, as in stock nbgrader; the gradebook, source
notebooks, the network, other programs and processes may not.
"""

import socket
import sqlite3

import pytest

from nbjudge.cells import CellsJob, run_cells
from nbjudge.model import Limits
from nbjudge.sandbox.registry import choose_sandbox

LOOK = """
import os, socket, subprocess
def attempt(act):
    try:
        act()
        return "done"
    except BaseException as error:
        return "refused"
def connect():
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
[attempt(act) for act in (
    lambda: open({gradebook!r}, "rb").read(1),
    lambda: open({source!r}).read(),
    lambda: open({gradebook!r}, "ab").write(b"x"),
    connect,
    lambda: subprocess.run(["/bin/true"], check=True),
    lambda: os.kill(os.getppid(), 9),
    lambda: open("/proc/1/environ", "rb").read(),
)]
"""


@pytest.mark.usefixtures("locked_down")
def test_cells_reach_nothing_but_their_own_folder(open_folder, tmp_path):

    gradebook, source = open_folder / "gradebook.db", open_folder / "source.ipynb"
    with sqlite3.connect(gradebook) as database:
        database.execute("create table grade (score)")
    source.write_text("the answer")
    before = gradebook.read_bytes()
    sandbox = choose_sandbox(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        look = LOOK.format(
            gradebook=str(gradebook), source=str(source), port=listener.getsockname()[1]
        )
        job = CellsJob(
            student="mallory",
            notebook="p1",
            sources=(look, "'still here'"),
            files=(),
            timeout_s=20,
            limits=Limits(),
        )
        try:
            done = run_cells(job, sandbox)
        finally:
            sandbox.close()

    assert not done.fault
    seen, after = (cell.outputs[-1]["data"]["text/plain"] for cell in done.cells)
    assert "done" not in seen
    assert seen.count("refused") == 7
    assert after == "'still here'"
    assert gradebook.read_bytes() == before
