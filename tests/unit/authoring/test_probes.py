import json
import textwrap
from itertools import count

import pytest

from nbjudge.authoring.probes import record_probes
from nbjudge.errors import LessonError
from nbjudge.model import Course
from nbjudge.naming.match import name_mistakes, right
from nbjudge.naming.observe import observe
from nbjudge.naming.probes import parse_probes

# Imported lessons stay in `sys.modules`: every course made here has its own slug.
_NUMBERS = count(1)

SOLUTION = """
    import numpy as np

    def scale_rows(x, gamma):
        return x / x.mean(axis=-1, keepdims=True) * gamma

    class Welford:
        def __init__(self):
            self.count, self.mean = 0, 0.0

        def update(self, value):
            if not np.isfinite(value):
                raise ValueError("not finite")
            self.count += 1
            self.mean += (value - self.mean) / self.count
"""
SUITE = """
    import numpy as np
    import pytest

    @pytest.mark.public(atol=1e-9)
    @pytest.mark.parametrize("size", [2, 3])
    def test_rows(student, size):
        '''Rows of a few features.

        More words.
        '''
        x = np.arange(1.0, size + 1)
        y = student.scale_rows(x, gamma=np.full(size, 2.0))
        assert y.shape == x.shape

    def test_hidden(student, rng):
        assert student.scale_rows(rng.random(3), 1.0).shape == (3,)
"""
WELFORD_SUITE = """
    import pytest

    @pytest.mark.public(kind="a short stream", rtol=1e-3)
    def test_stream(student):
        '''Two numbers.'''
        w = student.Welford()
        w.update(1.0)
        w.update(value=4.0)
        assert w.mean == 2.5

    @pytest.mark.public
    def test_refuses(student):
        '''An infinite number.'''
        w = student.Welford()
        w.update(2.0)
        with pytest.raises(ValueError):
            w.update(float("inf"))
        assert w.mean == 2.0
"""
BANK = """
    from nbjudge.naming.bank import misconception

    def scale_rows_variant(x, gamma, *, total=False, add=0.0):
        return x / (x.sum() if total else x.mean(axis=-1, keepdims=True)) * gamma + add

    TEXTS = dict(belief="b", explanation="e", question="q", hint="h", paragraph="p")
    TOTAL = misconception("by-sum", exercise="scale_rows", switches={"total": True}, **TEXTS)
    ADDS = misconception("adds-one", exercise="scale_rows", switches={"add": 1.0}, **TEXTS)
"""
ALTERNATIVES = """
    from nbjudge.naming.bank import alternative

    @alternative("scale_rows")
    def scale_first(x, gamma):
        return x * gamma / x.mean(axis=-1, keepdims=True)
"""


class Lesson:
    """A course of one lesson in a folder, whose parts a test replaces."""

    def __init__(self, root):
        self.slug = f"m9_l{next(_NUMBERS):02}_rows"
        self.root = root
        self.write(
            "course/course.toml",
            f"""
            id = "c"
            title = "C"
            modules = [{{number = 9, title = "M"}}]
            lessons = [{{slug = "{self.slug}", title = "T"}}]
        """,
        )
        self.solution(SOLUTION)
        self.grader("test_scale_rows.py", SUITE)
        self.grader("misconceptions.py", BANK)
        self.grader("alternatives.py", ALTERNATIVES)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(textwrap.dedent(text))

    def solution(self, text):
        self.write(f"solutions/{self.slug}.py", text)

    def grader(self, name, text):
        self.write(f"grader_tests/{self.slug}/{name}", text)

    def record(self):
        course = Course.load(self.root)
        return record_probes(course, course.lessons[0])

    def recorded(self):
        return parse_probes(self.record(), context="test").exercises

    def refusal(self):
        with pytest.raises(LessonError) as caught:
            self.record()
        return str(caught.value)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    return Lesson(tmp_path)


