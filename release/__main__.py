"""`make release-check`: source archive and wheels, installed into empty environments; the README's example run there.

Everything is in build/release/: the archives in `dist`, and an environment for each wheel.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pages.blocks import Block, blocks_of

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "release"
DIST = BUILD / "dist"
NEEDED_BY_A_MODULE = ("can_ada", "msgspec", "orjson")
"""All that a compiled module needs beside the package; `pyproject.toml` has their versions."""
_SECONDS = re.compile(r"\d+\.\d s\)")
_EXTENSION = re.compile(r"\[\[tool\.setuptools\.ext-modules\]\]\n.*?\n(?=\[)", re.DOTALL)


class ReleaseError(Exception):
    """Something that must not be published."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An empty environment of Python."""

    folder: Path

    @property
    def bin(self) -> Path:
        """Where its commands are."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def install(self, *what: str) -> None:
        """Installs into it by pip."""
        run([str(self.bin / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what])

    def packages(self) -> set[str]:
        """The names of what is installed, without pip and setuptools, which the environment began with."""
        listed = run([str(self.bin / "python"), "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"])
        return {package["name"].lower().replace("-", "_") for package in json.loads(listed)} - {"pip", "setuptools"}


def run(command: Sequence[str], *, cwd: Path | None = None, given: bytes | None = None, status: int = 0) -> str:
    """What a command writes, outputs and errors together. Raises ReleaseError when it ends with another status.

    It finds nothing of this checkout, and nothing that an earlier run has kept.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"RULEWRIGHT_CACHE": "off"}
    done = subprocess.run(
        command, cwd=cwd, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False
    )
    text = done.stdout.decode()
    if done.returncode != status:
        raise ReleaseError(f"{' '.join(command)}: exit code {done.returncode}, expected {status}\n{text}")
    return text


def build() -> tuple[Path, Path, Path]:
    """The source archive, and the wheels that are built from it: one with the part in C, and one for any machine."""
    run([sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT)])
    (archive,), (native,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    if not any("_native" in name for name in zipfile.ZipFile(native).namelist()):
        raise ReleaseError(f"{native.name} has no part in C: is there a compiler?")
    with tarfile.open(archive) as file:
        file.extractall(BUILD / "source", filter="data")
    (source,) = (BUILD / "source").iterdir()
    project = source / "pyproject.toml"
    text, cuts = _EXTENSION.subn("", project.read_text(encoding="utf-8"))
    if cuts != 1:
        raise ReleaseError("pyproject.toml: expected one extension module")
    project.write_text(text, encoding="utf-8")
    run([sys.executable, "-m", "build", "--wheel", "--outdir", str(DIST), str(source)])
    (pure,) = DIST.glob("*-none-any.whl")
    return archive, native, pure


def environment(name: str) -> Environment:
    """A new empty environment."""
    folder = BUILD / name
    venv.create(folder, with_pip=True)
    return Environment(folder)


def follow_readme(installed: Environment, folder: Path) -> None:
    """Writes the files of the README's example, and runs its commands and its Python. Raises ReleaseError."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text[text.index("## An example") : text.index("## Speed")]
    folder.mkdir()
    shown: set[str] = set()
    for block in blocks_of("README.md", example):
        if block.name is not None:
            (folder / block.name).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            _console(installed, folder, block)
        elif block.language == "python":
            (folder / "example.py").write_text(f"{_EVENT}{block.text}assert outcome.requests\n", encoding="utf-8")
            run([str(installed.bin / "python"), "example.py"], cwd=folder)
        shown.add(block.language)
    if not shown >= {"rules", "jsonl", "console", "python"}:
        raise ReleaseError(f"README: expected rules, events, commands and Python, found {', '.join(sorted(shown))}")


_EVENT = 'import json\n\nevent = json.loads(open("order.jsonl").readline())\n'
"""What the Python of the example maps."""


def _console(installed: Environment, folder: Path, block: Block) -> None:
    command, _, expected = block.text.removeprefix("$ ").partition("\n")
    name, *arguments = command.split()
    status = 1 if "error[" in expected else 0
    found = run([str(installed.bin / name), *arguments], cwd=folder, status=status)
    if sorted(_lines(found)) != sorted(_lines(expected)):
        raise ReleaseError(f"README: `{command}` writes\n{found}\nexpected\n{expected}")


def _lines(text: str) -> list[str]:
    """Lines without times; errors may come before or after outputs."""
    return _SECONDS.sub("0.0 s)", text).strip().splitlines()


def run_module(full: Environment, wheel: Path, folder: Path) -> None:
    """Compiles the example, and runs the module where nothing but what it needs is installed. Raises ReleaseError."""
    run([str(full.bin / "rulewright"), "compile", "order.rules", "-o", "order_rules.py"], cwd=folder)
    small = environment("module")
    small.install("--no-deps", str(wheel), *NEEDED_BY_A_MODULE)
    if small.packages() != {"rulewright", *NEEDED_BY_A_MODULE}:
        raise ReleaseError(f"the environment of the module has {small.packages()}")
    events = (folder / "order.jsonl").read_bytes()
    found = run([str(small.bin / "python"), "order_rules.py"], cwd=folder, given=events)
    expected = run([str(full.bin / "rulewright"), "run", "order.rules", "order.jsonl"], cwd=folder)
    if sorted(_lines(found)) != sorted(_lines(expected)):
        raise ReleaseError(f"the compiled module writes\n{found}\nexpected\n{expected}")
    code = "import order_rules; print(order_rules.RULEWRIGHT, order_rules.mapper().mappings)"
    run([str(small.bin / "python"), "-c", code], cwd=folder)


def main() -> None:
    """Raises ReleaseError for the first thing that is wrong."""
    shutil.rmtree(BUILD, ignore_errors=True)
    archive, native, pure = build()
    print(f"built {archive.name}, {native.name}, {pure.name}")  # noqa: T201
    for wheel, name, part in ((native, "native", "built"), (pure, "pure", "not built")):
        installed = environment(name)
        installed.install(str(wheel))
        has_native = "from rulewright.runtime.native import native; print(native is not None)"
        if run([str(installed.bin / "python"), "-c", has_native]).strip() != str(wheel is native):
            raise ReleaseError(f"{wheel.name}: the part in C is expected to be {part}")
        run([str(installed.bin / "rulewright"), "doctor"])
        follow_readme(installed, BUILD / f"readme-{name}")
        print(f"{wheel.name}: the README's example runs in an empty environment")  # noqa: T201
    run_module(Environment(BUILD / "native"), native, BUILD / "readme-native")
    print(f"a compiled module runs with rulewright, {', '.join(NEEDED_BY_A_MODULE)} alone")  # noqa: T201


if __name__ == "__main__":
    try:
        main()
    except ReleaseError as error:
        sys.exit(f"release-check: {error}")
