"""Lines in the wrong part of a file: an item inside a mapping, or a mapping's statement outside of one."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..diagnostics.diagnostic import Diagnostic, Fix, fixable
from ..diagnostics.secrets import secret
from ..lexis import ASSIGN, COMMENT, LIKE_NAME, NAME, NUMBER, STRING
from ..source import Span
from .known_names import KnownNames
from .outline import Outline
from .parser import parse
from .paths import name
from .recovery import blank, statement_starts

_BODY = re.compile(rf"(?:disabled\s+)?(?P<kind>mapping|defaults|test|law)\b(?:{STRING}|{COMMENT}|[^\"'#{{}}])*+\{{")
# Searched for by its first character, which most of a text does not have.
_STARTS = r"[\n{][ \t]*"
_STATEMENT = (
    r"when(?=[ \t]+[\w\"'(!$])|use(?=[ \t]+defaults?\b)|on(?=[ \t]+conflict\b)"
    r"|given(?=\s*[{\"'])|case(?=\s*[\"'])|expect(?=[ \t]+(?:[\"']|no|failure|nothing|dropped|snapshot)\b|[ \t]+[\"'])"
    r"|for(?=[ \t]+any\b)"
)
_OF_MAPPING, _OF_TEST = ("when", "use", "on"), ("given", "case", "expect", "for")
_ITEM = (
    r"language(?=[ \t]+\d)|destination(?=[ \t]+\w)|settings(?=\s*\{)|include(?=[ \t]+[\"'])|source(?=[ \t]+schema\b)"
    r"|(?:drop|keep)(?=[ \t]+[\w\\$*])|(?:mapping|test|law)(?=\s*[\"'])|defaults(?=[ \t]+\w+\s*\{)"
    r"|disabled(?=[ \t]+mapping\b)"
)
# The body of a mapping may hold any field.
_IN_MAPPING = rf"{_STARTS}(?P<word>{_ITEM}|{_STATEMENT})"
_IN_TEST = rf"{_STARTS}(?P<word>{_ITEM}|{_STATEMENT}|{NAME}(?=\s*{ASSIGN}))"
# Compiled where a line is in the wrong place, as what follows: most starts meet none.
_OUTSIDE = rf"(?m:^)[ \t]*(?P<word>{_STATEMENT}|if(?=[ \t]+[\w!])|(?P<field>{LIKE_NAME})(?=[ \t]*(?:{ASSIGN}|:(?!:))))"
_BODIES = {
    "mapping": (_IN_MAPPING, _OF_MAPPING),
    "defaults": (_IN_MAPPING, _OF_MAPPING),
    "test": (_IN_TEST, ("given", "case", "expect")),
    # Laws have their own messages for unknown statements.
    "law": (_IN_TEST, (*_OF_MAPPING, *_OF_TEST)),
}
"""What is looked for in each body, and the words that are not reported there."""
_AT_MARGIN = re.compile(r"\n[^\s}#]")
_GOES_ON = r"(?:(?<![\w.\\-])(?:when|and|or|in|AND|OR)|[,!=<>+*/-])\Z"
"""The end of a line whose value continues in the next line."""
_SETTING = rf"{LIKE_NAME}[ \t]*[=:][ \t]*(?P<value>{STRING}|-?{NUMBER}|true\b|false\b)[ \t,;]*"
_SETTINGS = (
    rf"settings[ \t]*[=:]\s*\{{(?P<entries>(?:\s|,|[\"']?{NAME}[\"']?\s*[=:]\s*(?:{STRING}|-?{NUMBER}|\w+))*+)\}}"
)
_ENTRY = rf"[\"']?(?P<name>{NAME})[\"']?\s*[=:]\s*(?P<value>{STRING}|-?{NUMBER}|\w+)(?:[ \t]*,)?"
_ONE_FOR_ALL = {"drop": "a filter applies to all mappings", "keep": "a filter applies to all mappings"}


class _Line(NamedTuple):
    """A statement or an item that is not where it belongs, by offsets."""

    word: str
    start: int
    word_end: int
    end: int


def report_misplaced(span: Span, text: str, names: KnownNames) -> tuple[str, list[Diagnostic]]:
    """The text of an item, or of what is before the first one, without misplaced lines, and a diagnostic for each.

    Text that follows an item and is not one is a part of the text of the item.
    """
    head = _BODY.match(text)
    kind = head["kind"] if head else ""
    inside = _lines_inside(text, head.end() - 1, kind) if head else []
    # The lines of a body are indented, so of most items nothing has to be looked at.
    outside = _lines_outside(text, has_body=head is not None) if head is None or _AT_MARGIN.search(text) else []
    diagnostics = [
        *(_inside(span, text, line, kind) for line in inside),
        *(_outside(span, text, line, names) for line in outside),
    ]
    for line in (*inside, *outside):
        text = blank(text, line.start, line.end)
    return text, diagnostics


def _lines_inside(text: str, body: int, kind: str) -> list[_Line]:
    pattern, own = _BODIES[kind]
    lines: list[_Line] = []
    starts: list[int] = []
    outline: Outline | None = None
    position = body
    while match := re.compile(pattern).search(text, position):
        position = match.end()
        start, word = match.start("word"), match["word"]
        if word in own:
            continue
        outline = outline or Outline(text)
        if outline.bracket(start) != body or outline.is_quoted(start):
            continue
        if re.compile(_GOES_ON).search(text[body + 1 : start].rstrip()):
            continue
        starts = starts or [*statement_starts(text), _closing(text, body, outline)]
        block = text.find("{", start) if word in ("mapping", "disabled", "test", "law", "defaults", "settings") else -1
        end = _closing(text, block, outline) + 1 if block >= 0 else min(at for at in starts if at > start)
        position = start + len(text[start:end].rstrip())
        lines.append(_Line(word, start, match.end("word"), position))
    return lines


def _lines_outside(text: str, *, has_body: bool) -> list[_Line]:
    matches = []
    outline = Outline(text)
    for match in re.compile(_OUTSIDE).finditer(text):
        start = match.start("word")
        before = text[:start].rstrip()
        if outline.bracket(start) is not None or outline.is_quoted(start) or re.compile(_GOES_ON).search(before):
            continue
        # The condition of a filter may begin on a line of its own.
        if match["word"] == "when" and before and not has_body and "\n\n" not in text[len(before) : start]:
            continue
        matches.append(match)
    ends = [match.start() for match in matches] + [len(text)]
    return [
        _Line(match["word"], match.start("word"), match.end("word"), match.start("word") + len(written.rstrip()))
        for match, end in zip(matches, ends[1:], strict=True)
        if (written := text[match.start("word") : end])
    ]


def _closing(text: str, bracket: int, outline: Outline) -> int:
    """Where the bracket that opens at an offset is closed; the end of the text where it is not."""
    around = outline.bracket(bracket)
    at = text.find("}", bracket)
    while at >= 0 and (outline.is_quoted(at) or outline.bracket(at + 1) != around or outline.bracket(at) != bracket):
        at = text.find("}", at + 1)
    return at if at >= 0 else len(text)


# --- what to say ---------------------------------------------------------------------------------------------------


def _inside(span: Span, text: str, line: _Line, kind: str) -> Diagnostic:
    place = span.within(line.start, line.word_end)
    container = "a mapping" if kind in ("mapping", "defaults") else f"a {kind}"
    if line.word in _OF_TEST:
        return _of_test(place, line.word)
    if line.word in _OF_MAPPING or text[line.word_end :].lstrip()[:1] == "=":
        help_ = f"move it into a mapping; {container} only says what is expected of an event"
        return Diagnostic("RW0101", f"`{line.word}` belongs in a mapping, not in {container}", place, help=(help_,))
    message = f"`{line.word}` belongs outside of {container}"
    if line.word in ("language", "destination"):
        written = text[line.start : line.end]
        return Diagnostic("RW0101", message, place, help=(f"begin the file with `{written}`",))
    reason = _ONE_FOR_ALL.get(line.word)
    help_ = f"move it out of the {kind}" + (f"; {reason}" if reason else "")
    return Diagnostic("RW0101", message, place, help=(help_,), fix=_moved_out(span, text, line, help_))


def _moved_out(span: Span, text: str, line: _Line, sentence: str) -> Fix | None:
    """The line behind the item that holds it, because what is before the item may be a comment on it.

    None where the line itself has errors, which would be there as well.
    """
    if parse(span.within(line.start, line.end), "item")[1]:
        return None
    start = text.rfind("\n", 0, line.start) + 1
    margin = text[start : line.start]
    whole = re.compile(rf"[ \t]*(?:{COMMENT})?\n").match(text, line.end)
    if whole is None or margin.strip():
        written = f"{text[line.end :]}\n\n{text[line.start : line.end]}"
        return Fix(span.within(line.start, len(text)), written, sentence)
    moved = text[line.start : whole.end()].rstrip().replace(f"\n{margin}", "\n")
    return Fix(span.within(start, len(text)), f"{text[whole.end() :]}\n\n{moved}", sentence)


def _of_test(place: Span, word: str) -> Diagnostic:
    if word == "for":
        help_ = 'write `law "…" { for any event where … expect … }`'
        return Diagnostic("RW0101", "`for any event` belongs in a law", place, help=(help_,))
    container = "a test or a law" if word == "expect" else "a test"
    help_ = 'write `test "…" { given { … } expect "Mapping" { … } }`'
    return Diagnostic("RW0101", f"`{word}` belongs in {container}", place, help=(help_,))


def _outside(span: Span, text: str, line: _Line, names: KnownNames) -> Diagnostic:
    place, whole = span.within(line.start, line.word_end), text[line.start : line.end]
    if line.word in _OF_TEST and text[line.word_end :].lstrip()[:1] not in ("=", ":"):
        return _of_test(place, line.word)
    if line.word == "settings":
        return _of_settings(span, line, whole)
    if line.word in ("when", "if"):
        help_ = 'write `drop when …` for events to leave out, or move it into `mapping "Name" -> action { … }`'
        return Diagnostic("RW0101", f"`{line.word}` belongs in a mapping", place, help=(help_,))
    if line.word in _OF_MAPPING:
        statement = "use defaults" if line.word == "use" else "on conflict"
        help_ = 'move it into `mapping "Name" -> action { … }`'
        return Diagnostic("RW0101", f"`{statement}` belongs in a mapping", place, help=(help_,))
    word = name(line.word)
    if names.is_secret(word):
        return secret(word, span.within(line.start, line.end))
    setting = re.compile(_SETTING).fullmatch(whole)
    if word in names.settings() and setting is not None:
        written = f"settings {{ {line.word} = {setting['value']} }}"
        fix = Fix(span.within(line.start, line.end), written, f"write `{written}`")
        return fixable(f"`{word}` belongs in `settings`", place, fix)
    if word in names.settings():
        help_ = f"write `settings {{ {line.word} = … }}`"
        return Diagnostic("RW0101", f"`{word}` belongs in `settings`", place, help=(help_,))
    help_ = f'write `{line.word} = …` inside of `mapping "Name" -> action {{ … }}`'
    return Diagnostic("RW0101", f"`{word}` is assigned outside of a mapping", place, help=(help_,))


def _of_settings(span: Span, line: _Line, whole: str) -> Diagnostic:
    """`settings = {` and `settings: {`."""
    sign = "=" if whole[len("settings") :].lstrip()[:1] == "=" else ":"
    place = span.within(line.start, line.word_end)
    help_ = "write `settings { name = value }`"
    match, fix = re.compile(_SETTINGS).fullmatch(whole), None
    if match is not None:
        entries = re.compile(_ENTRY).sub(r"\g<name> = \g<value>", match["entries"])
        fix = Fix(span.within(line.start, line.end), f"settings {{{entries}}}", help_)
    message = f"expected `{{` after `settings`, found `{sign}`"
    return Diagnostic("RW0101", message, place, help=(help_,), fix=fix)
