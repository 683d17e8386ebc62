import sys
import textwrap

import pytest

from nbjudge.authoring.standalone import standalone_source
from nbjudge.errors import LessonError

MODULE = textwrap.dedent(
    """
    import math
    import numpy as np
    from nbjudge.naming.bank import alternative

    UNUSED = 1
    SCALE = 2.0


    def half(x):
        return x / SCALE


    @alternative("area")
    def einsum(r):
        total = np.einsum("i->", np.array([half(r), half(r)]))
        return math.pi * total**2


    @alternative("area")
    def countdown(r):
        return countdown(r - 1) if r else 0


    class Circle:
        def area(self, r):
            return einsum(r)


    def borrowed(r):
        return alternative(r)
    """
)


def run(source):
    namespace = {}
    exec(source, namespace)  # noqa: S102 - it is the text above
    return namespace


def test_a_definition_brings_all_that_it_uses_and_nothing_else():
    source = standalone_source(MODULE, "einsum")
    namespace = run(source)

    assert namespace["einsum"](1.0) == pytest.approx(3.14159, abs=1e-5)
    assert "UNUSED" not in source
    assert "countdown" not in source


def test_decorators_stay_behind():
    assert "alternative" not in standalone_source(MODULE, "einsum")


def test_another_name_is_bound_and_equal_words_stay():
    namespace = run(standalone_source(MODULE, "einsum", called="area"))

    assert namespace["area"](1.0) == namespace["einsum"](1.0)


def test_a_recursive_definition_stands_alone():
    assert run(standalone_source(MODULE, "countdown", called="area"))["area"](3) == 0


def test_a_class_stands_alone():
    assert run(standalone_source(MODULE, "Circle"))["Circle"]().area(1.0) > 3


def test_an_unknown_name_is_refused():
    with pytest.raises(LessonError) as error:
        standalone_source(MODULE, "square", context="alternatives.py")

    assert str(error.value) == "There is no definition of square.\n  where: alternatives.py"


def test_what_imports_from_the_course_cannot_stand_alone():
    with pytest.raises(LessonError) as error:
        standalone_source(MODULE, "borrowed", context="alternatives.py")

    assert str(error.value) == (
        "borrowed cannot stand alone: it uses `from nbjudge.naming.bank import alternative`.\n"
        "  where: alternatives.py\n"
        "  to cure it: define what it needs in its own module."
    )


def test_a_constant_from_the_course_is_written_out(tmp_path, monkeypatch):
    folder = tmp_path / "grader_tests"
    folder.mkdir()
    (folder / "shared_for_a_test.py").write_text("SIZES = {'small': 1e-5}\nOTHER = print\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "grader_tests", raising=False)
    source = (
        "from grader_tests.shared_for_a_test import OTHER, SIZES as S\n\n\n"
        "def add(x):\n    return x + S['small']\n"
    )

    alone = standalone_source(source, "add")

    assert alone.startswith("S = {'small': 1e-05}\n")
    assert run(alone)["add"](1.0) == 1.00001


def test_a_table_that_is_filled_later_keeps_its_definition():
    source = "key = 1\ntable = {}\ntable[key] = 2\n\n\ndef size():\n    return len(table)\n"

    assert "table = {}\n" in standalone_source(source, "size")


def test_a_name_that_a_branch_binds_brings_the_branch():
    source = "try:\n    from math import tau\nexcept ImportError:\n    tau = 6\n\n\n"
    source += "def turn():\n    return round(tau)\n"

    assert run(standalone_source(source, "turn"))["turn"]() == 6
