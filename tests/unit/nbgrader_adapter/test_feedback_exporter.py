from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter

from nbjudge.nbgrader_adapter.feedback import safe_markdown2html
from nbjudge.nbgrader_adapter.feedback_exporter import FeedbackExporter
from tests.unit.nbgrader_adapter.tiny_course import HALF_RIGHT, LESSON, TinyCourse


def page(course: TinyCourse) -> str:
    path = course.root / "feedback" / "ada" / LESSON / f"{LESSON}.html"
    return str(BeautifulSoup(path.read_text(encoding="utf-8"), features="html.parser"))


def test_the_page_is_nbconverts_own(course: TinyCourse):
    configuration = course.root / "nbgrader_config.py"
    notebook = course.answers(HALF_RIGHT)
    notebook["cells"][0]["source"] = "# Tiny\n\n$x^2$ and `code`"
    notebook["cells"][1]["source"] = "%%bash\necho 1"
    course.submit("ada", notebook)
    assert course.autograde()["success"]
    assert course.api().generate_feedback(LESSON, force=True)["success"]
    ours = page(course)
    with configuration.open("a") as file:
        file.write('c.GenerateFeedback.exporter_class = "nbconvert.exporters.HTMLExporter"\n')
    assert course.api().generate_feedback(LESSON, force=True)["success"]
    assert ours == page(course)
    assert issubclass(FeedbackExporter, HTMLExporter)


@pytest.mark.parametrize(
    ("source", "described"),
    [
        ("![](plot.png)", 'alt=""'),
        ("![a line](plot.png)", 'alt="a line"'),
        ('<img src="plot.png">', 'alt="A picture without a description"'),
        ('<img alt="a line" src="plot.png">', 'alt="a line"'),
    ],
)
def test_every_picture_has_a_description(source: str, described: str):
    assert described in safe_markdown2html({}, source)


def test_a_page_asks_for_nothing_from_elsewhere(course: TinyCourse):
    course.submit("ada", course.answers(HALF_RIGHT))
    assert course.autograde()["success"]
    assert course.api().generate_feedback(LESSON, force=True)["success"]
    soup = BeautifulSoup(page(course), features="html.parser")
    assert soup.select("script[src], link[href], img[src^=http], iframe") == []
