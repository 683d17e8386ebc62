import json
import subprocess
import sys
import textwrap

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from nbjudge.naming.probes import dump_probes
from tests.unit.naming.sample import probe_file

RIGHT = """
    def scale_rows(x, gamma):
        y = x / x.mean(axis=-1, keepdims=True) * gamma
        return y.astype(x.dtype)
"""
BY_SUM = RIGHT.replace("x.mean(axis", "x.sum(axis")
UNLISTED = RIGHT.replace("* gamma", "* gamma * 1.5")
STUB = """
    def scale_rows(x, gamma):
        # YOUR CODE HERE
        raise NotImplementedError()
"""
HIDDEN = (
    "These are the public examples. Hidden tests still count: they try other numbers, "
    "shapes and dtypes."
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A released assignment, opened by nobody in particular."""
    (tmp_path / "m1_l01_rows.nbjudge.json").write_bytes(dump_probes(probe_file()))
    monkeypatch.chdir(tmp_path)
    for name in ("NBGRADER_EXECUTION", "NBJUDGE_SANDBOX", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


class Kernel:
    """A real IPython shell: what the learner types, and what they see."""

    def __init__(self):
        self.shell = InteractiveShell.instance()
        self.run("import numpy as np\nfrom nbjudge import check")

    def run(self, source):
        with capture_output() as seen:
            result = self.shell.run_cell(textwrap.dedent(source))
        result.raise_error()
        self.result, self.printed = result.result, seen.stdout + seen.stderr
        self.displayed = [output.data for output in seen.outputs]

    def check(self, source, call="check('scale_rows')"):
        """Run a cell, then the check; return the card's text."""
        self.run(source)
        self.run(call)
        assert self.result is None
        (card,) = self.displayed
        assert set(card) == {"text/html", "text/plain"}
        self.html = card["text/html"]
        return card["text/plain"]


@pytest.fixture
def kernel(folder):
    yield Kernel()
    InteractiveShell.clear_instance()


def test_a_right_answer_is_good_so_far_and_hidden_tests_still_count(kernel):
    assert kernel.check(RIGHT) == (
        "✓ scale_rows: 3 of 3 public examples (good so far)\n"
        "\n"
        "Passes\n"
        "  ✓ Rows of small.\n"
        "  ✓ Rows of two.\n"
        "  ✓ Rows of three.\n"
        "\n"
        f"  {HIDDEN}"
    )


EXAMPLE = """\
Rows of small.
  x = np.array([[1.0, 3.0]], dtype=np.float32)
  gamma = np.array([1.0, 2.0], dtype=np.float32)
  scale_rows(x, gamma)

  expected    your code
  [0.5   3]   [0.25  1.5]   <- differs

"""
STUCK = "Stuck? One step at a time.\n"
QUESTION = "A question\n  Why by-sum?\n\n"
IDEA = (
    "The idea\n  This behaves like by-sum.\n  A thought that leads there: I believe by-sum.\n"
    "  Look at by-sum.\n  Read again: The formula\n\n"
)
WORKED = "A worked example\n  Half of by-sum:\n\n      1 + 1 = 2\n\n"


@pytest.mark.parametrize(
    ("call", "ladder"),
    [
        ("'scale_rows'", '  check("scale_rows", hint=2) asks you a question.\n'),
        ("'scale_rows', hint=1", '  check("scale_rows", hint=2) asks you a question.\n'),
        ("'scale_rows', hint=2", f'{QUESTION}  check("scale_rows", hint=3) tells you the idea.\n'),
        (
            "'scale_rows', hint=3",
            f'{QUESTION}{IDEA}  check("scale_rows", hint=4) works an example.\n',
        ),
        ("'scale_rows', hint=4", QUESTION + IDEA + WORKED),
        ("'scale_rows', hint=9", QUESTION + IDEA + WORKED),
        ("'scale_rows', hint='all'", '  check("scale_rows", hint=2) asks you a question.\n'),
    ],
)
def test_a_learner_climbs_from_what_differs_to_a_worked_example(kernel, call, ladder):
    card = kernel.check(BY_SUM, f"check({call})")

    head = "○ scale_rows: 0 of 3 public examples (not yet)\n\n"
    assert card.startswith(head + EXAMPLE + STUCK + ladder)
    assert "you did" not in card


def test_each_rung_of_the_card_is_folded_away_behind_the_one_below(kernel):
    kernel.check(BY_SUM)

    ladder = kernel.html.partition("One step at a time.")[2].partition("Not yet")[0]
    order = [
        *("<summary>Ask me a question", "Why by-sum?", "<summary>Tell me the idea"),
        *("This behaves like by-sum.", 'href="#The-formula"'),
        *("<summary>Show me a worked example", "<pre>1 + 1 = 2</pre>", "</details></details>"),
    ]
    places = [ladder.index(words) for words in order]
    assert places == sorted(places)
    assert "<details open" not in ladder
    assert 'class="nbjudge-rung" open' not in ladder


def test_hint_opens_the_rungs_of_the_card(kernel):
    kernel.check(BY_SUM, "check('scale_rows', hint=3)")

    assert kernel.html.count('class="nbjudge-rung" open') == 2


def test_where_no_mistake_is_known_there_is_no_ladder(kernel):
    assert "hint=" not in kernel.check(UNLISTED)
    asked = kernel.check(UNLISTED, "check('scale_rows', hint=2)")
    assert (
        "  No mistake that is known here behaves like this, so there is no hint about it. "
        "Follow the example above by hand: where do your numbers part from the expected ones?"
    ) in asked
    assert "no hint" not in kernel.check(RIGHT, "check('scale_rows', hint=2)")


def test_the_course_may_end_the_ladder(kernel, folder):
    path = folder / "m1_l01_rows.nbjudge.json"
    document = json.loads(path.read_text())
    for texts in document["exercises"]["scale_rows"]["misconceptions"].values():
        for text in ("belief", "explanation", "hint", "paragraph", "example"):
            del texts[text]
    path.write_text(json.dumps(document))

    card = kernel.check(BY_SUM, "check('scale_rows', hint=4)")

    assert QUESTION + "\nNot yet" in card
    assert "idea" not in card


def test_an_unlisted_mistake_shows_the_smallest_example_side_by_side(kernel):
    assert kernel.check(UNLISTED).startswith(
        "○ scale_rows: 0 of 3 public examples (not yet)\n"
        "\n"
        "Rows of small.\n"
        "  x = np.array([[1.0, 3.0]], dtype=np.float32)\n"
        "  gamma = np.array([1.0, 2.0], dtype=np.float32)\n"
        "  scale_rows(x, gamma)\n"
        "\n"
        "  expected    your code\n"
        "  [0.5   3]   [0.75  4.5]   <- differs\n"
        "\n"
        "Not yet\n"
    )


def test_what_passes_is_told_beside_what_does_not(kernel):
    card = kernel.check(RIGHT.replace("return", "return y if len(y) == 1 else -"))
    assert card.startswith("◐ scale_rows: 1 of 3 public examples (on the way)")
    assert "Passes\n  ✓ Rows of small.\n" in card
    assert "Not yet\n  ○ Rows of two.\n  ○ Rows of three.\n" in card


def test_the_example_can_be_pasted_into_a_cell(kernel):
    kernel.check(UNLISTED)
    kernel.run(kernel.check(UNLISTED).split("\n\n")[1].partition("\n")[2])
    assert kernel.result.tolist() == [[0.75, 4.5]]


def test_an_untouched_stub_is_met_kindly(kernel):
    assert kernel.check(STUB) == (
        "? scale_rows: not written yet (to do)\n"
        "\n"
        "scale_rows is still waiting for you.\n"
        "  Write your answer in place of `raise NotImplementedError()`, run its cell, then this "
        "one again. A first try that is wrong is a good start: you will see where."
    )


def test_a_name_that_is_not_defined_is_told(kernel):
    kernel.shell.user_ns.pop("scale_rows", None)
    assert kernel.check("") == (
        "? scale_rows: not defined yet (to do)\n"
        "\n"
        "scale_rows is not defined yet.\n"
        "  Run the cell that defines it, then this one again."
    )


def test_an_exception_shows_the_learners_own_line_and_none_of_ours(kernel):
    card = kernel.check("""
        def scale_rows(x, gamma):
            return helper(x)

        def helper(x):
            raise ValueError("too <big>")
    """)
    assert (
        "  Expected an array of dtype float32 and shape (1, 2). Your code raised:\n"
        '  line 5 of helper: raise ValueError("too <big>")\n'
        "  ValueError: too <big>\n"
    ) in card
    assert "nbjudge" not in card
    assert "too &lt;big&gt;" in kernel.html
    assert "<big>" not in kernel.html


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def scale_rows(x): return x", "TypeError: scale_rows() takes 1 positional argument"),
        ("scale_rows = 3", "TypeError: 'int' object is not callable"),
        ("def scale_rows(x, gamma): exit()", "Your code raised:"),
        ("def scale_rows(x, gamma): raise type('E', (Exception,), {'__str__': 3})", "E: <"),
        ("def scale_rows(x, gamma): return scale_rows(x, gamma)", "RecursionError"),
        ("def scale_rows(x, gamma): pass", "returned None. Does every path through it end in"),
        ("def scale_rows(x, gamma): return object()", "returned an object of type object."),
        ("def scale_rows(x, gamma): return x[0]", "returned an array of dtype float32 and shape"),
        ("def scale_rows(x, gamma): return 3.5", "returned a number."),
        ("def scale_rows(x, gamma): return x.tolist()", "returned a list of 1."),
    ],
)
def test_every_kind_of_wrong_answer_gets_a_card(kernel, source, words):
    assert words in kernel.check(source)


