"""Which source is shipped for a hidden function, and what is refused."""

import sys
import types

import pytest

from nbjudge.errors import UserError
from nbjudge.suite.hidden import hidden

SUITE = '''
from __future__ import annotations
import math
import pytest
from nbjudge.suite.hidden import hidden
import solutions.tiny
from solutions.tiny import base

SCALE, OTHER = 2, pytest.approx(1)

def scaled(x):
    return SCALE * base(x)

@hidden
def answer(x):
    """Docstring."""
    return scaled(x) + math.floor(0.5)

@pytest.mark.parametrize("n", [1])
def test_nothing(n):
    assert n
'''


@pytest.fixture
def suite(tmp_path, monkeypatch):
    folder = tmp_path / "solutions"
    folder.mkdir()
    (folder / "tiny.py").write_text("import math\ndef base(x): return math.sqrt(x)\n")
    (tmp_path / "suite_of_tiny.py").write_text(SUITE)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [n for n in sys.modules if n.partition(".")[0] == "solutions"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "suite_of_tiny", raising=False)
    import suite_of_tiny  # noqa: PLC0415 - written a line ago

    yield suite_of_tiny
    for name in ("suite_of_tiny", "solutions.tiny", "solutions"):
        sys.modules.pop(name, None)


def run_cell(source, monkeypatch):
    """Run a shipped cell as a worker does: none of the course's modules is there."""
    kept = {n: m for n, m in sys.modules.items() if n.partition(".")[0] == "solutions"}
    for name in kept:
        monkeypatch.delitem(sys.modules, name)
    namespace = {}
    exec(source, namespace)  # noqa: S102 - our own cell
    return namespace["_entry"]


def test_it_runs_without_the_course(suite, monkeypatch):
    entry = run_cell(suite.answer.source, monkeypatch)
    assert entry is not suite.answer.__wrapped__
    assert entry(4) == 4.0


def test_only_what_it_uses_goes_along(suite):
    assert "test_nothing" not in suite.answer.source
    assert "tmp" not in suite.answer.source


def test_it_is_the_function_itself_for_an_author(suite):
    assert suite.answer(9) == 6.0
    assert suite.answer.__doc__ == "Docstring."


def test_a_function_of_a_solution_is_found_by_name(suite):
    assert hidden("solutions.tiny", "base")(4) == 2.0


@pytest.mark.parametrize(
    ("module", "name"), [("solutions.tiny", "no_such"), ("solutions.no_such", "base")]
)
def test_a_wrong_name_is_said(suite, module, name):
    with pytest.raises(UserError, match=f"There is no hidden function {module}.{name}"):
        hidden(module, name)


@pytest.mark.parametrize("code", [lambda x: x, len, types.SimpleNamespace()])
def test_what_has_no_source_of_its_own_is_refused(code):
    with pytest.raises(UserError, match="must be defined at the top level of a module"):
        _ = hidden(code).source
