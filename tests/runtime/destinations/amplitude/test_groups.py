"""Groups past 5 types or 10 values of one type are left out with a warning; the event itself is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.destinations.amplitude.limits import (
    LONGEST_STRING,
    MOST_GROUP_VALUES,
    MOST_GROUPS,
    tracked_groups,
)
from rulewright.runtime.outcome import Request
from rulewright.runtime.repairs import take_repairs
from rulewright.runtime.semantics.blank import is_blank
from tests.runtime.destinations.amplitude.action_requests import people, refusal, repaired

Groups = dict[str, Any]

FIVE: Groups = {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}
TEN = [str(number) for number in range(10)]

WITHIN: dict[str, Groups] = {
    "five types": FIVE,
    "ten values": {"team": TEN},
    "five types of ten values": dict.fromkeys("abcde", TEN),
    "none": {},
    "a number": {"team": 7},
}
BEYOND: dict[str, tuple[Groups, Groups, list[tuple[str, str, str]]]] = {
    "six types": (
        {**FIVE, "f": "6"},
        FIVE,
        [("groups.f", "too_many_groups", '"6" is left out; Amplitude tracks groups of 5 types')],
    ),
    "eleven values": (
        {"team": [*TEN, "10"]},
        {"team": TEN},
        [("groups.team", "too_many_group_values", '["10"] is left out; Amplitude tracks 10 groups of one type')],
    ),
    "both": (
        {**FIVE, "a": [*TEN, "10"], "f": [*TEN, "10"]},
        {**FIVE, "a": TEN},
        [
            (
                "groups.f",
                "too_many_groups",
                '["0","1","2","3","4","5","6","7","8","9","10"] is left out; Amplitude tracks groups of 5 types',
            ),
            ("groups.a", "too_many_group_values", '["10"] is left out; Amplitude tracks 10 groups of one type'),
        ],
    ),
    "a type without a value takes no place": ({"none": None, "empty": [], "": "", **FIVE}, FIVE, []),
}
REFUSED: dict[str, tuple[Groups, str, str, str]] = {
    "six types": ({**FIVE, "f": "6"}, "groups", "too_many_groups", "has 6 types of groups and may have 5"),
    "eleven values": (
        {"team": [*TEN, "10"]},
        "groups.team",
        "too_many_group_values",
        "has 11 groups of one type and may have 10",
    ),
    "a long group": (
        {"team": ["a", "g" * 1025]},
        "groups.team",
        "long_id",
        f'has 1,025 characters and may have 1,024; an ID is never cut: "{"g" * 58}…',
    ),
}
ACTIONS = ("logEvent", "logEventV2", "logPurchase", "identifyUser")


def groups_of(requests: list[Request]) -> list[Groups]:
    """The groups of each event or identification."""
    items = [item for request in requests for item in (request.json["events"] if request.json else [people(request)])]
    return [item["groups"] for item in items]


def values_with(groups: Groups) -> dict[str, Any]:
    return {"user_id": "user-1", "event_type": "Test", "groups": groups}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("groups", WITHIN.values(), ids=WITHIN)
def test_groups_within_the_limits_are_sent_as_they_are(action: str, groups: Groups) -> None:
    requests, repairs = repaired(action, values_with(groups))
    assert (groups_of(requests), repairs) == ([groups], [])


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("groups", "sent", "said"), BEYOND.values(), ids=BEYOND)
def test_the_first_groups_are_sent_and_the_others_are_said(
    action: str, groups: Groups, sent: Groups, said: list[tuple[str, str, str]]
) -> None:
    before = json.dumps(groups)
    requests, repairs = repaired(action, values_with(groups))
    assert (groups_of(requests), repairs) == ([sent], said)
    assert json.dumps(groups) == before, "the event itself is never changed"


@pytest.mark.parametrize("action", ACTIONS)
def test_groups_are_neither_cut_nor_refused_with_checks_off(action: str) -> None:
    groups = {**FIVE, "f": [*TEN, "10"]}
    requests, repairs = repaired(action, values_with(groups), checks=False)
    assert (groups_of(requests), repairs) == ([groups], [])


def test_the_lines_of_an_order_have_its_groups_which_are_said_once() -> None:
    values = {**values_with({**FIVE, "f": "6"}), "products": [{"price": 1}, {"price": 2}]}
    requests, repairs = repaired("logPurchase", values)
    assert groups_of(requests) == [FIVE, FIVE, FIVE]
    assert len(repairs) == 1


def test_a_mapper_names_the_mapping_and_the_type() -> None:
    rules = (
        'destination amplitude\nmapping "Clicks" -> logEventV2 {\n  when type = "track"\n'
        "  use defaults\n  groups = context.groups\n}\n"
    )
    event = {"type": "track", "event": "Click", "userId": "user-1", "context": {"groups": {**FIVE, "f": "6"}}}
    mapper = rulewright.load(rules, settings={"apiKey": "KEY"})
    for outcome in (mapper(event), mapper.map_bytes(json.dumps(event))):
        assert outcome.failures == []
        assert [(repair.mapping, repair.field) for repair in outcome.warnings] == [("Clicks", "groups.f")]
        assert groups_of(outcome.requests) == [FIVE]


GROUP = (
    st.text(max_size=2) | st.sampled_from(["", " ", "x" * 1024, "x" * 1025]) | st.sampled_from([{}, {"id": 1}, ["a"]])
)
GROUPS = st.dictionaries(st.text(max_size=3), st.none() | GROUP | st.lists(GROUP, max_size=13), max_size=9)


@given(GROUPS)
def test_what_is_sent_is_within_the_limits_and_in_order(groups: Groups) -> None:
    sent = tracked_groups(groups)
    take_repairs("law")
    assert len(sent) <= MOST_GROUPS
    named = {name: named_values(values) for name, values in groups.items() if not is_blank(name)}
    named = {name: values for name, values in named.items() if values != [] and not is_blank(values)}
    named = {name: values for name, values in named.items() if not isinstance(values, dict)}
    named = {name: values for name, values in named.items() if not is_long(values)}
    assert list(sent) == list(named)[:MOST_GROUPS]
    for name, values in sent.items():
        assert values == (named[name][:MOST_GROUP_VALUES] if isinstance(values, list) else named[name])


def named_values(values: Any) -> Any:
    """A list without blank texts, objects and lists; any other value as it is."""
    if not isinstance(values, list):
        return values
    return [value for value in values if not (is_blank(value) or isinstance(value, dict | list) or is_long(value))]


def is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > LONGEST_STRING


INFINITY, NAN = float("inf"), float("nan")
LONG = "g" * 1025
TOO_LONG = f'"{LONG[:58]}… is left out; it has 1,025 characters and may have 1,024'
UNNAMED: dict[str, tuple[Groups, Groups, list[tuple[str, str, str]]]] = {
    "an empty value": ({"team": "", "plan": "pro"}, {"plan": "pro"}, []),
    "an empty type": ({"": "a", "plan": "pro"}, {"plan": "pro"}, []),
    "no value": ({"team": None, "list": [], "inner": [""], "plan": "pro"}, {"plan": "pro"}, []),
    "a blank value": ({"team": " "}, {}, [("groups.team", "blank_text", '" " is blank and is left out')]),
    "a blank type": ({"\t": "a"}, {}, [("groups.\t", "blank_text", '"\\t" is blank and is left out')]),
    "a blank value among others": (
        {"team": ["a", " ", "", "b"]},
        {"team": ["a", "b"]},
        [("groups.team", "blank_text", '" " is blank and is left out')],
    ),
    "zero is a value": ({"team": 0}, {"team": 0}, []),
    "an object": (
        {"team": {"id": 7}, "plan": "pro"},
        {"plan": "pro"},
        [("groups.team", "not_a_group", '{"id":7} is left out; text or a number names a group')],
    ),
    "an object among others": (
        {"team": [{"id": 7}, "a", ["b"], 5, False]},
        {"team": ["a", 5, False]},
        [
            ("groups.team", "not_a_group", '{"id":7} is left out; text or a number names a group'),
            ("groups.team", "not_a_group", '["b"] is left out; text or a number names a group'),
        ],
    ),
    "a number that is not finite": (
        {"team": [INFINITY, "a"], "plan": NAN},
        {"team": ["a"]},
        [
            ("groups.team", "not_a_group", "Infinity is left out; text or a number names a group"),
            ("groups.plan", "not_a_group", "NaN is left out; text or a number names a group"),
        ],
    ),
    "a whole number beyond all doubles": (
        {"team": 10**400, "plan": "pro"},
        {"plan": "pro"},
        [
            (
                "groups.team",
                "not_a_group",
                f"{'1'.ljust(59, '0')}… is left out; text or a number names a group",
            )
        ],
    ),
    "text that is too long": (
        {"team": LONG, "plan": [LONG, "pro"], "tier": LONG[:-1]},
        {"plan": ["pro"], "tier": LONG[:-1]},
        [("groups.team", "long_id", TOO_LONG), ("groups.plan", "long_id", TOO_LONG)],
    ),
    "a type that is too long": (
        {LONG: "a", "plan": "pro"},
        {"plan": "pro"},
        [("groups." + "g" * 99 + "…", "long_id", TOO_LONG)],
    ),
    "text that is too long takes no place": (
        {**FIVE, "a": [LONG, *TEN], "f": LONG},
        {**FIVE, "a": TEN},
        [("groups.a", "long_id", TOO_LONG), ("groups.f", "long_id", TOO_LONG)],
    ),
    "an empty object takes no place": (
        {"team": {}, **FIVE},
        FIVE,
        [("groups.team", "not_a_group", "{} is left out; text or a number names a group")],
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("groups", "sent", "said"), UNNAMED.values(), ids=UNNAMED)
def test_what_names_no_group_is_left_out_and_said(
    action: str, groups: Groups, sent: Groups, said: list[tuple[str, str, str]]
) -> None:
    requests, repairs = repaired(action, values_with(groups))
    assert (groups_of(requests), repairs) == ([sent], said)


@pytest.mark.parametrize("action", ACTIONS)
def test_extra_groups_are_refused_where_that_is_the_setting(action: str) -> None:
    values = {"event_type": "Seen", "user_id": "user-1"}
    refuse = {"extraGroups": "refuse"}
    for groups, field, code, message in REFUSED.values():
        failure = refusal(action, {**values, "groups": groups}, settings=refuse)
        assert (failure.field, failure.code, failure.message) == (field, code, message)
    for groups in WITHIN.values():
        _, repairs = repaired(action, {**values, "groups": groups}, settings=refuse)
        assert repairs == []
