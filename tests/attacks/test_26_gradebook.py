"""Attack: puts a trigger into the gradebook that raises every mark."""

import sqlite3

import pytest

TRIGGER = """
import os, sqlite3
def look():
    try:
        with sqlite3.connect({path!r}) as db:
            db.execute("create trigger t after insert on grade "
                       "begin update grade set score = 99; end")
        return "written"
    except Exception as error:
        pass
    for act in (lambda: os.truncate({path!r}, 0), lambda: os.chmod({path!r}, 0),
                lambda: os.open({path!r}, os.O_RDONLY | os.O_TRUNC), lambda: os.unlink({path!r})):
        try: act()
        except OSError: pass
    return "refused"
"""


@pytest.mark.usefixtures("locked_down")
def test_the_gradebook_is_out_of_reach(findings, open_folder):
    path = open_folder / "gradebook.db"
    with sqlite3.connect(path) as database:
        database.execute("create table grade (score)")
    path.chmod(0o666)
    before = path.read_bytes()
    assert "refused" in findings(TRIGGER.format(path=str(path)))
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o666
