"""A failure names the rule that it is a failure of: file, line, column, field, and the line as the author wrote it."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright.runtime.action import ActionPages, Binding, Build
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.outcome import Request

RULES = """destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track"
  event_type = event
  user_id    = userId
  revenue    = number(properties.total)
  city       = context.location.city
  products   = [ { price: number(p.price) } for p in properties.products ]
  setOnce    = {
    initial_referrer: context.page.referrer,
    plan: number(traits.plan)
  }
}
"""
EVENT = {"type": "track", "event": "Order", "userId": "user-1"}


@pytest.fixture(scope="module")
def mapper(tmp_path_factory: pytest.TempPathFactory) -> rulewright.Mapper:
    path = tmp_path_factory.mktemp("rules") / "shop.rules"
    path.write_text(RULES, encoding="utf-8")
    return rulewright.load(path, settings={"apiKey": "KEY"})


@pytest.mark.parametrize(
    ("event", "field", "code", "line", "marked"),
    [
        ({"properties": {"total": "12,50"}}, "revenue", "no_value", 7, "number(properties.total)"),
        ({"context": {"location": {"city": {}}}}, "city", "wrong_type", 8, "context.location.city"),
        ({"properties": {"products": [{"price": "x"}]}}, "products[0].price", "no_value", 9, "number(p.price)"),
        (
            {"context": {"page": {"referrer": []}}},
            "setOnce.initial_referrer",
            "wrong_type",
            11,
            "context.page.referrer",
        ),
        ({"traits": {"plan": "pro"}}, "setOnce.plan", "no_value", 12, "number(traits.plan)"),
        ({"event": None}, "event_type", "missing_field", 5, "event"),
    ],
)
def test_a_failure_names_its_rule(
    mapper: rulewright.Mapper, event: dict[str, Any], field: str, code: str, line: int, marked: str
) -> None:
    (failure,) = mapper({**EVENT, **event}).failures
    assert (failure.mapping, failure.field, failure.code) == ("Orders", field, code)
    assert failure.span is not None
    assert (Path(failure.span.file).name, failure.span.line) == ("shop.rules", line)
    assert failure.span.text[failure.span.column - 1 : failure.span.end_column - 1] == marked


COMPUTED = """destination amplitude

