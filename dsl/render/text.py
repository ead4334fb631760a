"""Diagnostics as text: the line, the underlined place, the message and the help."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from ...printable import printable, printable_json
from ..diagnostics.codes import CODES
from ..diagnostics.diagnostic import Diagnostic, Label
from ..lexis import STRING

Paint = Callable[[str, str], str]
"""Takes a text and a style (error, warning, note, help, place, label) and gives the text to show."""

_MAX_WIDTH = 160
_STRINGS = re.compile(STRING)


def _plain(text: str, style: str) -> str:
    return text


def render(diagnostic: Diagnostic, paint: Paint = _plain) -> str:
    """One diagnostic over several lines, without a line end."""
    severity = diagnostic.severity
    lines = [paint(f"{severity}[{diagnostic.code}]", severity) + f": {printable(diagnostic.message)}"]
    labels = sorted([*diagnostic.others, Label(diagnostic.span, diagnostic.label)], key=lambda label: label.span.start)
    lines.append("  " + paint(printable(_place(diagnostic)), "place"))
    margin = len(str(max(label.span.line for label in labels)))
    bar = paint(f"{'':{margin}} |", "place")
    shown_line: tuple[str, int] | None = None
    if diagnostic.span.source.text:
        lines.append(bar)
        for label in labels:
            number, column = label.span.source.position(label.span.start)
            primary = label.span is diagnostic.span
            shown, underline = _excerpt(label, column, "^" if primary else "-")
            if CODES[diagnostic.code].secret:
                shown = _STRINGS.sub(lambda text: text[0][0] + "·" * (len(text[0]) - 2) + text[0][-1], shown)
            if (label.span.source.name, number) != shown_line:
                lines.append(paint(f"{number:>{margin}} |", "place") + f" {shown}")
            shown_line = (label.span.source.name, number)
            style = severity if primary else "label"
            lines.append(f"{bar} " + paint(f"{underline} {printable(label.text)}".rstrip(), style))
    if diagnostic.example:
        lines.append(paint(f"{'':{margin}} =", "place") + f" for example {printable_json(diagnostic.example)}")
    lines.extend(
        paint(f"{'':{margin}} =", "place") + f" {paint('help', 'help')}: {printable(sentence)}"
        for sentence in diagnostic.help
    )
    return "\n".join(line.rstrip() for line in lines)


def render_all(diagnostics: list[Diagnostic], paint: Paint = _plain) -> str:
    """Several diagnostics, with a blank line between two."""
    return "\n\n".join(render(diagnostic, paint) for diagnostic in diagnostics)


def _place(diagnostic: Diagnostic) -> str:
    others = [
        str(label.span.line) if label.span.source is diagnostic.span.source else str(label.span)
        for label in diagnostic.others
    ]
    return str(diagnostic.span) + (f" and {', '.join(others)}" if others else "")


def _excerpt(label: Label, column: int, mark: str) -> tuple[str, str]:
    """The line of a label and the marks below it; of a long line, the part around the place."""
    span = label.span
    line = span.source.line(span.line)
    length = max(1, min(span.end - span.start, len(line) - column + 1))
    first = 0
    if len(line) > _MAX_WIDTH:
        first = max(0, min(column - 1 - _MAX_WIDTH // 3, len(line) - _MAX_WIDTH))
        line = line[first : first + _MAX_WIDTH]
        length = min(length, _MAX_WIDTH - (column - 1 - first))
    before = line[: column - 1 - first]
    marked = line[column - 1 - first : column - 1 - first + length] or " "
    return _on_screen(line), " " * columns(_on_screen(before)) + mark * max(1, columns(_on_screen(marked)))


def _on_screen(text: str) -> str:
    """The author's text as it is shown above the marks; a tab is four blanks."""
    return printable(text.replace("\t", "    "))


def columns(text: str) -> int:
    """The columns of a text on a terminal: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