def test_a_changed_argument_is_named_as_the_learner_names_it(kernel):
    card = kernel.check("""
        def scale_rows(rows, gamma):
            y = rows / rows.mean(axis=-1, keepdims=True) * gamma
            rows[:] = 7
            return y.astype(rows.dtype)
    """)
    assert 'check("scale_rows", hint=2) asks you a question.' in card
    assert "  The call changed the caller's rows. Afterwards it was:\n" in card
    assert "  np.array([[7.0, 7.0]], dtype=np.float32)\n" in card


def test_a_class_is_shown_as_the_script_up_to_the_difference(kernel):
    card = kernel.check(
        """
        class Welford:
            def __init__(self):
                self.values = []

            def update(self, value):
                self.values.append(value)

            @property
            def mean(self):
                return sum(self.values) / len(self.values) + 1
        """,
        "check('Welford')",
    )
    assert (
        "  obj = Welford()\n  obj.update(1.0)\n  obj.update(2.0)\n  obj.mean\n"
        "\n  expected   your code\n  1.5        2.5         <- differs\n"
    ) in card


def test_a_right_class_passes(kernel):
    card = kernel.check(
        """
        class Welford:
            def __init__(self):
                self.seen = []

            def update(self, value):
                if not np.isfinite(value):
                    raise ValueError
                self.seen.append(value)

            mean = property(lambda self: np.mean(self.seen))

            def variance(self):
                return np.var(self.seen)
        """,
        "check('Welford')",
    )
    assert card.startswith("✓ Welford: 3 of 3 public examples")


