"""What to say of text that the grammar does not take: what stands there, what could stand there, and the way out."""

from __future__ import annotations

import re

from ..diagnostics.common_mistakes import foreign_at
from ..diagnostics.diagnostic import Diagnostic, Fix, Label, respelling, suggest
from ..lexis import GAP, LIKE_NAME
from ..source import Span
from .law_messages import of_law
from .outline import Outline
from .unexpected import Unexpected

PAIRS = {"(": ")", "[": "]", "{": "}"}
_WORD = re.compile(r"[^\W\d][\w-]*")
_WORD_BEFORE = re.compile(r"[^\W\d][\w-]*\Z")
_UNFINISHED = re.compile(rf"(?P<name>{LIKE_NAME})\s*={GAP}\Z")
_POLICY = re.compile(r"\bon\s+conflict\s*\Z")
_NEGATION = re.compile(r"\bnot \Z")
_VALUE = frozenset(("PATH", "STRING", "NUMBER", "FUNCTION"))
_REST_OF_VALUE = frozenset(("TRUE", "FALSE", "NULL", "OMIT", "LPAR", "LSQB", "LBRACE", "NOT", "NOT_GROUP"))
_OPERATORS = frozenset(("COMPARE", "PLUS_OR_MINUS", "TIMES_OR_OVER", "_AND", "_OR"))
_PLAIN = frozenset(("PLAIN_FIELDS", "PLAIN_ENTRIES", "PLAIN_VALUE"))
_SELDOM = _PLAIN | {"STEPS", "$END", "COMMENT", "NOT", "NOT_GROUP"}
_NAMES = {
    "PATH": "a path",
    "FILTER_PATH": "a path",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "FIELD": "`field = …`",
    "COMPARE": "a comparison",
    "RBRACE": "`}`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "LBRACE": "`{`",
    "LPAR": "`(`",
    "LSQB": "`[`",
    "KEY": "a key",
    "NAME": "a name",
    "_AND": "`and`",
    "_OR": "`or`",
    "_WHEN": "`when`",
    "_IF": "`if`",
    "_WHERE": "`where`",
    "ARROW": "`->`",
}
ITEM_WORDS = (
    "destination", "settings", "include", "source", "drop", "keep", "mapping", "disabled", "defaults", "test", "law",
)  # fmt: skip
_SYNONYMS = {
    "rule": "mapping", "action": "mapping", "map": "mapping", "import": "include", "require": "include",
    "ignore": "drop", "skip": "drop", "exclude": "drop", "filter": "drop", "setting": "settings", "it": "test",
    "property": "law", "invariant": "law", "always": "law", "forall": "law",
}  # fmt: skip
"""What other languages call an item."""
_ITEMS = 'an item is `destination …`, `mapping "Name" -> action { … }`, `drop when …`, `test "…" { … }` and so on'
_STATEMENT_WORDS = ("when", "use", "on", "given", "expect", "case", "for")
_MAPPING = "a statement is `when …`, `field = …`, `use defaults` or `on conflict …`"
_TEST = 'a test says `given { … }`, `expect "Mapping" { … }`, `expect no "Mapping"` or `case "name" { … }`'
_EXPECTATIONS = (
    'write `expect "Mapping" { … }`, `expect no "Mapping"`, `expect failure "Mapping"`, `expect nothing`, '
    "`expect dropped`, `expect snapshot` or `expect no value of … in requests`"
)


def explain(span: Span, text: str, unexpected: Unexpected) -> Diagnostic:
    """The diagnostic for a place that could not be parsed; `text` is the span's, with earlier errors taken out."""
    start, end = word_at(text, unexpected)
    found = text[start:end]
    for say in (of_law, _foreign, _quote, _bracket, _value):
        diagnostic = say(span, text, unexpected, found)
        if diagnostic is not None:
            return diagnostic
    place = span.within(start, max(end, start + 1)) if found else _last_character(span, text)
    message, *help_ = _sentence(text, unexpected, found)
    return Diagnostic("RW0101", message, place, help=tuple(help_))


def stray_text(span: Span) -> Diagnostic:
    """What is wrong with text before the first item."""
    word = re.match(r"(\w+)(\s*:)", span.text)
    if word is not None and word[1] in ITEM_WORDS:
        colon = span.within(*word.span(2))
        fix = Fix(colon, "", "delete `:`")
        return Diagnostic(
            "RW0101", f"expected a name after `{word[1]}`, found `:`", colon, help=(fix.sentence,), fix=fix
        )
    message = "expected an item such as `destination` or `mapping`, found other text"
    return Diagnostic("RW0101", message, span, help=('write `mapping "Name" -> action { … }`',))


