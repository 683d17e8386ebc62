import pytest

from nbjudge.authoring.worked_examples import (
    read_worked_examples,
    require_used,
    untrue_lines,
    with_example,
)
from nbjudge.errors import LessonError
from tests.unit.naming.sample import texts


def write(folder, text):
    (folder / "worked_examples.md").write_text(text)
    return read_worked_examples(folder)


def test_a_lesson_may_have_none(tmp_path):
    assert read_worked_examples(tmp_path) == {}


def test_each_section_is_an_example(tmp_path):
    assert write(
        tmp_path, "# For authors\n\n## one\n\nTwo.\n\n    1 + 1 = 2\n\n## two\nText.\n"
    ) == {
        "one": "Two.\n\n    1 + 1 = 2",
        "two": "Text.",
    }


@pytest.mark.parametrize(
    "line",
    [
        "(2 + 4 + 9) / 3 = 5",
        "mean = (2 + 4 + 9) / 3 = 5",
        "[2, 4, 9] - 5 = [-3, -1, 4]",
        "[[1, 3], [5, 7]] - [[2], [6]] = [[-1, 1], [-1, 1]]",
        "sqrt(26 / 3) = 2.944",
        "tanh([1, -1]) = [0.7616, -0.7616]",
        "no sides at all",
    ],
)
def test_what_is_equal_is_true(line):
    assert untrue_lines("    " + line) == []


@pytest.mark.parametrize(
    "line",
    [
        "(2 + 4 + 9) / 3 = 6",
        "mean = (2 + 4 + 9) / 3 = 6",
        "[2, 4, 9] - 5 = [-3, -1]",
        "sqrt(26 / 3) = 2.9",
        "unknown + 1 = 2",
        "1 + = 2",
        "__import__('os') = 1",
    ],
)
def test_what_is_not_equal_or_no_calculation_is_not(line):
    assert untrue_lines("    " + line) == [line]


def test_a_name_stands_for_its_value_in_the_lines_below():
    assert untrue_lines("    mean = 10 / 2 = 5\n\nThen\n\n    mean + 1 = 6") == []
    assert untrue_lines("    mean + 1 = 6\n    mean = 5") == ["mean + 1 = 6"]


def test_prose_is_not_worked_out():
    assert untrue_lines("The row has D = 3 features.") == []


def test_an_example_that_is_wrong_is_refused_with_its_line(tmp_path):
    with pytest.raises(LessonError) as caught:
        write(tmp_path, "## one\n\n    1 + 1 = 3\n")
    assert str(caught.value) == (
        "The worked example 'one' is not true: it says '1 + 1 = 3'.\n"
        f"  where: {tmp_path / 'worked_examples.md'}\n"
        "  to cure it: work the line out again; four digits are enough."
    )


def test_an_example_of_nothing_is_refused_with_what_there_is(tmp_path):
    with pytest.raises(LessonError) as caught:
        require_used({"the-formular": "text"}, {"the-formula", "by-sum"}, tmp_path)
    assert str(caught.value) == (
        "The worked example 'the-formular' belongs to no section and no misconception.\n"
        f"  where: {tmp_path / 'worked_examples.md'}\n"
        "  to cure it: name it after one of these: by-sum, the-formula."
    )


def test_a_misconceptions_own_example_is_preferred_to_that_of_its_paragraph():
    mistake = texts("by-sum", "scale_rows")
    shared = {mistake.paragraph: "of the paragraph"}

    assert with_example(mistake, {**shared, "by-sum": "its own"}).example == "its own"
    assert with_example(mistake, shared).example == "of the paragraph"
    assert with_example(mistake, {"other": "x"}).example == ""
