"""The sentences of a comparison, the same on screen and in a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..printable import shortened
from ..runtime.counted import counted
from ..runtime.semantics.missing import MISSING
from .edits import Edit
from .request_changes import OTHER_FIELDS, ChangeGroup
from .rules_comparison import RulesComparison

MarkCode = Callable[[str], str]
"""Shows a text as code: of an author, of an event or of a request."""

MOST_CHARACTERS = 160
"""The most characters of a value or an expression; the rest is cut, and a mark shows it."""
CHARACTERS_BEFORE = 40
"""The least characters that are shown before the first difference of two long texts."""


def edit_sentence(edit: Edit, mark: MarkCode) -> str:
    """One edit, without the name of its mapping."""
    gained, lost = (event and mark(_json(event)) for event in (edit.gained, edit.lost))
    match edit.kind:
        case "new":
            return "is new" + (f", and takes for example {gained}" if gained else "")
        case "gone":
            return "is gone" + (f", and took for example {lost}" if lost else "")
        case "renamed":
            return f"was called {mark(_json(edit.before))}"
        case "enabled" | "disabled":
            return f"is {edit.kind} now"
        case "wider":
            return f"matches more: for example {gained}"
        case "narrower":
            return f"matches less: no longer for example {lost}"
        case "changed":
            return f"matches other events: now for example {gained}, no longer {lost}"
        case "undecided":
            known = "".join(f"; {word} {event}" for word, event in (("now", gained), ("no longer", lost)) if event)
            return f"may match other events, which could not be decided: {edit.reason}{known}"
        case "conflict":
            return f"on conflict {_change(edit, mark)}"
        case "field" | "setting":
            return f"{mark(edit.name)} {_change(edit, mark)}"
        case "action" | "destination" | "filter":
            return f"{edit.kind} {_change(edit, mark)}"


def group_sentence(group: ChangeGroup, mark: MarkCode) -> str:
    """One group of changes, without its count and its mapping."""
    is_one = group.count == 1
    many = f"{'event' if is_one else 'events'} {'is' if is_one else 'are'}"
    match group.kind:
        case "taken":
            return f"{many} taken that {'was' if is_one else 'were'} not"
        case "left":
            return f"{many} no longer taken"
        case "fails":
            return f"{'event fails' if is_one else 'events fail'}: {mark(_line(group.after))}"
        case "mended":
            return f"{'event no longer fails' if is_one else 'events no longer fail'}: {mark(_line(group.before))}"
        case "repaired":
            return f"{'value is' if is_one else 'values are'} repaired: {mark(_line(group.after))}"
        case "unrepaired":
            return f"{'value is' if is_one else 'values are'} no longer repaired: {mark(_line(group.before))}"
        case "more" | "fewer":
            return f"{'event becomes' if is_one else 'events become'} {group.kind} requests than before"
        case "field":
            where = group.name if group.name == OTHER_FIELDS else mark(group.name)
            before, after = (mark(_value(value)) for value in (group.before, group.after))
            return f"{'request changes' if is_one else 'requests change'} in {where}: {before} → {after}"


def summary(comparison: RulesComparison) -> str:
    """The last line: how much changes in total."""
    recorded = comparison.recorded
    if recorded is None:
        return "" if comparison.different else "Nothing changes."
    events = counted(recorded.events, "event")
    unread = "".join(f" {sentence}." for sentence in recorded.unread.sentences())
    if not recorded.groups:
        return f"No request changes in {events} ({counted(recorded.requests_before, 'request')}).{unread}"
    parts = [f"{recorded.changed:,} of {counted(recorded.requests_before, 'request')} change"]
    if recorded.came:
        parts.append(f"{recorded.came:,} more {'is' if recorded.came == 1 else 'are'} sent")
    if recorded.went:
        parts.append(f"{recorded.went:,} {'is' if recorded.went == 1 else 'are'} no longer sent")
    return f"In {events}, {', '.join(parts)}. No other request changes.{unread}"


def heading(mapping: str | None) -> str:
    """The heading of the sentences about a mapping, or about the rules as a whole for None."""
    return "The rules" if mapping is None else f'"{mapping}"'


def _change(edit: Edit, mark: MarkCode) -> str:
    if edit.before is None:
        return f"is set: {mark(_line(edit.after or ''))}"
    if edit.after is None:
        return f"is no longer set: {mark(_line(edit.before))}"
    before, after = _from_where_they_differ(edit.before, edit.after)
    return f"{mark(_line(before))} → {mark(_line(after))}"


def _from_where_they_differ(before: str, after: str) -> tuple[str, str]:
    """Of two long texts that begin alike, what begins a little before the difference, so that it is not cut off."""
    before, after = " ".join(before.split()), " ".join(after.split())
    pairs = enumerate(zip(before, after, strict=False))
    same = next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))
    if max(len(before), len(after)) <= MOST_CHARACTERS or same <= CHARACTERS_BEFORE:
        return before, after
    start = before.rfind(" ", 0, same - CHARACTERS_BEFORE) + 1 or same - CHARACTERS_BEFORE
    return f"… {before[start:]}", f"… {after[start:]}"


def _value(value: Any) -> str:
    return "nothing" if value is MISSING else _line(_json(value))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(text: str) -> str:
    return shortened(" ".join(text.split()), MOST_CHARACTERS)
