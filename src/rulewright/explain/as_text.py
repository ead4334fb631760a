"""An explanation on the screen: mappings first, then each request, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ..printable import printable
from ..runtime.outcome import Failure
from ..runtime.semantics.description import shown
from ..runtime.semantics.missing import MISSING
from ..trace.traced_rules import place, words
from .explanation import ExplainedFilter, ExplainedMapping, Explanation
from .request_rows import RequestRow
from .terminal_columns import Paint, aligned, cut

_VALUE, _SOURCE = 36, 100
"""The most columns of a value, and of the rule text that gave it."""
_STYLES = ("strong", "", "", "place")
_WIDEST = (46, _VALUE, 72, 40)


def as_text(explanation: Explanation, paint: Paint, *, everything: bool = False) -> Iterator[str]:
    """The lines. Without `everything`, the action's defaults that found nothing are named on one line."""
    for filter_ in explanation.filters:
        yield _filter(filter_, paint)
    if explanation.opted_out is not None:
        yield f"{paint('✘ Opted out', 'bad')}     {printable(explanation.opted_out)}"
    if explanation.opted_out is not None or explanation.dropped_by is not None:
        yield "The event goes no further, and nothing is sent."
        return
    if explanation.filters:
        yield ""
    yield from _mappings(explanation, paint)
    for mapping in explanation.mappings:
        if mapping.matched:
            yield from _matched(mapping, paint, everything=everything)


def _filter(explained: ExplainedFilter, paint: Paint) -> str:
    drops = explained.filter.kind == "drop"
    head = paint("✘ Dropped", "bad") if drops else paint("− Filtered", "quiet")
    clause = "" if explained.clause is None else str(explained.clause)
    text = printable(clause if drops else words(explained.filter.span) + (f"     {clause}" if clause else ""))
    return f"{head}     {text}     {paint(place(explained.filter.span), 'place')}"


def _mappings(explanation: Explanation, paint: Paint) -> Iterator[str]:
    rows = []
    helps = []
    for mapping in explanation.mappings:
        name = mapping.mapping.name
        head = f"✔ {name} → {mapping.mapping.action.name}" if mapping.matched else f"✘ {name}"
        rows.append([head, mapping.clause.text if mapping.matched else str(mapping.clause), place(mapping.clause.span)])
        helps.append(mapping.clause.help)
    for name in explanation.disabled:
        rows.append([f"− {name}", "disabled", ""])
        helps.append("")
    lines = aligned(rows, ("", "", "place"), (44, 76, 40), paint, indent="")
    for line, row, help_ in zip(lines, rows, helps, strict=True):
        yield paint(line[0], {"✔": "good", "✘": "bad"}.get(row[0][0], "quiet")) + line[1:]
        if help_:
            yield f"    {paint('help', 'help')}: {printable(help_)}"
    if not any(mapping.matched for mapping in explanation.mappings):
        yield "No mapping takes the event, and nothing is sent."
    if explanation.unrecognized is not None:
        instead = explanation.unrecognized
        yield printable(f"It is not an event of Segment: `{instead.field}` {instead.message}")


def _matched(mapping: ExplainedMapping, paint: Paint, *, everything: bool) -> Iterator[str]:
    for failure in mapping.failures:
        yield ""
        yield from _failure(failure, paint)
    if mapping.failures:
        yield from aligned([_columns(row) for row in mapping.refused], _STYLES, _WIDEST, paint, "    ")
        return
    for request in mapping.requests:
        yield ""
        yield paint(f"{request.method} {request.url}", "strong") + f"     {printable(mapping.mapping.name)}"
        several = len(request.groups) > 1
        for label, rows in request.groups:
            if several:
                yield f"  {paint(label or 'the request itself', 'quiet')}"
            yield from aligned([_columns(row) for row in rows], _STYLES, _WIDEST, paint, "    " if several else "  ")
    if not mapping.requests:
        yield f"  {printable(mapping.mapping.name)} sends nothing for this event."
        return
    for repair in mapping.repairs:
        yield f"  {paint('!', 'warning')} {printable(repair.sentence)}"
    rest = [_columns(row) for row in mapping.left_out if everything or not row.default_of]
    rest += [[row.name, "not sent", *_columns(row)[2:]] for row in mapping.unused]
    yield from aligned(rest, _STYLES, _WIDEST, paint)
    sent = {row.name for request in mapping.requests for _, rows in request.groups for row in rows}
    quiet = [row.name for row in mapping.left_out if row.default_of and not everything and row.name not in sent]
    if quiet:
        names = printable(", ".join(quiet))
        defaults = f"the defaults of {mapping.mapping.action.name}"
        yield paint(f"  Left out by {defaults}, because the event has no value for them: {names}.", "quiet")
        yield paint("  `--all` says why for each.", "quiet")


def _failure(failure: Failure, paint: Paint) -> Iterator[str]:
    yield f"{paint('✘', 'bad')} {printable(failure.mapping)} sends nothing: {printable(failure.sentence)}"
    if failure.span is not None:
        name = PurePath(failure.span.file).name
        yield f"    {paint(f'{name}:{failure.span.line}', 'place')}  {printable(failure.span.text.strip())}"


def _columns(row: RequestRow) -> list[str]:
    if row.value is MISSING:
        return [row.name, "left out", row.reason or row.source, _where(row)]
    source = row.source + (f", from {row.coerced}" if row.coerced else "")
    why = ", ".join(filter(None, [cut(source, _SOURCE), row.reason]))
    return [row.name, cut(shown(row.value), _VALUE), why, _where(row)]


def _where(row: RequestRow) -> str:
    if row.default_of:
        return f"default of {row.default_of}"
    return "" if row.span is None else place(row.span)
