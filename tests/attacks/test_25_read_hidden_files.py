"""Attack: reads the hidden tests, the answers and the instructor's notebook."""

import pytest

from .conftest import ROOT, SLUG

LOOK = """
import glob, os
def look():
    seen = []
    for path in {paths!r}:
        for act in (lambda p: open(p).read(), os.listdir, lambda p: glob.glob(p + "/*") or 1 / 0):
            try: act(path); seen.append(path)
            except Exception: pass
    here = os.getcwd()
    while here != "/":
        here = os.path.dirname(here)
        seen += [n for n in os.listdir(here) if n in ("grader_tests", "solutions", "source")]
    return seen
"""


@pytest.mark.usefixtures("locked_down")
def test_nothing_of_the_course_is_in_reach(findings):
    paths = [
        str(ROOT / name)
        for name in (
            *("", "grader_tests", f"grader_tests/{SLUG}/test_layer_norm.py", ".nbjudge/secret"),
            *(f"solutions/{SLUG}.py", f"source/{SLUG}/{SLUG}.ipynb", ".git/HEAD", "src"),
        )
    ]
    # Where the walk up is refused at the first step, that is told instead.
    told = findings(LOOK.format(paths=paths))
    assert "found: []" in told or "PermissionError" in told
