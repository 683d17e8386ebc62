"""Landlock in a forked child: what is named is in reach, what is not is not."""

import os

import pytest

from nbjudge.sandbox.linux.landlock import landlock_abi, restrict

pytestmark = pytest.mark.skipif(landlock_abi() < 1, reason="this kernel has no Landlock")


def outcome(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"


@pytest.fixture
def folders(tmp_path):
    for name in ("readable", "listed", "mine", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    return tmp_path


def test_each_folder_allows_what_it_was_named_for(folders, in_child):
    def act():
        restrict(
            read_only=[str(folders / "readable")],
            listed=[str(folders / "listed")],
            read_write=[str(folders / "mine")],
            devices=["/dev/null"],
        )
        return {
            f"{how} {name}": outcome(lambda n=name, m=mode: (folders / n / "file").open(m).close())
            for name in ("readable", "listed", "mine", "hidden")
            for how, mode in (("read", "r"), ("write", "a"))
        } | {
            "device": outcome(lambda: open("/dev/null", "wb").close()),
            "list listed": outcome(lambda: os.listdir(folders / "listed")),
            "list hidden": outcome(lambda: os.listdir(folders / "hidden")),
        }

    assert in_child(act) == {
        "read readable": "done",
        "write readable": "PermissionError",
        "read listed": "PermissionError",
        "write listed": "PermissionError",
        "read mine": "done",
        "write mine": "done",
        "read hidden": "PermissionError",
        "write hidden": "PermissionError",
        "device": "done",
        "list listed": "done",
        "list hidden": "PermissionError",
    }


def test_a_link_leads_no_further_than_its_target_may_be_read(folders, in_child):
    (folders / "mine" / "link").symlink_to(folders / "hidden" / "file")

    def act():
        restrict(read_only=[], listed=[], read_write=[str(folders / "mine")], devices=[])
        return outcome((folders / "mine" / "link").read_text)

    assert in_child(act) == "PermissionError"


def test_a_path_that_does_not_exist_is_passed_over(folders, in_child):
    def act():
        nowhere = [str(folders / "nowhere")]
        restrict(read_only=nowhere, listed=nowhere, read_write=nowhere, devices=nowhere)
        return outcome(lambda: os.listdir(folders))

    assert in_child(act) == "PermissionError"
