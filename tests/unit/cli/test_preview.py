from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from nbjudge.cli.main import main
from nbjudge.cli.preview import lab_command
from tests.unit.authoring import conftest as authoring

course, slug = authoring.course, authoring.slug


def test_jupyterlab_is_opened_on_the_notebook():
    command = lab_command(Path("anywhere") / "lesson.ipynb", with_browser=False)

    assert command[1:4] == ["-m", "jupyterlab", "--LabApp.default_url=/lab/tree/lesson.ipynb"]
    assert "--no-browser" in command
    assert "--no-browser" not in lab_command(Path("lesson.ipynb"), with_browser=True)


def test_an_unknown_lesson_is_refused(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)

    assert main(["preview", "m9_l99_none"]) == 2
    assert "There is no lesson 'm9_l99_none'." in capsys.readouterr().err


@pytest.mark.long
def test_the_lesson_is_served_until_it_is_interrupted(course, slug):
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "nbjudge.cli.main", "preview", slug, "--no-browser"],
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        lines = iter(process.stdout)
        assert next(lines) == (f"{slug} as students see it; what you edit there is not kept.\n")
        address = next(m for m in map(_ADDRESS.search, lines) if m)
        url = f"{address[1]}/api/contents/{slug}.ipynb?token={address[2]}"
        assert json.loads(_fetched(url))["type"] == "notebook"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


_ADDRESS = re.compile(r"(http://(?:localhost|127\.0\.0\.1):\d+)/\S*token=(\w+)")


def _fetched(url):
    """Fetch from a server that may say its address a moment before it listens."""
    for _ in range(60):
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
                return answer.read()
        except urllib.error.URLError:
            time.sleep(0.5)
    raise AssertionError(f"nobody answers at {url}")
