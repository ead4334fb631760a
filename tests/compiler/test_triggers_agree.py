"""Compiled triggers and the interpreter say the same of every event of a small world."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings

from rulewright.loading.expressions import compile_trigger

from .analysis.triggers import ALL_TRIGGERS, EVENTS, Trigger


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(ALL_TRIGGERS)
@example('!(!contains(a, "a"))')
@example('!!match(a, "a*")')
def test_a_compiled_trigger_is_what_the_text_says(text: str) -> None:
    compiled, told = compile_trigger(text), Trigger(text)
    assert [event for event in EVENTS if compiled(event) != told(event)] == []
