"""A quiz in a learner's notebook: answered, interrupted, handed in, marked."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page, expect

from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.paper import draw_paper
from nbjudge.questions.quiz_file import load_quiz
from nbjudge.questions.score import right_answer
from nbjudge.questions.split import keys_of
from tests.browser.conftest import WAIT_MS, Watched
from tests.browser.jupyter import ROOT
from tests.browser.small_class import LESSON, SmallClass

STUDENT = "quinn"
QUIZ_CELL = 'quiz("m1_l05")'
_TURN_MS = 200
_IDLE_TURNS = 15


@pytest.fixture(scope="module", autouse=True)
def _one_student() -> Iterator[None]:
    """`make lab`, which starts later, is one student's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBJUDGE_STUDENT", STUDENT)
        yield


@pytest.fixture
def folder(lab: tuple[str, Path]) -> Path:
    """The lesson as released, but for cells that have nothing to do with the quiz."""
    made = Path(tempfile.mkdtemp(dir=lab[1]))
    shutil.copytree(lab[1] / LESSON, made, dirs_exist_ok=True)
    path = made / f"{LESSON}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if _belongs(cell)]
    path.write_text(json.dumps(notebook))
    return made


def _belongs(cell: dict[str, Any]) -> bool:
    source = "".join(cell["source"])
    return cell["cell_type"] == "code" and ("import check" in source or "quiz" in source)


@pytest.fixture(params=["lab/tree", "notebooks"])
def opened(request: pytest.FixtureRequest, lab, folder: Path, watched: Watched) -> QuizPage:
    """The notebook in JupyterLab, then in Notebook 7; every cell has run."""
    url = f"{lab[0]}/{request.param}/{folder.name}/{LESSON}.ipynb"
    page = QuizPage(watched.page, url, folder)
    page.open()
    page.run_all()
    return page


class QuizPage:
    """The notebook in one page, worked as a learner works it."""

    def __init__(self, page: Page, url: str, folder: Path) -> None:
        self.page, self._url, self._folder = page, url, folder

    def open(self) -> None:
        self.page.goto(f"{self._url}?reset" if "/lab/" in self._url else self._url)
        self.page.locator(".jp-Notebook .jp-CodeCell").nth(1).wait_for()
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()

    def choose(self, *menus: str) -> None:
        self.page.get_by_role("menuitem", name=menus[0], exact=True).click()
        entry = self.page.get_by_text(menus[1])
        self.page.locator(".lm-Menu-item", has=entry).first.click()

    def run_all(self) -> None:
        """Run every cell; again if none is: a page that only connects to its kernel drops them."""
        prompt = self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
        deadline = time.monotonic() + WAIT_MS / 1000
        idle = _IDLE_TURNS
        while not re.search(r"\d", said := prompt.text_content() or ""):
            assert time.monotonic() < deadline, "no cell ran"
            idle = 0 if "*" in said else idle + 1
            if idle > _IDLE_TURNS:
                self.choose("Run", "Run All Cells")
                idle = 0
            self.page.wait_for_timeout(_TURN_MS)
        self.graded.locator("fieldset").first.wait_for()

    def restart_and_clear(self) -> None:
        self.choose("Kernel", "Restart Kernel and Clear Outputs")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.graded.wait_for(state="detached")

    def save(self) -> None:
        with self.page.expect_response(lambda r: r.request.method == "PUT" and LESSON in r.url):
            self.page.keyboard.press("Control+s")

    def save_until(self, words: str) -> None:
        """Save until the notebook on disk holds some words: its page writes them when it can."""
        deadline = time.monotonic() + WAIT_MS / 1000
        self.save()
        while not any(words in source for source in self.sources()):
            assert time.monotonic() < deadline, f"{words} never came into the notebook"
            self.page.wait_for_timeout(200)
            self.save()

    def shut_down(self) -> None:
        before = self._kernels()
        self.choose("Kernel", "Shut Down Kernel")
        deadline = time.monotonic() + WAIT_MS / 1000
        while self._kernels() >= before:
            assert time.monotonic() < deadline, "the kernel is still there"
            self.page.wait_for_timeout(100)

    def _kernels(self) -> int:
        """Return how many the server has, those of tests before this one included."""
        return int(
            self.page.evaluate("fetch('/api/kernels').then(r => r.json().then(k => k.length))")
        )

    @property
    def graded(self) -> Locator:
        return self.page.locator(".nbjudge-quiz", has_text=f"The paper of {STUDENT}")

    @property
    def practice(self) -> Locator:
        return self.page.locator(".nbjudge-quiz", has_text=": practice")

    @property
    def status(self) -> str:
        # What is scrolled out of view has no inner text.
        return self.graded.locator(".nbq-status").text_content() or ""

    def question(self, name: str) -> Locator:
        return self.graded.locator(f'[data-question="{name}"]')

    def wait_until(self, words: str) -> None:
        self.graded.locator(".nbq-status", has_text=words).wait_for()

    @property
    def cells(self) -> int:
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    @property
    def file(self) -> dict[str, Any]:
        return dict(json.loads((self._folder / f"{LESSON}.answers.json").read_text()))

    def sources(self) -> list[str]:
        notebook = json.loads((self._folder / f"{LESSON}.ipynb").read_text())
        return ["".join(cell["source"]) for cell in notebook["cells"]]


