"""The results of a run as a page: events, mappings, and results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..printable import printable
from ..runtime.mapping.account import Account, ProblemGroups, in_order
from .event_outcomes import Count, OutcomeStep, Results
from .page import PageTable, page
from .sankey import Link, layout

_COLUMNS = ("event", "mapping", "result")
_KINDS = {
    "sent": "a request",
    "repaired": "a request, with repairs",
    "failed": "failed",
    "dropped": "dropped, or no request",
    "unmatched": "taken by no mapping",
}
_MOST_DRAWN = 40
"""The most events in the diagram; the table has all of them."""

LineLabel = Callable[[int], str]


def results_page(results: Results, account: Account, title: str, place: LineLabel) -> str:
    """The page with the diagram, and tables of ways, failures and repairs; `place` says where a line is."""
    ways = sorted(results.counts.items(), key=lambda entry: (-entry[1].events, entry[0]))
    drawn = _most_frequent(ways)
    first: Counter[tuple[str, str, str]] = Counter()
    second: Counter[tuple[str, str, str]] = Counter()
    for step, count in ways:
        event = step.event if step.event in drawn else "(other events)"
        first[event, step.mapping, step.kind] += count.events
        second[step.mapping, step.result, step.kind] += count.events
    columns = (
        [source for source, _, _ in first],
        [source for source, _, _ in second],
        [target for _, target, _ in second],
    )
    sankey = layout(columns, (_links(first), _links(second)))
    kinds = [(kind, meaning) for kind, meaning in _KINDS.items() if any(step.kind == kind for step, _ in ways)]
    head = ("events", "mapping", "field", "message", "rule", "first at")
    tables = [
        PageTable(
            "Ways",
            ("events", *_COLUMNS, "samples"),
            [_way(step, count, place) for step, count in ways],
            "An event counts once for each mapping that takes it.",
        ),
        PageTable("Failures", head, _rows(account.failures, place)),
        PageTable("Repairs", head, _rows(account.repairs, place)),
    ]
    summary = printable(next(iter(account.sentences(place))))
    return page(f"Results of {title}", summary, sankey, _COLUMNS, kinds, [table for table in tables if table.rows])


def _most_frequent(ways: list[tuple[OutcomeStep, Count]]) -> set[str]:
    events: Counter[str] = Counter()
    for step, count in ways:
        events[step.event] += count.events
    return {event for event, _ in events.most_common(_MOST_DRAWN)}


def _links(counts: Counter[tuple[str, str, str]]) -> list[Link]:
    return [
        Link(source, target, count, kind, f"{source} → {target}: {count:,}")
        for (source, target, kind), count in counts.items()
    ]


def _way(step: OutcomeStep, count: Count, place: LineLabel) -> tuple[str, ...]:
    more = count.events - len(count.lines)
    samples = [*map(place, count.lines), *([f"and {more:,} more"] if more else [])]
    return f"{count.events:,}", step.event, step.mapping, step.result, printable(", ".join(samples))


def _rows(groups: ProblemGroups, place: LineLabel) -> list[tuple[str, ...]]:
    return [
        (
            f"{group.count:,}",
            printable(group.mapping),
            printable(group.field or ""),
            printable(group.message),
            printable(f"{group.span.file}:{group.span.line}:{group.span.column}") if group.span else "",
            printable(place(group.first_line)),
        )
        for group in in_order(groups)
    ]