def unknown_item(span: Span, text: str) -> Diagnostic | None:
    """What is wrong with the first word of an item, where no item begins with it."""
    word = _WORD.match(text)
    if word is None or word[0] in ITEM_WORDS:
        return None
    place = span.within(0, word.end())
    known = _SYNONYMS.get(word[0].lower()) or (word[0].lower() if word[0].lower() in ITEM_WORDS else None)
    fix = Fix(place, known, f"write `{known}`") if known else respelling(place, word[0], ITEM_WORDS)
    help_ = (f"write `{known}`",) if known else _near(word[0], ITEM_WORDS, _ITEMS)
    return Diagnostic("RW0101", f"expected an item, found `{word[0]}`", place, help=help_, fix=fix)


def word_at(text: str, unexpected: Unexpected) -> tuple[int, int]:
    """The whole word that was not expected, where the parser saw a part of it."""
    start, end = unexpected.start, unexpected.end
    before = _WORD_BEFORE.search(text, max(0, start - 40), start)
    if before and _WORD.match(text, start):
        start = before.start()
    word = _WORD.match(text, start)
    if word is None:
        return start, end
    # A field is one token with its value, of which the name is what was not expected.
    is_part = unexpected.terminal == "" or re.match(r"\s*[=:]", text[word.end() : end])
    return start, word.end() if is_part else end


def open_bracket(text: str, end: int) -> int | None:
    """The offset of the innermost bracket that is open at an offset."""
    return Outline(text).bracket(end)


def begins_line(text: str, offset: int) -> bool:
    """Whether only blanks stand before an offset on its line."""
    return not text[text.rfind("\n", 0, offset) + 1 : offset].strip()


# --- one kind of mistake each --------------------------------------------------------------------------------------


def _foreign(span: Span, text: str, unexpected: Unexpected, found: str) -> Diagnostic | None:
    if unexpected.terminal == "$END":
        return None
    known = foreign_at(text, word_at(text, unexpected)[0])
    keyword_before = word_at(text, unexpected)[0] < unexpected.start
    if known is None or keyword_before or unexpected.accepted & {"_IF", "NOTHING"}:
        return None
    at, foreign = known
    place = span.within(at, at + len(foreign.spelling))
    if "ARROW" in unexpected.accepted and foreign.spelling == "=>":
        fix = Fix(place, "->", "write `->`")
        return Diagnostic("RW0101", "expected `->`, found `=>`", place, help=("write `->`",), fix=fix)
    return Diagnostic("RW0101", f"unknown syntax `{foreign.spelling}`", place, help=(foreign.advice,))


def _quote(span: Span, text: str, unexpected: Unexpected, found: str) -> Diagnostic | None:
    if found not in ('"', "'"):
        return None
    line_end = text.find("\n", unexpected.start)
    place = span.within(unexpected.start, len(text) if line_end < 0 else line_end)
    return Diagnostic(
        "RW0102", f"expected {found} before the end of the line", place,
        help=("write a line break in a text as `\\n`",),
    )  # fmt: skip


def _bracket(span: Span, text: str, unexpected: Unexpected, found: str) -> Diagnostic | None:
    at = open_bracket(text, unexpected.start)
    if at is None:
        if found in PAIRS.values() and unexpected.accepted <= {"$END"}:
            place = span.within(unexpected.start, unexpected.end)
            return Diagnostic(
                "RW0103",
                f"unmatched `{found}`",
                place,
                help=(f"delete `{found}`",),
                fix=Fix(place, "", f"delete `{found}`"),
            )
        return None
    place, closing = span.within(at, at + 1), PAIRS[text[at]]
    if unexpected.terminal == "$END":
        return Diagnostic("RW0103", f"unclosed `{text[at]}`", place, help=(f"add `{closing}`",))
    here = span.within(unexpected.start, max(unexpected.start + len(found), unexpected.start + 1))
    if closing in {_CLOSERS.get(name) for name in unexpected.accepted} and ends_before(text, at, unexpected.start):
        before = Label(here, f"expected `{closing}` before this")
        return Diagnostic("RW0103", f"unclosed `{text[at]}`", place, others=(before,), help=(f"add `{closing}`",))
    if found in PAIRS.values() and found != closing:
        return Diagnostic(
            "RW0103", f"expected `{closing}`, found `{found}`", here, others=(Label(place, "opened here"),),
            help=(f"write `{closing}`",), fix=Fix(here, closing, f"write `{closing}`"),
        )  # fmt: skip
    return None


_CLOSERS = {"RBRACE": "}", "RPAR": ")", "RSQB": "]"}
_NEW_STATEMENT = re.compile(r"(?:when|use\s+defaults|on\s+conflict|given|expect|case|for\s+any)\b|[\w\\-]+\s*=(?!=)|\}")


def ends_before(text: str, bracket: int, offset: int) -> bool:
    """Whether a new statement begins at an offset, so that the bracket before it was forgotten to be closed."""
    inside = text[bracket] != "{" or open_bracket(text, bracket) is not None
    new = "\n" in text[bracket:offset] and begins_line(text, offset) and _NEW_STATEMENT.match(text, offset)
    return inside and bool(new)