mapping "A" -> logEventV2 {
  when type = "track"
  event_type = event
  user_id = "user-1"
  event_properties = {
    a: properties.x,
    b: { c: number(properties.y) },
    d: [ { e: number(p.z), lists: [number(q) for q in p.qs] } for p in properties.list if p.z != "skip" ],
    f: coalesce(integer(properties.w), 1),
    g: properties.n * 2
  }
  user_properties = merge(traits, { k: number(traits.k) })
  groups = { "a b": number(properties.g) }
  products = [ { price: number(p.price), more: { q: p.q - 1 } } for p in properties.products ]
}
"""


@pytest.fixture(scope="module")
def computing() -> rulewright.Mapper:
    return rulewright.load(COMPUTED)


@pytest.mark.parametrize(
    ("properties", "field", "marked"),
    [
        ({"y": "q"}, "event_properties.b.c", "number(properties.y)"),
        ({"list": [{"z": 1}, {"z": "q"}]}, "event_properties.d[1].e", "number(p.z)"),
        ({"list": [{"z": "skip"}, {"z": "q"}]}, "event_properties.d[0].e", "number(p.z)"),
        ({"list": [{}, {"qs": [1, 2, "q"]}]}, "event_properties.d[1].lists[2]", "number(q)"),
        ({"w": "q"}, "event_properties.f", "coalesce(integer(properties.w), 1)"),
        ({"n": "q"}, "event_properties.g", "properties.n * 2"),
        ({"g": "q"}, "groups.a b", "number(properties.g)"),
        ({"products": [{}, {"price": "q"}]}, "products[1].price", "number(p.price)"),
        ({"products": [{}, {"q": "q"}]}, "products[1].more.q", "p.q - 1"),
        ({"products": {"q": "q"}}, "products[0].more.q", "p.q - 1"),
    ],
)
def test_an_argument_that_a_function_refuses_is_shown_at_its_place_in_an_object(
    computing: rulewright.Mapper, properties: dict[str, Any], field: str, marked: str
) -> None:
    event = {**EVENT, "properties": properties}
    for outcome in (computing(event), computing.map_bytes(json.dumps(event))):
        (failure,) = outcome.failures
        assert (failure.field, failure.code) == (field, "no_value")
        assert failure.span is not None
        assert failure.span.text[failure.span.column - 1 : failure.span.end_column - 1] == marked


def test_of_what_a_function_is_given_the_field_alone_is_known(computing: rulewright.Mapper) -> None:
    (failure,) = computing({**EVENT, "traits": {"k": "q"}}).failures
    assert failure.field == "user_properties"
    assert failure.span is not None
    assert failure.span.text[failure.span.column - 1 : failure.span.end_column - 1] == "number(traits.k)"


def test_a_service_may_stop_at_the_first_failure(mapper: rulewright.Mapper) -> None:
    mapper(EVENT).raise_failure()
    with pytest.raises(rulewright.MappingError) as caught:
        mapper({**EVENT, "properties": {"total": "12,50"}}).raise_failure()
    assert str(caught.value).splitlines()[0] == 'revenue: "12,50" is not a number'
    assert str(caught.value).splitlines()[1].endswith('shop.rules:7:16 in "Orders"')
    assert str(caught.value).splitlines()[2:] == [
        "    revenue    = number(properties.total)",
        "                 ^^^^^^^^^^^^^^^^^^^^^^^^",
    ]


def test_an_expression_shows_itself() -> None:
    with pytest.raises(rulewright.MappingError) as caught:
        rulewright.compile_expression("  number(properties.total)")({"properties": {"total": "12,50"}})
    assert str(caught.value).splitlines() == [
        '"12,50" is not a number',
        "  <expression>:1:3",
        "    number(properties.total)",
        "    ^^^^^^^^^^^^^^^^^^^^^^^^",
    ]


def test_a_traceback_shows_the_rule_above_the_line_that_came_from_it() -> None:
    function = rulewright.compile_expression("number(properties.total)")
    with pytest.raises(rulewright.MappingError) as caught:
        function({"properties": {"total": "12,50"}})
    cause = caught.value.__cause__
    assert cause is not None
    shown = "".join(traceback.format_exception(cause))
    assert "<rules <expression>>" in shown
    assert "return call_number(" in shown


def test_a_fault_of_an_action_is_a_failure_that_names_the_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(binding: Binding) -> Build:
        def build(payload: dict[str, Any], **control: Any) -> list[Request]:
            raise ZeroDivisionError("division by zero")

        return build

    faulty = replace(DESTINATIONS["amplitude"].actions["mapUser"], bind=bind)
    action_of = ActionPages.__getitem__
    monkeypatch.setattr(
        ActionPages, "__getitem__", lambda pages, name: faulty if name == faulty.name else action_of(pages, name)
    )
    mapping = 'mapping "{0}" -> {0} {{\n  when type = "alias"\n  user_id = userId\n{1}}}\n'
    rules = f"""destination amplitude
{mapping.format("mapUser", "  global_user_id = previousId")}{mapping.format("logEvent", "  event_type = type")}"""
    event = {"type": "alias", "userId": "user-1", "previousId": "user-2"}
    for outcome in (rulewright.load(rules)(event), rulewright.load(rules).map_bytes(json.dumps(event))):
        assert [(failure.mapping, failure.code, failure.message) for failure in outcome.failures] == [
            ("mapUser", "internal", "ZeroDivisionError: division by zero")
        ]
        assert [request.mapping for request in outcome.requests] == ["logEvent"], "a fault stops no other mapping"
