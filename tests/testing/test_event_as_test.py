"""An event written as a test expects what is sent, also where a limit of the destination changes what rules make."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.semantics.event import Event
from rulewright.testing.coverage.coverage import Coverage
from rulewright.testing.coverage.suggestions import suggest
from rulewright.testing.event_as_test import event_as_test
from rulewright.testing.literals import is_writable
from rulewright.testing.runner import run_suite
from rulewright.testing.suite.suite import read_suite
from rulewright.trace.traced_rules import TracedRules
from tests.strategies import events

REPAIRED = """destination amplitude

mapping "Repaired" -> logEventV2 {
  when type = "track"
  user_id = userId
  event_type = event
  event_properties = { list: [[properties.n]], name: event, long: properties.long }
  groups = { team: { id: properties.n }, plan: event }
}
"""
EVENT: Event = {"type": "track", "event": "Order", "userId": "user-1", "properties": {"n": 7, "long": "x" * 1_100}}
ALL = """destination amplitude

mapping "Tracks" -> logEventV2 {
  when type = "track"
  use defaults
  user_properties = traits
  city = properties.city
}

mapping "People" -> identifyUser {
  when type = "identify"
  use defaults
  on conflict fold
}
"""


@cache
def rules_of(text: str) -> TracedRules:
    return TracedRules.of(read_rules_text(text, "shop.rules"))


def misses(rules: str, tests: str) -> list[str]:
    """What tests of rules find wrong."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "shop.rules")
        path.write_text(rules)
        path.with_name("shop.test.rules").write_text(tests, encoding="utf-8")
        failed = run_suite(read_suite(path), lambda name: True).failed
        return [str(miss) for failure in failed for miss in failure.misses]


def test_a_part_that_a_limit_changes_is_not_expected_as_it_was_made() -> None:
    text = event_as_test(rules_of(REPAIRED), EVENT, "an order", [])
    assert "event_properties.name" in text
    assert "groups.team" not in text
    assert "event_properties.list" not in text
    assert misses(REPAIRED, text) == []


def test_suggested_tests_of_repaired_values_pass() -> None:
    assert misses(REPAIRED, suggest(Coverage(rules_of(REPAIRED)), []).text()) == []


@pytest.mark.parametrize("value", [1e400, [-1e400], {"a": {"b": "\ud800"}}, {"\udc00": 1}])
def test_what_no_rule_file_can_hold_is_known(value: Any) -> None:
    assert not is_writable(value)
    assert is_writable({"a": [1.5, "\U0001f600", None, True]})


@pytest.mark.parametrize("rules", [REPAIRED, ALL])
@settings(max_examples=20, deadline=None)
@given(event=events.filter(is_writable))
def test_any_event_passes_as_a_test(rules: str, event: Event) -> None:
    assert misses(rules, event_as_test(rules_of(rules), event, "any", [])) == []
