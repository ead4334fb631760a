"""Statements that end in an operator, so that the next statement would be read as their operand."""

from __future__ import annotations

import re
from bisect import bisect_right

from ..diagnostics.diagnostic import Diagnostic, Fix, Label, fixable
from ..lexis import ASSIGN, COMMENT, GAP, LIKE_NAME, NAME
from ..source import Span
from .known_names import FieldsOf
from .outline import Outline
from .paths import name
from .recovery import blank, statement_starts

_LOGICAL = ("and", "or", "&&", "||", "!")

_HEAD = re.compile(rf"(?:disabled\s+)?(?:mapping\b[^\n{{]*?(?:->)?|defaults)\s*(?P<action>{LIKE_NAME})\s*\{{")
# Compiled where a mistake is met: most starts meet none.
_OPENING = rf"(?P<name>when)(?![\w\\-])(?!\s*{ASSIGN})|(?P<name_of_field>{NAME})\s*{ASSIGN}"
# The gap holds a line end.
_DANGLING = (
    r"(?P<tail>(?<![\w.\\-])(?:when|[aA][nN][dD]|[oO][rR]|in)|&&|\|\||!=|<=|>=|[!=<>+-]|(?<!\.)\*|(?<!\*)/)"
    rf"[ \t]*(?:{COMMENT})?\n{GAP}"
    rf"(?P<next>(?P<field>{NAME})\s*{ASSIGN}|use\s+defaults\b|on\s+conflict\b|when\b|\}})"
)
_TAILS = ("when", "and", "or", "in", "&&", "||", *"!=<>+*-/")
_REGULAR_EXPRESSION = r"[~=(,][ \t]*/[^/\n]+\Z"
_DOUBLED = (
    r"(?<![\w.\\-])(?P<first>when|[aA][nN][dD]|[oO][rR])[ \t]+(?P<wrong>when|[aA][nN][dD]|[oO][rR])[ \t]+"
    r"(?=[^\s=!<>)\],}.#]|!\S)"
)
_TWO_WORDS = re.compile(r"[nNdDrR][ \t]+[wWaAoO][hHnNrR]")
"""What `_DOUBLED` finds has this in it, and a search for it looks at most characters once."""


def finish_statements(span: Span, text: str, fields_of: FieldsOf) -> tuple[str, list[Diagnostic]]:
    """The text of an item with unfinished statements and doubled words blanked out, and a diagnostic for each.

    A condition may continue in the next line, unless that line assigns a field of the action.
    """
    head = _HEAD.match(text)
    if head is None:
        return text, []
    text, diagnostics = _without_doubled_words(span, text, head.end())
    if not _may_dangle(text) or re.compile(_DANGLING).search(text, head.end()) is None:
        return text, diagnostics
    outline, starts = Outline(text), statement_starts(text)
    blanks: list[tuple[int, int]] = []
    position = head.end()
    while match := re.compile(_DANGLING).search(text, position):
        position = match.end("tail")
        field, before = match["field"], bisect_right(starts, match.start("tail"))
        if not before or outline.is_quoted(match.start("tail")) or _ends_regular_expression(text, match):
            continue
        if outline.bracket(match.start("next")) != head.end() - 1:
            continue
        start = starts[before - 1]
        of_field = match["tail"] == "=" and re.compile(_OPENING).fullmatch(text, start, position)
        if field and not of_field and name(field) not in fields_of(name(head["action"])):
            continue
        diagnostics.append(_unfinished(span, text, start, match))
        blanks.append((start, position))
    for start, end in blanks:
        text = blank(text, start, end)
    return text, diagnostics


def _may_dangle(text: str) -> bool:
    """Whether a line ends in a tail, or has a comment behind one: a search looks at each character many times."""
    return any("#" in line or line.rstrip(" \t").lower().endswith(_TAILS) for line in text.split("\n"))


def _ends_regular_expression(text: str, match: re.Match[str]) -> bool:
    """Whether a `/` ends what another `/` on its line begins where a value is expected."""
    line = text.rfind("\n", 0, match.start("tail")) + 1
    return match["tail"] == "/" and re.compile(_REGULAR_EXPRESSION).search(text, line, match.start("tail")) is not None


def _without_doubled_words(span: Span, text: str, position: int) -> tuple[str, list[Diagnostic]]:
    """Blanks out the second word of `when and` and `a and or b`, which would be read as a path, and reports it."""
    diagnostics: list[Diagnostic] = []
    if _TWO_WORDS.search(text, position) is None:
        return text, diagnostics
    outline = None
    while match := re.compile(_DOUBLED).search(text, position):
        position = match.end("wrong")
        outline = outline or Outline(text)
        if outline.is_quoted(match.start()):
            continue
        place, word = span.within(*match.span("wrong")), match["wrong"]
        fix = Fix(span.within(match.start("wrong"), match.end()), "", f"delete `{word}`")
        message = f"unexpected `{word}` after `{match['first']}`"
        diagnostics.append(fixable(message, place, fix))
        text = blank(text, *match.span("wrong"))
    return text, diagnostics


def _unfinished(span: Span, text: str, start: int, match: re.Match[str]) -> Diagnostic:
    tail, next_field = match["tail"], match["field"]
    next_span = span.within(match.start("next"), match.end("field") if next_field else match.end("next"))
    next_label = Label(next_span, "the mapping ends here" if match["next"] == "}" else "the next statement begins here")
    opening = re.compile(_OPENING).match(text, start)
    statement, end = (opening["name"] or opening["name_of_field"], opening.end()) if opening else ("", start)
    place = span.within(start, start + max(1, len(statement)))
    if not text[end : match.start("tail")].strip():
        if statement == "when":
            message, help_ = "`when` has no condition", 'write the condition after `when`, as in `when type = "track"`'
        else:
            message, help_ = f"`{statement}` has no value", "write `omit` to leave the field out"
        return Diagnostic("RW0105", message, place, others=(next_label,), help=(help_,))
    following = (
        "the end of the mapping"
        if match["next"] == "}"
        else f"the field `{next_field}`"
        if next_field
        else f"`{match['next']}`"
    )
    expected = "a condition" if statement == "when" and tail.lower() in _LOGICAL else "a value"
    message = f"expected {expected} after `{tail}`, found {following}"
    operator = Label(span.within(match.start("tail"), match.end("tail")), "nothing follows this")
    help_ = f"delete `{tail}`, or complete it on the same line"
    return Diagnostic("RW0105", message, place, others=(operator, next_label), help=(help_,))