def test_public_cases_become_probes_and_hidden_ones_stay_hidden(lesson):
    (exercise,) = lesson.recorded().values()
    assert [p.case for p in exercise.probes] == ["test_rows[2]", "test_rows[3]"]
    probe = exercise.probes[0]
    assert (probe.title, probe.rtol, probe.atol) == ("Rows of a few features.", 1e-6, 1e-9)
    (step,) = probe.steps
    assert step.target == "scale_rows"
    assert step.args[0].tolist() == [1, 2]
    assert step.kwargs["gamma"].tolist() == [2, 2]
    assert probe.right[0].value.tolist() == pytest.approx([4 / 3, 8 / 3])
    assert probe.wrong["by-sum"][0].value.tolist() == pytest.approx([2 / 3, 4 / 3])
    assert set(probe.wrong) == {"by-sum", "adds-one", "by-sum + adds-one"}


def test_no_switch_reaches_the_public_file(lesson):
    text = lesson.record().decode()
    assert "total" not in text
    assert "switches" not in text
    assert json.loads(text)["exercises"]["scale_rows"]["misconceptions"]["by-sum"] == {
        "belief": "b",
        "explanation": "e",
        "question": "q",
        "hint": "h",
        "paragraph": "p",
    }


def test_what_was_recorded_names_a_learners_mistake(lesson):
    exercise = lesson.recorded()["scale_rows"]
    own = {"scale_rows": lambda x, gamma: gamma * (x / sum(x))}
    observed = [observe(own, probe) for probe in exercise.probes]
    assert right(exercise, observed) == (False, False)
    assert [m.ids for m in name_mistakes(exercise, observed)] == [("by-sum",)]


FORMS = BANK.replace(
    'switches={"add": 1.0}, **TEXTS)',
    'switches={"add": 1.0}, forms={"2": {"add": 2.0}, "0": {"add": 1e-7}}, **TEXTS)',
)


def test_another_form_of_a_mistake_has_its_name(lesson):
    lesson.grader("misconceptions.py", FORMS)
    exercise = lesson.recorded()["scale_rows"]
    own = {"scale_rows": lambda x, gamma: gamma * x / x.mean() + 2}
    observed = [observe(own, probe) for probe in exercise.probes]
    assert [m.ids for m in name_mistakes(exercise, observed)] == [("adds-one",)]


def test_a_form_that_is_nearly_right_is_left_out(lesson):
    lesson.grader("misconceptions.py", FORMS)
    lesson.grader("test_scale_rows.py", SUITE.replace("atol=1e-9", "atol=1e-6"))
    (first, *_) = lesson.recorded()["scale_rows"].probes
    assert {n for n in first.wrong if ": " in n} == {"adds-one: 2"}


def test_a_class_becomes_a_call_script(lesson):
    lesson.grader("test_Welford.py", WELFORD_SUITE)
    stream, refuses = lesson.recorded()["Welford"].probes
    assert [s.target for s in stream.steps] == ["Welford", "$0.update", "$0.update", "$0.mean"]
    assert stream.steps[2].kwargs == {"value": 4.0}
    assert [s.is_call for s in stream.steps] == [True, True, True, False]
    assert [b.value for b in stream.right] == ["Welford", None, None, 2.5]
    assert (stream.kind, stream.rtol) == ("a short stream", 1e-3)
    assert [b.value for b in refuses.right] == ["Welford", None, "ValueError", 2.0]


def test_exercises_may_have_cases_of_the_same_name(lesson):
    lesson.grader("test_Welford.py", WELFORD_SUITE.replace("test_refuses", "test_rows"))
    lesson.grader(
        "test_halve.py",
        """
        import pytest

        @pytest.mark.public
        def test_rows(student):
            assert student.halve(4.0) == 2.0
    """,
    )
    lesson.solution(SOLUTION + "\n    def halve(x):\n        return x / 2\n")

    recorded = lesson.recorded()

    assert [s.target for s in recorded["halve"].probes[0].steps] == ["halve"]
    assert recorded["Welford"].probes[-1].case == "test_rows"
    assert recorded["Welford"].probes[-1].steps[0].target == "Welford"


