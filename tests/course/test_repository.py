"""What a newcomer is told about this repository is true."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import nbjudge.cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP_LEVEL = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    "nbgrader_config.py",
    ".ci/run",
    "course",
    "solutions",
    "grader_tests",
    "source",
    "release",
    "submitted",
    "autograded",
    "feedback",
    "src/nbjudge",
    "tests",
    "docs",
]
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|download\.pytorch\.org|npmjs\.(org|com)|deb\.debian\.org"
    r"|archive\.ubuntu\.com|anaconda\.(org|com)",
    re.IGNORECASE,
)


def _run(*command: str) -> str:
    finished = subprocess.run(  # noqa: S603 - fixed commands
        command, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return finished.stdout


def _tracked_files() -> list[Path]:
    try:
        listed = _run("git", "ls-files", "-z")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: there are no tracked files to read")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def _texts() -> list[tuple[str, str]]:
    """Every tracked text file: its name and its content."""
    texts = []
    for path in _tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            texts.append((str(path.relative_to(ROOT)), content.decode("utf-8")))
    return texts


def _make_targets() -> dict[str, str]:
    """Every target that is called by name, with its help text."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    names = [name for line in phony for name in line.split()]
    helps = dict(re.findall(r"^([a-z]+):.*?## (.+)$", makefile, re.MULTILINE))
    return {name: helps.get(name, "") for name in names}


def _words_after(command: str, page: Path) -> list[str]:
    """What follows a command wherever the page shows it as code."""
    text = page.read_text(encoding="utf-8")
    fenced = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", text)
    code = "\n".join([*fenced, *inline])
    return re.findall(rf"^ *{command} ([a-z]+(?:-[a-z]+)*)", code, re.MULTILINE)


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_top_level_has_every_room(name):
    assert (ROOT / name).exists()


def test_every_make_target_says_what_it_does():
    without = [name for name, text in _make_targets().items() if not text]

    assert without == []


def test_make_alone_lists_every_target():
    shown = _run("make", "--no-print-directory")

    missing = [name for name in _make_targets() if f"  make {name} " not in shown]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_make_targets_that_exist(page):
    named = _words_after("make", page)

    assert [name for name in named if name not in _make_targets()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_verbs_that_exist(page):
    modules = {module.name for module in pkgutil.iter_modules(nbjudge.cli.__path__)}
    verbs = {name.replace("_", "-") for name in modules - {"main"}}
    named = _words_after("nbjudge", page)

    assert [name for name in named if name not in verbs] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page):
    text = re.sub(
        r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    links = re.findall(r"\]\(([^)#\s]+)", text)
    relative = [link for link in links if "://" not in link]

    assert [link for link in relative if not (page.parent / link).exists()] == []


def test_no_tracked_file_names_a_package_registry():
    hits = [
        f"{name}: {found.group()}"
        for name, text in _texts()
        for found in REGISTRY_HOSTS.finditer(text)
    ]

    assert hits == []


def test_no_tracked_file_holds_a_path_of_this_machine():
    own = [f"{path}/" for path in (ROOT, Path.home()) if path != path.parent]
    somewhere = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, own)) + ")")
    hits = [
        f"{name}: {found.group()}" for name, text in _texts() for found in somewhere.finditer(text)
    ]

    assert hits == []


def _pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    required = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in required}


def _version(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


def test_every_constraint_is_one_exact_version_of_a_release():
    loose = [
        str(pin)
        for pin in _pins().values()
        if pin.url or len(pin.specifier) != 1 or not re.fullmatch(r"==[\w.]+", str(pin.specifier))
    ]

    assert loose == []


def test_constraints_pin_everything_that_the_package_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    named = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    named += [line for extra in extras.values() for line in extra]
    pins = _pins()

    for line in named:
        requirement = Requirement(line)
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"constraints.txt does not pin {requirement.name}"
        assert requirement.specifier.contains(_version(pin)), f"{pin} is not {requirement}"