def test_an_exception_that_should_be_raised_is_asked_for(kernel):
    card = kernel.check(
        """
        class Welford:
            count, mean, total = 0, 0.0, 0.0

            def update(self, value):
                self.count += 1
                delta = value - self.mean
                self.mean += delta / self.count
                self.total += delta * (value - self.mean)

            def variance(self):
                return self.total / self.count
        """,
        "check('Welford')",
    )
    assert "  Expected a ValueError to be raised. Your code returned:\n  None\n" in card
    assert "obj.update(np.inf)" in card


def test_what_the_code_prints_is_kept_in_the_card(kernel):
    card = kernel.check(UNLISTED.replace("return", "print('shape', x.shape); return"))
    assert kernel.printed == ""
    assert "Your code printed\n  shape (1, 2)\n" in card


def test_warnings_do_not_reach_the_learner(kernel):
    card = kernel.check("""
        import warnings

        def scale_rows(x, gamma):
            warnings.warn("careful")
            return x / 0
    """)
    assert kernel.printed == ""
    assert "careful" not in card


def test_an_interrupt_stops_the_check(kernel):
    with pytest.raises(KeyboardInterrupt):
        kernel.check("def scale_rows(x, gamma): raise KeyboardInterrupt")


SEGFAULT = """
    import ctypes

    def scale_rows(x, gamma):
        return ctypes.string_at(0)
"""
LOOP = """
    def scale_rows(x, gamma):
        while True:
            pass
"""


