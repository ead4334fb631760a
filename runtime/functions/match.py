"""Whether a text has the shape of a glob pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..argument import absent
from ..function import Example, Function, Parameter
from ..semantics.javascript import text

_NOTHING, _ANYTHING = "(?!)", "."


def match(value: Any, pattern: Any) -> bool:
    if not isinstance(value, str) or absent(pattern) or isinstance(pattern, list | dict):
        return False
    return compiled(text(pattern)).match(value) is not None


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The glob as a regular expression that takes time in proportion to the text, whatever the pattern.

    What stands between two `*` has a fixed length, so the first place where it fits is always good enough: each is
    an atomic group, and nothing that was found is ever looked for again.
    """
    first, *others = _runs(pattern)
    if not others:
        return re.compile(rf"(?s:{first}\Z)")
    *inner, last = others
    middle = "".join(f"(?>.*?{run})" for run in inner if run)
    return re.compile(rf"(?s:{first}{middle}.*{last}\Z)")


def _runs(pattern: str) -> list[str]:
    """Regular expressions for the parts of a pattern between its `*`."""
    runs, at = [""], 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            runs.append("")
        elif character == "?":
            runs[-1] += _ANYTHING
        elif character == "[" and (end := _class_end(pattern, at)) > 0:
            runs[-1] += _class(pattern[at:end])
            at = end + 1
        else:
            if character == "\\" and at < len(pattern):
                character = pattern[at]
                at += 1
            runs[-1] += re.escape(character)
    return runs


def _class_end(pattern: str, at: int) -> int:
    """Where the class that begins at `at` is closed, or -1: then its bracket is an ordinary character."""
    at += pattern.startswith("^", at)
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at if at < len(pattern) else -1


def _class(inside: str) -> str:
    """The regular expression of `abc`, `a-z` or `^a`, as it stands between brackets."""
    negated = inside.startswith("^")
    characters = re.findall(r"\\(.)|(.)", inside[negated:], re.DOTALL)
    items, at = "", 0
    while at < len(characters):
        low = high = "".join(characters[at])
        if at + 2 < len(characters) and characters[at + 1] == ("", "-"):
            high = "".join(characters[at + 2])
            at += 2
        at += 1
        if low <= high:
            items += f"{re.escape(low)}-{re.escape(high)}"
    if not items:
        return _ANYTHING if negated else _NOTHING
    return f"[{'^' * negated}{items}]"


FUNCTION = Function(
    name="match",
    parameters=(Parameter("value", "any"), Parameter("pattern", "string")),
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
        Example('match(event, "[ab")', {"event": "[ab"}, True, "a bracket that is not closed is a bracket"),
        Example('match(event, "*")', {}, False),
        Example('match(event, "*")', {"event": None}, False),
        Example('match(event, "1*")', {"event": 17}, False, "only a string can fit"),
    ),
    call=match,
    source="Destination Filter Query Language",
)
