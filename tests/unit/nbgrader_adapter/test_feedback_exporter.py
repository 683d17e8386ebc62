from __future__ import annotations

import pytest
from nbconvert.exporters import HTMLExporter

from nbjudge.nbgrader_adapter.feedback import safe_markdown2html
from nbjudge.nbgrader_adapter.feedback_exporter import FeedbackExporter


def test_nbgrader_takes_it_for_an_exporter_of_nbconverts():
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
