from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nbjudge.cli.main import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    cells = [
        new_code_cell("assert True", metadata={"nbgrader": {"grade_id": "early", "grade": True}}),
        new_code_cell(
            "def cube(x):\n    return x**3",
            metadata={"nbgrader": {"grade_id": "cube", "solution": True}},
        ),
        new_code_cell(
            "assert cube(2) == 8",
            metadata={"nbgrader": {"grade_id": "check", "grade": True, "points": 3}},
        ),
    ]
    path = tmp_path / "p1.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=cells)))
    return path


def test_the_draft_is_written_and_what_is_left_is_said(notebook: Path, capsys: Capture) -> None:
    assert main(["suite-from-cells", str(notebook)]) == 0
    assert capsys.readouterr().out == (
        "drafts/solutions/p1.py: the answers\n"
        "drafts/grader_tests/p1/test_cube.py: 1 case\n"
        "\nTo finish:\n"
        "1. Work off each TODO; docs/how-to/write-a-suite.md says how cases are written.\n"
        "2. In the notebook, replace the test cells by one points cell per exercise:\n"
        '     grade_id test_cube, 3 points, source check("cube")   in place of check\n'
        "   and import it above: from nbjudge import check\n"
        "   early tests no answer; leave it out or write its case yourself\n"
        "3. Move both files to grader_tests/p1/ and solutions/, and try them:\n"
        "     pytest grader_tests/p1 --impl solution\n"
        "   From then on p1 is judged by its suite.\n"
    )
    assert "assert student.cube(2) == 8" in Path("drafts/grader_tests/p1/test_cube.py").read_text()
    assert "return x**3" in Path("drafts/solutions/p1.py").read_text()


def test_a_draft_is_never_overwritten(notebook: Path, capsys: Capture) -> None:
    main(["suite-from-cells", str(notebook)])
    capsys.readouterr()

    assert main(["suite-from-cells", str(notebook)]) == 2
    assert capsys.readouterr().err == (
        "nbjudge suite-from-cells: There is a draft already.\n"
        "  where: drafts/grader_tests/p1\n"
        "  to cure it: move it away, or give --out.\n"
    )


def test_a_missing_notebook_is_named(notebook: Path, capsys: Capture) -> None:
    assert main(["suite-from-cells", "gone.ipynb"]) == 2
    assert capsys.readouterr().err == (
        "nbjudge suite-from-cells: The notebook cannot be read: No such file or directory.\n"
        "  where: gone.ipynb\n"
    )
