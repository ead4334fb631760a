"""What is known of events: the Segment spec, and a tracking plan of the author's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rulewright.checks.analysis_context import segment_spec
from rulewright.checks.proving import prove
from rulewright.compiler.analysis.event_schema import EventSchema
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.pipeline import check_files, read

PLAN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"const": "track"},
        "event": {"enum": ["Signed Up", "Plan Changed"]},
        "properties": {"oneOf": [{"$ref": "#/$defs/signup"}, {"$ref": "#/$defs/change"}]},
    },
    "$defs": {
        "signup": {
            "type": "object",
            "properties": {"plan": {"type": "string", "examples": ["pro"]}, "seats": {"type": ["integer", "null"]}},
            "additionalProperties": False,
        },
        "change": {
            "type": "object",
            "properties": {
                "address": {"type": "object", "properties": {"city": {"type": "string"}}},
                "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
            },
            "additionalProperties": False,
        },
    },
}


@pytest.mark.parametrize(("name", "pointer"), [("a/b", "a~1b"), ("a~b", "a~0b"), ("a~1b", "a~01b"), ("~/", "~0~1")])
def test_a_reference_is_a_json_pointer(name: str, pointer: str) -> None:
    schema = {"properties": {"x": {"$ref": f"#/$defs/{pointer}"}}, "$defs": {name: {"type": "integer"}}}
    place = EventSchema.from_json(schema, "the plan").place(("x",))
    assert place is not None
    assert place.kinds == {"number"}


def test_a_plan_tells_paths_kinds_and_usual_values() -> None:
    plan = EventSchema.from_json(PLAN, "the plan")
    assert plan.examples(("event",)) == ("Signed Up", "Plan Changed")
    assert plan.examples(("properties", "plan")) == ("pro",)
    seats = plan.place(("properties", "seats"))
    assert seats is not None
    assert seats.kinds == {"number", "null"}
    assert plan.place(("properties", "lines", "0", "sku")) is not None
    assert plan.place(("properties", "lines", "0", "sku", "x", "y")) is None
    assert plan.examples(("nothing",)) == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"properties": {"a": {"$ref": "#/properties/a"}}},
        {"properties": {"a": {"$ref": "#/nowhere/at/all"}}},
        {"properties": {"a": {"$ref": "https://example.com/schema.json"}}},
        {"properties": ["a"], "allOf": {"a": 1}, "type": ["none"], "enum": "x", "items": [1]},
        {"if": {}, "then": {"properties": {"a": True}}, "else": {"properties": {"a": {"type": "string"}}}},
    ],
    ids=str,
)
def test_any_schema_can_be_read(schema: dict[str, Any]) -> None:
    assert EventSchema.from_json(schema, "x").place(()) is not None


def test_the_spec_knows_the_commerce_events() -> None:
    spec = segment_spec()
    assert spec.title == "the Segment spec"
    assert "Order Completed" in spec.examples(("event",))
    assert spec.place(("properties", "products", "0", "product_id")) is not None


def findings(folder: Path, rules: str, plan: object = PLAN) -> list[Diagnostic]:
    (folder / "plan.json").write_text(plan if isinstance(plan, str) else json.dumps(plan), encoding="utf-8")
    path = folder / "a.rules"
    body = f'mapping "A" -> logEventV2 {{\n  when {rules}\n  on conflict fold\n}}\n'
    path.write_text(f'destination amplitude\nsource schema "plan.json"\n{body}', encoding="utf-8")
    files = read(path)
    program, diagnostics = check_files(files)
    return prove(files, program, diagnostics).findings


@pytest.mark.parametrize(
    ("rules", "code", "message", "help_"),
    [
        (
            'event = "Signed Up"\n  use defaults\n  city = properties.plam',
            "RW0201",
            "`properties` has no `plam` in `plan.json`",
            ("did you mean `plan`?",),
        ),
        (
            'event = "Signed Up" and $.properties."colour x" = 1\n  use defaults',
            "RW0201",
            "`properties` has no `colour x` in `plan.json`",
            (),
        ),
        (
            'event = "Plan Changed"\n  use defaults\n  revenue = properties.address',
            "RW0301",
            "`revenue` takes a number, and `properties.address` is an object in `plan.json`",
            (),
        ),
    ],
)
def test_a_plan_is_held_against_the_rules(
    tmp_path: Path, rules: str, code: str, message: str, help_: tuple[str, ...]
) -> None:
    assert [
        (finding.code, finding.message, finding.help)
        for finding in findings(tmp_path, rules)
        if finding.code in ("RW0201", "RW0301")
    ] == [(code, message, help_)]


@pytest.mark.parametrize(
    "properties",
    [
        {"allOf": [{"properties": {"total": {}}}]},
        {"anyOf": [{"properties": {"total": {}}}, {"properties": {"plan": {}}}]},
        {"oneOf": [{"properties": {"total": {}}}]},
        {"$ref": "#/definitions/order"},
    ],
    ids=["allOf", "anyOf", "oneOf", "$ref"],
)
def test_the_properties_of_an_event_may_be_put_together_from_other_schemas(
    tmp_path: Path, properties: dict[str, object]
) -> None:
    definitions: dict[str, object] = {"order": {"properties": {"total": {}}}}
    schema = {"definitions": definitions, "properties": {"properties": properties}}
    plan = {"data": {"rules": [{"type": "TRACK", "key": "Order Completed", "jsonSchema": schema}]}}
    rules = 'event = "Order Completed"\n  use defaults\n  revenue = properties.%s'
    (finding,) = (each for each in findings(tmp_path, rules % "totl", plan) if each.code == "RW0201")
    assert finding.message == "`properties` has no `totl` in `Order Completed` of `plan.json`"
    assert not [each for each in findings(tmp_path, rules % "total", plan) if each.code == "RW0201"]


def test_what_the_plan_has_is_fine(tmp_path: Path) -> None:
    rules = 'event = "Signed Up" and properties.lines[0].sku = "x"\n  use defaults\n  city = properties.address.city'
    assert findings(tmp_path, f"{rules}\n  language = context.locale\n  country = event.length") == []


def test_a_fix_changes_the_wrong_step_alone(tmp_path: Path) -> None:
    rules = 'contxt.ip = "x"\n  use defaults'
    (unknown_path,) = [finding for finding in findings(tmp_path, rules) if finding.code == "RW0201"]
    assert unknown_path.fix is not None
    assert (unknown_path.fix.span.text, unknown_path.fix.replacement) == ("contxt", "context")


@pytest.mark.parametrize(
    ("plan", "code"), [("{", "RW0307"), ("[]", "RW0307"), ('"text"', "RW0307")], ids=["no JSON", "a list", "text"]
)
def test_a_file_that_is_not_a_tracking_plan_is_refused(tmp_path: Path, plan: str, code: str) -> None:
    diagnostics = findings(tmp_path, 'event = "Signed Up"\n  use defaults', plan)
    assert [diagnostic.code for diagnostic in diagnostics if diagnostic.code in ("RW0001", "RW0307")] == [code]
