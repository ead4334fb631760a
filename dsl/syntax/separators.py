"""A separator that is missing in an object, a list or a call, or is written as in another language."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..diagnostics.common_mistakes import foreign_at
from ..diagnostics.diagnostic import Diagnostic, Fix, fixable
from ..lexis import COMMENT, KEY, NUMBER, STRING
from ..source import Span
from .expectations import VALUE, sentence
from .messages import ends_before
from .unexpected import Context, Unexpected, open_bracket

# Compiled where a mistake is met: most starts meet none.
_KEY_BEFORE = rf"(?P<key>{KEY}|{STRING})[ \t]*\Z"
_LIKE_COLON = r"=>|->|:=|=(?!=)"
_BEGINS_VALUE = rf"{STRING}|-?{NUMBER}|[\w$\[({{!]"
_BEGINS_ENTRY = rf"(?:{KEY}|{STRING})\s*:"
_LONE_WORD = r"(?!(?:true|false|null|omit)\b)[^\W\d]\w*(?![\w.(\[\\-])"
"""May be an operator of another language."""
EVENT_KEY = (
    r"(?:anonymousId|userId|messageId|groupId|previousId|originalTimestamp|receivedAt|sentAt|context|properties|traits"
    r"|integrations)\b"
)
"""A key of an event, which is no word of a key with blanks: after another value it begins a path of its own."""
_PIECE = rf"{COMMENT}|{STRING}|\S"
_REACH = 300


class Separated(NamedTuple):
    """A diagnostic, and the text in which the separator is in its place; None where there is no room for it."""

    diagnostic: Diagnostic
    text: str | None


def certain_separator(span: Span, text: str, unexpected: Unexpected) -> Separated | None:
    """A separator that the next text makes certain, so that habits of other languages need not be considered.

    In an object: a missing `:` after a key, or a missing `,` before the next `key:`. In an object or a list: `;` in
    place of `,`. In a list or a call: a missing `,` before a key of an event, as in
    `coalesce(properties.id anonymousId)`.
    """
    context = Context.of(text, unexpected)
    if context.word == ";" and context.bracket in ("{", "[") and _wants_comma(context):
        return _semicolon(span, context)
    if context.bracket in ("[", "(") and re.compile(EVENT_KEY).match(text, context.start) and _wants_comma(context):
        return _comma(span, context)
    if context.bracket != "{":
        return None
    if "COLON" in context.accepted:
        return _colon(span, context)
    if _wants_comma(context) and re.compile(_BEGINS_ENTRY).match(text, context.start):
        return _comma(span, context)
    return None


def likely_separator(span: Span, text: str, unexpected: Unexpected) -> Separated | None:
    """A missing `,` before anything that can begin the next item of a list or the next argument of a call."""
    context = Context.of(text, unexpected)
    begins_value = re.compile(_BEGINS_VALUE).match(text, context.start) is not None
    if context.bracket in ("[", "(") and begins_value and not _may_be_operator(context) and _wants_comma(context):
        return _comma(span, context)
    return None


def _wants_comma(context: Context) -> bool:
    """Whether a `,` is expected and no value: the conditions of a test take both."""
    bracket = open_bracket(context.text, context.unexpected.start)
    accepted = context.accepted
    return (
        bracket is not None
        and "COMMA" in accepted
        and not accepted >= VALUE
        and not ends_before(context.text, bracket, context.start)
    )


def _may_be_operator(context: Context) -> bool:
    return (
        foreign_at(context.text, context.start) is not None
        or re.compile(_LONE_WORD).match(context.text, context.start) is not None
        or context.start < context.unexpected.start
    )


def _semicolon(span: Span, context: Context) -> Separated:
    text, start = context.text, context.start
    place = span.within(start, start + 1)
    diagnostic = fixable("expected `,`, found `;`", place, Fix(place, ",", "write `,`"))
    return Separated(diagnostic, f"{text[:start]},{text[start + 1 :]}")


def _comma(span: Span, context: Context) -> Separated:
    end = _end_of_piece_before(context.text, context.start)
    message, _ = sentence(context)
    fix = Fix(span.within(end, end), ",", f"write `,` before `{context.shown}`")
    place = span.within(context.start, max(context.end, context.start + 1))
    return Separated(fixable(message, place, fix), _inserted(context.text, end, ","))


def _colon(span: Span, context: Context) -> Separated | None:
    text, start = context.text, context.start
    key = re.compile(_KEY_BEFORE).search(text, max(0, start - _REACH), start)
    if key is None:
        return None
    name = key["key"]
    if (sign := re.compile(_LIKE_COLON).match(text, start)) is not None:
        place = span.within(*sign.span())
        fix = Fix(place, ":", "write `:`")
        diagnostic = fixable(f"expected `:` after `{name}`, found `{sign[0]}`", place, fix)
        return Separated(diagnostic, f"{text[:start]}{':':{len(sign[0])}}{text[sign.end() :]}")
    if re.compile(_BEGINS_VALUE).match(text, start) is None or start < context.unexpected.start:
        return None
    end = key.end("key")
    fix = Fix(span.within(end, end), ":", f"write `{name}:`")
    place = span.within(start, max(context.end, start + 1))
    return Separated(
        fixable(f"expected `:` after `{name}`, found `{context.shown}`", place, fix), _inserted(text, end, ":")
    )


def _inserted(text: str, at: int, separator: str) -> str | None:
    """The text with a separator in place of a blank, so that everything after it stays where it was."""
    return f"{text[:at]}{separator}{text[at + 1 :]}" if text[at : at + 1].isspace() else None


def _end_of_piece_before(text: str, start: int) -> int:
    """Where the text before an offset ends, without blanks and comments."""
    end = start
    for piece in re.compile(_PIECE).finditer(text, 0, start):
        if not piece[0].startswith("#"):
            end = piece.end()
    return end
