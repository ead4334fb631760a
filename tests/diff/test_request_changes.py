"""Recorded events through both versions: every request that changes is in a group, and no other is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright import load
from rulewright.diff.request_changes import MOST_GROUPS, OTHER_FIELDS, RequestChanges
from rulewright.runtime.semantics.missing import MISSING

from .rules import TRACK, compared, mapping

USER = {"userId": "u-12345"}
NAME = "event_type = event"


def track(event: str, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, **USER, **more}


def recorded(old: str, new: str, *events: Any) -> RequestChanges:
    comparison = compared(old, new, list(events)).recorded
    assert comparison is not None
    return comparison


def groups(account: RequestChanges) -> list[tuple[Any, ...]]:
    return [
        (group.kind, group.name, group.count, group.first_line, group.before, group.after)
        for group in account.groups.values()
    ]


def test_nothing_changes() -> None:
    account = recorded(mapping(NAME), "# moved\n\n" + mapping(NAME), track("a"), {"type": "page"}, track("", userId=""))
    assert groups(account) == []
    assert (account.events, account.requests_before, account.requests_after) == (3, 1, 1)


def test_a_field_that_changes_in_some_requests() -> None:
    old = mapping(NAME, "city = properties.city")
    new = mapping(NAME, "city = lowercase(properties.city)")
    cities = [track(event, properties={"city": city}) for event, city in (("b", "Ulm"), ("c", "bonn"), ("d", "Kiel"))]
    account = recorded(old, new, track("a"), *cities)
    assert groups(account) == [("field", "events[].city", 2, 2, "Ulm", "ulm")]
    assert (account.changed, account.came, account.went) == (2, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "path", "values"),
    [
        ("{ x: 1 }", "{ x: true }", "events[].event_properties.x", (1, True)),
        ("{ x: 1 }", "{ x: null }", "events[].event_properties.x", (1, None)),
        ("{ x: 1, y: 2 }", "{ x: 1 }", "events[].event_properties.y", (2, MISSING)),
        ("{ x: 1 }", '{ x: 1, "a key": [1] }', 'events[].event_properties."a key"', (MISSING, [1])),
        ("{ x: [1, 2] }", "{ x: [1, 3, 4] }", "events[].event_properties.x[]", (2, 3)),
        ('{ x: "1" }', "{ x: [1] }", "events[].event_properties.x", ("1", [1])),
    ],
)
def test_values_are_compared_as_json_values(before: str, after: str, path: str, values: tuple[Any, Any]) -> None:
    old, new = (mapping(NAME, f"event_properties = {text}") for text in (before, after))
    assert groups(recorded(old, new, track("a"))) == [("field", path, 1, 1, *values)]


def test_the_order_of_keys_is_not_a_change() -> None:
    old, new = (mapping(NAME, f"event_properties = {text}") for text in ("{ x: 1, y: 2 }", "{ y: 2, x: 1 }"))
    assert recorded(old, new, track("a")).groups == {}


def test_a_form_is_compared_as_what_its_texts_say() -> None:
    old, new = (
        mapping(f"user_properties = {{ plan: {plan} }}", when='type = "identify"', action="identifyUser")
        for plan in ("traits.plan", "uppercase(traits.plan)")
    )
    account = recorded(old, new, {"type": "identify", **USER, "traits": {"plan": "pro"}})
    assert groups(account) == [("field", "identification.user_properties.plan", 1, 1, "pro", "PRO")]


def test_events_that_are_taken_and_left() -> None:
    old, new = mapping(NAME, when=f'{TRACK} and event = "a"'), mapping(NAME, when=f'{TRACK} and event = "b"')
    account = recorded(old, new, track("a"), track("b"), track("b"))
    assert [(group.kind, group.count, group.first_line) for group in account.groups.values()] == [
        ("left", 1, 1),
        ("taken", 2, 2),
    ]
    assert (account.came, account.went, account.changed) == (2, 1, 0)


def test_a_filter_takes_events_away() -> None:
    account = recorded(mapping(NAME), 'drop when event = "a"\n' + mapping(NAME), track("a"), track("b"))
    assert [(group.kind, group.count) for group in account.groups.values()] == [("left", 1)]


def test_a_failure_that_came_and_one_that_went() -> None:
    plain, strict = mapping(NAME, "price = 1"), mapping(NAME, "price = number(properties.total)")
    bad = track("a", properties={"total": "12,50"})
    (came,) = recorded(plain, strict, bad).groups.values()
    assert (came.kind, came.count, came.before) == ("fails", 1, None)
    assert "12,50" in came.after
    (went,) = recorded(strict, plain, bad).groups.values()
    assert (went.kind, went.before, went.after) == ("mended", came.after, None)
    assert recorded(strict, strict, bad).groups == {}


def test_a_renamed_mapping_sends_what_it_sent() -> None:
    assert recorded(mapping(NAME), mapping(NAME, name="B"), track("a")).groups == {}


def test_another_address_changes_every_request() -> None:
    account = recorded(mapping(NAME), 'settings { endpoint = "europe" }\n' + mapping(NAME), track("a"), track("b"))
    assert [(group.kind, group.name, group.count) for group in account.groups.values()] == [("field", "url", 2)]


def test_a_header_that_changes_is_a_change_of_the_request() -> None:
    old = 'mapping "A" -> send {\n  when type = "track"\n  body = { event: event }\n  headers = { "x-a": event }\n}\n'
    account = compared(old, old.replace("x-a", "x-b"), [track("a")], "webhook").recorded
    assert account is not None
    assert groups(account) == [
        ("field", 'headers."x-a"', 1, 1, "a", MISSING),
        ("field", 'headers."x-b"', 1, 1, MISSING, "a"),
    ]
    assert account.changed == 1


def test_lines_that_are_not_events_are_counted() -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    account = recorded(mapping(NAME), mapping(NAME), track("a"), b"no", b"[1]", b"  ", deep)
    assert (account.events, len(account.unread)) == (1, 3)


def test_groups_are_bounded_however_many_keys_events_bring() -> None:
    old = mapping(NAME, "event_properties = properties")
    new = mapping(NAME, "event_properties = {}")
    events = [track("a", properties={f"key_{number}_{key}": 1 for key in range(100)}) for number in range(12)]
    account = recorded(old, new, *events)
    assert len(account.groups) == MOST_GROUPS + 1
    assert account.groups["A", "field", OTHER_FIELDS].count == 200
    assert account.changed == 12


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from(["", "a", "1"]))
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page"]), "event": st.sampled_from(["a", "b"]), "userId": st.just("u-12345")},
    optional={"properties": st.dictionaries(st.sampled_from("xyz"), VALUES)},
)
RULES = st.builds(
    lambda when, value, kept: (
        mapping(NAME, f"event_properties = {{ x: {value} }}", when=when) + (kept and mapping(NAME, name="B"))
    ),
    st.sampled_from([TRACK, 'event = "a"', "properties.x = true"]),
    st.sampled_from(["properties.x", "coalesce(properties.x, properties.y)", "1", "true"]),
    st.sampled_from(["", "yes"]),
)


@settings(max_examples=40, deadline=None)
@given(RULES, RULES, st.lists(EVENTS, max_size=5))
def test_there_is_a_group_if_and_only_if_other_requests_go_out(
    old: str, new: str, events: list[dict[str, Any]]
) -> None:
    before, after = (load(f"destination amplitude\n{rules}", settings={"apiKey": "API_KEY"}) for rules in (old, new))

    def sent(mapper: Any) -> list[Any]:
        outcomes = [mapper(event) for event in events]
        return [
            [(request.mapping, request.url, json.dumps(request.json, sort_keys=True)) for request in outcome.requests]
            + [(failure.mapping, failure.field, failure.code) for failure in outcome.failures]
            for outcome in outcomes
        ]

    account = recorded(old, new, *events)
    assert bool(account.groups) == (sent(before) != sent(after))
    assert account.requests_after - account.requests_before == account.came - account.went
