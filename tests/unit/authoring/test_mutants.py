from textwrap import dedent

import pytest

from nbjudge.authoring.mutants import mutants_of


def changed(source, exercise="f", others=()):
    found = mutants_of(dedent(source), exercise, [exercise, *others])
    return {(m.kind, m.after) for m in found}


@pytest.mark.parametrize(
    ("line", "kind", "after"),
    [
        ("return a - b", "arithmetic operator", "return a + b"),
        ("return a - b", "dropped operand", "return a"),
        ("return a < b", "comparison", "return a <= b"),
        ("return a == b", "comparison", "return a != b"),
        ("return a and b", "logical operator", "return a or b"),
        ("return -a", "sign or negation", "return a"),
        ("return a[0]", "keyword value or constant", "return a[1]"),
        ("return a[0]", "keyword value or constant", "return a[(-1)]"),
        ("return a.sum(axis=-1)", "keyword value or constant", "return a.sum(axis=-0)"),
        (
            "return a.sum(keepdims=True)",
            "keyword value or constant",
            "return a.sum(keepdims=False)",
        ),
        ("return a.sum(keepdims=True)", "removed keyword", "return a.sum()"),
        ("return a.sum()", "another function", "return a.mean()"),
        ("return a / np.sqrt(b + 1)", "dropped call", "return a / (b + 1)"),
        ("return a.astype(float)", "dropped call", "return a"),
        ("return np.outer(a, b)", "swapped arguments", "return np.outer(b, a)"),
        ("a += b", "removed statement", "pass"),
        ("a += b", "arithmetic operator", "a -= b"),
        ("a.append(b)", "removed statement", "pass"),
        ("return a if b else 0", "negated condition", "return a if not (b) else 0"),
    ],
)
def test_a_small_change_makes_a_mutant(line, kind, after):
    assert (kind, after) in changed(f"def f(a, b):\n    {line}\n")


def test_neither_annotations_nor_docstrings_nor_decorators_change():
    source = '''
        @cached(size=3)
        def f(a: Array[3] = None, b: "x + 1" = None) -> Array[1 + 2]:
            """Return 1 + 2."""
            return a
    '''
    assert changed(source) == set()


def test_what_the_answer_calls_is_mutated_but_no_other_answer():
    source = """
        def f(a):
            return helper(a)

        def helper(a):
            return g(a) + 1

        def g(a):
            return a * 7

        def unused(a):
            return a * 9
    """
    after = {code for _, code in changed(source, others=["g"])}

    assert "return g(a) + 2" in after
    assert not any("7" in code or "9" in code or "a * " in code for code in after)


def test_mutants_are_programs_that_differ_from_the_solution_and_from_each_other():
    source = "def f(a, b):\n    return (a + b) * (a + b) / max(a, b, key=abs)\n"
    sources = [mutant.source for mutant in mutants_of(source, "f", ["f"])]

    assert len(sources) == len(set(sources)) > 8
    assert source not in sources
    for text in sources:
        compile(text, "mutant", "exec")


def test_an_id_outlives_an_edit_elsewhere():
    source = "def f(a):\n    b = a + 1\n    return b * 3\n"
    edited = "import math\n\n\ndef f(a):\n    b = a + 1\n    c = b\n    return b * 3\n"

    def ids(text):
        return {m.after: m.id for m in mutants_of(text, "f", ["f"])}

    assert ids(source)["return b / 3"] == ids(edited)["return b / 3"]
    assert len(set(ids(source).values())) == len(ids(source))
