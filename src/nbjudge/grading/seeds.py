"""The course's secret and the rounds of each assignment: where random inputs come from."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from nbjudge.errors import UserError

_SECRET_BYTES = 32
_ROUNDS = "rounds.json"


def round_key(state_folder: Path, assignment: str) -> bytes:
    """Return the key of an assignment's current round.

    Equal for the whole class, the same again for a regrade, and different from
    every earlier round: HMAC-SHA256(course secret, assignment and round).

    Args:
        state_folder: `.nbjudge/` of the course; made if absent, for its owner only.
        assignment: nbgrader's assignment.
    """
    number = current_round(state_folder, assignment)
    message = f"{assignment}\0{number}".encode()
    return hmac.digest(_secret(state_folder), message, hashlib.sha256)


def current_round(state_folder: Path, assignment: str) -> int:
    """Return the assignment's round; the first is 1.

    Raises:
        UserError: If the file of rounds is damaged.
    """
    path = state_folder / _ROUNDS
    try:
        rounds = json.loads(path.read_text())
        return int(rounds.get(assignment, 1))
    except FileNotFoundError:
        return 1
    except (ValueError, AttributeError):
        raise UserError(
            "The file of grading rounds is damaged.",
            context=str(path),
            hint="restore it from a backup, or delete it to begin with round 1 again.",
        ) from None


def begin_new_round(state_folder: Path, assignment: str) -> int:
    """Draw new inputs from now on and return the round's number.

    Raises:
        UserError: If the file of rounds is damaged.
    """
    number = current_round(state_folder, assignment) + 1
    path = prepare_state_folder(state_folder) / _ROUNDS
    rounds = json.loads(path.read_text()) if path.exists() else {}
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps({**rounds, assignment: number}, indent=1, sort_keys=True))
    draft.replace(path)
    return number


def prepare_state_folder(folder: Path) -> Path:
    """Make `.nbjudge/`, readable by its owner only, and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _secret(state_folder: Path) -> bytes:
    path = prepare_state_folder(state_folder) / "secret"
    if not path.exists():
        # Written beside it and linked whole: of several processes that start at once,
        # one makes the secret, and none reads half of it.
        draft = path.with_name(f"secret.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(_SECRET_BYTES))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return _read_secret(path)


def _read_secret(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != _SECRET_BYTES:
        raise UserError(
            "The course's secret is damaged.",
            context=str(path),
            hint="restore it from a backup, or delete it: the next grading makes a new one "
            "and draws new inputs for everybody.",
        )
    return secret
