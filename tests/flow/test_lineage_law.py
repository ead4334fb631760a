"""The law of lineage: what no flow covers changes no request, whatever it is changed to."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.flow.lineage_of_rules import lineage

from .random_rules import EVENTS, MARK, RULES, VALUES


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all plain values in a value, and to empty lists and objects."""
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for at, inner in enumerate(value) for leaf in leaves(inner, (*path, at))]
    return [path]


@settings(max_examples=150)
@given(RULES, EVENTS, VALUES, st.data())
def test_a_value_that_no_flow_covers_changes_no_request(
    rules: str, event: Any, value: Any, data: st.DataObject
) -> None:
    try:
        report = lineage(rules)
        mapper = rulewright.load(rules, settings={"apiKey": "KEY"}, checks=False)
    except rulewright.RuleError:
        assume(False)
    unread = [path for path in leaves(event) if not any(flow.derived.covers(path) for flow in report.flows)]
    assume(unread)
    path = data.draw(st.sampled_from(unread))
    changed = deepcopy(event)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    before, after = mapper(event), mapper(changed)
    assert [request.json for request in before.requests] == [request.json for request in after.requests]
    assert [failure.code for failure in before.failures] == [failure.code for failure in after.failures]


@settings(max_examples=150)
@given(RULES, EVENTS, st.data())
def test_a_value_that_reaches_no_request_is_in_none(rules: str, event: Any, data: st.DataObject) -> None:
    """The same for values that are only read to decide: they decide, and are not sent."""
    try:
        report = lineage(rules)
        mapper = rulewright.load(rules, settings={"apiKey": "KEY"}, checks=False)
    except rulewright.RuleError:
        assume(False)
    carrying = [flow for flow in report.flows if not flow.decides]
    unsent = [path for path in leaves(event) if not any(flow.derived.covers(path) for flow in carrying)]
    assume(unsent)
    path = data.draw(st.sampled_from(unsent))
    marked = deepcopy(event)
    place = marked
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = MARK
    for request in mapper(marked).requests:
        assert MARK.encode() not in request.body
