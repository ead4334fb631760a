"""Properties of several fields, operations and touches are merged; what loses is left out with a warning."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright.runtime.action import ConflictPolicy
from tests.runtime.destinations.amplitude.action_requests import EVENT, properties_of, repaired

Case = tuple[str, ConflictPolicy, dict[str, Any], dict[str, Any], list[tuple[str, str]]]
"""Action, policy, fields; the user properties of the one request, and what is left out as (field, message)."""

MERGED: dict[str, Case] = {
    "$setAlways alone": ("logEventV2", "reject", {"user_properties": {"$setAlways": {"a": 1}}}, {"$set": {"a": 1}}, []),
    "$setAlways in an identify call": (
        "identifyUser",
        "reject",
        {"user_properties": {"$setAlways": {"a": 1}}},
        {"$set": {"a": 1}},
        [],
    ),
    "$setAlways beside plain ones, folded": (
        "identifyUser",
        "fold",
        {"user_properties": {"plan": "pro", "$setAlways": {"a": 1}}},
        {"$set": {"plan": "pro", "a": 1}},
        [],
    ),
    "$setAlways beside $setOnce, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"$setOnce": {"first": 1}, "$setAlways": {"last": 2}}},
        {"$setOnce": {"first": 1}, "$set": {"last": 2}},
        [],
    ),
    "$setAlways beside $set, which wins": (
        "logEventV2",
        "reject",
        {"user_properties": {"$set": {"a": 1}, "$setAlways": {"a": 2, "b": 3}}},
        {"$set": {"a": 1, "b": 3}},
        [("user_properties.$set.a", "2 is left out; `$set` has another value for the property")],
    ),
    "$setOnce beside the field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$setOnce": {"x": 1}}, "setOnce": {"a": 2}},
        {"$setOnce": {"x": 1, "a": 2}},
        [],
    ),
    "$setOnce beside the field, for one property": (
        "logEventV2",
        "reject",
        {"user_properties": {"$setOnce": {"x": 1, "y": 1}}, "setOnce": {"x": 2, "y": 1}},
        {"$setOnce": {"x": 2, "y": 1}},
        [("user_properties.$setOnce.x", "1 is left out; `$setOnce` has another value for the property")],
    ),
    "$set and $setAlways beside the field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$set": {"x": 1}, "$setAlways": {"y": 2}}, "setAlways": {"a": 3}},
        {"$set": {"x": 1, "y": 2, "a": 3}},
        [],
    ),
    "$add beside the field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$add": {"x": 1}}, "add": {"a": 2}},
        {"$add": {"x": 1, "a": 2}},
        [],
    ),
    "all fields beside all operations": (
        "logEventV2",
        "fold",
        {
            "user_properties": {"p": 0, "$setOnce": {"a": 1}, "$setAlways": {"b": 2}, "$add": {"c": 3}},
            "setOnce": {"d": 4},
            "setAlways": {"e": 5},
            "add": {"f": 6},
        },
        {"$setOnce": {"a": 1, "d": 4}, "$set": {"p": 0, "b": 2, "e": 5}, "$add": {"c": 3, "f": 6}},
        [],
    ),
    "all fields of an identify call": (
        "identifyUser",
        "fold",
        {
            "user_properties": {"p": 0, "$setOnce": {"a": 1}},
            "setOnce": {"d": 4},
            "setAlways": {"e": 5},
            "add": {"f": 6},
            "referrer": "r",
        },
        {
            "$setOnce": {"a": 1, "d": 4, "initial_referrer": "r"},
            "$set": {"p": 0, "e": 5, "referrer": "r"},
            "$add": {"f": 6},
        },
        [],
    ),
    "a field wins over the touch": (
        "identifyUser",
        "reject",
        {"setOnce": {"initial_referrer": "own"}, "referrer": "page"},
        {"$setOnce": {"initial_referrer": "own"}, "$set": {"referrer": "page"}},
        [
            (
                "user_properties.$setOnce.initial_referrer",
                '"page" is left out; `$setOnce` has another value for the property',
            )
        ],
    ),
    "an operation beside the touches of an event": (
        "logEvent",
        "reject",
        {"user_properties": {"$setOnce": {"x": 1}, "$add": {"n": 1}}, "referrer": "r"},
        {"$setOnce": {"x": 1, "initial_referrer": "r"}, "$set": {"referrer": "r"}, "$add": {"n": 1}},
        [],
    ),
    "a plain property that is added to, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"friendCount": 3, "plan": "pro"}, "add": {"friendCount": 1}},
        {"$set": {"plan": "pro"}, "$add": {"friendCount": 1}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "nothing but a plain property that is added to, folded": (
        "identifyUser",
        "fold",
        {"user_properties": {"friendCount": 3}, "add": {"friendCount": 3}},
        {"$add": {"friendCount": 3}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "nothing but a plain property that is added to, split": (
        "identifyUser",
        "split",
        {"user_properties": {"friendCount": 3}, "add": {"friendCount": 3}},
        {"$add": {"friendCount": 3}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "a plain property that is added to in the traits": (
        "identifyUser",
        "fold",
        {"user_properties": {"friendCount": 3, "$add": {"friendCount": 1}}},
        {"$add": {"friendCount": 1}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "a plain property that null is added to, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"friendCount": 3, "$add": {"friendCount": None, "logins": 1}}},
        {"$set": {"friendCount": 3}, "$add": {"logins": 1}},
        [],
    ),
    "a plain property that is set once, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"initial_referrer": "a", "plan": "pro"}, "setOnce": {"initial_referrer": "b"}},
        {"$set": {"plan": "pro"}, "$setOnce": {"initial_referrer": "b"}},
        [("user_properties.initial_referrer", '"a" is left out; `$setOnce` has the property too')],
    ),
    "a plain property that is set, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"city": "Rome", "plan": "pro"}, "setAlways": {"city": "Oslo", "plan": "pro"}},
        {"$set": {"city": "Oslo", "plan": "pro"}},
        [("user_properties.city", '"Rome" is left out; `$set` has the property too')],
    ),
    "a plain property that is appended to, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"tags": ["a"], "$append": {"tags": "b"}}},
        {"$append": {"tags": "b"}},
        [("user_properties.tags", '["a"] is left out; `$append` has the property too')],
    ),
    "a trait that the touches stand for": (
        "logEvent",
        "reject",
        {"user_properties": {"referrer": "trait"}, "referrer": "page"},
        {"$set": {"referrer": "page"}, "$setOnce": {"initial_referrer": "page"}},
        [("user_properties.referrer", '"trait" is left out; the fields of the campaign and the referrer are sent')],
    ),
    "an empty operation": ("logEventV2", "reject", {"user_properties": {"$set": {}, "plan": 1}}, {"plan": 1}, []),
    "a null operation": ("logEventV2", "reject", {"user_properties": {"$set": None, "plan": 1}}, {"plan": 1}, []),
    "an empty operation beside a field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$set": {}, "$setOnce": None}, "add": {"n": 1}},
        {"$add": {"n": 1}},
        [],
    ),
    "fields that hold nothing": (
        "identifyUser",
        "reject",
        {"user_properties": {"plan": 1}, "setOnce": {}, "setAlways": {"utm_term": ""}, "add": {"n": None}},
        {"plan": 1},
        [],
    ),
}


@pytest.mark.parametrize(("action", "conflict", "values", "sent", "said"), MERGED.values(), ids=MERGED)
def test_properties_are_merged(
    action: str, conflict: ConflictPolicy, values: dict[str, Any], sent: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    before = json.dumps(values)
    requests, repairs = repaired(action, {**EVENT, **values}, conflict=conflict)
    assert properties_of(requests) == [sent]
    assert [(field, message) for field, code, message in repairs if code == "property_overridden"] == said
    assert len(repairs) == len(said)
    assert json.dumps(values) == before, "the event itself is never changed"
