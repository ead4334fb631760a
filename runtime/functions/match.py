"""Whether a text has the shape of a glob pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..argument import absent
from ..function import Example, Fault, Function, Parameter
from ..semantics.javascript import text

_CHARACTER = r"(?:\\.|[^\\\]\-])"
_ITEM = rf"{_CHARACTER}(?:-{_CHARACTER})?+"
_PIECE = re.compile(
    rf"(?P<star>\*)|(?P<any>\?)|\[(?P<negated>\^?+)(?P<items>(?:{_ITEM})++)\]|\\(?P<escaped>.)|(?P<plain>[^*?\\\[])",
    re.DOTALL,
)
"""One piece of a pattern; where none begins, the pattern is malformed (Go, package path: Match)."""
_RANGE = re.compile(_ITEM, re.DOTALL)
_BROKEN_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\\\]])*(?:\]|\\?\Z)", re.DOTALL)
_NOTHING, _ANYTHING = "(?!)", "."


MAX_PATTERN = 1000
"""Characters of a pattern. It may come from an event: the time of a match grows with it, and it is kept compiled."""


def match(value: Any, pattern: Any) -> bool:
    if not isinstance(value, str) or absent(pattern) or isinstance(pattern, list | dict):
        return False
    pattern = text(pattern)
    return len(pattern) <= MAX_PATTERN and compiled(pattern).match(value) is not None


def malformed(pattern: Any) -> Fault | None:
    """Why a pattern is malformed, so that it never matches."""
    if isinstance(pattern, str) and len(pattern) > MAX_PATTERN:
        message = f"a pattern of more than {MAX_PATTERN:,} characters never matches, and this has {len(pattern):,}"
        return Fault(message, "name a part of the text", 0)
    at = _end_of_pieces(pattern) if isinstance(pattern, str) else 0
    if not isinstance(pattern, str) or at == len(pattern):
        return None
    if pattern[at] == "\\":
        help_ = "write `\\\\\\\\` for a backslash"
        return Fault("a pattern that ends with a single backslash never matches", help_, at)
    found = _BROKEN_CLASS.match(pattern, at)
    assert found is not None
    reason = "is malformed" if "]" in found[0] else "is not closed"
    help_ = "write `\\[`, `\\]` and `\\-` for the characters themselves"
    return Fault(f"`{found[0]}` {reason}, so the pattern never matches", help_, at, found.end())


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The glob as a regular expression that takes time in proportion to the text, whatever the pattern.

    What stands between two `*` has a fixed length, so the first place where it fits is always good enough: each is
    an atomic group, and nothing that was found is ever looked for again.
    """
    if _end_of_pieces(pattern) < len(pattern):
        return re.compile(_NOTHING)
    first, *others = _runs(pattern)
    if not others:
        return re.compile(rf"(?s:{first}\Z)")
    *inner, last = others
    middle = "".join(f"(?>.*?{run})" for run in inner if run)
    return re.compile(rf"(?s:{first}{middle}.*{last}\Z)")


def _end_of_pieces(pattern: str) -> int:
    """Where the pattern stops being well-formed; its length if it does not."""
    at = 0
    while (piece := _PIECE.match(pattern, at)) is not None:
        at = piece.end()
    return at


def _runs(pattern: str) -> list[str]:
    """Regular expressions for the parts of a well-formed pattern between its `*`."""
    runs = [""]
    for piece in _PIECE.finditer(pattern):
        if piece["star"]:
            runs.append("")
        elif piece["any"]:
            runs[-1] += _ANYTHING
        elif piece["items"]:
            runs[-1] += _class(piece["items"], negated=bool(piece["negated"]))
        else:
            runs[-1] += re.escape(piece["escaped"] or piece["plain"])
    return runs


def _class(items: str, *, negated: bool) -> str:
    """The regular expression of a class of characters and ranges."""
    ranges = ""
    for item in _RANGE.findall(items):
        low, high = item[item.startswith("\\")], item[-1]
        if low <= high:
            ranges += f"{re.escape(low)}-{re.escape(high)}"
    if not ranges:
        return _ANYTHING if negated else _NOTHING
    return f"[{'^' * negated}{ranges}]"


FUNCTION = Function(
    name="match",
    parameters=(Parameter("value", "any"), Parameter("pattern", "string", fault=malformed)),
    returns="boolean",
    sentence="whether a whole string fits a pattern of `*`, `?`, `[abc]`, `[a-z]`, `[^a]` and `\\x`",
    examples=(
        Example('match(event, "Order *")', {"event": "Order Completed"}, True),
        Example('match(event, "Order")', {"event": "Order Completed"}, False, "the whole string must fit"),
        Example('match(event, "a*d")', {"event": "abcd"}, True),
        Example('match(event, "*d")', {"event": "abcd"}, True),
        Example('match(event, "*")', {"event": ""}, True),
        Example('match(event, "a??d")', {"event": "abcd"}, True, "`?` is exactly one character"),
        Example('match(event, "ab[cC]d")', {"event": "abCd"}, True),
        Example('match(event, "ab[a-z]d")', {"event": "abcd"}, True),
        Example('match(event, "ab[A-Z]d")', {"event": "abcd"}, False, "case matters"),
        Example('match(event, "ab[^c]d")', {"event": "abcd"}, False),
        Example('match(event, "ab\\*d")', {"event": "ab*d"}, True, "a backslash takes the sign as it is"),
        Example('match(event, "ab\\*d")', {"event": "abcd"}, False),
        Example('match(event, "[ab")', {"event": "[ab"}, False, "a malformed pattern never matches"),
        Example('match(event, "\\[ab")', {"event": "[ab"}, True),
        Example('match(event, "*")', {}, False),
        Example('match(event, "*")', {"event": None}, False),
        Example('match(event, "1*")', {"event": 17}, False, "only a string can fit"),
    ),
    call=match,
    source="Destination Filter Query Language",
)
