"""Values that are seen in requests are those that lineage does not exclude; marked values in requests are seen."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rulewright.dsl.rule_error import RuleError
from rulewright.flow.paths import read_path
from rulewright.loading.rule_files import read_rules_text
from rulewright.testing.judging.no_value import leak, ways_out
from rulewright.testing.path_values import has_value
from rulewright.trace.traced_rules import TracedRules
from tests.flow.random_rules import EVENTS, MARK, RULES

PATHS = ["properties.a", "properties.b", "traits", "traits.a", "properties.*", "properties.a[].b", "traits.c"]


@settings(max_examples=150)
@given(RULES, EVENTS, st.sampled_from(PATHS))
def test_a_value_that_is_seen_has_a_way_out(text: str, event: Any, path: str) -> None:
    try:
        rules = TracedRules.of(read_rules_text(text))
    except RuleError:
        assume(False)
    steps = read_path(path)
    leaked = leak(rules, steps, event, rules.mapper(event))
    if leaked is not None:
        assert ways_out(rules, steps)
        assert has_value(event, steps)


@settings(max_examples=150)
@given(RULES, EVENTS, st.sampled_from(["properties", "traits"]), st.sampled_from("abc"))
def test_a_marked_value_that_is_in_a_request_is_seen(text: str, event: Any, part: str, key: str) -> None:
    try:
        rules = TracedRules.of(read_rules_text(text))
    except RuleError:
        assume(False)
    event = {**event, part: {**event[part], key: MARK}}
    outcome = rules.mapper(event)
    if any(MARK.encode() in request.body for request in outcome.requests):
        assert leak(rules, (part, key), event, outcome) is not None


HEAD = (
    'destination amplitude\nmapping "M" -> logEvent {\n  when type = "track"\n  user_id = userId\n  event_type = "E"\n'
)
SEEN: dict[str, tuple[str, bool]] = {
    "a copy": ("{ k: traits.email }", True),
    "a part of an object": ("traits", True),
    "a hash": ("{ k: sha256(traits.email) }", True),
    "a length": ("{ k: length(traits.email) }", True),
    "a template": ('{ k: "to {{traits.email}}" }', True),
    "the branch that is taken": ('{ k: if(traits.plan = "pro", traits.email, "") }', True),
    "the branch that is not taken": ('{ k: if(traits.plan = "free", traits.email, "") }', False),
    "the fallback that is not reached": ("{ k: coalesce(traits.plan, traits.email) }", False),
    "a condition": ('{ k: if(contains(traits.email, "corp.com"), "staff", "customer") }', False),
    "a condition beside a copy of another": ('{ k: if(traits.email = null, traits.email, traits.plan) }', False),
    "the keys without it": ('without(traits, "email")', False),
}  # fmt: skip


@cache
def _rules(value: str) -> TracedRules:
    return TracedRules.of(read_rules_text(f"{HEAD}  user_properties = {value}\n}}\n"))


@pytest.mark.parametrize("way", SEEN)
def test_value_is_seen_where_it_was_sent(way: str) -> None:
    value, seen = SEEN[way]
    event = {"type": "track", "userId": "user-1", "traits": {"email": "ada@corp.com", "plan": "pro"}}
    rules = _rules(value)
    assert (leak(rules, ("traits", "email"), event, rules.mapper(event)) is not None) is seen


def test_leak_says_where() -> None:
    rules = _rules("traits")
    event = {"type": "track", "userId": "user-1", "traits": {"email": "ada@corp.com"}}
    leaked = leak(rules, ("traits", "email"), event, rules.mapper(event))
    assert leaked == ("M", "[0].json.events[0].user_properties.email", "ada@corp.com")
