"""The edits between two versions of rules; formatting and moved lines do not count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from ..checks.analysis_context import analysis_context
from ..compiler.analysis.trigger_comparison import TriggerChange, alike, compare_triggers
from ..compiler.ir import FieldValue, Filter, Mapping, Program

EditKind: TypeAlias = Literal[
    "new",
    "gone",
    "renamed",
    "enabled",
    "disabled",
    "wider",
    "narrower",
    "changed",
    "undecided",
    "action",
    "conflict",
    "field",
    "destination",
    "setting",
    "filter",
]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit."""

    mapping: str | None
    """By its new name, or by its old one when it is gone; None for what belongs to the rules as a whole."""
    kind: EditKind
    name: str = ""
    """Of a field or a setting."""
    before: str | None = None
    """The author's text, or a name; None where there was nothing."""
    after: str | None = None
    gained: dict[str, Any] | None = None
    """An event that only the new rules take."""
    lost: dict[str, Any] | None = None
    """An event that only the old rules take."""
    reason: str = ""
    """Why it is not decided."""


def edits_between(old: Program, new: Program, renamed: dict[str, str]) -> list[Edit]:
    """All edits: of the rules as a whole, then by mapping in the order of the new rules, then of removed mappings.

    `renamed` has new names by old ones, as `renames` finds them. Without any edit, the two versions do the same with
    every event.
    """
    old = replace(
        old, mappings=tuple(replace(mapping, name=renamed.get(mapping.name, mapping.name)) for mapping in old.mappings)
    )
    before = {mapping.name: mapping for mapping in old.mappings}
    triggers = {change.mapping: change for change in compare_triggers(old, new, analysis_context())}
    old_names = {after: name for name, after in renamed.items()}
    edits = list(_whole(old, new))
    for mapping in new.mappings:
        if mapping.name in old_names:
            edits.append(Edit(mapping.name, "renamed", before=old_names[mapping.name], after=mapping.name))
        change = triggers.pop(mapping.name, None)
        if mapping.name in before:
            edits += _of_mapping(before[mapping.name], mapping, change)
        elif change is not None:
            edits.append(_of_trigger(change))
    return [*edits, *map(_of_trigger, triggers.values())]


def renames(old: Program, new: Program) -> dict[str, str]:
    """The mappings that are only renamed: new names by old ones.

    A removed and an added mapping are the same if only their names differ, or else if no others have their action and
    trigger.
    """
    known, names = {mapping.name for mapping in old.mappings}, {mapping.name for mapping in new.mappings}
    gone = [mapping for mapping in old.mappings if mapping.name not in names]
    came = [mapping for mapping in new.mappings if mapping.name not in known]
    renamed: dict[str, str] = {}
    for written in (_written, _aim):
        ways = {written(mapping): mapping.name for mapping in came if mapping.name not in renamed.values()}
        left = [mapping for mapping in gone if mapping.name not in renamed]
        for mapping in left:
            body = written(mapping)
            if body in ways and sum(written(candidate) == body for candidate in (*left, *came)) == 2:
                renamed[mapping.name] = ways[body]
    return renamed


def _written(mapping: Mapping) -> str:
    return repr((_aim(mapping), mapping.conflict, [(field.facts.name, field.value) for field in mapping.fields]))


def _aim(mapping: Mapping) -> str:
    return repr((mapping.action.name, mapping.trigger, mapping.enabled))


def _whole(old: Program, new: Program) -> Iterator[Edit]:
    before, after = (None if rules.destination is None else rules.destination.name for rules in (old, new))
    if before != after:
        yield Edit(None, "destination", before=before, after=after)
    settings_before, settings_after = dict(old.settings), dict(new.settings)
    for name in {**settings_after, **settings_before}:
        old_value, new_value = (
            json.dumps(settings[name]) if name in settings else None for settings in (settings_before, settings_after)
        )
        if old_value != new_value:
            yield Edit(None, "setting", name, old_value, new_value)
    # What `drop when` takes away shows in the mappings that no longer get it.
    filters_before, filters_after = (
        [filter_ for filter_ in rules.filters if filter_.kind != "drop"] for rules in (old, new)
    )
    if not alike(filters_before, filters_after):
        yield Edit(None, "filter", before=_texts(filters_before), after=_texts(filters_after))


def _texts(filters: list[Filter]) -> str | None:
    return "\n".join(filter_.span.text for filter_ in filters) or None


def _of_mapping(before: Mapping, after: Mapping, change: TriggerChange | None) -> Iterator[Edit]:
    if before.enabled != after.enabled:
        yield Edit(after.name, "enabled" if after.enabled else "disabled")
    elif change is not None:
        yield _of_trigger(change)
    if not before.enabled and not after.enabled:
        return
    if before.action.name != after.action.name:
        yield Edit(after.name, "action", before=before.action.name, after=after.action.name)
    if before.conflict != after.conflict:
        yield Edit(after.name, "conflict", before=before.conflict, after=after.conflict)
    fields_before = {field.facts.name: field for field in before.fields}
    fields_after = {field.facts.name: field for field in after.fields}
    for name in {**fields_after, **fields_before}:
        old, new = fields_before.get(name), fields_after.get(name)
        if not alike(None if old is None else old.value, None if new is None else new.value):
            yield Edit(after.name, "field", name, _text(old), _text(new))


def _text(field: FieldValue | None) -> str | None:
    return None if field is None else field.value.span.text


def _of_trigger(change: TriggerChange) -> Edit:
    return Edit(change.mapping, change.kind, gained=change.gained, lost=change.lost, reason=change.reason)
