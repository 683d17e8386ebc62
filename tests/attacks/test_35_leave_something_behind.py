"""Attack: leaves files, modules and bytecode for the next submission to find."""

import pytest

LEAVE = """
import os, sys, tempfile, numpy, nbjudge
places = ["/tmp", "/var/tmp", "/dev/shm", "/run", os.environ["HOME"], tempfile.gettempdir(),
          *map(os.path.dirname, (numpy.__file__, nbjudge.__file__, os.__file__)),
          os.path.join(os.path.dirname(numpy.__file__), "__pycache__"), *filter(None, sys.path)]
"""
PLANT = """
for place in places:
    for name in ("planted-by-mallory", "sitecustomize.py", "planted.pth"):
        try: open(os.path.join(place, name), "w").write("raise SystemExit")
        except OSError: pass
numpy.planted = sys.modules["planted"] = nbjudge.planted = True
def layer_norm(*a, **k): return None
"""
LOOK = """
def look():
    found = [p for p in places if os.path.exists(os.path.join(p, "planted-by-mallory"))]
    return found + [m for m in (numpy, nbjudge) if hasattr(m, "planted")]
"""


@pytest.mark.usefixtures("locked_down")
def test_the_next_one_finds_nothing(attack, findings):
    assert attack(LEAVE, PLANT).score == 0.0
    assert "found: []" in findings(LEAVE, LOOK)
