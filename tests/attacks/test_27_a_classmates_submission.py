"""Attack: copies a classmate's answer, then spoils the classmate's file."""

import pytest

COPY = """
import os
def look():
    try: return open({path!r}).read()
    except OSError: pass
    try: open({path!r}, "w").write("")
    except OSError: pass
    try: os.symlink({path!r}, "mine"); return open("mine").read()
    except OSError: pass
    try: os.link({path!r}, "mine too"); return open("mine too").read()
    except OSError: return "nothing"
"""


@pytest.mark.usefixtures("locked_down")
def test_it_can_neither_be_read_nor_changed(findings, open_folder, honest):
    path = open_folder / "ada.ipynb"
    path.write_text(honest)
    path.chmod(0o666)
    assert "found: 'nothing'" in findings(COPY.format(path=str(path)))
    assert path.read_text() == honest
    assert path.stat().st_nlink == 1
