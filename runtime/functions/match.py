"""Whether a text matches a glob pattern."""

from __future__ import annotations

import re
from typing import Any

from ..function import Example, Fault, Function, Parameter
from ..semantics.glob import MAX_PATTERN, compiled, well_formed_length
from ..semantics.javascript import text
from ..semantics.missing import is_nothing

_BROKEN_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\\\]])*(?:\]|\\?\Z)", re.DOTALL)


def match(value: Any, pattern: Any) -> bool:
    if not isinstance(value, str) or is_nothing(pattern) or isinstance(pattern, list | dict):
        return False
    pattern = text(pattern)
    # As `semantics.glob.matches`, without one more call for each event.
    return len(pattern) <= MAX_PATTERN and compiled(pattern).match(value) is not None


def malformed(pattern: Any) -> Fault | None:
    """Why a pattern is malformed, so that it never matches."""
    if isinstance(pattern, str) and len(pattern) > MAX_PATTERN:
        message = f"a pattern of more than {MAX_PATTERN:,} characters never matches, and this has {len(pattern):,}"
        return Fault(message, "name a part of the text", 0)
    at = well_formed_length(pattern) if isinstance(pattern, str) else 0
    if not isinstance(pattern, str) or at == len(pattern):
        return None
    if pattern[at] == "\\":
        help_ = "write `\\\\\\\\` for a backslash"
        return Fault("a pattern that ends with a single backslash never matches", help_, at)
    broken = _BROKEN_CLASS.match(pattern, at)
    assert broken is not None
    reason = "is malformed" if "]" in broken[0] else "is not closed"
    help_ = "write `\\[`, `\\]` and `\\-` for the characters themselves"
    return Fault(f"`{broken[0]}` {reason}, so the pattern never matches", help_, at, broken.end())


FUNCTION = Function(
    name="match",
    parameters=(Parameter("value", "any"), Parameter("pattern", "string", fault=malformed)),
    returns="boolean",
    sentence="whether a whole string matches a pattern of `*`, `?`, `[abc]`, `[a-z]`, `[^a]` and `\\x`",
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
