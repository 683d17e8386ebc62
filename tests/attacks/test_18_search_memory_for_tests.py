"""Attack: searches frames, modules and the garbage collector for hidden tests."""

SEARCH = """
import gc, sys
HIDDEN = {"pytest", "_pytest", "grader_tests", "solutions"}
found = [m for m in sys.modules if m.partition(".")[0] in HIDDEN or m.startswith("nbjudge.suite")]
kinds = {type(o) for o in gc.get_objects()}
found += [k.__name__ for k in kinds if k.__module__.partition(".")[0] in HIDDEN]
frame = sys._getframe()
while frame:
    found += [f for f in [frame.f_code.co_filename] if "grader_tests" in f or "suite" in f]
    frame = frame.f_back
def layer_norm(x, *a, **k):
    raise ValueError("found: " + repr(found))
"""


def test_no_test_is_in_the_students_process(attack):
    exercise = attack(SEARCH)
    assert exercise.score == 0.0
    assert "found: []" in exercise.cases[0].message
