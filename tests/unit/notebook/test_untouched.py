from __future__ import annotations

import pytest

from nbjudge.notebook.untouched import is_untouched

RELEASED = '''def f(x):
    """Return one."""
    # YOUR CODE HERE
    raise NotImplementedError()
'''
RELEASED_CLASS = '''class F:
    """Counts."""
    rate: float = 1.0

    def add(self, x):
        """Add."""
        raise NotImplementedError()

    @property
    def mean(self):
        raise NotImplementedError()
'''


def untouched(*cells: str, others: tuple[str, ...] = (), name="f", answer="def f(x): return 1"):
    return is_untouched(name, solution_cells=cells, other_cells=others, answer=answer)


@pytest.mark.parametrize(
    "source",
    [
        RELEASED,
        "def f(x):\n    pass",
        "def f(x): ...",
        "# I will do this later\ndef f(x):\n    '''Doc.'''\n    raise NotImplementedError",
        "def other():\n    return 3\n\n" + RELEASED,
    ],
)
def test_a_placeholder_is_untouched(source):
    assert untouched(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return None",
        "def f(x):\n    y = x\n    raise NotImplementedError",
        "def f(x):\n    raise ValueError",
        "def f(x) return",
        RELEASED + "f = lambda x: 1",
        RELEASED + "globals()['f'] = max",
        RELEASED + "exec('def f(x): return 1')",
        "@wrap\n" + RELEASED,
        "f = 1",
        "def g(x): pass",
        "",
        "%time\n" + RELEASED,
        "def f(x): pass\n\0",
    ],
)
def test_anything_else_is_touched(source):
    assert not untouched(source)


def test_a_class_is_untouched_when_every_method_is():
    filled = RELEASED_CLASS.replace("raise NotImplementedError()", "return 1", 1)

    assert untouched(RELEASED_CLASS, name="F")
    assert not untouched(filled, name="F")


def test_a_decorator_of_the_stub_is_no_work_of_the_student():
    assert untouched("@jit\n" + RELEASED, answer="@jit\ndef f(x): return 1")


@pytest.mark.parametrize(
    "other",
    [
        "def f(x): return 1",
        "from mine import f",
        "from mine import *",
        "import g as f",
        "f = 2",
        "for f in []: pass",
        "exec('f = 1')",
        "%%time\ndef f(x): return 1",
    ],
)
def test_an_answer_in_another_cell_counts_as_work(other):
    assert not untouched(RELEASED, others=(other,))


def test_using_the_name_elsewhere_is_no_answer():
    assert untouched(RELEASED, others=("y = f(3)", "z = = 1"))


def test_of_two_copies_both_must_be_stubs():
    assert untouched(RELEASED, RELEASED)
    assert not untouched(RELEASED, "def f(x): return 1")


def test_no_solution_cell_is_not_untouched():
    assert not untouched()


@pytest.mark.parametrize(
    "deep",
    [
        "-" * 19_000 + "1",
        "(" * 9000,
        "a" + ".b" * 9000,
        "not " * 4000 + "1",
        "[" * 150 + "]" * 150,
        "lambda:" * 2500 + "1",
        "1" + "+1" * 9000,
        "x = 1\n" * 3000,
    ],
)
def test_source_built_to_hurt_the_parser_is_survived(deep):
    assert not untouched(f"@{deep}\ndef f(x): pass")
    assert untouched(RELEASED, others=(deep,))
