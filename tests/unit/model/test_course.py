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