def test_an_object_that_the_student_returned_can_be_passed_back(lesson):
    lesson.grader(
        "test_Welford.py",
        """
        import pytest

        @pytest.mark.public
        def test_twice(student):
            first = student.Welford()
            first.update(student.Welford().count)
            student.describe(first, other=first)
    """,
    )
    lesson.solution(
        SOLUTION
        + """
    def describe(item, other):
        return item.mean + other.count
    """
    )
    (probe,) = lesson.recorded()["Welford"].probes
    last = probe.steps[-1]
    assert last.target == "describe"
    assert (last.args[0].step, last.kwargs["other"].step) == (0, 0)
    assert probe.right[-1].value == 1.0


def test_two_builds_are_equal_byte_for_byte(lesson):
    assert lesson.record() == lesson.record()


def _commit(lesson, data):
    lesson.write(f"source/{lesson.slug}/{lesson.slug}.nbjudge.json", "")
    path = lesson.root / "source" / lesson.slug / f"{lesson.slug}.nbjudge.json"
    path.write_bytes(data)


def test_another_machines_last_digits_are_no_drift(lesson):
    original = lesson.record()
    text = original.decode()
    other = text.replace("1.3333333333333333", "1.333333333333331").encode()
    assert other != original
    _commit(lesson, other)
    assert lesson.record() == other


def test_committed_numbers_that_differ_more_are_replaced(lesson):
    original = lesson.record()
    _commit(lesson, original.replace(b"1.3333333333333333", b"1.3334"))
    assert lesson.record() == original


@pytest.mark.parametrize("garbage", [b"", b'{"format": 0}', b"{}"])
def test_a_committed_file_that_cannot_be_read_is_replaced(lesson, garbage):
    original = lesson.record()
    _commit(lesson, garbage)
    assert lesson.record() == original


def test_a_lesson_without_a_bank_has_right_answers_only(lesson):
    for name in ("misconceptions.py", "alternatives.py"):
        (lesson.root / "grader_tests" / lesson.slug / name).unlink()
    exercise = lesson.recorded()["scale_rows"]
    assert exercise.misconceptions == {}
    assert [p.wrong for p in exercise.probes] == [{}, {}]


def test_numpy_warnings_of_wrong_answers_are_silent(lesson, recwarn, capfd):
    lesson.grader(
        "misconceptions.py",
        BANK
        + """
    def by_zero(x, gamma):
        return x / (x - x) * gamma

    ZERO = misconception("by-zero", exercise="scale_rows", code=by_zero, **TEXTS)
    """,
    )
    assert "by-zero" in lesson.recorded()["scale_rows"].probes[0].wrong
    assert [w for w in recwarn if issubclass(w.category, RuntimeWarning)] == []
    assert "RuntimeWarning" not in capfd.readouterr().err


def test_misconceptions_that_behave_alike_are_named_with_file_and_cure(lesson):
    lesson.grader(
        "misconceptions.py",
        BANK
        + """
    def twin(x, gamma):
        return x / x.sum() * gamma

    TWIN = misconception("twin", exercise="scale_rows", code=twin, **TEXTS)
    """,
    )
    assert lesson.refusal() == (
        "The public cases of scale_rows do not tell its misconceptions apart: "
        "'twin' and 'by-sum' differ on none.\n"
        f"  where: {lesson.root / 'grader_tests' / lesson.slug / 'test_scale_rows.py'}\n"
        "  to cure it: add cases marked public: any two must differ on 2 of them, by 20 times the "
        "tolerance; or make two misconceptions that are one, one."
    )


