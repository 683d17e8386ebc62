"""Attack: calls back what it was not lent, and answers as if it had been asked something else."""

import pytest

FORGE = """
import gc, json, os, struct
def frame(document):
    text = json.dumps(document).encode()
    return struct.pack("<4sHHIQ", b"NBJ\\n", 1, 0, len(text), 0) + text
body = {{"d": [["function", {function}], ["args", {args}], ["kwargs", {{"d": []}}]]}}
request = {{"id": 1, "op": {op!r}, "tensors": True, "buffers": [], "body": body}}
def center(x):
    os.write(3, frame(request))
    return x - x.mean()
def is_centered(impl):
    os.write(3, frame(request))
    return True
"""


@pytest.mark.parametrize(
    "parts",
    [
        {"function": '{"k": [1000, "f"]}'},
        {"function": '{"k": [-1, "f"]}'},
        {"function": '{"h": [1, "callable", "f", ""]}'},
        {"function": '"center"'},
        {"function": '{"k": [1, "f"]}', "args": '{"t": [{"h": [1, "object", "x", ""]}]}'},
        {"function": '{"k": [1, "f"]}', "args": "[1]"},
        {"function": '{"k": [1, "f"]}', "op": "get"},
    ],
)
def test_a_forged_callback_harms_only_the_submission(torch_attack, parts):
    source = FORGE.format(**({"args": '{"t": []}', "op": "call"} | parts))
    exercises = torch_attack(source)
    assert exercises["center"].score == 0.0
    assert exercises["is_centered"].score < 2.0


STORE = """
kept = None
def is_centered(impl):
    global kept
    kept = kept or impl  # the first one is the right one
    return abs(float(impl(np.arange(4.0)).mean())) < 1e-9
def center(x):
    return kept(x)
"""


def test_hidden_code_cannot_be_kept_for_another_exercise(torch_attack):
    assert torch_attack(STORE)["center"].score == 0.0


PEEK = """
import inspect
def is_centered(impl):
    found = [str(getattr(impl, name, "")) for name in dir(impl)]
    try: found.append(inspect.getsource(impl))
    except Exception: pass
    return any("mean()" in text or "shifted" in text for text in found)
"""


def test_hidden_code_cannot_be_read(torch_attack):
    exercise = torch_attack(PEEK)["is_centered"]
    outcome = {case.id: case.outcome.value for case in exercise.cases}
    assert outcome["test_right"] == "failed"
