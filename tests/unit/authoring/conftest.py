"""A tiny course with one function and one class, written into a scratch folder."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from nbjudge.authoring.source_notebook import built_notebook
from nbjudge.errors import LessonError
from nbjudge.model import Course

TEXT = '''\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
nbjudge: {view: numpy}
---

# Counting

Why count at all?

```{code-cell} ipython3
:tags: [setup]

import numpy as np
from nbjudge import check
```

## The mean

Add and divide.

+++

A second cell of text.

```{code-cell} ipython3
np.arange(3).sum()
```

```{code-cell} ipython3
:nbgrader: {grade_id: mean_of, solution: true}

def mean_of(x, *, start=0.0):
    """Return the mean.

    Args:
        x: Numbers, shape (N,).
    """
```

```{code-cell} ipython3
:nbgrader: {grade_id: test_mean_of, points: 2}

check("mean_of")
```

## A counter

```{code-cell} ipython3
:nbgrader: {grade_id: Counter, solution: true}

class Counter:
    """Counts."""

    step = 1

    def __init__(self, start=0):
        """Start."""

    @property
    def value(self):
        """What was counted."""
```

```{code-cell} ipython3
:nbgrader: {grade_id: test_Counter, points: 3}

check("Counter")
```

Done.
'''

SOLUTION = '''\
"""Answers of the first lesson."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def mean_of(x: NDArray[np.float64], *, start: float = 0.0) -> float:
    """Mean."""

    # Sum first: an empty array has no mean.
    total = np.sum(x) + start
    return float(total / len(x))
    # The end.


class Counter:
    """Counter."""

    step: int = 1

    def __init__(self, start: int = 0) -> None:
        """Start."""
        self.count = start

    @property
    def value(self) -> int:
        """Value."""
        return self.count + self.step
'''

TOML = """\
id = "counting"
title = "Counting"
[[modules]]
number = 1
title = "One"
[[lessons]]
slug = "{slug}"
title = "Counting"
"""


MEAN_SUITE = textwrap.dedent("""\
    import numpy as np
    import pytest
    from nbjudge.expect import expect_close


    @pytest.mark.public
    def test_worked_example(student):
        \"\"\"Three numbers.\"\"\"
        expect_close(student.mean_of(np.array([1.0, 2.0, 3.0])), 2.0, kind="three numbers")
    """)
COUNTER_SUITE = textwrap.dedent("""\
    import pytest
    from nbjudge.expect import expect_close


    @pytest.mark.public
    def test_starts(student):
        \"\"\"A counter starts.\"\"\"
        expect_close(student.Counter(3).value, 4, kind="a start")
    """)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The course, in a folder of the test's own."""
    return tiny_course(tmp_path)


def tiny_course(tmp_path: Path) -> Course:
    """Write the course and load it."""
    # Imported lessons stay in `sys.modules`: every course made here has its own slug.
    slug = f"m1_l01_{re.sub('[^a-z0-9]', '_', tmp_path.name.lower())}"
    write(tmp_path / "course" / "course.toml", TOML.format(slug=slug))
    write(tmp_path / "course" / f"{slug}.md", TEXT)
    write(tmp_path / "solutions" / f"{slug}.py", SOLUTION)
    suites = tmp_path / "grader_tests" / slug
    write(suites / "test_mean_of.py", MEAN_SUITE)
    write(suites / "test_Counter.py", COUNTER_SUITE)
    write(suites / "misconceptions.py", "")
    write(suites / "alternatives.py", "")
    return Course.load(tmp_path)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def slug(course: Course) -> str:
    """The one lesson of the course."""
    return course.lessons[0].slug


@pytest.fixture
def edit_text(course: Course, slug: str) -> Callable[[str, str], None]:
    """Replace a passage of the lesson's text that must be there."""
    return partial(_replace, course.text(slug))


@pytest.fixture
def edit_solution(course: Course, slug: str) -> Callable[[str, str], None]:
    """Replace a passage of the solutions that must be there."""
    return partial(_replace, course.solution(slug))


@pytest.fixture
def refusal(course: Course, slug: str) -> Callable[[], str]:
    """What an author reads when the build refuses the lesson, with SLUG for its name."""

    def refused() -> str:
        with pytest.raises(LessonError) as caught:
            built_notebook(course, slug)
        return str(caught.value).replace(slug, "SLUG")

    return refused


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    write(path, text.replace(old, new))
