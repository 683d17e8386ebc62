"""Question banks on their way to other systems and back."""

from __future__ import annotations

import html
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import mistune
import pytest
import yaml
from defusedxml import ElementTree

from nbjudge.cli.main import main
from nbjudge.errors import UserError
from nbjudge.exporters.quiz_exchange import (
    NO_EXPLANATION,
    Line,
    Plain,
    Report,
    bank_document,
    plain_questions,
    with_markdown_tex,
)
from nbjudge.exporters.quiz_formats import FORMATS
from nbjudge.questions.bank_file import parse_bank, read_bank

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "docs" / "how-to" / "write-a-quiz.md"
BANKS = sorted((ROOT / "grader_tests").glob("*/quiz.yaml"))
LEFT_OUT = {"gift": {"order"}, "jupyterquiz": {"order", "written"}, "moodle": set(), "qti": set()}


def banks():
    example = MANUAL.read_text().split("```yaml\n")[1].split("```")[0]
    yield parse_bank(example.encode(), "manual")[0]
    yield from (read_bank(path, path.name) for path in BANKS)


def as_it_comes_back(question, form):
    """What the report says is lost, left out on both sides."""
    lost = replace(question, use="practice")
    if form in ("gift", "jupyterquiz"):
        lost = replace(lost, points=1.0)
    if form == "gift":
        lost = replace(lost, model_answer="", rubric=())
    if question.kind == "order":
        lost = replace(lost, lines=tuple(line for line in question.lines if line.correct))
    lines = tuple(replace(line, id="") for line in lost.lines)
    return replace(
        lost, lines=lines, answer=0.0, tolerance=0.0, prompt=" ".join(lost.prompt.split())
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_round_trip_gives_every_bank_back(form):
    for bank in banks():
        report = Report()
        before = plain_questions(bank, report)
        after = FORMATS[form].read(FORMATS[form].write(before, report), report)

        kept = [question for question in before if question.kind not in LEFT_OUT[form]]
        assert len(kept) > 3
        assert [as_it_comes_back(q, form) for q in after] == [
            as_it_comes_back(q, form) for q in kept
        ]
        for one, other in zip(after, kept, strict=True):
            assert one.answer == pytest.approx(other.answer, rel=1e-12)
            assert one.tolerance == pytest.approx(other.tolerance, rel=1e-9, abs=1e-12)
        for question in before:
            if question not in kept:
                assert any(
                    loss.startswith(f"{question.id}: ") and loss.endswith("it is left out.")
                    for loss in report.losses
                )


@pytest.mark.parametrize("form", FORMATS)
def test_what_comes_back_is_a_bank(form):
    bank = next(banks())
    report = Report()
    questions = FORMATS[form].read(
        FORMATS[form].write(plain_questions(bank, report), report), report
    )

    text = yaml.safe_dump(bank_document(questions), sort_keys=False, allow_unicode=True)
    assert parse_bank(text.encode(), "quiz.yaml")[1] == []


def test_drawn_numbers_and_units_are_reported():
    report = Report()
    plain_questions(next(banks()), report)

    assert any(
        loss.startswith("first-entry: its numbers are fixed, for everybody, to a = ")
        for loss in report.losses
    )
    assert "weights-memory: the unit 'MB' is not carried." in report.losses


GIFT = r"""// a comment
$CATEGORY: top

::Grant::Who is buried in {=Grant's tomb#yes ~Cleveland's#no, \= him ~none}?

Two plus two {#4:0.1#four}

::tf:: Grass is green. {TRUE#look again#right}

What is \{\}? {=braces =curly brackets =%0%square#those are others}

Match {=a -> b =c -> d}

Tell me {}
"""


def test_gift_as_people_type_it():
    report = Report()
    grant, two, tf, braces, tell = FORMATS["gift"].read(GIFT.encode(), report)

    assert (grant.id, grant.kind, grant.prompt) == ("grant", "single", "Who is buried in ____ ?")
    assert [(line.text, line.correct) for line in grant.lines] == [
        ("Grant's tomb", True),
        ("Cleveland's", False),
        ("none", False),
    ]
    assert [line.explanation for line in grant.lines] == ["yes", "no, = him", NO_EXPLANATION]
    assert (two.kind, two.answer, two.tolerance, two.explanation) == ("numeric", 4, 0.1, "four")
    assert [(line.correct, line.explanation) for line in tf.lines] == [
        (True, "right"),
        (False, "look again"),
    ]
    assert (braces.prompt, braces.accept) == ("What is {}?", ("braces", "curly brackets"))
    assert braces.mistakes[0].answer == "square"
    assert tell.kind == "written"
    assert report.losses == ["match: a matching question cannot be carried; it is left out."]


def test_moodle_as_moodle_writes_it():
    content = """<?xml version="1.0"?><quiz>
    <question type="category"><category><text>top</text></category></question>
    <question type="multichoice"><name><text>Q</text></name>
     <questiontext format="html">
      <text><![CDATA[<p>What is <b>2 &lt; 3</b>?</p>]]></text></questiontext>
     <generalfeedback format="html"><text>General.</text></generalfeedback>
     <defaultgrade>2.0000000</defaultgrade><single>true</single>
     <answer fraction="100" format="html"><text>true</text>
       <feedback format="html"><text>yes</text></feedback></answer>
     <answer fraction="0"><text>false</text></answer></question>
    <question type="cloze"><questiontext><text>x</text></questiontext></question></quiz>"""
    report = Report()
    (own,) = FORMATS["moodle"].read(content.encode(), report)

    assert (own.prompt, own.kind, own.points) == ("What is 2 < 3?", "single", 2)
    assert [line.explanation for line in own.lines] == ["yes", NO_EXPLANATION]
    assert report.losses == [
        "q: its generalfeedback is not carried.",
        "x: questions of type 'cloze' are not known; it is left out.",
    ]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("gift", b"no braces at all"),
        ("gift", b"How many? {#many}"),
        ("jupyterquiz", b"{"),
        ("jupyterquiz", b'[{"question": "x"}]'),
        ("moodle", b"<html/>"),
        ("moodle", b"<quiz>"),
        ("moodle", b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>'),
        ("qti", b"PK"),
        ("qti", b"<assessment/>"),
        ("qti", b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><item>&a;</item>'),
    ],
)
def test_another_file_is_refused_in_words(form, content):
    with pytest.raises(UserError, match="The file is no "):
        FORMATS[form].read(content, Report())


TEX = r"Is $x_1 \cdot \frac{a}{b}$ more than $\left( y_i^{2} \right)$, or $\nu_1$? (Not \$5.)"


def a_question(**fields):
    lines = (
        Line(id="yes", text=TEX, explanation=TEX, correct=True),
        Line(id="no", text="No.", explanation="It is."),
    )
    return Plain(**{"id": "q", "kind": "single", "prompt": TEX, "lines": lines, **fields})


@pytest.mark.parametrize("form", FORMATS)
def test_math_comes_back_letter_for_letter(form):
    (back,) = FORMATS[form].read(FORMATS[form].write([a_question()], Report()), Report())

    assert [back.prompt, back.lines[0].text, back.lines[0].explanation] == [TEX] * 3


def test_math_is_math_once_moodle_has_rendered_the_markdown():
    r"""Markdown makes `(` of `\(` and italics between two `_`; MathJax reads what is left."""
    page = str(mistune.html(with_markdown_tex(TEX)))
    shown = html.unescape(page.removeprefix("<p>").removesuffix("</p>\n"))

    assert shown == (
        r"Is \(x_1 \cdot \frac{a}{b}\) more than \(\left( y_i^{2} \right)\), "
        r"or \(\nu_1\)? (Not $5.)"
    )


@pytest.mark.parametrize("form", ["gift", "moodle"])
def test_a_star_in_an_answer_stands_for_itself(form):
    own = a_question(kind="short", lines=(), accept=("x * y",), explanation="So it is.")
    content = FORMATS[form].write([own], Report())
    (back,) = FORMATS[form].read(content, Report())

    assert back.accept == ("x * y",)
    assert rb"x \* y" in content.replace(rb"\\", b"\\")


def test_figures_are_reported():
    example = (
        "format: 1\nquestions:\n- {id: q, use: practice, kind: single, prompt: 'See "
        '![a](a.png) and ![b](b.png "t").\', options: [{id: a, text: A, correct: true, '
        "explanation: '![a](a.png)'}, {id: b, text: B, explanation: E}]}\n"
    )
    bank, _ = parse_bank(example.encode(), "quiz.yaml")
    report = Report()
    plain_questions(bank, report)

    assert report.losses == [
        "q: the figure a.png is not carried.",
        "q: the figure b.png is not carried.",
    ]


def _items(questions):
    with zipfile.ZipFile(io.BytesIO(FORMATS["qti"].write(questions, Report()))) as archive:
        names = [n for n in archive.namelist() if n != "imsmanifest.xml"]
        return [ElementTree.fromstring(archive.read(name)) for name in names]


def _named(root, tag):
    return root.iter(f"{{http://www.imsglobal.org/xsd/imsqti_v2p1}}{tag}")


def test_a_qti_player_is_told_the_points_and_which_explanation_to_show():
    """No template of the standard does: they give 1 point and set no outcome for feedback."""
    for bank in banks():
        for item in _items(plain_questions(bank, Report())):
            if next(_named(item, "extendedTextInteraction"), None) is not None:
                assert next(_named(item, "modalFeedback"), None) is None
                continue
            (rules,) = _named(item, "responseProcessing")
            assert rules.get("template") is None
            assert {e.get("identifier") for e in _named(rules, "setOutcomeValue")} == {
                "SCORE",
                "FEEDBACK",
            }
            shown = {e.get("identifier") for e in _named(item, "modalFeedback")}
            told = [e for e in _named(rules, "setOutcomeValue") if e.get("identifier") != "SCORE"]
            named = {v.text for e in told for v in _named(e, "baseValue")}
            chosen = {e.get("identifier") for e in _named(item, "simpleChoice")}
            assert named | (set() if named else chosen) == shown


def test_equal_banks_give_equal_packages():
    questions = plain_questions(next(banks()), Report())
    one, two = (FORMATS["qti"].write(questions, Report()) for _ in range(2))

    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert "imsmanifest.xml" in archive.namelist()


def test_the_verb_converts_there_and_back(tmp_path, monkeypatch, capsys):
    (tmp_path / "course").symlink_to(ROOT / "course")
    (tmp_path / "grader_tests").symlink_to(ROOT / "grader_tests")
    monkeypatch.chdir(tmp_path)

    assert main(["quiz", "export", "m1_l05_layer_norm_formula", "--format", "moodle"]) == 0
    out = capsys.readouterr().out
    assert "first-normalized-entry: its numbers are fixed, for everybody, to a = " in out
    assert "m1_l05_layer_norm_formula.xml holds the keys: it is the instructor's only." in out

    file = "m1_l05_layer_norm_formula.xml"
    assert main(["quiz", "import", file, "--format", "moodle", "--to", "new.yaml"]) == 0
    said = capsys.readouterr()
    assert "15 questions in new.yaml, for practice as they are." in said.out
    assert main(["quiz", "import", file, "--format", "moodle", "--to", "new.yaml"]) == 2
    assert "There is a file already." in capsys.readouterr().err
