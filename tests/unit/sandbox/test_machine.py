"""What the doctor reads of a machine."""

from pathlib import Path

import pytest

from nbjudge.sandbox import machine
from nbjudge.sandbox.machine import examine_machine, first_shut_path


def findings():
    return {finding.name: finding for finding in examine_machine()}


def settings(monkeypatch, **values):
    """Let /proc/sys say this and nothing else."""
    known = {f"/proc/sys/{name.replace('__', '/')}": value for name, value in values.items()}
    monkeypatch.setattr(machine, "_read", lambda path: known.get(str(path)))


def test_every_machine_gets_every_row():
    assert set(findings()) == {
        *("kernel", "user", "user namespaces", "Landlock", "seccomp"),
        *("Python", "torch", "memory cgroup"),
    }


@pytest.mark.parametrize(
    ("values", "says", "cure"),
    [
        (
            {"user__max_user_namespaces": "0"},
            "user.max_user_namespaces = 0",
            "sysctl user.max_user_namespaces=15000",
        ),
        (
            {"kernel__unprivileged_userns_clone": "0"},
            "kernel.unprivileged_userns_clone = 0",
            "sysctl kernel.unprivileged_userns_clone=1",
        ),
        (
            {"kernel__apparmor_restrict_unprivileged_userns": "1"},
            "kernel.apparmor_restrict_unprivileged_userns = 1",
            "sysctl kernel.apparmor_restrict_unprivileged_userns=0, "
            "or an AppArmor profile for Python",
        ),
        ({"user__max_user_namespaces": "96365"}, "up to 96365", ""),
    ],
)
def test_the_setting_that_refuses_user_namespaces_is_named(monkeypatch, values, says, cure):
    settings(monkeypatch, **values)
    finding = findings()["user namespaces"]
    assert (finding.says, finding.cure) == (says, cure)


@pytest.mark.parametrize(
    ("version", "says", "cure"),
    [
        (0, "no", "use Linux 5.13 or newer, with landlock in the boot parameter lsm="),
        (2, "version 2; the rest is left to seccomp", ""),
        (7, "version 7", ""),
    ],
)
def test_landlock_is_told_by_its_version(monkeypatch, version, says, cure):
    monkeypatch.setattr(machine, "landlock_abi", lambda: version)
    monkeypatch.setattr(machine, "is_known_machine", lambda: True)
    finding = findings()["Landlock"]
    assert (finding.says, finding.cure) == (says, cure)


def test_the_first_folder_that_others_may_not_enter_is_named(tmp_path):
    shut = tmp_path / "shut"
    (shut / "python").mkdir(parents=True)
    shut.chmod(0o700)
    assert first_shut_path([shut / "python"]) in {shut, *shut.parents}
    assert first_shut_path([Path("/dev/null")]) is None


def test_a_path_that_is_not_there_is_shut(tmp_path):
    assert first_shut_path([Path("/nowhere")]) == Path("/nowhere")
