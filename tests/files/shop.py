"""Rules that name files, and what they show if a file is read that they may not read."""

from __future__ import annotations

from pathlib import Path

SECRET = "SECRET_TOKEN=hunter2"
HEAD = "destination amplitude\n"
MAPPING = 'mapping "A" -> logEvent { when type = "track" use defaults }\n'
GIVEN = 'test "t" { given "PATH" line 1 expect "A" }\n'
NAMING = {
    "include": 'include "PATH"\n' + MAPPING,
    "source schema": 'source schema "PATH"\n' + MAPPING,
    "given": MAPPING + GIVEN,
}


def written(shop: Path, text: str) -> Path:
    (shop / "first.rules").write_text(HEAD + text)
    return shop / "first.rules"
