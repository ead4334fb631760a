"""Which requests of recorded events change between two versions of rules, in groups: by mapping and by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..runtime.encoding import json_bytes
from ..runtime.mapper import Mapper
from ..runtime.mapping.unread_lines import UnreadLines
from ..runtime.outcome import Failure, Outcome, Request
from ..runtime.repairs import Repair
from .request_differences import differences

ChangeKind: TypeAlias = Literal["taken", "left", "fails", "mended", "repaired", "unrepaired", "more", "fewer", "field"]

MOST_GROUPS = 1_000
"""Groups that are kept apart. Events may bring any number of keys, which must not fill the memory; further groups are
counted under `OTHER_FIELDS`."""
OTHER_FIELDS = "other fields"


@dataclass(slots=True)
class ChangeGroup:
    """Changes of one kind: of events that are taken, left, fail or no longer fail, or else of requests."""

    mapping: str
    kind: ChangeKind
    name: str
    """The field, as a path in the body; the code of a failure or a repair."""
    first_line: int
    before: Any
    """Of the first change: the value; the requests of the event; the sentence of a failure or a repair."""
    after: Any
    count: int = 0


@dataclass(slots=True)
class RequestChanges:
    """The changes for a file of events."""

    events: int = 0
    unread: UnreadLines = field(default_factory=UnreadLines)
    requests_before: int = 0
    requests_after: int = 0
    changed: int = 0
    """Requests that both versions send, and not the same."""
    came: int = 0
    went: int = 0
    groups: dict[tuple[str, ChangeKind, str], ChangeGroup] = field(default_factory=dict)

    def add(self, mapping: str, kind: ChangeKind, name: str, line: int, before: Any, after: Any) -> None:
        """Counts one change."""
        key = (mapping, kind, name)
        if key not in self.groups and len(self.groups) >= MOST_GROUPS:
            key = (mapping, kind, OTHER_FIELDS)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = ChangeGroup(mapping, kind, key[2], line, before, after)
        group.count += 1


@dataclass(slots=True)
class _Taken:
    """What one mapping made of an event that it took."""

    requests: list[Request] = field(default_factory=list)
    failure: Failure | None = None
    repairs: list[Repair] = field(default_factory=list)


def request_changes(old: Mapper, new: Mapper, renamed: dict[str, str], lines: Iterable[bytes]) -> RequestChanges:
    """Maps JSON lines with both versions, line by line; `renamed` has new names of mappings by old ones."""
    account = RequestChanges()
    for number, event in account.unread.events(lines):
        account.events += 1
        before, after = old(event), new(event)
        account.requests_before += len(before.requests)
        account.requests_after += len(after.requests)
        if not _same_at_sight(before, after, renamed):
            _compare(_by_mapping(before, renamed), _by_mapping(after, {}), number, account)
    return account


def _same_at_sight(before: Outcome, after: Outcome, renamed: dict[str, str]) -> bool:
    """Whether the requests are the same to the byte, as for most events; a comparison by field takes longer."""
    return (
        not before.failures
        and not after.failures
        and [renamed.get(name, name) for name in before.matched] == after.matched
        and not before.warnings
        and not after.warnings
        and _bytes(before) == _bytes(after)
    )


def _bytes(outcome: Outcome) -> bytes:
    return json_bytes(
        [
            (request.action, request.method, request.url, request.added_headers, request.json, request.form)
            for request in outcome.requests
        ]
    )


def _by_mapping(outcome: Outcome, renamed: dict[str, str]) -> dict[str, _Taken]:
    taken = {renamed.get(name, name): _Taken() for name in outcome.matched}
    for request in outcome.requests:
        taken[renamed.get(request.mapping, request.mapping)].requests.append(request)
    for failure in outcome.failures:
        taken[renamed.get(failure.mapping, failure.mapping)].failure = failure
    for repair in outcome.warnings:
        taken[renamed.get(repair.mapping, repair.mapping)].repairs.append(repair)
    return taken


def _compare(before: dict[str, _Taken], after: dict[str, _Taken], line: int, account: RequestChanges) -> None:
    for name in {**after, **before}:
        old, new = before.get(name), after.get(name)
        if old is None and new is not None:
            account.add(name, "taken", "", line, None, _shown(new.requests))
        elif new is None and old is not None:
            account.add(name, "left", "", line, _shown(old.requests), None)
        old, new = old or _Taken(), new or _Taken()
        account.came += max(0, len(new.requests) - len(old.requests))
        account.went += max(0, len(old.requests) - len(new.requests))
        _compare_failures(name, old, new, line, account)
        _compare_repairs(name, old.repairs, new.repairs, line, account)
        if name in before and name in after and not old.failure and not new.failure:
            _compare_requests(name, old.requests, new.requests, line, account)


def _compare_failures(name: str, before: _Taken, after: _Taken, line: int, account: RequestChanges) -> None:
    was, now = before.failure, after.failure
    if (was and (was.field, was.code)) == (now and (now.field, now.code)):
        return
    if now is not None:
        account.add(name, "fails", now.code, line, was and was.sentence, now.sentence)
    elif was is not None:
        account.add(name, "mended", was.code, line, was.sentence, None)


def _compare_repairs(name: str, before: list[Repair], after: list[Repair], line: int, account: RequestChanges) -> None:
    known = {(problem.field, problem.code) for problem in before}
    still = {(problem.field, problem.code) for problem in after}
    for problem in after:
        if (problem.field, problem.code) not in known:
            account.add(name, "repaired", problem.code, line, None, problem.sentence)
    for problem in before:
        if (problem.field, problem.code) not in still:
            account.add(name, "unrepaired", problem.code, line, problem.sentence, None)


def _compare_requests(
    name: str, before: list[Request], after: list[Request], line: int, account: RequestChanges
) -> None:
    if len(before) != len(after):
        kind: ChangeKind = "more" if len(after) > len(before) else "fewer"
        account.add(name, kind, "", line, _shown(before), _shown(after))
    for old_request, new_request in zip(before, after, strict=False):
        seen: set[str] = set()
        for path, old, new in differences(old_request, new_request):
            if path not in seen:
                seen.add(path)
                account.add(name, "field", path, line, old, new)
        account.changed += bool(seen)


def _shown(requests: list[Request]) -> list[Any]:
    return [request.form if request.json is None else request.json for request in requests]
