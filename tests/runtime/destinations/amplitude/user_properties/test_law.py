"""Whatever comes in, no request mixes plain properties and operations, and no value is lost without a warning."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.action import ConflictPolicy
from rulewright.runtime.destinations.amplitude.operation_names import OPERATIONS, is_operation
from rulewright.runtime.outcome import Refused
from tests.runtime.destinations.amplitude.action_requests import PERSON, properties_of, repaired

from .random_properties import NAMES, PROPERTIES


@settings(max_examples=500, deadline=None)
@given(
    action=st.sampled_from(["logEvent", "logEventV2", "logPurchase", "identifyUser", "groupIdentifyUser"]),
    conflict=st.sampled_from(["reject", "fold", "split"]),
    checks=st.booleans(),
    values=st.fixed_dictionaries(
        {},
        optional={
            "user_properties": PROPERTIES,
            "group_properties": PROPERTIES,
            "setOnce": PROPERTIES,
            "setAlways": PROPERTIES,
            "add": PROPERTIES,
            "utm_properties": st.dictionaries(st.sampled_from(["utm_source", "utm_term"]), st.text(max_size=2)),
            "referrer": st.text(max_size=2),
            "products": st.lists(st.just({"price": 1}), max_size=2),
            "group_type": NAMES,
        },
    ),
)
def test_no_input_ever_mixes_them(action: str, conflict: ConflictPolicy, checks: bool, values: dict[str, Any]) -> None:
    whole = {**PERSON, "event_type": "Test", "group_type": "company", "group_value": "acme", **values}
    before = json.dumps(whole)
    try:
        requests, repairs = repaired(action, whole, conflict=conflict, checks=checks)
    except Refused:
        return
    assert json.dumps(whole) == before, "the event itself is never changed"
    sent = properties_of(requests)
    for properties in sent:
        operations = [name for name in properties if is_operation(name)]
        if checks or action != "groupIdentifyUser":
            assert len(operations) in (0, len(properties))
            assert set(operations) <= set(OPERATIONS.names.values())
        if checks:
            changed = [properties[name] for name in operations if name not in OPERATIONS.whole]
            names = [key for properties in changed for key in properties]
            assert len(names) == len(set(names))
            assert not any(map(is_operation, names))
    if checks:
        for text in lost(action, whole, sent):
            assert any(text in message for _, _, message in repairs), f"{text} is gone without a word"


def lost(action: str, values: dict[str, Any], sent: list[dict[str, Any]]) -> list[str]:
    """The texts of all property values that were given and that no request has any more."""
    here = leaves(sent)
    fields = {
        "logEvent": ["user_properties"],
        "logPurchase": ["user_properties"],
        "logEventV2": ["user_properties", "setOnce", "setAlways", "add"],
        "identifyUser": ["user_properties", "setOnce", "setAlways", "add"],
        "groupIdentifyUser": ["group_properties"],
    }[action]
    given = [values[name] for name in fields if name in values]
    return sorted(leaves(given) - here)


def leaves(value: Any) -> set[str]:
    """The numbers and filled texts at any depth, as JSON."""
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(leaves, value)) if value else set()
    return set() if value is None or value == "" else {json.dumps(value)}
