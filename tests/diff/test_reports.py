"""A comparison as text, Markdown and JSON: every group is told, and no author's text becomes markup."""

from __future__ import annotations

import pytest

from rulewright.diff.as_json import as_json
from rulewright.diff.as_markdown import as_markdown
from rulewright.diff.as_text import as_text
from rulewright.diff.rules_comparison import RulesComparison

from .rules import TRACK, compared, mapping

USER = {"userId": "u-12345"}
OLD = mapping('event_type = "Viewed {{name}}"', when='type = "page"', name="Pages") + mapping(
    when=f'{TRACK} and event = "Order Completed"', name="Checkout"
)
NEW = mapping('event_type = "Viewed: {{name}}"', when='type = "page"', name="Pages") + mapping(
    when=f'{TRACK} and match(event, "Order *")', name="Checkout"
)
EVENTS = [
    {"type": "page", "name": "Home", **USER},
    {"type": "track", "event": "Order Refunded", **USER},
    {"type": "track", "event": "Other", **USER},
    {"type": "page", "name": "a|b", **USER},
]


@pytest.fixture(scope="module")
def comparison() -> RulesComparison:
    return compared(OLD, NEW, EVENTS)


def test_on_screen(comparison: RulesComparison) -> None:
    assert "\n".join(as_text(comparison)) == (
        '"Pages"\n'
        '  event_type "Viewed {{name}}" → "Viewed: {{name}}"\n'
        '  2 requests change in events[].event_type: "Viewed Home" → "Viewed: Home"   (first at line 1)\n'
        "\n"
        '"Checkout"\n'
        '  matches more: for example {"type": "track", "event": "Order Updated"}\n'
        "  1 event is taken that was not   (first at line 2)\n"
        "\n"
        "In 4 events, 2 of 2 requests change, 1 more is sent. No other request changes."
    )


def test_in_a_pull_request(comparison: RulesComparison) -> None:
    assert "\n".join(as_markdown(comparison, "main.rules", "branch.rules")) == (
        "## What changes from `main.rules` to `branch.rules`\n"
        "\n"
        '### "Pages"\n'
        "\n"
        '- `event_type` `"Viewed {{name}}"` → `"Viewed: {{name}}"`\n'
        "\n"
        "| recorded | | first at line |\n"
        "|---:|---|---:|\n"
        '| 2 | requests change in `events[].event_type`: `"Viewed Home"` → `"Viewed: Home"` | 1 |\n'
        "\n"
        '### "Checkout"\n'
        "\n"
        '- matches more: for example `{"type": "track", "event": "Order Updated"}`\n'
        "\n"
        "| recorded | | first at line |\n"
        "|---:|---|---:|\n"
        "| 1 | event is taken that was not | 2 |\n"
        "\n"
        "In 4 events, 2 of 2 requests change, 1 more is sent. No other request changes."
    )


def test_for_a_program(comparison: RulesComparison) -> None:
    facts = as_json(comparison)
    assert facts["different"] is True
    assert [(edit["mapping"], edit["kind"], edit["name"]) for edit in facts["edits"]] == [
        ("Pages", "field", "event_type"),
        ("Checkout", "wider", ""),
    ]
    recorded = facts["recorded"]
    assert (recorded["events"], recorded["changed"], recorded["came"], recorded["went"]) == (4, 2, 1, 0)
    assert recorded["groups"][0] == {
        "mapping": "Pages",
        "kind": "field",
        "name": "events[].event_type",
        "count": 2,
        "first_line": 1,
        "before": "Viewed Home",
        "after": "Viewed: Home",
    }
    assert as_json(compared(OLD, NEW))["recorded"] is None


def test_of_a_side_without_a_value_json_has_no_key() -> None:
    old, new = (mapping(f"event_properties = {text}") for text in ("{ x: null }", "{ y: null }"))
    first, second = as_json(compared(old, new, [{"type": "track", "event": "a", **USER}]))["recorded"]["groups"]
    assert (first["before"], "after" in first) == (None, False)
    assert ("before" in second, second["after"]) == (False, None)


@pytest.mark.parametrize(
    ("old", "new", "events", "last"),
    [
        (OLD, OLD, None, "Nothing changes."),
        (OLD, OLD, EVENTS, "No request changes in 4 events (2 requests)."),
        (
            OLD,
            OLD,
            [b"no"],
            "No request changes in 0 events (0 requests). 1 line is not an event: JSON is truncated.",
        ),
        (OLD, NEW, None, '  matches more: for example {"type": "track", "event": "Order Updated"}'),
    ],
)
def test_the_last_line(old: str, new: str, events: list[object] | None, last: str) -> None:
    assert list(as_text(compared(old, new, events)))[-1] == last


