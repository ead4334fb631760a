"""A comparison as plain data, for a program to read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..runtime.semantics.missing import MISSING
from .request_changes import ChangeGroup, RequestChanges
from .rules_comparison import RulesComparison


def as_json(comparison: RulesComparison) -> dict[str, Any]:
    """The keys `different`, `edits`, and `recorded`, which is null without events."""
    recorded = comparison.recorded
    return {
        "different": comparison.different,
        "edits": [asdict(edit) for edit in comparison.edits],
        "recorded": None if recorded is None else _recorded(recorded),
    }


def _recorded(recorded: RequestChanges) -> dict[str, Any]:
    return {
        "events": recorded.events,
        "invalid": len(recorded.unread),
        "requests_before": recorded.requests_before,
        "requests_after": recorded.requests_after,
        "changed": recorded.changed,
        "came": recorded.came,
        "went": recorded.went,
        "groups": [_group(group) for group in recorded.groups.values()],
    }


def _group(group: ChangeGroup) -> dict[str, Any]:
    """A side without a value has no key, because null is a value."""
    sides = {"before": group.before, "after": group.after}
    return {
        "mapping": group.mapping,
        "kind": group.kind,
        "name": group.name,
        "count": group.count,
        "first_line": group.first_line,
        **{side: value for side, value in sides.items() if value is not MISSING},
    }
