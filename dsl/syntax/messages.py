"""The diagnostic of a syntax error: what was found, what was expected, and how to correct it."""

from __future__ import annotations

import re

from ..diagnostics.common_mistakes import foreign_at
from ..diagnostics.diagnostic import Diagnostic, Fix, Label, fixable, near, respelling, suggest
from ..lexis import GAP, LIKE_NAME, STRING
from ..source import Span
from .expectations import KEYWORDS, STATEMENT_WORDS, VALUE, sentence
from .law_messages import of_law
from .outline import Outline
from .unexpected import WORD, Context, Unexpected, begins_line, open_bracket, word_at

PAIRS = {"(": ")", "[": "]", "{": "}"}
# Compiled where a mistake is met: most starts meet none.
_UNFINISHED = rf"(?P<name>{LIKE_NAME})\s*={GAP}\Z"
ITEM_WORDS = (
    "language", "destination", "settings", "include", "source", "drop", "keep", "mapping", "disabled", "defaults",
    "test", "law",
)  # fmt: skip
_SYNONYMS = {
    "rule": "mapping", "action": "mapping", "map": "mapping", "import": "include", "require": "include",
    "ignore": "drop", "skip": "drop", "exclude": "drop", "remove": "drop", "strip": "drop", "redact": "drop",
    "delete": "drop", "discard": "drop", "hide": "drop", "mask": "drop", "omit": "drop", "reject": "drop",
    "only": "keep", "pick": "keep", "select": "keep", "allow": "keep", "retain": "keep",
    "setting": "settings", "it": "test",
    "property": "law", "invariant": "law", "always": "law", "forall": "law",
}  # fmt: skip
"""What other languages call an item."""
_CONDITION_OF_FILTER = r"[ \t]+(?P<word>when|if|where)\b|[ \t]+(?P<bare>)(?=[^\n,]*(?:[=<>]|\w\())"
_FILTER_HELP = {"filter": "write `drop when …` for the events to leave out, or `keep …` for the parts to send"}
_ITEMS = 'write `destination …`, `mapping "Name" -> action { … }`, `drop when …`, `test "…" { … }` and so on'


def syntax_error(span: Span, text: str, unexpected: Unexpected) -> Diagnostic:
    """The diagnostic for text that the grammar does not accept; `text` is that of the span without earlier errors."""
    context = Context.of(text, unexpected)
    start, end, word = context.start, context.end, context.word
    for say in (of_law, _arrow, _foreign, _quote, _bracket, _assignment, _keyword, _value):
        diagnostic = say(span, text, unexpected, word)
        if diagnostic is not None:
            return diagnostic
    place = span.within(start, max(end, start + 1)) if word else _last_character(span, text)
    message, help_ = sentence(context)
    return Diagnostic("RW0101", message, place, help=help_)


def stray_text(span: Span) -> Diagnostic:
    """The diagnostic for text before the first item."""
    word = re.match(r"(\w+)(\s*:)", span.text)
    if word is not None and word[1] in ITEM_WORDS:
        colon = span.within(*word.span(2))
        fix = Fix(colon, "", "delete `:`")
        return fixable(f"expected a name after `{word[1]}`, found `:`", colon, fix)
    message = "expected an item such as `destination` or `mapping`, found other text"
    return Diagnostic("RW0101", message, span, help=('write `mapping "Name" -> action { … }`',))


def unknown_item(span: Span, text: str) -> Diagnostic | None:
    """The diagnostic for a first word that no item begins with; None if one does."""
    word = WORD.match(text)
    if word is None or word[0] in ITEM_WORDS:
        return None
    place = span.within(0, word.end())
    known = _SYNONYMS.get(word[0].lower()) or (word[0].lower() if word[0].lower() in ITEM_WORDS else None)
    condition = re.compile(_CONDITION_OF_FILTER).match(text, word.end()) if known in ("drop", "keep") else None
    help_of_word = _FILTER_HELP.get(word[0].lower(), _ITEMS)
    if condition is not None and known == "drop":
        known, place = "drop when", span.within(0, max(word.end(), condition.end("word")))
    elif condition is not None:
        known, help_of_word = None, "write `drop when !( … )` with the condition of the events to send"
    fix = Fix(place, known, f"write `{known}`") if known else respelling(place, word[0], ITEM_WORDS)
    help_ = (f"write `{known}`",) if known else (near(word[0], ITEM_WORDS, help_of_word),)
    return Diagnostic("RW0101", f"expected an item, found `{word[0]}`", place, help=help_, fix=fix)


# --- one kind of mistake each --------------------------------------------------------------------------------------


