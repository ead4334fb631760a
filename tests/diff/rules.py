"""Rules for comparisons: a mapping in one line of arguments, and a comparison of two texts."""

from __future__ import annotations

import json
from typing import Any

from rulewright.diff.rules_comparison import RulesComparison, compare
from rulewright.loading.rule_files import read_rules_text

TRACK = 'type = "track"'


def mapping(*lines: str, name: str = "A", when: str = TRACK, action: str = "logEventV2", prefix: str = "") -> str:
    """A mapping that sends what the action needs, and what the lines say."""
    needed = [] if action == "identifyUser" or any("event_type" in line for line in lines) else ["event_type = event"]
    body = "\n  ".join([f"when {when}", *lines, *needed, "user_id = userId"])
    return f'{prefix}mapping "{name}" -> {action} {{\n  {body}\n}}\n'


def compared(old: str, new: str, events: list[Any] | None = None, destination: str = "amplitude") -> RulesComparison:
    """Two versions of rules below their `destination` line; an event that is bytes is a line as it is."""
    lines = None
    if events is not None:
        lines = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
    before, after = (
        read_rules_text(f"destination {destination}\n{rules}", name) for rules, name in ((old, "old"), (new, "new"))
    )
    return compare(before, after, lines)
