"""Follows a page in an environment, as a reader would: writes its files, runs its commands and its Python."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path

from tests.pages.blocks import Block, blocks_of

from .environment import BUILD, ROOT, Environment, ReleaseError, run

_SECONDS = re.compile(r"\d+\.\d s\)")
_EXTRAS = re.compile(r"extras? ((?:`\w+`(?:, | and )?)+)")


def extras_of(page: str) -> str:
    """The extras that a page tells its reader to install, as pip takes them after a wheel: `[laws]`, or nothing."""
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    named = sorted({name for some in _EXTRAS.findall(text) for name in re.findall(r"`(\w+)`", some)})
    return f"[{','.join(named)}]" if named else ""


def follow(page: str, installed: Environment) -> Path:
    """Follows a page; the folder of its files. Raises ReleaseError for a command that does not write what is shown."""
    folder = BUILD / f"{Path(page).stem.lower()}-{installed.folder.name}"
    folder.mkdir()
    commands = 0
    python, printed = "", ""
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
            # What a page names in Python holds to its end; what it prints is that of its last block.
            before, python = python, python + block.text
            earlier = _python(installed, folder, before) if before else ""
            printed = _python(installed, folder, python).removeprefix(earlier)
        elif block.language == "output":
            if not is_shown(block.text, printed):
                raise ReleaseError(f"{block}: the Python above prints\n{printed}\nexpected\n{block.text}")
        else:
            raise ReleaseError(f"{block}: expected a file, commands, Python or its output, found `{block.language}`")
    if not commands:
        raise ReleaseError(f"{page}: expected commands")
    return folder


def _python(installed: Environment, folder: Path, text: str) -> str:
    """What Python of a page prints."""
    does_something = "assert outcome.requests\n" if "outcome = " in text else ""
    (folder / "example.py").write_text(text + does_something, encoding="utf-8")
    return run([installed.program("python"), "example.py"], cwd=folder)


def _command(installed: Environment, folder: Path, block: Block, shown: str) -> None:
    command, _, expected = shown.partition("\n")
    name, *arguments = shlex.split(command)
    if not name.startswith("rulewright"):
        raise ReleaseError(f"{block}: expected a command of rulewright, found `{command}`")
    output = run([installed.program(name), *arguments], cwd=folder, allowed=(0, 1))
    if not is_shown(expected, output):
        raise ReleaseError(f"{block}: `{command}` writes\n{output}\nexpected\n{expected}")


def is_shown(expected: str, output: str) -> bool:
    """Whether a page shows what was written; a line `…` in it stands for lines left out."""
    shown, written = Counter(lines(expected)), Counter(lines(output))
    left_out = shown.pop("…", 0)
    return shown <= written if left_out else shown == written


def lines(text: str) -> list[str]:
    """Lines without times and in the order of their text: errors may come before or after outputs."""
    return sorted(_SECONDS.sub("0.0 s)", text).strip().splitlines())
