"""Suppressions: `# allow RW0403: reason` removes a warning on its own line, or on the next line, from the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..ast import File
from ..source import Source, Span
from .codes import CODES
from .diagnostic import Diagnostic, Fix

_SILENCE = re.compile(
    r"#\s*allow\s+(?P<codes>RW\d+(?:\s*,\s*RW\d+)*)\b\s*(?P<colon>:?)\s*(?P<reason>.*)", re.IGNORECASE
)
_CODE = re.compile(r"RW\d+", re.IGNORECASE)
_AWAY = ("remove the comment",)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One code of one comment."""

    code: str
    span: Span
    """Of the code, inside the comment."""
    reason: str
    source: Source
    line: int
    """The line whose findings are suppressed."""
    comment: Span
    alone: bool
    """The comment names no other code."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The diagnostics to report, and the suppressed ones with their suppressions."""

    reported: list[Diagnostic]
    suppressed: list[tuple[Diagnostic, Suppression]]


def suppressions_of(source: Source, file: File) -> list[Suppression]:
    """All suppressions of a file. A comment on a line of its own is about the next line that is not a comment."""
    own_lines = {comment.span.line for comment in file.comments if comment.alone}
    suppressions: list[Suppression] = []
    for comment in file.comments:
        match = _SILENCE.match(comment.span.text)
        if match is None:
            continue
        line = comment.span.line
        while line in own_lines:
            line += 1
        reason = match["reason"].strip() if match["colon"] else ""
        codes = list(_CODE.finditer(match["codes"]))
        start = match.start("codes")
        for code in codes:
            place = comment.span.within(start + code.start(), start + code.end())
            suppressions.append(
                Suppression(code[0].upper(), place, reason, source, line, comment.span, len(codes) == 1)
            )
    return suppressions


def suppress(
    diagnostics: Iterable[Diagnostic], suppressions: Iterable[Suppression], not_sought: frozenset[str] = frozenset()
) -> Suppressed:
    """Takes out the suppressed warnings, and adds what is wrong with the suppressions themselves.

    A finding that is shown at several places, such as two triggers, may be suppressed at any of them, and one over
    several lines at each of these lines, because the formatter puts the comment of a trigger behind its last line.
    Errors stay: rules with errors do not compile, so suppressing one would only hide why. A suppression is not reported
    as unused while there is an error, because its warning may show only afterward, nor if its code is in `not_sought`.
    """
    suppressions = list(suppressions)
    by_place: dict[tuple[str, Source, int], list[int]] = {}
    for number, suppression in enumerate(suppressions):
        by_place.setdefault((suppression.code, suppression.source, suppression.line), []).append(number)
    reported: list[Diagnostic] = []
    suppressed: list[tuple[Diagnostic, Suppression]] = []
    used: set[int] = set()
    for diagnostic in diagnostics:
        speaking = {
            number
            for place in _places(diagnostic)
            for number in by_place.get((diagnostic.code, *place), ())
            if diagnostic.severity != "error"
        }
        if speaking:
            used |= speaking
            suppressed.append((diagnostic, suppressions[min(speaking)]))
        else:
            reported.append(diagnostic)
    whole = all(diagnostic.severity != "error" for diagnostic in reported)
    for number, suppression in enumerate(suppressions):
        if number in used:
            if not suppression.reason:
                reported.append(_without_reason(suppression))
        elif (idle := _idle(suppression, whole and suppression.code not in not_sought)) is not None:
            reported.append(idle)
    return Suppressed(reported, suppressed)


def _places(diagnostic: Diagnostic) -> Iterator[tuple[Source, int]]:
    """The lines that a finding is shown at."""
    for span in (diagnostic.span, *(label.span for label in diagnostic.others)):
        for line in range(span.line, span.source.position(span.end)[0] + 1):
            yield span.source, line


def _without_reason(suppression: Suppression) -> Diagnostic:
    return Diagnostic(
        "RW0601",
        f"`{suppression.code}` is suppressed without a reason",
        suppression.span,
        help=(f"write the reason: `# allow {suppression.code}: …`",),
    )


def _idle(suppression: Suppression, sought: bool) -> Diagnostic | None:
    code = CODES.get(suppression.code)
    if code is None:
        return Diagnostic("RW0602", f"there is no code `{suppression.code}`", suppression.span, help=_AWAY)
    if code.severity == "error":
        message = f"`{suppression.code}` is an error, and errors cannot be suppressed"
        return Diagnostic("RW0602", message, suppression.span, help=_AWAY)
    if not sought:
        return None
    message = f"there is no `{suppression.code}` at line {suppression.line} to suppress"
    fix = Fix(_with_its_line(suppression.comment), "", "remove the comment") if suppression.alone else None
    return Diagnostic("RW0602", message, suppression.span, help=_AWAY, fix=fix)


def _with_its_line(comment: Span) -> Span:
    """The comment with the blanks before it, and with its line end where it has a line of its own."""
    text = comment.source.text
    start = comment.start
    while start and text[start - 1] in " \t":
        start -= 1
    on_its_own = start == 0 or text[start - 1] == "\n"
    end = comment.end + (on_its_own and text[comment.end : comment.end + 1] == "\n")
    return Span(comment.source, start, end)
