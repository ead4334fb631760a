"""Reads the tables in this folder: named values, and rows whose last column follows `=>`."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from rulewright import MISSING
from tests.paths import ROOT


class Table(NamedTuple):
    """Lines that are empty or begin with `#` say nothing."""

    named: dict[str, Any]
    """The values of lines such as `event name "Home"`, by their names."""
    rows: list[tuple[str, str]]


def table(name: str, word: str) -> Table:
    """The table in a file; lines that begin with `word` name a value."""
    table = Table({}, [])
    for line in (ROOT / "tests" / "spec" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        if "=>" in line:
            given, _, expected = line.rpartition("=>")
            table.rows.append((given.strip(), expected.strip()))
        else:
            match = re.fullmatch(rf"{word} (\w+) +(.+)", line)
            assert match is not None, line
            table.named[match[1]] = value(match[2])
    return table


def value(text: str) -> Any:
    """The value that JSON or the word `missing` stands for."""
    return MISSING if text == "missing" else json.loads(text)