def _value(span: Span, text: str, unexpected: Unexpected, found: str) -> Diagnostic | None:
    unfinished = _UNFINISHED.search(text, 0, unexpected.start)
    if unfinished is None or not unexpected.accepted >= _VALUE or not begins_line(text, unfinished.start()):
        return None
    if found and found != "}" and not begins_line(text, unexpected.start):
        return None
    name = unfinished["name"]
    place = span.within(unfinished.start("name"), unfinished.end("name"))
    return Diagnostic("RW0105", f"`{name}` has no value", place, help=("write `omit` to leave the field out",))


def _last_character(span: Span, text: str) -> Span:
    end = len(text.rstrip())
    return span.within(max(0, end - 1), end)


# --- all other mistakes --------------------------------------------------------------------------------------------


def _sentence(text: str, unexpected: Unexpected, found: str) -> tuple[str, ...]:
    """The message, and what helps."""
    accepted = unexpected.accepted
    if unexpected.terminal == "$END":
        should = _expectation(accepted)
        if not text.strip():
            return (f"expected {should}, found no text",)
        return (f"expected {should}, found the end of the text",)
    shown = _shown(found)
    start, end = word_at(text, unexpected)
    first = begins_line(text, start)
    if _WORD.match(found) and first and (accepted & {"_WHEN", "GIVEN"} or start < unexpected.start):
        if re.match(r"\s*:", text[end:]):
            return (f"expected a statement, found `{shown}`", f"write `{shown} = …`")
        in_test = "GIVEN" in accepted
        return (
            f"expected a statement, found `{shown}`",
            *_near(found, _STATEMENT_WORDS, _TEST if in_test else _MAPPING),
        )
    if "NOTHING" in accepted:
        return (f"expected an expectation, found `{shown}`", _EXPECTATIONS)
    if _POLICY.search(text, 0, start):
        return (f"expected a policy, found `{shown}`", "write `on conflict fold`, `split` or `reject`")
    if unexpected.terminal == "COMPARE" and not accepted & {"PATH", "COLON"}:
        return (f"unexpected second comparison `{shown}`", "join two comparisons with `and`")
    if accepted & {"_AND", "COMPARE", "_WHEN"} or accepted == {"$END"}:
        return (f"unexpected `{shown}` after a value", *_after_value(text, start, found))
    should = _expectation(accepted)
    message = f"expected {should}, found `{shown}`" if should else f"unknown syntax `{shown}`"
    return (message, *_in_brackets(text, unexpected, found))


def _near(word: str, words: tuple[str, ...], otherwise: str) -> tuple[str, ...]:
    near = suggest(word, words)
    return (f"did you mean `{near}`?",) if near else (otherwise,)


def _after_value(text: str, start: int, found: str) -> tuple[str, ...]:
    before = foreign_at(text, start - 4) if _NEGATION.search(text, 0, start) else None
    if before is not None:
        return (before[1].advice,)
    match found:
        case "(":
            return ("call a function by its name alone, as in `lowercase(name)`",)
        case "[":
            return ('write an index as a number, as in `[0]`, and a key as `.key` or `."odd key"`',)
        case ",":
            return ("delete `,`",)
    return ()


def _in_brackets(text: str, unexpected: Unexpected, found: str) -> tuple[str, ...]:
    bracket = open_bracket(text, unexpected.start)
    opened = "" if bracket is None else text[bracket]
    if found == "," and opened == "(" and not unexpected.accepted & {"COMMA", "PATH"}:
        return ("write a list as `[a, b]`",)
    if found == "=" and "COLON" in unexpected.accepted:
        return ("write an entry of an object as `key: value`",)
    if found == "{" and opened == "{" and not text[bracket : unexpected.start].strip("{ "):
        return ('write a path by itself, `name`, and a placeholder in a text, `"{{ name }}"`',)
    if "FIELD" in unexpected.accepted and _WORD.match(found):
        return ("write a setting as `name = value`",)
    if "COMMA" not in unexpected.accepted or not opened:
        return ()
    what = {"(": "arguments", "[": "the items of a list", "{": "the entries of an object"}[opened]
    return (f"separate {what} with `,`",)


def _shown(found: str) -> str:
    return found if found.isprintable() and len(found) <= 40 else ascii(found[:40])[1:-1]


def _expectation(accepted: frozenset[str]) -> str:
    names: list[str] = []
    rest = set(accepted)
    if rest >= _VALUE:
        names.append("a value")
        rest -= _VALUE | _REST_OF_VALUE | _OPERATORS
    elif "COMPARE" in rest:
        names.append("an operator")
        rest -= _OPERATORS
    names.extend(_NAMES.get(terminal, f"`{terminal.lower()}`") for terminal in sorted(rest - _SELDOM))
    if not names:
        return "the end" if "$END" in accepted else ""
    if len(names) > 5:
        names = [*names[:5], "…"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
