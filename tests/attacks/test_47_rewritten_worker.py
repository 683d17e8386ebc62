"""Attack: rewrites the worker that runs in its own process, so that every field of a reply lies."""

import pytest

DESCRIBE = """
import nbjudge.worker.serve as serve
serve.describe_exception = lambda error: {what}
def layer_norm(*a, **k): raise ValueError
"""
REPLY = """
import nbjudge.worker.serve as serve
honest = serve.encode_reply
def lie(request, *, ok, body, handle_for):
    return honest(request, ok={ok}, body={what}, handle_for=handle_for)
serve.encode_reply = lie
"""
BODIES = [
    *("None", "[]", "[None] * 3", "'x'", "{}", "[1, {}, ()]", "[body] * 3", "[[[]] * 3] * 3"),
    *("{'type': 'Skipped', 'bases': ['SystemExit', 'StopIteration']}", "{'missing': 'x' * 10**6}"),
    *("{'type': 3, 'bases': 4, 'message': 5, 'place': 6}", "{'type': 'x' * 10**6}"),
]


@pytest.mark.long
@pytest.mark.parametrize("what", BODIES)
def test_a_lying_description_is_an_outcome(attack, what):
    exercise = attack(DESCRIBE.format(what=what))
    assert exercise.score == 0.0
    assert all(len(case.message) < 2000 for case in exercise.cases)


@pytest.mark.long
@pytest.mark.parametrize("ok", [True, False])
@pytest.mark.parametrize("what", BODIES)
def test_a_lying_reply_is_an_outcome(attack, what, ok):
    exercise = attack(REPLY.format(what=what, ok=ok))
    assert exercise.score == 0.0
    assert all(len(case.message) < 2000 for case in exercise.cases)
