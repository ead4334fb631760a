"""A `coalesce` in a field for an ID or a name passes over blank text: in the code, in proofs and in explanations."""

from __future__ import annotations

from typing import Any

import pytest

import rulewright
from rulewright.checks.proving import prove
from rulewright.compiler import ir
from rulewright.compiler.optimize.rewrite import simplified
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.compiler.resolve.visible_fields import pass_over_blanks
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression
from rulewright.explain.origins import source
from rulewright.loading.catalog import catalog
from rulewright.loading.pipeline import check_files, read
from rulewright.runtime.destinations import DESTINATIONS
from tests.rules_text import rules

FIELDS = {field.name: field for field in DESTINATIONS["amplitude"].actions["logPurchase"].fields}


def resolved(text: str, field: str) -> ir.Value:
    node, diagnostics = read_expression(Source("test", text))
    assert node is not None, diagnostics
    return simplified(pass_over_blanks(FIELDS[field], Resolver(catalog(), diagnostics).value(node)))


def marks(value: ir.Value) -> list[bool]:
    return [node.visible for node in ir.walk(value) if isinstance(node, ir.Coalesce)]


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("user_id", "coalesce(userId, traits.id)", [True]),
        ("user_id", "coalesce(coalesce(userId, traits.id), anonymousId)", [True, True]),
        ("user_id", "if(a = 1, coalesce(userId, traits.id), coalesce(a, b))", [True, True]),
        ("user_id", "lowercase(coalesce(userId, traits.id))", [False]),
        ("user_id", '"{{coalesce(userId, traits.id)}}"', [False]),
        ("city", "coalesce(a, b)", [False]),
        ("price", "coalesce(a, b)", [False]),
        ("utm_properties", "{ utm_source: coalesce(a, b) }", [True]),
        ("utm_properties", "coalesce(a, b)", [False]),
        ("products", "[{ productId: coalesce(p.a, p.b), price: coalesce(p.c, p.d) } for p in a]", [True, False]),
        ("event_properties", "{ userId: coalesce(a, b) }", [False]),
    ],
)
def test_what_is_marked(field: str, text: str, expected: list[bool]) -> None:
    assert marks(resolved(text, field)) == expected


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("coalesce(null, event, omit, name)", "coalesce(event, name)"),
        ('coalesce(event, "none", name)', 'coalesce(event, "none")'),
        ('coalesce(event, "{{name}} x", name)', 'coalesce(event, "{{name}} x")'),
        ("coalesce(event, length(event) = 1, name)", "coalesce(event, length(event) = 1)"),
    ],
)
def test_what_no_event_can_reach_is_removed(text: str, same_as: str) -> None:
    assert resolved(text, "user_id") == resolved(same_as, "user_id")


@pytest.mark.parametrize("text", ['coalesce("{{event}}", name)', 'coalesce(" ", name)', "coalesce([event], name)"])
def test_what_may_be_blank_does_not_end_the_alternatives(text: str) -> None:
    value = resolved(text, "user_id")
    assert isinstance(value, ir.Coalesce)
    assert len(value.values) == 2


EVENT: dict[str, Any] = {"type": "track", "event": "Test", "userId": "user-1"}


@pytest.mark.parametrize(
    ("constant", "sent"), [('"web"', "web"), ('" web"', " web"), ('" "', None), ('""', None), ('"\u200b"', None)]
)
@pytest.mark.parametrize("field", ["insert_id", "referrer", "setOnce"])
def test_a_blank_constant_is_not_a_value(field: str, constant: str, sent: str | None) -> None:
    value = f"{{ initial_referrer: {constant} }}" if field == "setOnce" else constant
    action = "logEvent" if field == "referrer" else "logEventV2"
    rules = (
        f'destination amplitude\nmapping "M" -> {action} {{\n  when true\n  event_type = event\n  user_id = userId\n'
    )
    mapper = rulewright.load(f"{rules}  {field} = {value}\n}}\n", settings={"apiKey": "KEY"})
    for outcome in (mapper(EVENT), mapper.map_bytes(b'{"type": "track", "event": "Test", "userId": "user-1"}')):
        event = outcome.requests[0].json["events"][0]  # type: ignore[index]
        if field == "insert_id":
            assert event.get("insert_id") == sent
        else:
            assert event.get("user_properties", {}).get("$setOnce", {}).get("initial_referrer") == sent


IDENTIFY = """destination amplitude
mapping "M" -> identifyUser {{
  when {trigger}
  device_id = {device}
}}
"""


@pytest.mark.parametrize(
    ("trigger", "device", "codes"),
    [
        ('context.device.id = ""', "coalesce(context.device.id, anonymousId)", set()),
        ('context.device.id = "" and anonymousId = ""', "coalesce(context.device.id, anonymousId)", {"RW0304"}),
        ('context.device.id = ""', "context.device.id", {"RW0304"}),
        ("context.device.id = null", "coalesce(context.device.id, anonymousId)", set()),
    ],
)
def test_a_proof_knows_that_the_next_alternative_is_taken(trigger: str, device: str, codes: set[str]) -> None:
    text = IDENTIFY.format(trigger=f'type = "identify" and {trigger}', device=device)
    files = read(text)
    program, diagnostics = check_files(files)
    reported = {finding.code for finding in prove(files, program, diagnostics).findings}
    assert reported & {"RW0302", "RW0304"} == codes


@pytest.mark.parametrize(
    ("device", "anonymous", "sentence"),
    [
        ("", "anon-1", 'anonymousId, because context.device.id is ""'),
        (" ", "anon-1", 'anonymousId, because context.device.id is " "'),
        ([""], "anon-1", 'anonymousId, because context.device.id is [""]'),
        (
            "",
            " ",
            'coalesce(context.device.id, anonymousId), because context.device.id is "" and anonymousId is " "',
        ),
        ("device-1", "anon-1", "context.device.id"),
    ],
)
def test_an_explanation_says_what_was_passed_over(device: Any, anonymous: str, sentence: str) -> None:
    event = {**EVENT, "anonymousId": anonymous, "context": {"device": {"id": device}}}
    traced = rules("when true\ndevice_id = coalesce(context.device.id, anonymousId)").tracer(event).mappings[0]
    value = traced.fields[-1].traced
    assert value is not None
    assert str(source(value, event)) == sentence
