"""The archives that a release publishes: source, a wheel with the part in C for each Python here, and a pure one."""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .environment import BUILD, ROOT, Environment, ReleaseError, run

DIST = BUILD / "dist"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
_EXTENSION = re.compile(r"\[\[tool\.setuptools\.ext-modules\]\]\n.*?\n(?=\[)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel, and the interpreter that it is tried with."""

    file: Path
    python: str
    native: bool
    """Whether it holds the part in C."""
    name: str
    """What its environment is called."""


def build() -> tuple[Path, list[Wheel]]:
    """The source archive, and the wheels that are built from it."""
    run([sys.executable, "-m", "build", "--sdist", "--outdir", DIST, ROOT])
    (archive,) = DIST.glob("*.tar.gz")
    wheels = [_native(archive, version, python) for version, python in interpreters()]
    return archive, [*wheels, _pure(archive)]


def interpreters() -> Iterator[tuple[str, str]]:
    """The supported versions of Python that this machine has, each with the path of its interpreter."""
    folders = [Path(folder) for folder in sorted(Path.home().glob(".pyenv/versions/*/bin"), reverse=True)]
    for version in VERSIONS:
        name = f"python{version}"
        paths = [str(folder / name) for folder in folders if (folder / name).exists()]
        if sys.version_info[:2] == tuple(map(int, version.split("."))):
            paths.insert(0, sys.executable)
        elif outside := shutil.which(name):
            paths.append(outside)
        works = [python for python in paths if _works(python)]
        if works:
            yield version, works[0]


def _works(python: str) -> bool:
    """Whether it starts: the name may belong to a tool that chooses a version which is not installed."""
    try:
        run([python, "-c", "import venv, ensurepip"])
    except ReleaseError:
        return False
    return True


def _native(archive: Path, version: str, python: str) -> Wheel:
    folder = BUILD / f"wheel-{version}"
    maker = Environment.made(f"maker-{version}", python)
    run([maker.program("python"), "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, archive])
    (built,) = folder.glob("*.whl")
    if not any("_native" in name for name in zipfile.ZipFile(built).namelist()):
        raise ReleaseError(f"{built.name} has no part in C: is there a compiler?")
    return Wheel(built.rename(DIST / built.name), python, True, f"native-{version}")


def _pure(archive: Path) -> Wheel:
    with tarfile.open(archive) as file:
        file.extractall(BUILD / "source", filter="data")
    (source,) = (BUILD / "source").iterdir()
    project = source / "pyproject.toml"
    text, cuts = _EXTENSION.subn("", project.read_text(encoding="utf-8"))
    if cuts != 1:
        raise ReleaseError("pyproject.toml: expected one extension module")
    project.write_text(text, encoding="utf-8")
    run([sys.executable, "-m", "build", "--wheel", "--outdir", DIST, source])
    (pure,) = DIST.glob("*-none-any.whl")
    return Wheel(pure, sys.executable, False, "pure")


def look(wheels: list[Wheel], archive: Path) -> Iterator[str]:
    """What the field's own tools say of the archives. Raises ReleaseError for anything that they refuse."""
    tools = Environment.made("tools")
    tools.install("auditwheel>=6,<7", "check-wheel-contents>=0.6,<1", "twine>=6,<7")
    run([tools.program("twine"), "check", "--strict", archive, *(wheel.file for wheel in wheels)])
    yield "twine: the description and the data of each archive are valid"
    # W002: an empty `__init__.py` is the same file as another one; W004: `diagnostic_pages` lies apart.
    run([tools.program("check-wheel-contents"), "--ignore", "W002,W004", *(wheel.file for wheel in wheels)])
    yield "check-wheel-contents: each wheel holds the package and nothing else"
    if not sysconfig.get_platform().startswith("linux"):
        return
    for wheel in wheels:
        if wheel.native:
            said = " ".join(run([tools.program("auditwheel"), "show", wheel.file]).split())
            tag = re.search(r'is consistent with the following platform tag: "(\w+)"', said)
            if tag is None or not tag[1].startswith("manylinux"):
                raise ReleaseError(f"auditwheel: {wheel.file.name}: {said}")
            yield f"auditwheel: {wheel.file.name} links nothing beyond {tag[1]}"