@pytest.fixture(scope="module")
def right() -> dict[str, Any]:
    """The right answers on the student's paper."""
    bank = ROOT / "grader_tests" / LESSON / "quiz.yaml"
    keys = keys_of(read_bank(bank, bank.name))
    paper = draw_paper(load_quiz(ROOT / "release" / LESSON / f"{LESSON}.quiz.json"), STUDENT)
    return {
        drawn.id: keys[drawn.id].right
        if drawn.entries
        else right_answer(drawn, keys[drawn.id]).replace(".", ",")
        for drawn in paper.questions
    }


def answer_by_mouse(page: QuizPage, right: dict[str, Any]) -> None:
    for name, answer in right.items():
        if isinstance(answer, str):
            page.question(name).locator("input").fill(answer)
            page.question(name).get_by_text("Your answer").click()
        else:
            for own in answer:
                page.question(name).locator(f'input[value="{own}"]').click()
    page.wait_until(f"{len(right)} of {len(right)} answered")


def test_answers_survive_everything_and_are_marked_right(opened, folder, right, tmp_path):
    answer_by_mouse(opened, right)
    receipt = opened.file["receipt"]
    assert f"receipt {receipt}" in opened.status
    assert "run this cell again before you hand in" in opened.status

    opened.question("gamma-count").locator("input").first.focus()
    opened.save()
    opened.restart_and_clear()
    opened.save()
    opened.open()
    opened.run_all()
    opened.wait_until("The notebook carries these answers too")
    assert f"receipt {receipt}" in opened.status
    opened.save_until(f'receipt="{receipt}"')

    a_class = SmallClass(tmp_path)
    for student, name in ((STUDENT, "*"), ("notebook-only", "*.ipynb")):
        handed_in = a_class.folder / "submitted" / student / LESSON
        handed_in.mkdir(parents=True)
        for file in folder.glob(f"{LESSON}{name}"):
            shutil.copy(file, handed_in)
    a_class.run("nbjudge", "grade", LESSON, "--student", STUDENT)
    assert quiz_score(a_class, STUDENT) == len(right)


