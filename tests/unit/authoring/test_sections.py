import pytest

from nbjudge.authoring.sections import with_anchor
from nbjudge.errors import LessonError
from tests.unit.naming.sample import texts

LESSON = """---
jupytext: {}
---

# Rows

```{code-cell} ipython3
# not a heading
```

## The caller's array, as it is

### The formula ##
"""


def _pointing_to(paragraph, tmp_path):
    path = tmp_path / "m1_l01_rows.md"
    path.write_text(LESSON)
    misconception = texts("by-sum", "scale_rows")
    object.__setattr__(misconception, "paragraph", paragraph)
    return with_anchor(misconception, path).paragraph


@pytest.mark.parametrize(
    ("paragraph", "anchor"),
    [
        ("the-callers-array-as-it-is", "The-caller's-array,-as-it-is"),
        ("the-formula", "The-formula"),
        ("rows", "Rows"),
        ("", ""),
    ],
)
def test_a_paragraph_becomes_the_anchor_of_its_heading_in_a_notebook(paragraph, anchor, tmp_path):
    assert _pointing_to(paragraph, tmp_path) == anchor


@pytest.mark.parametrize("paragraph", ["formula", "not-a-heading"])
def test_a_paragraph_that_the_lesson_does_not_have_is_refused(paragraph, tmp_path):
    with pytest.raises(LessonError) as caught:
        _pointing_to(paragraph, tmp_path)
    assert str(caught.value) == (
        f"Misconception 'by-sum' points to the paragraph {paragraph!r}, which is no section of "
        "the lesson.\n"
        f"  where: {tmp_path / 'm1_l01_rows.md'}\n"
        "  to cure it: the sections are: rows, the-callers-array-as-it-is, the-formula."
    )
