import pytest

from nbjudge.authoring.lint import lint_lesson

from .halving import edit

HEADER = '"""Wrong answers."""\n\nfrom nbjudge.naming.bank import misconception\n\n'
BANK = HEADER + "".join(
    f"""M{i} = misconception(
    "m{i}", exercise="mean_of", code=abs, paragraph="the-mean",
    belief="b", explanation="e", question="q", hint="h",
)
"""
    for i in range(3)
)
ALTERNATIVES = """\
from nbjudge.naming.bank import alternative


@alternative("mean_of")
def by_loop(x, *, start=0.0):
    return (sum(x) + start) / len(x)
"""


@pytest.fixture
def findings(course):
    def look():
        return {(f.place, f.message) for f in lint_lesson(course, course.lessons[0])}

    return look


@pytest.fixture
def at(course, slug):
    """Name the line of the lesson's text that holds a passage."""

    def place(passage):
        lines = course.text(slug).read_text(encoding="utf-8").split("\n")
        return f"course/{slug}.md, line {next(i for i, x in enumerate(lines, 1) if passage in x)}"

    return place


@pytest.fixture
def suite(course, slug):
    return course.suite_folder(slug)


def test_what_the_tiny_course_lacks_is_named_with_its_line(findings, slug, at):
    assert findings() >= {
        (at("def mean_of("), "The docstring of mean_of has no Returns."),
        (at("def mean_of("), "The docstring of mean_of has no Source."),
        (at("class Counter"), "The docstring of Counter has no Source."),
        (at("def __init__"), "The docstring of __init__ has no Args."),
        (f"grader_tests/{slug}/misconceptions.py", "mean_of has 0 misconceptions."),
        (f"grader_tests/{slug}/alternatives.py", "Counter has no alternative."),
    }
    assert "The lesson names no references." in {message for _, message in findings()}


def test_a_complete_exercise_has_no_findings(findings, suite, edit_text):
    (suite / "misconceptions.py").write_text(BANK)
    (suite / "alternatives.py").write_text(ALTERNATIVES)
    rest = "\n    Returns:\n        A number.\n\n    Source:\n        Everybody.\n"
    edit_text("Numbers, shape (N,).\n", "Numbers, shape (N,).\n" + rest)
    edit_text("Done.", "## Further reading\n\nDone.")

    left = {message for _, message in findings()}

    assert not [m for m in left if "mean_of" in m or "references" in m]


def test_a_broken_rule_of_the_build_is_a_finding(findings, suite, at):
    (suite / "test_Counter.py").unlink()

    assert (at('check("Counter")'), "The exercise Counter has no suite.") in findings()


def test_a_demonstration_that_calls_an_answer_is_a_finding(findings, edit_text, at):
    edit_text("np.arange(3).sum()", "mean_of([1])")

    assert (
        at("mean_of([1])"),
        "The demonstration uses mean_of, which is an answer.",
    ) in findings()


def test_a_lesson_without_setup(findings, edit_text, slug):
    edit_text(":tags: [setup]\n\n", "")

    assert (f"course/{slug}.md", "The lesson has no setup cell.") in findings()


@pytest.mark.parametrize("image", ["![](a.png)", '<img src="a.png">'])
def test_an_image_without_words(findings, edit_text, at, image):
    edit_text("Add and divide.", f"Add and divide.\n\n{image}")

    assert (at(image), "The image has no alternative text.") in findings()


def test_a_figure_is_told_in_words_next_to_it(findings, edit_text, at):
    edit_text("np.arange(3).sum()", "plt.plot([1, 2])")
    finding = (at("plt.plot"), "The figure is not told in words.")
    assert finding in findings()

    edit_text("A second cell of text.", "The figure: a line that rises from 1 to 2.")
    assert finding not in findings()


def test_text_that_jupytext_would_change(findings, slug):
    # The tiny course lacks jupytext's own front matter.
    assert [p for p, m in findings() if m == "jupytext would write this line in another way."]


def test_a_body_over_forty_lines(findings, edit_solution, slug):
    edit_solution("    total = np.sum", "    x = x\n" * 40 + "    total = np.sum")

    assert (f"solutions/{slug}.py, line 9", "The body of mean_of has 44 lines.") in findings()


def test_a_paragraph_that_is_no_heading(findings, suite, slug):
    (suite / "misconceptions.py").write_text(BANK.replace('"the-mean"', '"the-median"', 1))

    assert (
        f"grader_tests/{slug}/misconceptions.py, line 6",
        "Misconception 'm0' points to the paragraph 'the-median', "
        "which is no section of the lesson.",
    ) in findings()


def test_a_bank_that_cannot_be_imported(findings, suite, slug):
    (suite / "alternatives.py").unlink()

    assert (
        f"grader_tests/{slug}",
        "The bank cannot be imported: ModuleNotFoundError: "
        f"No module named 'grader_tests.{slug}.alternatives'.",
    ) in findings()


def test_no_public_case(findings, suite, slug):
    edit(suite / "test_mean_of.py", "@pytest.mark.public\n", "")

    assert (f"grader_tests/{slug}/test_mean_of.py", "mean_of has no public case.") in findings()


@pytest.mark.parametrize("title", ["Rows near 8192.", "An eps of 1e-12.", "[1, 2].", "About 0.3."])
def test_a_title_that_shows_hidden_numbers(findings, suite, slug, title):
    edit(suite / "test_mean_of.py", "@pytest.mark.public\n", "")
    edit(suite / "test_mean_of.py", '"""Three numbers."""', f'"""{title}"""')

    place = f"grader_tests/{slug}/test_mean_of.py, line 6"
    assert (place, f"Learners see the hidden numbers of {title!r}.") in findings()


def test_a_case_without_a_docstring(findings, suite, slug):
    edit(suite / "test_mean_of.py", '    """Three numbers."""\n', "")

    assert (
        f"grader_tests/{slug}/test_mean_of.py, line 7",
        "The case test_worked_example has no docstring.",
    ) in findings()


def test_a_suite_that_cannot_be_collected(findings, suite, slug):
    edit(suite / "test_mean_of.py", "import pytest", "import no_such_thing")

    assert (
        f"grader_tests/{slug}",
        "The suite cannot be collected: E   ModuleNotFoundError: No module named 'no_such_thing'",
    ) in findings()
