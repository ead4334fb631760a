"""What the tracer says of an event is what the compiled rules do with it, for any rules and any event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from rulewright import RuleError, compile_expression, compile_trigger, load
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression, read_trigger
from rulewright.loading.catalog import catalog
from rulewright.loading.pipeline import compile_files, read
from rulewright.runtime.outcome import MappingError, Refused
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.trace.evaluation import evaluate
from rulewright.trace.tracer import Tracer
from tests.expressions import deep_expressions, events, expressions, wide_expressions
from tests.paths import ROOT

from .comparison import same, sent

EVENTS = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()]
FAILED = "failed"
SET = ("revenue", "products", "user_properties", "utm_properties", "event_properties", "event_type", "user_id")
INNER = ("utm_source", "price", "productId")
"""A key that is refused in place is named without the field that it stands in."""


def traced(text: str, event: dict[str, Any], *, trigger: bool) -> Any:
    node, diagnostics = (read_trigger if trigger else read_expression)(Source("test", text))
    assert node is not None, diagnostics
    resolver = Resolver(catalog(), [])
    program = resolver.condition(node) if trigger else resolver.value(node)
    try:
        return evaluate(program, event, in_trigger=trigger)
    except ValueFailure:
        return FAILED


@settings(max_examples=250, deadline=None)
@given(expressions, events)
@example("a.b", {"a": 0})
@example("coalesce(a, b)", {"b": None})
@example("coalesce(a, b, n)", {"a": 0, "b": 1})
@example("coalesce(a, b, n)", {"a": "", "b": 1})
@example("if(a, 1, 2)", {"a": 1})
@example("[a, { b: n }]", {"a": None})
@example("[p.a for p in b if p.n != null]", {"b": [{"a": 1, "n": 0}, {"n": 1}, {"a": None, "n": ""}]})
@example("[p for p in a]", {})
def test_an_expression_has_the_value_that_the_code_gives(text: str, event: dict[str, Any]) -> None:
    agrees(text, event)


@settings(max_examples=40, deadline=None)
@given(deep_expressions() | wide_expressions(), events)
@example(f"{'coalesce(a, ' * 98}b{')' * 98}", {"b": 1})
@example(f"{'if(a, ' * 98}b{', n)' * 98}", {"n": 1})
@example(f"{'(number(a) = 1 or (coalesce(number(n), 1) = 2 and ' * 48}b{'))' * 48}", {"a": 2, "n": "x"})
def test_a_deep_or_wide_expression_has_it_too(text: str, event: dict[str, Any]) -> None:
    agrees(text, event)


def agrees(text: str, event: dict[str, Any]) -> None:
    compiled = compile_expression(text)
    try:
        expected = compiled(event)
    except MappingError:
        expected = FAILED
    assert same(traced(text, event, trigger=False), expected)


@settings(max_examples=250, deadline=None)
@given(expressions, events)
@example('a != "x"', {"a": 1})
@example("a != true", {"a": 5})
@example("number(a) > 1", {"a": "x"})
def test_a_trigger_holds_where_the_code_says_so(text: str, event: dict[str, Any]) -> None:
    assert traced(text, event, trigger=True) is compile_trigger(text)(event)


def tracer_of(rules: Path) -> Tracer:
    return Tracer(compile_files(read(rules)), settings={"apiKey": "KEY"})


@pytest.mark.untraced
@pytest.mark.parametrize("rules", ["examples/shop.rules", "rules/amplitude/presets.rules"])
def test_every_sample_event_comes_to_the_same_requests(rules: str) -> None:
    mapper = load(ROOT / rules, settings={"apiKey": "KEY"})
    tracer = tracer_of(ROOT / rules)
    builds = {
        (mapping.name, is_further): tracer.build(mapping, checks=True, is_further=is_further)
        for mapping in tracer.rules.mappings
        for is_further in (False, True)
    }
    for event in EVENTS:
        outcome = mapper(event)
        traced = tracer(event)
        assert (traced.dropped_by is not None) is outcome.dropped
        assert [mapping.mapping.name for mapping in traced.mappings if mapping.matched] == outcome.matched
        requests = []
        failed = []
        for mapping in traced.mappings:
            stopped = [field for field in mapping.fields if field.failed]
            failed += [(mapping.mapping.name, field.failed) for field in stopped]
            if mapping.matched and not stopped:
                try:
                    requests += builds[mapping.mapping.name, mapping.is_further](
                        dict(mapping.payload), **mapping.parameters
                    )
                except Refused as refusal:
                    failed.append((mapping.mapping.name, refusal.message))
        assert sent(requests) == sent(outcome.requests)
        assert failed == [(failure.mapping, failure.message) for failure in outcome.failures]


HARD = """destination amplitude
mapping "Hard" -> logPurchase {
  when type = "track"
  use defaults
  on conflict fold
  revenue    = EXPRESSION
  products   = [ { price: p.a, productId: EXPRESSION, made_up: p.b } for p in a ]
  user_properties = { first: EXPRESSION }
  utm_properties = { utm_source: EXPRESSION, nobody: 1 }
  event_properties = EXPRESSION
}
"""


@settings(max_examples=60, deadline=None)
@given(expressions, events)
def test_any_field_comes_to_the_same_requests(text: str, event: dict[str, Any]) -> None:
    rules = HARD.replace("EXPRESSION", text)
    event = {**event, "type": "track", "event": "Order Completed", "userId": "u-12345"}
    try:
        mapper = load(rules, settings={"apiKey": "KEY"}, checks=False)
    except RuleError:
        return
    outcome = mapper(event)
    tracer = Tracer(compile_files(read(rules)), settings={"apiKey": "KEY"})
    traced = tracer(event).mapping("Hard")
    assert traced is not None
    failed = [field for field in traced.fields if field.failed]
    assert len(failed) == len(outcome.failures)
    if not failed:
        build = tracer.build(traced.mapping)
        assert same(sent(build(dict(traced.payload), **traced.parameters)), sent(outcome.requests))
    elif outcome.failures[0].field is not None:
        # Code may come to another field first than the rules name first.
        assert outcome.failures[0].field.partition(".")[0].partition("[")[0] in (*SET, *INNER)
