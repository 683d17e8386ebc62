"""What `nbjudge.sandbox.base.Sandbox` promises at every level."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from nbjudge.model import Outcome
from nbjudge.sandbox.base import Isolation, View, WorkerLost

from .conftest import LIMITS, Peer


def test_a_worker_runs_cells_and_answers_calls(peer):
    assert peer.run("import numpy as np\ndef double(x): return 2 * x") == (True, None)
    assert np.array_equal(peer.call("double", np.arange(3.0)), np.array([0.0, 2.0, 4.0]))


def test_it_is_another_process(peer):
    peer.run("import os")
    assert peer.value("os.getpid()") != os.getpid()


def test_an_exception_is_described_not_raised(peer):
    peer.run("def fail(): 1 / 0")
    description = peer.call("fail")
    assert description["type"] == "ZeroDivisionError"
    assert "ArithmeticError" in description["bases"]
    assert description["place"] == "cell 1, line 1"


def test_the_environment_holds_nothing_of_the_graders(peer, monkeypatch):
    names = peer.value("sorted(__import__('os').environ)")
    assert not {"USER", "LOGNAME", "SSH_AUTH_SOCK", "PYTHONPATH"} & set(names)
    assert "NBJUDGE_SANDBOX" in names


def test_standard_input_is_empty(peer):
    assert peer.value("__import__('sys').stdin.read()") == ""


@pytest.mark.parametrize(
    "source",
    [
        "1 + 1",
        "%matplotlib inline",
        "%timeit -n1 -r1 pass",
        "%%time\nx = 1",
        "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))",
        "import asyncio\nawait asyncio.sleep(0)",
        "import warnings\nwarnings.warn('careful')",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
        "?print",
        "%who",
        "!ls",
        "%pip install numpy",
        "files = !ls\nassert list(files) == []",
        "%%bash\nls",
    ],
)
def test_cells_run_as_in_a_notebook(peer, source):
    assert peer.run(source) == (True, None)


def test_what_a_cell_displays_is_not_drawn_for_nobody(peer):
    peer.run(
        "class Figure:\n"
        "    drawn = 0\n"
        "    def _repr_html_(self): Figure.drawn += 1; return 'drawn'\n"
        "Figure()"
    )
    assert peer.value("Figure.drawn") == 0
    assert "text/html" in peer.value("get_ipython().display_formatter.active_types")


def test_another_program_is_refused_in_words(peer):
    peer.run("!ls /")
    peer.run("import sys; sys.stdout.flush()")
    assert "!ls / is not run: no other program can be started" in peer.channel.output()


def test_the_keyboard_is_refused_in_words(peer):
    ok, error = peer.run("name = input('Who? ')")
    assert ok
    assert error["type"] == "EOFError"
    assert error["message"].startswith("input('Who? '): nobody is at the keyboard")


@pytest.mark.parametrize("source", ["exit", "exit()", "quit()"])
def test_leaving_the_notebook_ends_nothing(peer, source):
    assert peer.run(f"stayed = 1\n{source}\nstayed = 2") == (True, None)
    assert peer.value("stayed") == 2


def test_it_starts_in_an_empty_folder_it_may_write_to(peer):
    assert peer.value("__import__('os').listdir('.')") == []
    peer.run("open('mine', 'w').write('x')")
    assert peer.value("open('mine').read()") == "x"


def test_temporary_files_have_a_place(peer):
    assert peer.value("__import__('tempfile').TemporaryFile().write(b'x')") == 1
    assert peer.value("__import__('os').path.exists(__import__('tempfile').mkdtemp())") is True


def test_string_hashes_are_the_same_in_every_worker(sandbox):
    hashes = set()
    for _ in range(2):
        with sandbox.start(view=View.NUMPY, limits=LIMITS) as channel:
            hashes.add(Peer(channel).value("hash('layer norm')"))
    assert len(hashes) == 1


def test_the_random_state_is_the_same_before_every_call(peer):
    peer.run("import numpy as np\ndef draw(): return float(np.random.rand())")
    assert peer.call("draw") == peer.call("draw")


def test_computing_for_too_long_loses_the_worker(peer):
    peer.run("def spin():\n while True: pass")
    with pytest.raises(WorkerLost, match="of computing") as lost:
        peer.call("spin", cpu_s=0.3)
    assert lost.value.outcome is Outcome.TIMED_OUT


def test_sleeping_for_too_long_loses_the_worker(peer):
    peer.run("import time\ndef sleep(): time.sleep(1000)")
    with pytest.raises(WorkerLost, match=r"no answer after 0\.5 s") as lost:
        peer.call("sleep", wall_s=0.5)
    assert lost.value.outcome is Outcome.TIMED_OUT


def test_memory_is_bounded(peer):
    peer.run("import numpy as np\ndef eat(): return np.empty(10**10).size")
    assert peer.call("eat")["type"] == "MemoryError"


def test_what_the_interpreter_takes_is_not_counted(peer):
    # Interpreter and numpy take 140 MiB and more: counted, they would leave no room for this.
    peer.run("import numpy as np\ndef eat(): return np.empty(920 << 20, np.uint8).size")
    assert peer.value("eat()") == 920 << 20


def test_one_file_is_bounded(peer):
    peer.run("def fill():\n with open('big', 'wb') as f: f.write(bytes(10**7))")
    assert peer.call("fill")["type"] == "OSError"


def test_leaving_is_said_with_the_exit_code(peer):
    peer.run("import os\ndef leave(): os._exit(3)")
    with pytest.raises(WorkerLost, match=r"ended itself \(exit code 3\)"):
        peer.call("leave")


def test_a_crash_is_said_with_its_signal(peer):
    peer.run("import ctypes\ndef crash(): ctypes.string_at(0)")
    with pytest.raises(WorkerLost, match=r"crashed \(SIGSEGV\)"):
        peer.call("crash")


def test_output_is_kept_up_to_its_bound_and_blocks_nobody(peer):
    peer.run("print('x' * 10**6)")
    assert peer.channel.output() == "x" * 1000


def test_leaving_the_context_ends_the_worker_and_its_children(sandbox):
    marker = f"time.sleep({time.monotonic_ns()})"
    with sandbox.start(view=View.NUMPY, limits=LIMITS) as channel:
        Peer(channel).run(
            "import subprocess, sys\n"
            f"subprocess.Popen([sys.executable, '-c', 'import time; {marker}'])"
        )
    deadline = time.monotonic() + 5
    while _running(marker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _running(marker)


def test_no_descriptor_of_the_judges_is_open_in_the_worker(peer, tmp_path):
    with (tmp_path / "gradebook.db").open("w"):
        peer.run(
            "import os\n"
            "def targets():\n"
            "  links = []\n"
            "  for fd in range(64):\n"
            "    try: links.append(os.readlink(f'/proc/self/fd/{fd}'))\n"
            "    except OSError: pass\n"
            "  return links"
        )
        assert not [t for t in peer.call("targets") if "gradebook" in t]


def test_the_level_is_one_of_the_known_ones(sandbox):
    assert sandbox.isolation in set(Isolation)


def _running(marker):
    needle = marker.encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if needle in path.read_bytes():
                return True
        except OSError:
            continue
    return False