def quiz_score(a_class: SmallClass, student: str) -> float | None:
    with Gradebook(f"sqlite:///{a_class.folder / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(LESSON, LESSON, student)
        score = next(g.auto_score for g in notebook.grades if g.name == "test_quiz")
        return None if score is None else float(score)


def test_everything_is_reached_by_keyboard_and_no_shortcut_fires(opened, right):
    page, cells = opened.page, opened.cells
    first = opened.graded.locator("input").first
    first.focus()
    reached = set()
    for _ in range(60):
        active = page.evaluate(
            "(() => { const e = document.activeElement; const f = e.closest('fieldset');"
            "return [f && f.dataset.question, e.type, e.value]; })()"
        )
        name, kind, value = active
        if name not in right:
            break
        reached.add(name)
        if kind == "radio":
            wanted = right[name][0]
            for _ in range(6):
                page.keyboard.press("Space")
                value = page.evaluate("document.activeElement.value")
                if value == wanted:
                    break
                page.keyboard.press("ArrowDown")
        elif kind == "checkbox" and value in right[name]:
            page.keyboard.press("Space")
        elif kind == "text":
            page.keyboard.type("b" + "a")
            page.keyboard.press("Backspace")
            page.keyboard.press("Backspace")
            page.keyboard.type(right[name])
        page.keyboard.press("Tab")

    assert reached == set(right)
    opened.wait_until(f"{len(right)} of {len(right)} answered")
    assert {k: v for k, v in opened.file["answers"].items() if isinstance(v, str)} == {
        name: answer if isinstance(answer, str) else answer[0]
        for name, answer in right.items()
        if isinstance(answer, str) or len(answer) == 1
    }
    assert opened.cells == cells


def test_a_dead_kernel_says_that_nothing_is_saved(opened):
    opened.shut_down()
    opened.graded.locator("input[type=radio]").first.click()

    opened.wait_until("NOT saved")


def test_a_reloaded_page_shows_what_was_answered(opened, right):
    choice = opened.question("gamma-count").locator(f'input[value="{right["gamma-count"][0]}"]')
    choice.click()
    opened.wait_until("1 of")
    opened.save()

    opened.open()
    opened.wait_until("1 of")

    expect(choice).to_be_checked()


def test_practice_explains_at_once_and_draws_new_numbers(opened):
    question = opened.practice.locator('[data-question="times-ten"]')
    question.locator("input[value=same]").click()
    question.get_by_text("✓ right").wait_for()
    question.locator("input[value=tenfold]").click()
    question.get_by_text("○ not yet").wait_for()
    expect(question).to_contain_text("2 tries so far, 1 right")

    numbers = opened.practice.locator('[data-question="constant-row"]')
    before = numbers.inner_text()
    numbers.get_by_role("button", name="New numbers").click()
    opened.page.wait_for_function(
        "(before) => document.querySelector('[data-question=constant-row]').innerText !== before",
        arg=before,
    )


def test_lines_are_ordered_by_keyboard(opened):
    order = opened.practice.locator('[data-question="which-order"]')
    for line in ("mean = x.mean()", "deviation = x - mean"):
        order.get_by_role("button", name=f"Put in: {line}").press("Enter")
    order.get_by_role("button", name="Move up: deviation = x - mean").press("Enter")

    own = order.locator("ol li code")
    expect(own).to_have_text(["deviation = x - mean", "mean = x.mean()"])
    opened.page.wait_for_function(
        "() => document.activeElement.closest('li')?.dataset.id === 'distance'"
    )


def test_axe_finds_nothing_serious(opened):
    opened.practice.locator("input[value=tenfold]").click()
    opened.practice.get_by_text("○ not yet").wait_for()
    opened.graded.locator("input[type=radio]").first.click()
    opened.wait_until("1 of")

    found = Axe().run(opened.page, context=".nbjudge-quiz").response["violations"]

    assert [
        f"{v['id']}: {v['help']}" for v in found if v["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("opened", ["lab/tree"], indirect=True)
def test_axe_finds_nothing_serious_in_the_dark(opened):
    opened.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    opened.practice.locator("input[value=tenfold]").click()
    opened.practice.get_by_text("○ not yet").wait_for()

    found = Axe().run(opened.page, context=".nbjudge-quiz").response["violations"]

    assert [
        f"{v['id']}: {v['help']}" for v in found if v["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("opened", ["lab/tree"], indirect=True)
def test_the_page_asks_nothing_of_another_host_and_has_no_error(opened, lab, watched):
    opened.graded.locator("input[type=radio]").first.click()
    opened.wait_until("1 of")

    assert watched.errors == []
    own = (lab[0], "data:", "blob:")
    assert [url for url in watched.requests if not url.startswith(own)] == []