def test_a_segmentation_fault_ends_a_child_and_not_the_notebook(kernel):
    card = kernel.check(SEGFAULT)

    assert card.startswith(
        "○ scale_rows: stopped (not yet)\n"
        "\n"
        "Your code ended the whole process it ran in.\n"
        "\n"
        "Rows of small.\n"
        "  x = np.array([[1.0, 3.0]], dtype=np.float32)\n"
        "  gamma = np.array([1.0, 2.0], dtype=np.float32)\n"
        "  scale_rows(x, gamma)\n"
        "\n"
        "  What the system said: segmentation fault, memory was read or written that is not "
        "yours.\n"
        "\n"
        "  It ran in a process of its own, so your notebook goes on as if nothing had happened."
    )
    assert "good so far" in kernel.check(RIGHT)


def test_an_endless_loop_is_stopped(kernel, monkeypatch):
    monkeypatch.setattr("nbjudge.student.trial.TIMEOUT_S", 0.5)

    card = kernel.check(LOOP)

    assert "Your code did not come back within 0.5 s.\n\nRows of small.\n" in card
    assert card.endswith(
        "  It was stopped, and your notebook goes on. Does every loop in it come to an end, on "
        "this example too?"
    )


def test_one_exercise_that_crashes_leaves_the_progress_over_the_others(kernel):
    kernel.shell.user_ns.pop("Welford", None)

    card = kernel.check(SEGFAULT, "check()")

    assert "  ? Welford: not defined yet" in card
    assert "  ○ scale_rows: stopped" in card


def test_what_a_check_does_to_names_is_gone_with_it(kernel):
    kernel.run("calls = 0")
    kernel.check("""
        def scale_rows(x, gamma):
            global calls
            calls += 1
            return x
    """)

    assert kernel.shell.user_ns["calls"] == 0


def test_without_a_fork_the_check_runs_in_the_notebook(kernel, monkeypatch):
    monkeypatch.setattr("nbjudge.student.trial.can_fork", lambda: False)

    assert kernel.check(RIGHT).startswith("✓ scale_rows: 3 of 3 public examples (good so far)")


def test_without_a_fork_an_endless_loop_is_interrupted_and_the_notebook_goes_on(
    kernel, monkeypatch
):
    monkeypatch.setattr("nbjudge.student.trial.can_fork", lambda: False)
    monkeypatch.setattr("nbjudge.student.trial.TIMEOUT_S", 0.5)

    card = kernel.check("""
        def scale_rows(x, gamma):
            while True:
                pass
    """)

    assert "Your code did not come back within 0.5 s." in card
    assert kernel.check(RIGHT).startswith("✓ scale_rows")


def test_an_answer_that_changes_from_call_to_call_is_named(kernel):
    card = kernel.check(
        """
        calls = []

        def scale_rows(x, gamma):
            calls.append(1)
            return x + np.float32(len(calls))
        """,
        "check('scale_rows', hint=3)",
    )

    assert "the same arguments give another answer the second time." in card


