"""docs/proxy.md says what crosses: each of its examples must hold."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from nbjudge.sandbox.registry import BACKENDS
from nbjudge.suite.beside import beside
from nbjudge.suite.hidden import hidden

from .students import Submission, sandbox_called

PAGE = (Path(__file__).parents[3] / "docs" / "proxy.md").read_text().split("## What it costs")[0]
NOTEBOOK = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL).group(1)
EXAMPLES = re.findall(r"^\| (?!what \|)(.+?) \| `(.+)` \|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module", params=sorted(BACKENDS))
def submission(request, tmp_path_factory):
    sandbox = sandbox_called(request.param, tmp_path_factory.mktemp("course"))
    started = Submission(sandbox, total_wall_s=600, call_cpu_s=60)
    started.run(NOTEBOOK)
    yield started
    started.session.close()
    sandbox.close()


def center(x):
    return x - x.mean()


def model():
    return nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2))


def norm_of(v):
    return (v * v).sum()


def second(f, x):
    x.requires_grad_(True)
    (first,) = torch.autograd.grad(f(x), x, create_graph=True)
    return torch.autograd.grad(first, x)[0]


def raises(kind, words, function):
    with pytest.raises(kind, match=re.escape(words)):
        function()
    return True


def test_the_page_has_examples():
    assert len(EXAMPLES) == PAGE.count("\n| ") - PAGE.count("\n| what | example |")


@pytest.mark.parametrize("what", [what for what, _ in EXAMPLES])
def test_an_example_of_the_page_holds(submission, what):
    student = submission.student
    names = {
        **{"student": student, "np": np, "torch": torch, "nn": nn, "hidden": hidden},
        **{"beside": beside, "model": model, "norm_of": norm_of, "second": second},
        **{"center": center, "raises": raises, "deep": lambda: student.apply(names["deep"])},
    }
    assert eval(dict(EXAMPLES)[what], names)  # noqa: S307 - the page is ours
