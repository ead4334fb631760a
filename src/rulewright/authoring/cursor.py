"""Describes a place in a text, even an unfinished one: its item, its statement, its word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..dsl.lexis import COMMENT, STRING

_MAPPING = re.compile(rf"\s*(?:disabled\s+)?mapping\s+{STRING}\s*->\s*(?P<action>\w*)")
_TEST = re.compile(rf"\s*test\s+{STRING}")
_LAW = re.compile(rf"\s*law\s+{STRING}")
_SETTINGS = re.compile(r"\s*settings\b")
_END = re.compile(r"\}\s*(?:#.*)?$")
_DESTINATION = re.compile(r"^\s*destination\s+(\w+)", re.MULTILINE)
_STEP = rf"(?:\.{STRING}|\.[\w$-]+|\[\d*\])"
PATH_LIKE = rf"\$?[^\W\d][\w-]*{_STEP}*|\${_STEP}+"
"""A path, which may be half written."""
_PATH = re.compile(PATH_LIKE)
_CALL = re.compile(rf"{STRING}|{COMMENT}|(?P<name>[^\W\d]\w*)?\s*(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<comma>,)")
_LONGEST_CALL = 4_000
"""How many characters before a place the beginning of the call around it is looked for."""

ItemKind = Literal["file", "mapping", "test", "law", "settings"]


class PathAt(NamedTuple):
    """A path or name as it is written, with the offsets of its ends."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a text, as an offset."""

    text: str
    offset: int

    @property
    def line_start(self) -> int:
        """The offset at which the line begins."""
        return self.text.rfind("\n", 0, self.offset) + 1

    @property
    def before(self) -> str:
        """The line up to the place."""
        return self.text[self.line_start : self.offset]

    @property
    def line(self) -> str:
        """The whole line, without its end."""
        end = self.text.find("\n", self.offset)
        return self.text[self.line_start : len(self.text) if end < 0 else end]

    @property
    def is_in_text(self) -> bool:
        """Whether a quote is open before the place."""
        quotes = re.sub(r"\\.", "", self.before)
        return quotes.count('"') % 2 == 1

    @property
    def is_in_comment(self) -> bool:
        """Whether a `#` outside of a text comes before the place."""
        return "#" in re.sub(rf"{STRING}|\".*|'.*", "", self.before)

    @property
    def destination(self) -> str | None:
        """The destination that the file names."""
        match = _DESTINATION.search(self.text)
        return None if match is None else match[1]

    def item(self) -> tuple[ItemKind, re.Match[str] | None]:
        """The kind of the item whose body contains the place, and the match of its first line; else `file` and None."""
        for line in reversed(self.text[: self.line_start].split("\n")[:-1]):
            if _END.match(line):
                break
            for kind, pattern in (("mapping", _MAPPING), ("test", _TEST), ("law", _LAW), ("settings", _SETTINGS)):
                match = pattern.match(line)
                if match is not None:
                    return ("file", None) if line.rstrip().endswith("}") else (kind, match)  # type: ignore[return-value]
        return "file", None

    @property
    def action(self) -> str | None:
        """The action of the mapping that the place is in."""
        kind, head = self.item()
        return head["action"] if kind == "mapping" and head is not None else None

    def assigned_fields(self) -> set[str]:
        """The fields that the mapping around the place sets already."""
        start = self.line_start
        lines = []
        for line in reversed(self.text[:start].split("\n")[:-1]):
            if _MAPPING.match(line):
                break
            lines.append(line)
        for line in self.text[start:].split("\n")[1:]:
            if _END.match(line):
                break
            lines.append(line)
        return {match[1] for line in lines if (match := re.match(r"\s*(\w+)\s*=", line))}

    def path(self) -> PathAt | None:
        """The path or name at the place; None if there is none."""
        column = self.offset - self.line_start
        for match in _PATH.finditer(self.line):
            if match.start() <= column <= match.end():
                return PathAt(match[0], self.line_start + match.start(), self.line_start + match.end())
        return None


def call_at(text: str, offset: int) -> tuple[str, int] | None:
    """The function whose arguments a place is in, and the number of the argument, from 0; None outside of a call.

    The call may be over several lines.
    """
    start = text.rfind("\nmapping ", 0, offset)
    calls: list[list[str | int]] = []
    for match in _CALL.finditer(text, max(start, offset - _LONGEST_CALL, 0), offset):
        if match["open"]:
            calls.append([match["name"] or "" if match["open"] == "(" else "", 0])
        elif match["close"] and calls:
            calls.pop()
        elif match["comma"] and calls:
            calls[-1][1] = int(calls[-1][1]) + 1
    return next(((str(name), int(number)) for name, number in reversed(calls) if name), None)
