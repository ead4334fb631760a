"""What an edit changes: the mappings that take other events, with an event for each direction."""

from __future__ import annotations

import pytest

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler.analysis.budget import COMMAND_STEPS
from rulewright.compiler.analysis.trigger_comparison import TriggerChange, compare_triggers
from rulewright.loading.pipeline import check_files, read

TRACK = 'type = "track"'


def changes(old: str, new: str, steps: int = COMMAND_STEPS) -> list[TriggerChange]:
    """The changes between two texts of rules, without their first line."""
    before, after = (check_files(read(f"destination amplitude\n{rules}"))[0] for rules in (old, new))
    return compare_triggers(before, after, analysis_context(), steps)


def mapping(when: str, name: str = "A", prefix: str = "") -> str:
    return f'{prefix}mapping "{name}" -> logEventV2 {{\n  when {when}\n  use defaults\n}}\n'


SAME = [
    ("other words", mapping(f'{TRACK} and event = "A"'), mapping('"A" = event and type in ["track"]')),
    ("a part that says nothing new", mapping(TRACK), mapping(f'{TRACK} and type != "page"')),
    (
        "a filter in place of a condition",
        mapping(f"{TRACK} and !(userId = null)"),
        "drop when userId = null\n" + mapping(TRACK),
    ),
    (
        "an opaque trigger that was not edited",
        mapping("properties.a = properties.b"),
        mapping("properties.a = properties.b"),
    ),
]


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_the_same_events(old: str, new: str) -> None:
    assert changes(old, new) == []


DIFFERENT = [
    (
        "wider",
        mapping(f'{TRACK} and event = "Order Completed"'),
        mapping(f'{TRACK} and match(event, "Order *ed")'),
        TriggerChange("A", "wider", gained={"type": "track", "event": "Order Updated"}),
    ),
    (
        "narrower",
        mapping(TRACK),
        mapping(f"{TRACK} and properties.total > 100"),
        TriggerChange("A", "narrower", lost={"type": "track"}),
    ),
    (
        "changed",
        mapping('type = "page"'),
        mapping('type = "screen"'),
        TriggerChange("A", "changed", gained={"type": "screen"}, lost={"type": "page"}),
    ),
    (
        "true and 1, which Python has equal",
        mapping("properties.x = true"),
        mapping("properties.x = 1"),
        TriggerChange("A", "changed", gained={"properties": {"x": 1}}, lost={"properties": {"x": True}}),
    ),
    (
        "disabled",
        mapping(TRACK),
        mapping(TRACK, prefix="disabled "),
        TriggerChange("A", "narrower", lost={"type": "track"}),
    ),
    (
        "a new filter",
        mapping(TRACK),
        'drop when context.ip = "203.0.113.7"\n' + mapping(TRACK),
        TriggerChange("A", "narrower", lost={"type": "track", "context": {"ip": "203.0.113.7"}}),
    ),
    (
        "narrower by a function that is only run",
        mapping('snakecase(event) = "a_b"'),
        mapping('kebabcase(event) = "a-b" and snakecase(event) = "a_b"'),
        TriggerChange("A", "narrower", lost={"event": "a_b"}),
    ),
    (
        "undecided",
        mapping(TRACK),
        mapping(f"{TRACK} and !(traits.a < traits.b and traits.b < traits.a)"),
        TriggerChange("A", "undecided", reason="the triggers compare values that only an event can tell"),
    ),
    (
        "narrower by a filter that takes out what is read",
        mapping("properties.email != null"),
        "drop properties.email\n" + mapping("properties.email != null"),
        TriggerChange("A", "narrower", lost={"properties": {"email": "a"}}),
    ),
    (
        "undecided behind a filter that takes out a part of what is read",
        mapping("properties != null"),
        "drop properties.email\n" + mapping("properties = null"),
        TriggerChange("A", "undecided", reason="a filter takes out a part of what the trigger reads"),
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "change"), [case[1:] for case in DIFFERENT], ids=[case[0] for case in DIFFERENT]
)
def test_other_events(old: str, new: str, change: TriggerChange) -> None:
    assert changes(old, new) == [change]


def test_mappings_that_came_and_went() -> None:
    assert changes(mapping(TRACK, "Old"), mapping('type = "page"', "New")) == [
        TriggerChange("New", "new", gained={"type": "page"}),
        TriggerChange("Old", "gone", lost={"type": "track"}),
    ]


def test_a_change_that_is_not_asked_about_once_the_budget_is_spent_is_undecided() -> None:
    old = "".join(mapping(f'{TRACK} and event = "{name}"', name) for name in "ABC")
    new = "".join(mapping(f'{TRACK} and event = "{name}x"', name) for name in "AB") + old[old.index('mapping "C"') :]
    first, second = changes(old, new, steps=1)
    assert (first.mapping, first.kind) == ("A", "changed")
    assert second == TriggerChange("B", "undecided", reason="the work budget of this command is spent")
