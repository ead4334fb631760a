"""Empty environments, and commands that find nothing of this checkout."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "release"


class ReleaseError(Exception):
    """Something that must not be published."""


def run(
    command: Sequence[str | Path], *, cwd: Path | None = None, given: bytes | None = None, allowed: Sequence[int] = (0,)
) -> str:
    """What a command writes, outputs and errors together. Raises ReleaseError when it ends with another status.

    It finds nothing of this checkout, and nothing that an earlier run has kept.
    """
    around = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RULEWRIGHT"))}
    around |= {"RULEWRIGHT_CACHE": "off", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=around,
        check=False,
    )
    text = done.stdout.decode()
    if done.returncode not in allowed:
        expected = " or ".join(map(str, allowed))
        raise ReleaseError(f"{' '.join(map(str, command))}: exit code {done.returncode}, expected {expected}\n{text}")
    return text


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment of Python with nothing but pip, in a folder of `build/release`."""

    folder: Path

    @classmethod
    def made(cls, name: str, python: str | None = None) -> Environment:
        """A new one, of this Python or another."""
        folder = BUILD / name
        if python is None:
            venv.create(folder, with_pip=True)
        else:
            run([python, "-m", "venv", folder])
        return cls(folder)

    def program(self, name: str) -> Path:
        """A program of the environment."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / name

    def install(self, *what: str) -> None:
        """Installs wheels by pip, which builds nothing."""
        run([self.program("python"), "-m", "pip", "install", "--quiet", "--only-binary=:all:", *what])

    def packages(self) -> set[str]:
        """The names of what is installed, without pip and setuptools, which an environment begins with."""
        listed = run([self.program("python"), "-m", "pip", "list", "--format", "json"])
        return {package["name"].lower().replace("-", "_") for package in json.loads(listed)} - {"pip", "setuptools"}