def test_progress_lists_every_exercise(kernel):
    kernel.shell.user_ns.pop("Welford", None)
    assert kernel.check(RIGHT, "check()") == (
        "◐ m1_l01_rows: 1 of 2 exercises pass their public examples (on the way)\n"
        "\n"
        "  ? Welford: not defined yet\n"
        "\n"
        "  ✓ scale_rows: 3 of 3 public examples\n"
        "\n"
        "Before you hand in\n"
        "  ? Save the notebook: what is handed in is the file, not what you see.\n"
        "\n"
        f"  {HIDDEN}"
    )


def _save_notebook(folder, *grade_ids):
    """Save a notebook with such cells beside its probes."""
    cells = [
        nbformat.v4.new_code_cell("", metadata={"nbgrader": {"grade_id": g}}) for g in grade_ids
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    (folder / "m1_l01_rows.ipynb").write_text(nbformat.writes(notebook))


def test_progress_follows_the_notebook_and_names_what_is_gone_from_it(kernel, folder):
    _save_notebook(folder, "scale_rows", "test_scale_rows", "test_Welford")
    kernel.shell.user_ns.pop("Welford", None)

    card = kernel.check(RIGHT, "check()")

    assert card.index("scale_rows:") < card.index("Welford:")
    assert (
        "  ? The cell for your answer to Welford is gone from the saved notebook. Open the "
        "notebook as it was released, and copy your answers into it.\n"
    ) in card

    _save_notebook(folder, "scale_rows", "Welford", "test_Welford")
    assert (
        '  ? The cell `check("scale_rows")` is gone from the saved notebook, and with it the '
        "points of the exercise. Open the notebook as it was released, and copy your answers "
        "into it.\n"
    ) in kernel.check(RIGHT, "check()")


def test_a_notebook_in_the_wrong_folder_learns_where_it_was_looked_for(kernel, folder):
    (folder / "m1_l01_rows.nbjudge.json").unlink()
    assert kernel.check(RIGHT) == (
        "? scale_rows: could not be checked (not checked)\n"
        "\n"
        "There are no public examples here for scale_rows: no file *.nbjudge.json.\n"
        "\n"
        f"  Looked in: {folder}\n"
        "\n"
        "  To cure it: open the notebook in the folder it was released in, with its .nbjudge.json "
        "file beside it; or download the assignment again."
    )


def test_a_mistyped_exercise_is_told_which_there_are(kernel):
    card = kernel.check(RIGHT, "check('scale_row')")
    assert "There is no exercise 'scale_row' here." in card
    assert 'did you mean check("scale_rows")? check one of these: Welford, scale_rows.' in card


def test_the_function_itself_does_for_its_name(kernel):
    assert "✓ scale_rows: 3 of 3" in kernel.check(RIGHT, "check(scale_rows)")


def test_what_has_no_name_is_told_what_to_write(kernel):
    card = kernel.check(RIGHT, "check(3)")
    assert "There is no exercise '3' here." in card
    assert "check one of these: Welford, scale_rows." in card


def test_a_misspelt_definition_is_pointed_out(kernel):
    card = kernel.check(RIGHT.replace("scale_rows", "scalerows"))
    assert "scale_rows is not defined yet, but scalerows is." in card
    assert "The name must be `scale_rows`, letter for letter." in card


def test_a_damaged_file_is_named(kernel, folder):
    (folder / "m1_l01_rows.nbjudge.json").write_text("{")
    assert "This is no file of public probes" in kernel.check(RIGHT)


def test_a_newer_file_replaces_the_one_already_read(kernel, folder):
    assert "3 of 3" in kernel.check(RIGHT)
    path = folder / "m1_l01_rows.nbjudge.json"
    document = json.loads(path.read_bytes())
    document["exercises"]["scale_rows"]["probes"].pop()
    path.write_text(json.dumps(document))
    assert "2 of 2" in kernel.check(RIGHT)


def test_of_several_lessons_the_open_notebook_decides(kernel, folder, monkeypatch):
    text = (folder / "m1_l01_rows.nbjudge.json").read_text()
    (folder / "m1_l02_more.nbjudge.json").write_text(text.replace("m1_l01_rows", "m1_l02_more"))
    card = kernel.check(RIGHT, "check()")
    assert "Several lessons here could be meant: m1_l01_rows, m1_l02_more." in card
    assert "give the notebook the name it was released with." in card
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/course/m1_l02_more.ipynb")
    assert kernel.check(RIGHT, "check()").startswith("◐ m1_l02_more")
    monkeypatch.delenv("JPY_SESSION_NAME")
    kernel.shell.user_ns["__vsc_ipynb_file__"] = "C:\\course\\m1_l02_more.ipynb"
    assert kernel.check(RIGHT, "check()").startswith("◐ m1_l02_more")
    del kernel.shell.user_ns["__vsc_ipynb_file__"]


@pytest.mark.parametrize("source", [RIGHT, UNLISTED, STUB])
@pytest.mark.parametrize("sandbox", [False, True])
def test_stock_autograde_never_gets_marks_out_of_silence(kernel, monkeypatch, source, sandbox):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    if sandbox:
        monkeypatch.setenv("NBJUDGE_SANDBOX", "1")
    with pytest.raises(AssertionError) as caught:
        kernel.check(source)
    assert str(caught.value) == (
        "nbgrader's own autograde cannot judge this notebook: its tests are not in it. "
        "The instructor's nbgrader_config.py must install nbjudge, or `nbjudge grade` be used."
    )


def test_validate_passes_only_what_passes_every_public_example(kernel, folder, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert kernel.check(RIGHT).startswith("✓ scale_rows")
    for source, words in (
        (UNLISTED, "0 of 3 public examples"),
        (STUB, "not written yet"),
        (RIGHT.replace("return", "return y if len(y) == 1 else -"), "1 of 3 public examples"),
    ):
        with pytest.raises(AssertionError, match=words):
            kernel.check(source)
    with pytest.raises(AssertionError, match="1 of 2 exercises"):
        kernel.check(RIGHT, "check()")
    (folder / "m1_l01_rows.nbjudge.json").unlink()
    with pytest.raises(AssertionError, match="There are no public examples here"):
        kernel.check(RIGHT)


def test_in_the_judge_a_check_does_nothing(kernel, folder, monkeypatch):
    (folder / "m1_l01_rows.nbjudge.json").unlink()
    monkeypatch.setenv("NBJUDGE_SANDBOX", "1")
    kernel.run("check('scale_rows')")
    assert kernel.result is None
    assert kernel.displayed == []
    assert kernel.printed == ""


def test_a_plain_script_gets_the_text(folder):
    source = textwrap.dedent(BY_SUM) + "from nbjudge import check\ncheck('scale_rows')\n"
    done = subprocess.run(  # noqa: S603 - our own source
        [sys.executable, "-c", source], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("○ scale_rows: 0 of 3 public examples (not yet)")
    assert 'check("scale_rows", hint=2) asks you a question.' in done.stdout
    assert done.stderr == ""


_AHEAD = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("from nbjudge import check").raise_error()
import nbjudge.student.released as released
def refuse(path): raise AssertionError(path)
released.load_probes = refuse
found = released.find_released({})
print(sorted(found.lessons))
"""


def _run(code, folder):
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    return done.stdout


def test_the_cell_that_imports_check_reads_every_file_of_the_folder_once(folder):
    (folder / "m1_l02_more.nbjudge.json").write_bytes(dump_probes(probe_file()))
    assert _run(_AHEAD, folder) == "['m1_l01_rows', 'm1_l02_more']\n"


def test_a_damaged_file_does_not_break_the_import(folder):
    (folder / "m1_l01_rows.nbjudge.json").write_text("{")
    shell = "from IPython.core.interactiveshell import InteractiveShell as S; S.instance(); "
    assert _run(shell + "from nbjudge import check; print(check.__name__)", folder) == "check\n"
