import pytest

from nbjudge.authoring.sample_class import SampleStudent
from nbjudge.cli.demo import ALLOW, check_marks, copy_course, hand_in
from nbjudge.errors import UserError
from nbjudge.model import Course

HEADER = "student_id,score,max_score\n"


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course root"
    (root / "course").mkdir(parents=True)
    (root / "course" / "course.toml").write_text(
        'id = "c"\ntitle = "C"\nmodules = []\nlessons = []\n'
    )
    (root / "solutions" / "__pycache__").mkdir(parents=True)
    (root / "solutions" / "a.py").write_text("answer = 42\n")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    (root / "gradebook.db").write_text("somebody's marks")
    return Course.load(root)


def student(name, deserves):
    return SampleStudent(
        name=name, handed_in="solution", file_name="a.ipynb", content=b"{}", deserves=deserves
    )


def test_the_copy_allows_the_weak_sandbox_and_the_course_does_not(course, tmp_path):
    copy_course(course, tmp_path / "demo")

    assert ALLOW in (tmp_path / "demo" / "nbgrader_config.py").read_text()
    assert (course.root / "nbgrader_config.py").read_text() == "c = get_config()\n"


def test_the_copy_holds_the_course_and_nobodys_marks(course, tmp_path):
    copy_course(course, tmp_path / "demo")

    assert (tmp_path / "demo" / "solutions" / "a.py").read_text() == "answer = 42\n"
    assert not (tmp_path / "demo" / "solutions" / "__pycache__").exists()
    assert not (tmp_path / "demo" / "gradebook.db").exists()


def test_an_earlier_demonstration_is_made_anew(course, tmp_path):
    copy_course(course, tmp_path / "demo")
    (tmp_path / "demo" / "marks.csv").write_text("old")
    copy_course(course, tmp_path / "demo")

    assert not (tmp_path / "demo" / "marks.csv").exists()


def test_a_folder_that_is_no_demonstration_is_left_alone(course, tmp_path):
    precious = tmp_path / "thesis"
    precious.mkdir()
    (precious / "chapter.tex").write_text("years of work")

    with pytest.raises(UserError) as error:
        copy_course(course, precious)

    assert str(error.value) == (
        "The demonstration would replace a folder that it did not make.\n"
        f"  where: {precious}\n"
        "  to cure it: name another one: nbjudge demo --folder NAME."
    )
    assert (precious / "chapter.tex").exists()


def test_everybody_hands_in_where_nbgrader_looks(tmp_path):
    hand_in([student("ada", "full marks")], tmp_path, "m1_l05")

    assert (tmp_path / "submitted" / "ada" / "m1_l05" / "a.ipynb").read_bytes() == b"{}"
    assert (tmp_path / "class.csv").read_text().splitlines()[1] == "ada,solution,full marks"


@pytest.mark.parametrize(
    ("deserves", "score", "complaint"),
    [
        ("full marks", "6.0", ""),
        ("full marks", "5.9", "ada (solution): less, not full marks"),
        ("less", "6.0", "ada (solution): full marks, not less"),
        ("less", "", "ada (solution): no mark, not less"),
        ("no mark", "", ""),
        ("no mark", "0.0", "ada (solution): less, not no mark"),
    ],
)
def test_a_mark_that_is_not_deserved_is_named(tmp_path, deserves, score, complaint):
    marks = tmp_path / "marks.csv"
    marks.write_text(f"{HEADER}ada,{score},6.0\n", encoding="utf-8-sig")

    assert check_marks([student("ada", deserves)], marks) == ((complaint,) if complaint else ())


def test_a_student_who_is_not_in_the_file_has_no_mark(tmp_path):
    (tmp_path / "marks.csv").write_text(HEADER)

    complaints = check_marks([student("ada", "full marks")], tmp_path / "marks.csv")

    assert complaints == ("ada (solution): no mark, not full marks",)
