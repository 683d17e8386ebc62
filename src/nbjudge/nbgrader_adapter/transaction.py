"""nbgrader's gradebook with many of its calls in one transaction."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy.orm import Session, scoped_session, sessionmaker


class OneTransaction(Gradebook):
    """A gradebook whose methods write, but do not commit, until `save` or `forget`.

    nbgrader's own commits after every row; on a disk that is slow to sync, a class
    takes minutes, and an interruption leaves a submission half written.

    Args:
        db_url: nbgrader's.
        course_id: nbgrader's.
    """

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        self.close()  # the engine opens again when it is used
        self.db: Any = scoped_session(sessionmaker(class_=_Deferring, bind=self.engine))

    def save(self) -> None:
        """Commit everything since the last time.

        Raises:
            sqlalchemy.exc.OperationalError: If the database cannot be written now.
        """
        self.db().really_commit()
        self.db.remove()

    def forget(self) -> None:
        """Undo everything since the last time."""
        self.db.rollback()
        self.db.remove()


class _Deferring(Session):
    def commit(self) -> None:
        self.flush()

    def really_commit(self) -> None:
        super().commit()
