"""Attack: answers with keys that all have one hash, so that the judge compares each with each."""

import pytest

FORGE = """
import json
import nbjudge.worker.serve as serve
KEYS = [{"i": hex((2**61 - 1) * (n + 2**9))} for n in range(49_000)]
BODY = KIND
def answer(self, *a, **k):
    text = json.dumps({"id": number[0], "ok": True, "buffers": [], "body": [BODY, [], {"d": []}]})
    data = text.encode()
    return [memoryview(serve.HEADER.pack(b"NBJ\\n", 1, 0, len(data), 0)), memoryview(data)]
number = [0]
def note(request, *a, **k):
    number[0] = request.id
    return answer(None)
def layer_norm(*a, **k):
    serve.encode_reply = note
"""
KINDS = {"dict": '{"d": [[key, 0] for key in KEYS]}', "set": '{"S": KEYS}'}


@pytest.mark.parametrize("kind", KINDS)
def test_the_judge_does_not_spend_its_time_on_them(attack, kind):
    exercise = attack(FORGE.replace("KIND", KINDS[kind]))
    assert exercise.score == 0.0
    assert "too many keys that are no text" in exercise.cases[0].message
