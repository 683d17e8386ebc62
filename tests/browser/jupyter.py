"""A real Jupyter server, started as the Makefile starts it, on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CONFIGURATION = """
c = get_config()
c.ServerApp.open_browser = False
c.ServerApp.ip = "127.0.0.1"
c.IdentityProvider.token = ""
c.ServerApp.password = ""
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
"""
"""Without a token only because nobody else reaches it; asks nothing of the network."""


def isolated_environment(folder: Path) -> dict[str, str]:
    """An environment in which Jupyter reads and writes below `folder` only."""
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "jupyter_server_config.py").write_text(_CONFIGURATION)
    (config / "jupyter_lab_config.py").write_text(_CONFIGURATION)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "MAKE"))}
    scripts = Path(sys.executable).parent
    return {
        **kept,
        "HOME": str(folder),
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }


@contextlib.contextmanager
def serving(target: str, checkout: Path, state: Path) -> Iterator[str]:
    """Run `make lab` or `make grader` in `checkout`; yield the server's address.

    Args:
        target: The Makefile's.
        checkout: A folder with what the target needs; gets a link to this `.venv`.
        state: Where Jupyter keeps its own files, and its log.
    """
    with contextlib.suppress(FileExistsError):
        (checkout / ".venv").symlink_to(sys.prefix)
    port = _free_port()
    # -o: what is installed is what is tested.
    command = ["make", "-f", str(ROOT / "Makefile"), "-o", ".venv/installed", target]
    arguments = f"LAB_ARGS=--no-browser --ServerApp.port={port} --ServerApp.port_retries=0"
    log = state / "server.log"
    environment = isolated_environment(state)
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*command, arguments],
            cwd=checkout,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path, most_s: float = 120) -> None:
    deadline = time.monotonic() + most_s
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url):  # noqa: S310 - our own
            return
        time.sleep(0.3)
    raise AssertionError(f"Jupyter did not start:\n{log.read_text(errors='replace')[-4000:]}")
