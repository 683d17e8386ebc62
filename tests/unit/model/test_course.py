"""What course.toml may say, and what is refused."""

import pytest

from nbjudge.errors import UserError
from nbjudge.model import Course

MINIMAL = 'id = "c"\ntitle = "C"\nmodules = []\nlessons = []\n'


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "course").mkdir()
        (tmp_path / "course" / "course.toml").write_text(text)
        return Course.load(tmp_path)

    return read


def test_a_course_adds_no_packages_unless_it_says_so(read):
    assert read(MINIMAL).packages == ()


def test_a_course_names_packages_that_students_may_import(read):
    assert read('packages = ["scipy", "pandas"]\n' + MINIMAL).packages == ("scipy", "pandas")


def test_a_single_name_is_no_list_of_packages(read):
    with pytest.raises(UserError) as refusal:
        read('packages = "scipy"\n' + MINIMAL)
    assert refusal.value.message == (
        "course.toml cannot be read: packages must be a list such as [\"scipy\"]; got 'scipy'"
    )


def test_what_it_lacks_is_named(read):
    with pytest.raises(UserError) as refusal:
        read('id = "c"\ntitle = "C"\nmodules = []\n')
    assert refusal.value.message == "course.toml lacks 'lessons'."


LESSONS = 'lessons = [{slug = "m1_l01_a", title = "A"}, {slug = "m1_l02_b", title = "B"%s}]\n'
LESSONS = 'id = "c"\ntitle = "C"\nmodules = []\n' + LESSONS


def test_the_ladder_of_help_is_whole_unless_the_course_or_a_lesson_ends_it(read):
    assert [lesson.rungs for lesson in read(LESSONS % "").lessons] == [4, 4]


def test_a_lesson_ends_the_ladder_elsewhere_than_its_course(read):
    assert [lesson.rungs for lesson in read("rungs = 3\n" + LESSONS % ", rungs = 1").lessons] == [
        3,
        1,
    ]


@pytest.mark.parametrize("value", ["0", "5", "true", '"all"', "2.0"])
def test_a_rung_that_is_none_is_refused(read, value):
    with pytest.raises(UserError) as refusal:
        read(f"rungs = {value}\n" + LESSONS % "")
    assert refusal.value.message.startswith(
        "course.toml cannot be read: rungs must be a whole number from 1 to 4; got "
    )


def test_a_file_is_called_alike_on_every_machine(read):
    course = read(MINIMAL)
    assert course.relative(course.suite_folder("m1_l01_a") / "quiz.yaml") == (
        "grader_tests/m1_l01_a/quiz.yaml"
    )
