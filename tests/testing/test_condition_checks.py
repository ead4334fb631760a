"""Conditions of tests on what is never there: every part that a real request has is one that a condition may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rulewright.compiler.analysis.schema_node import SchemaNode
from rulewright.compiler.value_types import ANY
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.outcome import Refused, Request
from rulewright.testing.suite.request_shapes import decoded, forms_part, seen_by_conditions
from rulewright.trace.request_views import written
from tests.long_cases import long_cases
from tests.runtime.destinations.amplitude.reference_requests import PRESETS, ROWS, requests_of

ACTIONS = [name for name, action in DESTINATIONS["amplitude"].actions.items() if action.sends != "nothing"]


def requests(step: int) -> Iterator[Request]:
    """What each so many-th of Segment's own events becomes by its presets."""
    for row in ROWS[::step]:
        for subscription in PRESETS:
            try:
                yield from requests_of(row, subscription)
            except Refused:
                continue


def unknown(place: SchemaNode, value: Any, way: str = "") -> Iterator[str]:
    """The paths of a value that a shape has not."""
    if place.kinds == ANY:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in place.keys:
                yield from unknown(place.keys[key], inner, f"{way}.{key}")
            else:
                yield f"{way}.{key}"
    elif isinstance(value, list):
        for item in value:
            yield from unknown(place.items or SchemaNode(frozenset()), item, f"{way}[]")
    elif not place.kinds & {"string", "number", "boolean"}:
        yield way


@pytest.mark.untraced
@pytest.mark.parametrize("step", [7, *long_cases(1)])
def test_every_part_of_a_real_request_may_be_read(step: int) -> None:
    seen: set[str] = set()
    missing: set[str] = set()
    for request in requests(step):
        action = request.action
        view = written(request, "")
        shape = seen_by_conditions("amplitude", action).keys["requests"].items
        assert shape is not None
        missing |= {f"{action} {way}" for way in unknown(shape, view)}
        seen.add(action)
        part = forms_part("amplitude", action)
        if part is not None:
            missing |= {
                f"{action} {way}"
                for way in unknown(decoded("amplitude", action, part), json.loads(view["form"][part]), part)
            }
    assert missing == set()
    assert seen >= {"logEventV2", "logPurchase", "identifyUser"}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_sends_json_or_a_form_with_one_part(action: str) -> None:
    shape = seen_by_conditions("amplitude", action).keys["requests"].items
    assert shape is not None
    assert ("form" in shape.keys) is (forms_part("amplitude", action) is not None)
    assert ("form" in shape.keys) is not ("json" in shape.keys)