def _foreign(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    if unexpected.terminal == "$END":
        return None
    known = foreign_at(text, word_at(text, unexpected)[0])
    keyword_before = word_at(text, unexpected)[0] < unexpected.start
    if known is None or keyword_before or unexpected.accepted & {"_IF", "NOTHING"}:
        return None
    at, foreign = known
    place = span.within(at, at + len(foreign.spelling))
    return Diagnostic("RW0101", f"unknown syntax `{foreign.spelling}`", place, help=(foreign.advice,))


_ARROW = r"=>|[-–—]+>|[→⇒➜:=](?=\s)"
_FIELD_AND_VALUE = rf"(?P<field>{LIKE_NAME})[ \t]+(?P<value>{STRING}|[\w.]+(?=[ \t]*(?:\Z|[\n#}}(]))|[{{\[])"


def foreign_arrow(text: str, unexpected: Unexpected) -> str | None:
    """A foreign spelling of the arrow between a mapping and its action, if the arrow is expected; None if none is."""
    arrow = re.compile(_ARROW).match(text, unexpected.start) if "ARROW" in unexpected.accepted else None
    return arrow[0] if arrow else None


def _arrow(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    arrow = foreign_arrow(text, unexpected)
    if arrow is None:
        return None
    place = span.within(unexpected.start, unexpected.start + len(arrow))
    fix = Fix(place, "->", "write `->`")
    return fixable(f"expected `->`, found `{arrow}`", place, fix)


def _assignment(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    """A field and its value side by side, on a line of a mapping."""
    start = word_at(text, unexpected)[0]
    # A keyword that a field begins with, such as `use` of `user_id`, has been read as that keyword.
    begins_statement = "_WHEN" in unexpected.accepted or start < unexpected.start
    match = re.compile(_FIELD_AND_VALUE).match(text, start) if begins_statement and begins_line(text, start) else None
    if match is None or suggest(match["field"], STATEMENT_WORDS):
        return None
    field, value = match["field"], match["value"]
    fix = Fix(span.within(start, start + len(field)), f"{field} =", f"write `{field} =`")
    place = span.within(*match.span("value"))
    return fixable(f"expected `=` after `{field}`, found `{value}`", place, fix)


def _keyword(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    """A word where the grammar goes on with one keyword, as in `use default`."""
    start, end = word_at(text, unexpected)
    if start < unexpected.start or WORD.fullmatch(word) is None or len(unexpected.accepted) != 1:
        return None
    (keyword,) = (terminal.lower() for terminal in unexpected.accepted)
    if keyword not in KEYWORDS:
        return None
    place = span.within(start, end)
    fix = Fix(place, keyword, f"write `{keyword}`")
    return fixable(f"expected `{keyword}`, found `{word}`", place, fix)


def _quote(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    if word not in ('"', "'"):
        return None
    line_end = text.find("\n", unexpected.start)
    place = span.within(unexpected.start, len(text) if line_end < 0 else line_end)
    return Diagnostic(
        "RW0102", f"expected {word} before the end of the line", place,
        help=(f"close the string with {word}, or write `\\n` for a line break inside it",),
    )  # fmt: skip


def _bracket(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    at = open_bracket(text, unexpected.start)
    is_stray = at is None or (text[at] == "{" and word in (")", "]") and open_bracket(text, at) is None)
    if is_stray:
        if word in PAIRS.values() and (at is not None or unexpected.accepted <= {"$END"}):
            place = span.within(unexpected.start, unexpected.end)
            return Diagnostic(
                "RW0103",
                f"unmatched `{word}`",
                place,
                help=(f"delete `{word}`",),
                fix=Fix(place, "", f"delete `{word}`"),
            )
        if at is None:
            return None
    assert at is not None
    if unexpected.terminal == "$END":
        at = _left_open(text, at)
    place, closing = span.within(at, at + 1), PAIRS[text[at]]
    if unexpected.terminal == "$END":
        return Diagnostic("RW0103", f"unclosed `{text[at]}`", place, help=(f"add `{closing}`",))
    word_span = span.within(unexpected.start, max(unexpected.start + len(word), unexpected.start + 1))
    if closing in {_CLOSERS.get(name) for name in unexpected.accepted} and ends_before(text, at, unexpected.start):
        before = Label(word_span, f"expected `{closing}` before this")
        return Diagnostic("RW0103", f"unclosed `{text[at]}`", place, others=(before,), help=(f"add `{closing}`",))
    if word in PAIRS.values() and word != closing:
        return Diagnostic(
            "RW0103", f"expected `{closing}`, found `{word}`", word_span, others=(Label(place, "opened here"),),
            help=(f"write `{closing}`",), fix=Fix(word_span, closing, f"write `{closing}`"),
        )  # fmt: skip
    return None


def _left_open(text: str, bracket: int) -> int:
    """The bracket that an author left open, by one that nothing closes.

    It is another one where the last `}` closes a bracket of an indented line, but stands under the line of the one that
    nothing closes, for which it is meant.
    """
    outline, brace = Outline(text), len(text)
    while True:
        brace = text.rfind("}", 0, brace)
        closed = outline.bracket(brace) if brace > bracket and begins_line(text, brace) else None
        if closed is None or not _indentation(text, brace) <= _indentation(text, bracket) < _indentation(text, closed):
            return bracket
        bracket = closed


def _indentation(text: str, offset: int) -> int:
    """The number of blanks before the line that holds an offset."""
    start = end = text.rfind("\n", 0, offset) + 1
    while text[end] in " \t":
        end += 1
    return end - start


_CLOSERS = {"RBRACE": "}", "RPAR": ")", "RSQB": "]"}
_NEW_STATEMENT = r"(?:when|use\s+defaults|on\s+conflict|given|expect|case|for\s+any)\b|[\w\\-]+\s*=(?!=)|\}"


def ends_before(text: str, bracket: int, offset: int) -> bool:
    """Whether a new statement begins at an offset, because the bracket before it was not closed."""
    inside = text[bracket] != "{" or open_bracket(text, bracket) is not None
    line = text.rfind("\n", 0, offset) + 1
    start = line + len(text[line:offset]) - len(text[line:offset].lstrip())  # `defaults` of `use defaults`
    return inside and bracket < line and re.compile(_NEW_STATEMENT).match(text, start) is not None


def _value(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    unfinished = re.compile(_UNFINISHED).search(text, 0, unexpected.start)
    if unfinished is None or not unexpected.accepted >= VALUE or not begins_line(text, unfinished.start()):
        return None
    if word and word != "}" and not begins_line(text, unexpected.start):
        return None
    name = unfinished["name"]
    place = span.within(unfinished.start("name"), unfinished.end("name"))
    return Diagnostic("RW0105", f"`{name}` has no value", place, help=("write `omit` to leave the field out",))


def _last_character(span: Span, text: str) -> Span:
    end = len(text.rstrip())
    return span.within(max(0, end - 1), end)
