"""Follows a page in an environment, as a reader would: writes its files, runs its commands and its Python."""

from __future__ import annotations

import re
from pathlib import Path

from tests.pages.blocks import Block, blocks_of

from .environment import BUILD, ROOT, Environment, ReleaseError, run

_SECONDS = re.compile(r"\d+\.\d s\)")
_EVENT = 'import json\n\nevent = json.loads(open("order.jsonl").readline())\n'
"""What the Python of a page maps."""


def follow(page: str, installed: Environment) -> Path:
    """Follows a page; the folder of its files. Raises ReleaseError for a command that does not write what is shown."""
    folder = BUILD / f"{Path(page).stem.lower()}-{installed.folder.name}"
    folder.mkdir()
    commands = 0
    for block in blocks_of(page, (ROOT / page).read_text(encoding="utf-8")):
        if block.reason is not None:
            continue
        if block.name is not None:
            (folder / block.name).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for shown in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                _command(installed, folder, block, shown)
                commands += 1
        elif block.language == "python":
            (folder / "example.py").write_text(f"{_EVENT}{block.text}assert outcome.requests\n", encoding="utf-8")
            run([installed.program("python"), "example.py"], cwd=folder)
        else:
            raise ReleaseError(f"{block}: expected a file, commands or Python, found `{block.language}`")
    if not commands:
        raise ReleaseError(f"{page}: expected commands")
    return folder


def _command(installed: Environment, folder: Path, block: Block, shown: str) -> None:
    command, _, expected = shown.partition("\n")
    name, *arguments = command.split()
    found = run([installed.program(name), *arguments], cwd=folder, allowed=(0, 1))
    if lines(found) != lines(expected):
        raise ReleaseError(f"{block}: `{command}` writes\n{found}\nexpected\n{expected}")


def lines(text: str) -> list[str]:
    """Lines without times and in the order of their text: errors may come before or after outputs."""
    return sorted(_SECONDS.sub("0.0 s)", text).strip().splitlines())
