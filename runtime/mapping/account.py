"""The account of a run: each event counted once, with failures and repairs grouped by mapping, field and code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ...printable import printable
from ..counted import counted
from ..outcome import Failure, Origin, Outcome
from ..repairs import Repair, sentence_of
from ..unrecognized import HOLDS_EVENTS
from .unread_lines import NOT_AN_EVENT, reason_of

MOST_GROUPS = 1_000
"""Groups that are kept apart, of each kind. Events may bring any number of keys, which must not fill the memory;
further groups are counted under `OTHER_FIELDS`."""
OTHER_FIELDS = "other fields"


@dataclass(slots=True)
class ProblemGroup:
    """Failures or repairs of one kind: the same mapping, field and code."""

    mapping: str
    field: str | None
    code: str
    message: str
    """Of the first of them."""
    first_line: int
    span: Origin | None = None
    """The rule that the first of them is a failure of; None for a repair, and for a line that is not an event."""
    count: int = 0


ProblemGroups: TypeAlias = dict[tuple[str, str | None, str, str], ProblemGroup]
"""By mapping, field and code; lines that are not events also by their reason."""


def group_key(mapping: str, field: str | None, code: str, message: str) -> tuple[str, str | None, str, str]:
    """The key of a group: failures and repairs with the same key are counted together."""
    return mapping, field, code, reason_of(message) if code == NOT_AN_EVENT else ""


def line_of(number: int) -> str:
    """The place of an event in a single file of lines, by its number."""
    return f"line {number:,}"


@dataclass(slots=True)
class Account:
    """The results of the events; each event counts once.

    `matched + unmatched + dropped + opted_out + failed = events`.
    """

    events: int = 0
    matched: int = 0
    """Events that a mapping took, and none failed on."""
    unmatched: int = 0
    dropped: int = 0
    """Events that a filter took."""
    opted_out: int = 0
    """Events that opted out of the destination."""
    failed: int = 0
    """Events that a mapping failed on, and lines that are not events."""
    requests: int = 0
    repaired: int = 0
    """Events in which a value was repaired so that the rest could be sent."""
    failures: ProblemGroups = field(default_factory=dict)
    repairs: ProblemGroups = field(default_factory=dict)
    unrecognized: ProblemGroups = field(default_factory=dict)
    """Those of the unmatched that are not events of Segment: batches, envelopes, objects without a known `type`."""

    def add(self, line: int, outcome: Outcome) -> None:
        """Counts an event."""
        self.events += 1
        self.requests += len(outcome.requests)
        if outcome.failures:
            self.failed += 1
            for failure in outcome.failures:
                _count(self.failures, failure, line, failure.span)
        elif outcome.matched:
            self.matched += 1
        elif outcome.opted_out is not None:
            self.opted_out += 1
        elif outcome.dropped:
            self.dropped += 1
        else:
            self.unmatched += 1
            if outcome.unrecognized is not None:
                _count(self.unrecognized, Failure("", *outcome.unrecognized), line)
        if outcome.warnings:
            self.repaired += 1
            for repair in outcome.warnings:
                _count(self.repairs, repair, line)

    def add_invalid(self, line: int, message: str) -> None:
        """Counts a line that is not an event; `message` is the sentence of `not_an_event`."""
        self.events += 1
        self.failed += 1
        _count(self.failures, Failure("", None, NOT_AN_EVENT, message), line)

    def merge(self, later: Account) -> None:
        """Adds the account of later lines."""
        self.events += later.events
        self.matched += later.matched
        self.unmatched += later.unmatched
        self.dropped += later.dropped
        self.opted_out += later.opted_out
        self.failed += later.failed
        self.requests += later.requests
        self.repaired += later.repaired
        _merge(self.failures, later.failures)
        _merge(self.repairs, later.repairs)
        _merge(self.unrecognized, later.unrecognized)

    @property
    def useless(self) -> bool:
        """Whether every event failed or only holds other events, so that the rules or the input are wrong as a whole.

        False if there was no event.
        """
        unread = sum(group.count for group in self.unrecognized.values() if group.code in HOLDS_EVENTS)
        return 0 < self.events == self.failed + unread

    @property
    def went_well(self) -> bool:
        """Whether nothing failed, nothing was repaired, and every object was an event of Segment."""
        return not (self.failed or self.repaired or self.unrecognized)

    def as_dict(self) -> dict[str, Any]:
        """The account as plain data."""
        return {
            "events": self.events,
            "matched": self.matched,
            "unmatched": self.unmatched,
            "dropped": self.dropped,
            "opted_out": self.opted_out,
            "failed": self.failed,
            "repaired": self.repaired,
            "requests": self.requests,
            "failures": [{**_as_dict(group), "rule": _rule(group.span)} for group in in_order(self.failures)],
            "warnings": [_as_dict(group) for group in in_order(self.repairs)],
            "unrecognized": [_as_dict(group) for group in in_order(self.unrecognized)],
        }

    def sentences(self, place: Callable[[int], str] = line_of) -> Iterable[str]:
        """The account in lines for a person; `place` gives the place of an event by its number."""
        yield (
            f"{counted(self.events, 'event')}: {self.matched:,} matched ({counted(self.requests, 'request')}), "
            f"{self.unmatched:,} matched nothing, {self.dropped:,} dropped by a filter, "
            f"{f'{self.opted_out:,} opted out, ' if self.opted_out else ''}{self.failed:,} failed"
        )
        yield from _sentences(self.failures, place)
        if self.unrecognized:
            total = counted(_total(self.unrecognized), "event")
            yield f"matched nothing because they are not events of Segment ({total}):"
            yield from _sentences(self.unrecognized, place)
        if self.repairs:
            yield f"repaired so that the rest could be sent ({counted(self.repaired, 'event')}):"
            yield from _sentences(self.repairs, place)


def _count(groups: ProblemGroups, problem: Failure | Repair, line: int, span: Origin | None = None) -> None:
    key = group_key(problem.mapping, problem.field, problem.code, problem.message)
    if key not in groups and len(groups) >= MOST_GROUPS:
        key = group_key(problem.mapping, OTHER_FIELDS, problem.code, "")
    group = groups.get(key)
    if group is None:
        group = groups[key] = ProblemGroup(*key[:3], problem.message, line, span)
    group.count += 1


def _total(groups: ProblemGroups) -> int:
    return sum(group.count for group in groups.values())


def _merge(groups: ProblemGroups, later: ProblemGroups) -> None:
    for key, group in later.items():
        if key not in groups and len(groups) >= MOST_GROUPS:
            key = group_key(group.mapping, OTHER_FIELDS, group.code, "")
        if key in groups:
            groups[key].count += group.count
        else:
            groups[key] = replace(group, field=key[1])


def in_order(groups: ProblemGroups) -> list[ProblemGroup]:
    """The groups, the most frequent ones first."""
    return sorted(groups.values(), key=lambda group: (-group.count, group.first_line))


def _as_dict(group: ProblemGroup) -> dict[str, Any]:
    return {
        "count": group.count,
        "mapping": group.mapping or None,
        "field": group.field,
        "code": group.code,
        "message": group.message,
        "first_line": group.first_line,
    }


def _sentences(groups: ProblemGroups, place: Callable[[int], str]) -> Iterable[str]:
    width = max((len(f"{group.count:,}") for group in groups.values()), default=0)
    for group in in_order(groups):
        name = f"{group.mapping}  " if group.mapping else ""
        rule = f"  {group.span.file}:{group.span.line}:{group.span.column}" if group.span else ""
        yield printable(
            f"  {group.count:>{width},}  {name}{sentence_of(group.field, group.message)}"
            f"      {rule}  first at {place(group.first_line)}"
        )


def _rule(span: Origin | None) -> dict[str, Any] | None:
    """A place in the rules, as plain data."""
    return None if span is None else {"file": span.file, "line": span.line, "column": span.column}
