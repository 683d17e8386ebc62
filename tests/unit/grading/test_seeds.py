"""Random inputs: fresh per round, equal for the class, from a secret made once."""

import stat

import pytest

from nbjudge.errors import UserError
from nbjudge.grading.seeds import begin_new_round, current_round, round_key


def test_a_regrade_draws_the_same(tmp_path):
    assert round_key(tmp_path, "a") == round_key(tmp_path, "a")


def test_assignments_and_courses_differ(tmp_path):
    keys = {round_key(tmp_path, "a"), round_key(tmp_path, "b"), round_key(tmp_path / "c", "a")}
    assert len(keys) == 3


def test_a_new_round_draws_anew(tmp_path):
    first, other = round_key(tmp_path, "a"), round_key(tmp_path, "b")
    assert begin_new_round(tmp_path, "a") == 2
    assert current_round(tmp_path, "a") == 2
    assert round_key(tmp_path, "a") != first
    assert round_key(tmp_path, "b") == other


def test_the_secret_is_its_owners_alone(tmp_path):
    round_key(tmp_path / "state", "a")
    assert stat.S_IMODE((tmp_path / "state" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize(("name", "content"), [("secret", "short"), ("rounds.json", "[1]")])
def test_damage_is_said_with_its_cure(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(UserError, match="damaged") as error:
        round_key(tmp_path, "a")
    assert "restore it from a backup" in str(error.value)
    assert str(tmp_path / name) in str(error.value)