def test_what_is_only_wrong_in_the_memory_it_shares_is_named_by_that(lesson):
    lesson.solution("""
        def scale_rows(x, gamma):
            return x / x.mean(axis=-1, keepdims=True) * gamma, gamma.copy()
    """)
    lesson.grader("test_scale_rows.py", SUITE.replace("y = student", "y, _ = student"))
    lesson.grader(
        "misconceptions.py",
        """
        from nbjudge.naming.bank import misconception

        def scale_rows_variant(x, gamma, *, add=0.0, copied=True):
            kept = gamma.copy() if copied else gamma
            return x / x.mean(axis=-1, keepdims=True) * gamma + add, kept

        TEXTS = dict(belief="b", explanation="e", question="q", hint="h", paragraph="p")
        ADDS = misconception("adds-one", exercise="scale_rows", switches={"add": 1.0}, **TEXTS)
        KEEPS = misconception("keeps", exercise="scale_rows", switches={"copied": False}, **TEXTS)
        """,
    )
    lesson.grader("alternatives.py", "")
    exercise = lesson.recorded()["scale_rows"]

    def mine(x, gamma):
        return gamma * x / x.mean(axis=-1, keepdims=True), gamma[:]

    seen = [observe({"scale_rows": mine}, probe) for probe in exercise.probes]
    assert not any(right(exercise, seen))
    assert [named.ids for named in name_mistakes(exercise, seen)] == [("keeps",)]


def test_one_public_case_is_too_few(lesson):
    lesson.grader("test_scale_rows.py", SUITE.replace("[2, 3]", "[2]"))
    assert "'by-sum' and the right answer differ on 1" in lesson.refusal()


def test_many_confusions_are_counted(lesson):
    more = "".join(
        f"""
    M{i} = misconception("m{i}", exercise="scale_rows", switches={{"add": 1.0}}, **TEXTS)
    """
        for i in range(3)
    )
    lesson.grader("misconceptions.py", BANK + more)
    assert "differ on none; and 1 more." in lesson.refusal()


def test_an_alternative_that_a_public_case_refuses_is_named(lesson):
    lesson.grader(
        "alternatives.py",
        ALTERNATIVES
        + """
    @alternative("scale_rows")
    def wrong(x, gamma):
        return x
    """,
    )
    assert lesson.refusal().startswith(
        "Alternative 'wrong' of scale_rows is not right on the public case test_rows[2]."
    )


def test_a_public_case_that_fails_on_the_solution_is_named(lesson):
    lesson.grader("test_scale_rows.py", SUITE.replace("y.shape == x.shape", "y.shape == ()"))
    refusal = lesson.refusal()
    assert refusal.startswith("The public case test_rows[2] cannot be recorded: ")
    assert "to cure it: a public case must pass on the solution." in refusal


def test_a_public_case_that_asks_nothing_is_named(lesson):
    lesson.grader(
        "test_scale_rows.py",
        """
        import pytest

        @pytest.mark.public
        def test_nothing():
            pass
    """,
    )
    assert "test_nothing cannot be recorded: it never calls the student's code." in lesson.refusal()


def test_a_public_case_that_passes_code_is_named(lesson):
    lesson.grader(
        "test_scale_rows.py",
        """
        import pytest

        @pytest.mark.public
        def test_passes_code(student):
            student.scale_rows(lambda: 0, 1)
    """,
    )
    assert lesson.refusal() == (
        "A public case cannot pass a function.\n"
        "  where: case test_passes_code\n"
        "  to cure it: pass plain data, arrays or what the student returned, or take the mark "
        "`public` away: learners get its arguments as data."
    )


def test_a_suite_that_cannot_be_imported_is_an_authors_error(lesson):
    lesson.grader("test_scale_rows.py", "import no_such_module")
    assert lesson.refusal().startswith(f"The suite of {lesson.slug} cannot be run: ")


def test_learners_get_the_worked_examples_up_to_the_rung_of_the_course(lesson):
    lesson.grader("worked_examples.md", "## by-sum\n\n    1 + 1 = 2\n")
    texts = lesson.recorded()["scale_rows"].misconceptions
    assert texts["by-sum"].example == "    1 + 1 = 2"
    assert texts["adds-one"].example == ""

    path = lesson.root / "course" / "course.toml"
    path.write_text("rungs = 2\n" + path.read_text())
    capped = lesson.recorded()["scale_rows"].misconceptions["by-sum"]
    assert (capped.question, capped.hint, capped.example) == ("q", "", "")
    assert b"1 + 1" not in lesson.record()
