"""The interpreter is the reference: simplified programs and generated code, in both forms, give what it gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings

from rulewright import RuleError, load
from rulewright.compiler import ir
from rulewright.compiler.interpret import Interpreter, Observer
from rulewright.compiler.optimize.rewrite import simplified
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression, read_trigger
from rulewright.loading.catalog import catalog
from rulewright.loading.pipeline import compile_files, read
from rulewright.runtime.outcome import Outcome, Refused
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.missing import MISSING
from rulewright.trace.traced_event import TracedMapping
from rulewright.trace.tracer import Tracer
from tests.expressions import events, expressions
from tests.trace.comparison import same, sent

INTERPRETER = Interpreter(catalog().functions)
FAILED = "failed"


def resolved(text: str, *, is_trigger: bool = False) -> ir.Value:
    node, diagnostics = (read_trigger if is_trigger else read_expression)(Source("test", text))
    assert node is not None, diagnostics
    resolver = Resolver(catalog(), [])
    return resolver.condition(node) if is_trigger else resolver.value(node)


def value_of(node: ir.Value, event: Any, *, in_trigger: bool = False) -> Any:
    try:
        return INTERPRETER.value(node, event, in_trigger=in_trigger)
    except ValueFailure:
        return FAILED


@settings(max_examples=300, deadline=None)
@given(expressions, events)
@example('a != if(true, "x", 1)', {"a": 1})
@example('a != "x{{ 1 }}"', {"a": 1})
@example('"x" != coalesce(0, true)', {})
@example("coalesce(1, number(a))", {"a": "x"})
@example("number(a) = 1 and false", {"a": "x"})
def test_a_simplified_value_is_the_same_value(text: str, event: dict[str, Any]) -> None:
    node = resolved(text)
    assert same(value_of(simplified(node), event), value_of(node, event))


@settings(max_examples=300, deadline=None)
@given(expressions, events)
@example('!(!("<x>" != coalesce(0, true, true)))', {})
@example("1 < 2 and 2 >= 2 and !(3 < 1)", {})
@example("1 in [1] or number(a) = 1 or true", {"a": "x"})
def test_a_simplified_trigger_holds_for_the_same_events(text: str, event: dict[str, Any]) -> None:
    node = resolved(text, is_trigger=True)
    assert value_of(simplified(node), event, in_trigger=True) is value_of(node, event, in_trigger=True)


RULES = """destination amplitude
drop when a = 12.5
mapping "First" -> logEventV2 {
  when TRIGGER
  event_type = "First"
  user_id = "user-0001"
  event_properties = { value: EXPRESSION, other: b }
}
mapping "Second" -> logEventV2 {
  when a != 1
  event_type = coalesce(a, "Second")
  user_id = "user-0001"
  groups = EXPRESSION
}
"""


def sent_by_mapping(outcome: Outcome) -> dict[str, Any]:
    requests = outcome.requests
    return {name: sent([request for request in requests if request.mapping == name]) for name in outcome.matched}


def built(tracer: Tracer, mapping: TracedMapping) -> Any:
    """The requests of a mapping, None where its action refuses a value."""
    try:
        return sent(tracer.build(mapping.mapping)(dict(mapping.payload), **mapping.parameters))
    except Refused:
        return None


@settings(max_examples=80, deadline=None)
@given(expressions, expressions, events)
@example("a.b != 5", "[p.a for p in b]", {"a": {"b": 1}, "b": [{"a": 1}, {"a": None}, 3]})
@example("true", '"{{ a }}{{ b.n }}"', {"a": 1e21, "b": "x"})
@example("a = b", "coalesce(a.n, b.n, n)", {"a": "", "b": 0, "n": []})
def test_code_over_events_and_over_their_text_gives_what_the_interpreter_gives(
    trigger: str, expression: str, event: dict[str, Any]
) -> None:
    rules = RULES.replace("TRIGGER", trigger).replace("EXPRESSION", expression)
    try:
        mapper = load(rules, settings={"apiKey": "KEY"}, checks=False)
    except RuleError:
        return
    tracer = Tracer(compile_files(read(rules)), settings={"apiKey": "KEY"})
    traced = tracer(event)
    for outcome in (mapper(event), mapper.map_bytes(json.dumps(event))):
        assert outcome.dropped is (traced.dropped_by is not None)
        assert outcome.matched == [mapping.mapping.name for mapping in traced.mappings if mapping.matched]
        failed = {failure.mapping for failure in outcome.failures}
        requests = sent_by_mapping(outcome)
        for mapping in traced.mappings:
            name = mapping.mapping.name
            if not mapping.matched:
                continue
            expected = None if any(field.failed for field in mapping.fields) else built(tracer, mapping)
            assert (name in failed) is (expected is None)
            assert expected is None or same(requests[name], expected)


# --- the observer ----------------------------------------------------------------------------------------------------


class Record(Observer):
    """Writes down each step as a word and the author's text."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def enter(self, node: ir.Value) -> None:
        self.steps.append(f"enter {node.span.text}")

    def choose(self, branch: int) -> None:
        self.steps.append(f"choose {branch}")

    def fail(self, reason: str) -> None:
        self.steps.append(f"fail {reason}")

    def leave(self, node: ir.Value, value: Any) -> None:
        self.steps.append(f"leave {node.span.text}: {value!r}")


def steps_of(text: str, event: Any, *, in_trigger: bool) -> list[str]:
    record = Record()
    INTERPRETER.value(resolved(text, is_trigger=in_trigger), event, in_trigger=in_trigger, observer=record)
    return record.steps


def test_the_observer_sees_parts_between_enter_and_leave_of_the_whole() -> None:
    assert steps_of("coalesce(a, b)", {"b": 2}, in_trigger=False) == [
        "enter coalesce(a, b)",
        "enter a",
        f"leave a: {MISSING!r}",
        "choose 1",
        "enter b",
        "leave b: 2",
        "leave coalesce(a, b): 2",
    ]


def test_the_observer_hears_why_a_call_of_a_trigger_has_no_value() -> None:
    assert 'fail "x" is not a number' in steps_of("number(a) > 1", {"a": "x"}, in_trigger=True)


def test_a_node_that_raises_is_entered_and_not_left() -> None:
    record = Record()
    with pytest.raises(ValueFailure):
        INTERPRETER.value(resolved("a / 0"), {"a": 1}, observer=record)
    assert record.steps[0] == "enter a / 0"
    assert not any(step.startswith("leave a / 0") for step in record.steps)


@pytest.mark.parametrize(
    ("text", "event", "holds"),
    [
        ('a != "x"', {"a": 1}, True),
        ("a != b", {"a": 1, "b": "x"}, False),
        ("a != 5", {"a": "x"}, False),
        ('"x" != a', {"a": 1}, True),
        ('"x" != 5', {}, False),
        ("5 < a", {"a": 6}, True),
        ("a in [b, 1]", {"a": 1}, True),
        ("a = null", {}, True),
        ("!contains(a, 'x')", {"a": 1}, False),
        ("!contains(a, 'x')", {"a": "y"}, True),
    ],
)
def test_comparisons_follow_the_table_of_the_language(text: str, event: dict[str, Any], holds: bool) -> None:
    assert value_of(resolved(text, is_trigger=True), event, in_trigger=True) is holds
