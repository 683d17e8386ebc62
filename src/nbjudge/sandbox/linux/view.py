"""What a student's process can see: an explicit list, package by package.

Never everything below a prefix: a course may live inside a virtual environment,
and a virtual environment inside a course.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

import nbjudge
from nbjudge.errors import SandboxUnavailable
from nbjudge.sandbox.base import View

_PACKAGES = {
    View.NUMPY: ("numpy", "ipython", "matplotlib"),
    View.TORCH: ("numpy", "ipython", "matplotlib", "torch"),
}
_SITES = ("site-packages", "dist-packages")
_SYSTEM = (
    *("/bin", "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"),
    *(
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/usr/share/fonts",
        "/usr/share/zoneinfo",
    ),
    *("/dev/null", "/dev/random", "/dev/urandom", "/dev/zero"),
    *("/proc/cpuinfo", "/sys/devices/system/cpu"),  # torch refuses half precision without
)
"""Shared libraries, fonts, time zones, four devices, the processor's description.

No /home, no /root, no /etc/passwd.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewPaths:
    """A view as absolute paths."""

    shown: tuple[str, ...]
    """Existing files and folders, to be bound read-only."""
    emptied: tuple[str, ...]
    """Folders inside these in which only what `shown` names appears."""


def view_paths(view: View, packages: Iterable[str] = ()) -> ViewPaths:
    """Return what a view shows.

    The interpreter, its standard library, the packages that students may import
    with what these require, this package, and the system's shared libraries;
    no other package, wherever it is installed.

    Args:
        view: With or without torch.
        packages: Distributions that the course's students may import too.

    Raises:
        SandboxUnavailable: If one of them is not installed.
    """
    interpreter = Path(sys.executable)
    standard = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    libraries = [Path(sysconfig.get_path(n, vars=standard)) for n in ("stdlib", "platstdlib")]
    paths = [
        interpreter,
        interpreter.resolve(),
        Path(sys.prefix) / "pyvenv.cfg",
        *libraries,
        Path(sysconfig.get_config_var("LIBDIR") or "/")
        / str(sysconfig.get_config_var("LDLIBRARY")),
        Path(nbjudge.__file__).parent,
        *_package_paths([*_packages(view), *_installed(packages)]),
        *map(Path, _SYSTEM),
    ]
    installed = [
        *(library / "site-packages" for library in libraries),
        *Path("/usr").glob("lib/python3*/dist-packages"),
        *Path("/usr/local").glob("lib/python3*/*-packages"),
    ]
    return ViewPaths(
        shown=tuple(dict.fromkeys(str(path) for path in _reachable(paths))),
        emptied=tuple(dict.fromkeys(str(path) for path in installed if path.is_dir())),
    )


def refuse_course_paths(paths: Iterable[str], course: Path) -> None:
    """Refuse a view that would show the course.

    Raises:
        SandboxUnavailable: If a path of the view holds, or lies in, a hidden folder.
    """
    hidden = [course / name for name in ("grader_tests", "solutions", "source", "gradebook.db")]
    for path in map(Path, paths):
        for secret in hidden:
            if path == secret or path in secret.parents or secret in path.parents:
                raise SandboxUnavailable(
                    f"The students' view would show {secret}.",
                    context=str(path),
                    hint="move the course out of the Python installation.",
                )


def _reachable(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield what exists, with every link on the way to it."""
    for path in paths:
        if path.exists():
            yield path
            if path.is_symlink():
                yield from _reachable([path.parent / path.readlink()])


def _packages(view: View) -> Iterable[str]:
    if view is View.INSTALLED:
        # Beside the interpreter only: the working folder, the course say, is on the path too.
        installed = (d for d in distributions() if _site(d).name in _SITES)
        return [str(found.name) for found in installed if found.name]
    return _PACKAGES[view]


def _installed(packages: Iterable[str]) -> Iterator[str]:
    for name in packages:
        try:
            yield str(distribution(name).name)
        except (PackageNotFoundError, ValueError):
            raise SandboxUnavailable(
                f"Students may import {name!r}, which is not installed here.",
                context="packages in course/course.toml",
                hint=f"pip install {name}, for the Python that grades; or take it off the list.",
            ) from None


def _package_paths(names: Iterable[str]) -> Iterator[Path]:
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        yield from _files(found)
        waiting += [_required(r) for r in found.requires or () if "extra ==" not in r]


def _files(package: Distribution) -> Iterator[Path]:
    """Yield the top-level folders and files that a package installed beside its metadata."""
    site = _site(package)
    tops = {file.parts[0] for file in package.files or () if file.parts[0] not in ("..", "/")}
    yield from (site / top for top in sorted(tops) if top != "__pycache__")


def _site(package: Distribution) -> Path:
    return Path(str(package.locate_file("")))


def _required(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;(]", requirement, maxsplit=1)[0]