def test_each_kind_of_change_has_its_sentence() -> None:
    renamed = as_text(compared(mapping(), mapping(name="B")))
    assert list(renamed)[:2] == ['"B"', '  was called "A"']
    came_and_went = "\n".join(as_text(compared(mapping(name="Old"), mapping(name="New", when='type = "page"'))))
    assert '"New"\n  is new, and takes for example {"type": "page"}\n' in came_and_went
    assert '"Old"\n  is gone, and took for example {"type": "track"}' in came_and_went
    assert "  is disabled now" in list(as_text(compared(mapping(), mapping(prefix="disabled "))))
    whole = list(as_text(compared(mapping(), 'settings { endpoint = "europe" }\n' + mapping())))
    assert whole[:2] == ["The rules", '  endpoint is set: "europe"']
    gone = list(as_text(compared(mapping("city = name"), mapping())))
    assert gone[1] == "  city is no longer set: name"
    narrower = list(as_text(compared(mapping(), mapping(when=f'{TRACK} and event = "x"'))))
    assert narrower[1].startswith('  matches less: no longer for example {"type": "track"')
    other = list(as_text(compared(mapping(), mapping(when='type = "page"'))))
    assert other[1] == '  matches other events: now for example {"type": "page"}, no longer {"type": "track"}'
    unknown = list(
        as_text(compared(mapping(when='json_encode(properties) = "{}"'), mapping(when='json_encode(traits) = "{}"')))
    )
    assert unknown[1].startswith("  may match other events, which could not be decided: ")


def test_failures_are_told_with_their_sentence() -> None:
    old, new = mapping("price = 1"), mapping("price = number(properties.total)")
    events = [{"type": "track", "event": "a", **USER, "properties": {"total": "12,50"}}]
    assert '  1 event fails: price: "12,50" is not a number   (first at line 1)' in list(
        as_text(compared(old, new, events))
    )
    back = list(as_text(compared(new, old, events)))
    assert '  1 event no longer fails: price: "12,50" is not a number   (first at line 1)' in back


def test_an_authors_text_is_not_markup() -> None:
    old = mapping('city = "x"', name="<b>*Pages*</b> | `a`")
    new = mapping('city = "``` | <script>"', name="<b>*Pages*</b> | `a`")
    events = [{"type": "track", "event": "a", **USER}]
    lines = list(as_markdown(compared(old, new, events), "a`b.rules", "c.rules"))
    assert lines[0] == "## What changes from ``a`b.rules`` to `c.rules`"
    assert lines[2] == '### "\\<b\\>\\*Pages\\*\\</b\\> \\| \\`a\\`"'
    assert lines[4] == '- `city` `"x"` → ````"``` | <script>"````'
    assert '````"``` \\| <script>"````' in lines[8]


def test_no_text_of_an_event_moves_the_cursor_or_turns_the_line() -> None:
    old, new = mapping("city = properties.a"), mapping("city = properties.b")
    events = [{"type": "track", "event": "a", **USER, "properties": {"a": "\u009b2J", "b": "\u202eevil"}}]
    comparison = compared(old, new, events)
    for lines in (as_text(comparison), as_markdown(comparison, "old", "new")):
        told = "\n".join(lines)
        assert "\\x9b2J" in told and "\\u202eevil" in told
        assert "\u009b" not in told and "\u202e" not in told


def test_of_long_texts_that_begin_alike_the_difference_is_shown() -> None:
    fields = ", ".join(f"field_{number}: properties.field_{number}" for number in range(30))
    old, new = (mapping(f"event_properties = {{ {fields}, plan: traits.{plan} }}") for plan in ("plan", "level"))
    (line,) = (line for line in as_text(compared(old, new, None)) if "event_properties" in line)
    start = "… field_29: properties.field_29, plan: traits."
    assert line == f"  event_properties {start}plan }} → {start}level }}"


def test_a_difference_at_the_start_of_long_texts_is_shown_where_it_is() -> None:
    fields = ", ".join(f"field_{number}: properties.field_{number}" for number in range(30))
    old, new = (mapping(f"event_properties = {{ {name}: type, {fields} }}") for name in ("one", "two"))
    (line,) = (line for line in as_text(compared(old, new, None)) if "event_properties" in line)
    assert line.startswith("  event_properties { one: type, field_0: ")
    assert "… → { two: type, field_0: " in line
