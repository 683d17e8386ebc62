"""Who is who: nbgrader's students by what a learning platform calls them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from nbgrader.api import Gradebook

from nbjudge.nbgrader_adapter.platforms import SentFile


class Roster:
    """Finds nbgrader's students by what a platform calls them.

    Args:
        students: (id, first name, last name, email, the platform's id) of each.
    """

    def __init__(self, students: Iterable[tuple[str, str, str, str, str]]) -> None:
        self._by_key: dict[str, set[str]] = {}
        for student, first, last, email, platform_id in students:
            account = email.partition("@")[0]
            names = (f"{first} {last}", f"{last} {first}", email, account, student, platform_id)
            for name in names:
                if key := _plain(name):
                    self._by_key.setdefault(key, set()).add(student)

    def find(self, sent: SentFile) -> tuple[str, str]:
        """Return (student, "") or ("", why not)."""
        for name in (sent.platform_id, sent.who):
            found = self._by_key.get(_plain(name), set())
            if len(found) == 1:
                return next(iter(found)), ""
            if found:
                return "", f"{name!r} could be {' or '.join(sorted(found))}"
        return "", f"nobody in the gradebook is called {sent.who!r}"


def roster_of(gradebook: Gradebook, extra: Iterable[Mapping[str, str]] = ()) -> Roster:
    """Read the gradebook's students.

    Args:
        gradebook: nbgrader's, open.
        extra: Rows with `student` (nbgrader's id) and `name` (the platform's).
    """
    students = [
        (s.id, s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "")
        for s in gradebook.students
    ]
    more = [(row["student"], row["name"], "", "", "") for row in extra]
    return Roster([*students, *more])


def _plain(name: str) -> str:
    """Return a name without accents, spaces, punctuation and case: "Zoë Ng" is "zoeng"."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed.casefold() if c.isalnum())
