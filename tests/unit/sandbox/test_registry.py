"""Which back-end is chosen, and the words of a refusal."""

import pytest

from nbjudge.errors import SandboxUnavailable, UserError
from nbjudge.sandbox import registry
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.plain import PlainSandbox


def refuse(course):
    raise SandboxUnavailable("no")


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch):
    monkeypatch.delenv(registry.CHOICE, raising=False)


@pytest.fixture
def only_plain(monkeypatch):
    monkeypatch.setattr(registry, "BACKENDS", {"linux": refuse, "plain": PlainSandbox})


@pytest.mark.usefixtures("only_plain")
def test_a_weaker_level_is_refused_with_the_line_that_would_allow_it(tmp_path):
    with pytest.raises(SandboxUnavailable) as refusal:
        registry.choose_sandbox(tmp_path)
    text = str(refusal.value)
    assert "cannot isolate students' code at level 'no-namespaces'; it reaches 'limits'." in text
    assert "c.NbJudge.weakest_isolation = 'limits' in nbgrader_config.py" in text
    assert "--weakest-isolation limits" in text
    assert "docs/threat-model.md" in text


@pytest.mark.usefixtures("only_plain")
def test_a_weaker_level_is_used_when_it_is_named(tmp_path):
    assert registry.choose_sandbox(tmp_path, Isolation.LIMITS).isolation is Isolation.LIMITS


def test_a_host_without_any_back_end_says_only_that(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "BACKENDS", {"linux": refuse})
    with pytest.raises(SandboxUnavailable) as refusal:
        registry.choose_sandbox(tmp_path, Isolation.PROCESS)
    assert refusal.value.message.endswith("at level 'process'.")


def test_an_unknown_level_lists_the_known_ones():
    with pytest.raises(UserError, match="There is no isolation level 'strong'") as refusal:
        registry.parse_isolation("strong")
    assert "process, limits, no-namespaces, namespaces" in refusal.value.hint


@pytest.mark.usefixtures("only_plain")
def test_the_environment_may_ask_for_one_level(tmp_path, monkeypatch):
    class Strong(PlainSandbox):
        isolation = Isolation.NAMESPACES

    monkeypatch.setitem(registry.BACKENDS, "linux", Strong)
    strongest = registry.choose_sandbox(tmp_path, Isolation.LIMITS)
    assert strongest.isolation is Isolation.NAMESPACES
    monkeypatch.setenv("NBJUDGE_ISOLATION", "limits")
    assert registry.choose_sandbox(tmp_path, Isolation.LIMITS).isolation is Isolation.LIMITS


@pytest.mark.usefixtures("only_plain")
def test_the_environment_allows_nothing_that_the_configuration_does_not(tmp_path, monkeypatch):
    monkeypatch.setenv("NBJUDGE_ISOLATION", "limits")
    with pytest.raises(SandboxUnavailable, match="it reaches 'limits'"):
        registry.choose_sandbox(tmp_path)


@pytest.mark.usefixtures("only_plain")
def test_a_level_asked_for_is_never_replaced_by_another(tmp_path, monkeypatch):
    monkeypatch.setenv("NBJUDGE_ISOLATION", "namespaces")
    with pytest.raises(SandboxUnavailable) as refusal:
        registry.choose_sandbox(tmp_path, Isolation.LIMITS)
    text = str(refusal.value)
    assert "This host cannot isolate students' code at level 'namespaces'." in text
    assert "where: NBJUDGE_ISOLATION" in text
    assert "unset it to take the strongest level; `nbjudge doctor` says what there is." in text


def test_an_unknown_level_in_the_environment_says_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.setenv("NBJUDGE_ISOLATION", "strong")
    with pytest.raises(UserError, match="where: NBJUDGE_ISOLATION"):
        registry.choose_sandbox(tmp_path)
