"""Attack: wants the marks of a quiz without its answers.

From the cells that run while it is judged, and from the files that are handed in. The
quiz is marked outside, from bytes: no cell can touch it.
"""

import json
import shutil

import nbformat
import pytest

from nbjudge.grading.judge import Judge, JudgeSettings
from nbjudge.model import Course, Submission
from nbjudge.questions.answers import Answers, answers_bytes
from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.paper import draw_paper
from nbjudge.questions.quiz_file import load_quiz
from nbjudge.questions.score import right_answer
from nbjudge.questions.split import keys_of

from .conftest import HONEST, ROOT, SLUG

ANSWERS = f"{SLUG}.answers.json"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of this one lesson."""
    folder = tmp_path_factory.mktemp("quiz") / "course"
    for name in (f"source/{SLUG}", f"grader_tests/{SLUG}", "course", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    for path in (ROOT / "grader_tests").glob("*.py"):
        shutil.copy(path, folder / "grader_tests")
    return folder


@pytest.fixture(scope="module")
def judge(root):
    """The strongest isolation of this host."""
    with Judge(JudgeSettings(root=root, weakest_isolation="limits")) as started:
        yield started


@pytest.fixture(scope="module")
def quiz(root):
    course = Course.load(root)
    keys = keys_of(read_bank(course.quiz_bank(SLUG), "quiz.yaml"))
    return load_quiz(course.quiz(SLUG, SLUG)), keys


@pytest.fixture(scope="module")
def right(quiz):
    """Right answers on a student's paper."""

    def answers(student, /, **changed):
        released, keys = quiz
        paper = draw_paper(released, student)
        own = {d.id: _right(d, keys[d.id]) for d in paper.questions if d.question.kind != "written"}
        fields = {
            "student": student,
            "paper": paper.id,
            "lesson": SLUG,
            "numbers": {d.id: dict(d.numbers) for d in paper.questions if d.numbers},
            "answers": own,
        }
        return Answers(**{**fields, **changed})

    return answers


def _right(drawn, key):
    if drawn.question.kind in ("numeric", "short"):
        return right_answer(drawn, key)
    return key.right[0] if drawn.question.kind == "single" else list(key.right)


@pytest.fixture
def mark(judge):
    """Judge mallory's notebook with these cells and this answers file."""

    def judged(*cells, file=None, **fields):
        path = ROOT / "release" / SLUG / f"{SLUG}.ipynb"
        notebook = nbformat.read(path, 4)
        notebook.cells += [nbformat.v4.new_code_cell(source) for source in (HONEST, *cells)]
        content = answers_bytes(file) if isinstance(file, Answers) else file
        result = judge.judge(
            Submission(
                student="mallory",
                assignment=SLUG,
                notebook=SLUG,
                content=nbformat.writes(notebook).encode(),
                answers=content,
                **fields,
            )
        )
        assert not result.fault, "an attack is the submission's outcome, never a grader's fault"
        (marked,) = result.quizzes
        assert not marked.fault
        return marked

    return judged


FORGE = """
import json, os, pathlib, sys
def attempt(act):
    try: return act()
    except BaseException: return None
for name in ("{answers}", ".nbjudge/results/x.json", "../{answers}", "{quiz}"):
    attempt(lambda: pathlib.Path(name).parent.mkdir(parents=True, exist_ok=True))
    attempt(lambda: pathlib.Path(name).write_bytes({content!r}))
import nbjudge
nbjudge.quiz = lambda *a, **k: 100
for name in [m for m in sys.modules if m.startswith("nbjudge")]:
    for what in ("mark_quiz", "score", "read_answers", "judge_quizzes", "draw_paper"):
        if hasattr(sys.modules[name], what):
            setattr(sys.modules[name], what, lambda *a, **k: 1.0)
for name in ("NBJUDGE_STUDENT", "JUPYTERHUB_USER"):
    os.environ[name] = "ada"
print({content!r})
"""


def test_nothing_that_cells_write_or_patch_reaches_the_mark(mark, right, root):
    """No file beside the notebook: what cells write while it is judged is none."""
    forged = FORGE.format(
        answers=ANSWERS, quiz=f"{SLUG}.quiz.json", content=answers_bytes(right("mallory"))
    )
    before = sorted(path.name for path in root.rglob("*") if ".nbjudge" not in path.parts)
    result = mark(forged)

    assert result.score == 0
    assert result.problem == "no answers were handed in: no file beside the notebook, none in it"
    after = sorted(path.name for path in root.rglob("*") if ".nbjudge" not in path.parts)
    assert after == before


def test_honest_answers_beside_such_cells_earn_what_they_earn(mark, right):
    wrong = FORGE.format(answers=ANSWERS, quiz="x", content=b"{}")
    result = mark(wrong, file=right("mallory"))

    assert result.score == result.points > 3
    assert (result.held, result.problem) == ("", "")


LOOK = """
import gc
needle = "".join({letters!r})
found = 0
for holder in gc.get_objects():
    for text in gc.get_referents(holder):
        if type(text) in (str, bytes) and len(text) >= len(needle) and text is not needle:
            found += (needle if type(text) is str else needle.encode()) in text
def look():
    return found > 0
"""


@pytest.mark.parametrize("planted", [False, True])
def test_no_key_is_in_the_memory_of_the_process_that_runs_the_cells(findings, quiz, planted):
    """Nor would the search overlook it: what another cell holds is found."""
    released, keys = quiz
    graded = next(q for q in released.of_use("graded") if keys[q.id].entries)
    words = next(iter(keys[graded.id].entries.values())).text[:40]
    plant = f"held = [{f'... {words}'!r}]" if planted else "held = []"

    assert f"found: {planted}" in findings(plant, LOOK.format(letters=list(words)))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "the answers are on the paper of 'ada'"),
        ({"student": "mallory"}, "the answers name the paper"),
    ],
)
def test_a_neighbours_answers_are_held_and_never_zeroed(mark, right, changed, why):
    result = mark(file=right("ada", **changed))

    assert why in result.held
    assert result.has_mark is False


def test_two_sets_of_answers_are_one_and_it_is_said(mark, right):
    answers = dict(right("mallory").answers)
    cell = f"quiz({SLUG!r}, student='mallory', answers={answers!r})"
    result = mark(cell, file=right("mallory", answers=dict.fromkeys(answers, "no such thing")))

    assert result.score == 0
    assert "the answers file and the quiz cell differ; the file counts" in result.notes


DEEP = b'{"format": 1, "answers": {"q": ' + b"[" * 500 + b"]" * 500 + b"}}"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b" " * ((1 << 20) + 1), "the file is larger than 1 MB"),
        (b"[" * 200_000, "the file is no JSON"),
        (DEEP, "is neither text nor a list of ids; ignored"),
        (b'{"format": 1, "answers": {"q": ' + b"9" * 5000 + b"}}", "the file is no JSON"),
        (json.dumps({"format": 1, "answers": {str(i): "" for i in range(201)}}).encode(), "table"),
        (b"\x00\xff", "the file is no JSON"),
    ],
    ids=["large", "open-brackets", "deep", "digits", "many", "binary"],
)
def test_a_file_made_to_break_the_reader_is_one_sentence(mark, file, why):
    result = mark(file=file)

    assert result.score == 0
    assert why in result.problem


def test_a_link_in_its_place_is_not_followed_and_said(mark):
    """The reader of `submitted/` never opens it; a test there says so."""
    result = mark(answers_problem="it is a link, not a file")

    assert result.problem == "the answers file could not be read: it is a link, not a file"
