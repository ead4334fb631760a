"""What to say of text that the grammar does not take: what stands there, what could stand there, and the way out."""

from __future__ import annotations

import re
from typing import NamedTuple

from .diagnostics import Diagnostic, Label
from .source import Span


class Unexpected(NamedTuple):
    """What the parser met: its place in the text, its terminal, and the terminals that it would have taken."""

    start: int
    end: int
    terminal: str
    """Empty for a character that begins no terminal here, `$END` for the end of the text."""
    accepted: frozenset[str]


_PAIRS = {"(": ")", "[": "]", "{": "}"}
_BRACKET = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*|([()\[\]{}])")
_VALUE = {"PATH", "STRING", "NUMBER", "FUNCTION"}
_OTHER_LANGUAGES = {
    "==": "equality is one `=`",
    "&&": "write `and`",
    "||": "write `or`",
    "<>": "write `!=`",
    "=>": "write `>=`",
    "“": 'write plain quotes: `"…"`',
    "”": 'write plain quotes: `"…"`',
    "‘": 'write plain quotes: `"…"`',
    "’": 'write plain quotes: `"…"`',
    "`": 'text stands in quotes: `"…"`',
    ";": "statements end with their line; no `;` is needed",
    "//": "a comment begins with `#`",
    "@": "Segment's `@directives` are JSON; `rulewright import` turns them into expressions",
    "?": "write `if(condition, then, else)`",
}
_NAMES = {
    "PATH": "a path",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "FIELD": "a field `name = …`",
    "COMPARE": "a comparison",
    "RBRACE": "`}`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "LBRACE": "`{`",
    "KEY": "a key",
    "NAME": "a name",
    "_AND": "`and`",
    "_OR": "`or`",
    "_WHEN": "`when …`",
    "_IF": "`if`",
    "FOR": "`for`",
    "__ANON_0": "`->`",
}


def explain(span: Span, text: str, unexpected: Unexpected) -> Diagnostic:
    """The diagnostic for a place that could not be parsed; `text` is the span's, with earlier errors blanked out."""
    found = text[unexpected.start : unexpected.end]
    unbalanced = _unbalanced(text, unexpected)
    if unexpected.terminal == "$END" and unbalanced is not None:
        place = span.within(unbalanced, unbalanced + 1)
        bracket = text[unbalanced]
        return Diagnostic("RW0103", f"`{bracket}` is never closed", place, help=(f"add `{_PAIRS[bracket]}`",))
    if found in ('"', "'"):
        end = text.find("\n", unexpected.start)
        place = span.within(unexpected.start, len(text) if end < 0 else end)
        return Diagnostic(
            "RW0102", f"this text is not closed before the line ends: {found} is missing", place,
            help=("a line break inside text is written `\\n`",),
        )  # fmt: skip
    if found in (")", "]", "}") and unbalanced is not None and _PAIRS[text[unbalanced]] != found:
        opening = Label(span.within(unbalanced, unbalanced + 1), "opened here")
        place = span.within(unexpected.start, unexpected.end)
        return Diagnostic(
            "RW0103", f"`{found}` closes `{text[unbalanced]}`", place, others=(opening,),
            help=(f"write `{_PAIRS[text[unbalanced]]}`",),
        )  # fmt: skip
    return Diagnostic(
        "RW0101", _message(text, unexpected), _place(span, text, unexpected), help=_help(text, unexpected)
    )


def _place(span: Span, text: str, unexpected: Unexpected) -> Span:
    if unexpected.terminal != "$END":
        return span.within(unexpected.start, max(unexpected.end, unexpected.start + 1))
    end = len(text.rstrip())
    return span.within(max(0, end - 1), end)


def _message(text: str, unexpected: Unexpected) -> str:
    expected = _expectation(unexpected.accepted)
    if unexpected.terminal == "$END":
        return (
            f"the text ends where {expected} should stand"
            if text.strip()
            else f"there is no text; {expected} should stand here"
        )
    found = text[unexpected.start : unexpected.end]
    return (
        f"`{_shown(found)}` stands where {expected} should" if expected else f"`{_shown(found)}` is not of the language"
    )


def _shown(found: str) -> str:
    return found if found.isprintable() and len(found) <= 40 else ascii(found[:40])[1:-1]


def _expectation(accepted: frozenset[str]) -> str:
    names: list[str] = []
    rest = set(accepted)
    if rest >= _VALUE:
        names.append("a value")
        rest -= _VALUE | {"TRUE", "FALSE", "NULL", "OMIT", "LPAR", "LSQB", "LBRACE", "BANG", "PLUS_OR_MINUS"}
    elif "COMPARE" in rest:
        names.append("an operator")
        rest -= {"COMPARE", "PLUS_OR_MINUS", "TIMES_OR_OVER", "_AND", "_OR", "STEPS"}
    rest -= {"STEPS", "$END", "COMMENT"}
    names.extend(_NAMES.get(terminal, f"`{terminal.lower()}`") for terminal in sorted(rest))
    if not names:
        return "the end" if "$END" in accepted else ""
    if len(names) > 5:
        names = [*names[:5], "…"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _help(text: str, unexpected: Unexpected) -> tuple[str, ...]:
    at = unexpected.start
    for word, advice in _OTHER_LANGUAGES.items():
        if text.startswith(word, at) or (at and text.startswith(word, at - 1) and len(word) == 2):
            return (advice,)
    found = text[at : unexpected.end].lower()
    if found == "not":
        return ("write `!` before what is negated, or `!( … )`",)
    if found in ("is", "equals"):
        return ("write `=`",)
    if unexpected.terminal == "COMPARE":
        return ("comparisons do not chain: join two of them with `and`",)
    return ()


def _unbalanced(text: str, unexpected: Unexpected) -> int | None:
    """The offset of the innermost bracket that is open where the parser stopped."""
    opened: list[int] = []
    for match in _BRACKET.finditer(text, 0, unexpected.start):
        bracket = match[1]
        if not bracket:
            continue
        if bracket in _PAIRS:
            opened.append(match.start())
        elif opened:
            opened.pop()
    return opened[-1] if opened else None
