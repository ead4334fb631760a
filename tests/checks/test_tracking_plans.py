"""Everything that a tracking plan has rules for is known of its events, whatever form the plan has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rulewright.checking import Checker
from rulewright.checks.tracking_plans import Plan, read_plan

ORDER = {"type": "object", "properties": {"total": {"type": "number"}}, "additionalProperties": False}
"""Of the properties of an event."""
WHOLE = {"type": "object", "properties": {"context": {}, "traits": {}, "properties": ORDER}}
TRAITS = {"type": "object", "properties": {"traits": {"type": "object", "properties": {"plan": {"type": "string"}}}}}
COMMON = {"type": "object", "properties": {"context": {"type": "object", "properties": {"app": {"type": "object"}}}}}
PAGE = {"type": "object", "properties": {"path": {"type": "string"}}}


def read(content: Any) -> Plan:
    plan = read_plan(content, "the plan")
    assert plan is not None
    return plan


SEGMENT = {
    "display_name": "Shop",
    "rules": {
        "events": [{"name": "Ordered", "version": 1, "rules": WHOLE}],
        "global": COMMON,
        "identify": TRAITS,
        "group": {},
        "identify_traits": [],
        "group_traits": [{"name": "seats", "type": "integer"}],
    },
}
PUBLIC_API = {
    "data": {
        "rules": [
            {"type": "TRACK", "key": "Ordered", "version": 1, "jsonSchema": WHOLE},
            {"type": "COMMON", "version": 1, "jsonSchema": COMMON},
            {"type": "IDENTIFY", "version": 1, "jsonSchema": TRAITS},
            {"type": "PAGE", "key": "Home", "version": 1, "jsonSchema": {"properties": {"properties": PAGE}}},
        ]
    }
}
RUDDERSTACK = {
    "name": "Shop",
    "events": [
        {"name": "Ordered", "eventType": "track", "rules": WHOLE},
        {"name": "", "eventType": "identify", "rules": TRAITS},
        {"name": "", "eventType": "page", "rules": PAGE},
        {"name": "", "eventType": "global", "rules": COMMON},
    ],
}


@pytest.mark.parametrize("form", [SEGMENT, PUBLIC_API, RUDDERSTACK], ids=["segment", "public-api", "rudderstack"])
def test_what_a_plan_says_of_all_calls_is_known_too(form: Any) -> None:
    plan = read(form)
    assert plan.problems == []
    assert plan.schema.place(("traits", "plan")) is not None
    assert plan.schema.of_event("Ordered").place(("properties", "total")) is not None
    for schema in (plan.schema, plan.schema.of_event("Ordered")):
        assert schema.place(("context", "app")) is not None
    if form is not SEGMENT:
        assert plan.schema.place(("properties", "path")) is not None


@pytest.mark.parametrize(
    ("type_", "path", "known"),
    [
        ("track", ("properties", "total"), True),
        ("track", ("properties", "path"), False),
        ("page", ("properties", "path"), True),
        ("page", ("properties", "total"), False),
        ("identify", ("traits", "plan"), True),
        ("identify", ("context", "app"), True),
    ],
)
def test_the_events_of_a_type_are_known_by_the_rules_of_that_type(
    type_: str, path: tuple[str, ...], known: bool
) -> None:
    assert (read(PUBLIC_API).schema.of_type(type_).place(path) is not None) == known


def test_closed_properties_of_track_events_say_nothing_of_other_types(tmp_path: Path) -> None:
    rules = {"rules": {"properties": {"properties": ORDER}}}
    (tmp_path / "plan.json").write_text(json.dumps({"events": [{"name": "Ordered", **rules}]}), encoding="utf-8")
    path = tmp_path / "shop.rules"

    def findings(trigger: str) -> list[str]:
        path.write_text(
            'destination amplitude\nsource schema "plan.json"\n'
            f'mapping "M" -> logEventV2 {{\n  when {trigger}\n  use defaults\n  event_type = properties.section\n}}\n',
            encoding="utf-8",
        )
        return [finding.code for finding in Checker().check(path).findings if finding.code == "RW0201"]

    assert findings('type = "page"') == []
    assert findings('type = "track"') == ["RW0201"]
    assert findings('type = "track" and event = "Ordered"') == ["RW0201"]


def test_traits_may_be_listed() -> None:
    place = read(SEGMENT).schema.place(("traits", "seats"))
    assert place is not None
    assert place.kinds == {"number"}


def test_an_event_without_rules_is_known_by_its_name() -> None:
    plan = read([{"name": "Ordered", "rules": WHOLE}, {"name": "Viewed"}])
    assert plan.schema.examples(("event",)) == ("Ordered", "Viewed")
    assert plan.schema.of_event("Viewed").place(("properties",)) is None


def test_versions_of_an_event_add_up() -> None:
    later = {"type": "object", "properties": {"coupon": {"type": "string"}}}
    event = read([{"name": "Ordered", "rules": ORDER}, {"name": "Ordered", "rules": later}]).schema.of_event("Ordered")
    place = event.place(("properties",))
    assert place is not None
    assert place.keys.keys() == {"total", "coupon"}
    assert not place.closed


@pytest.mark.parametrize(
    "rules",
    [
        {"$ref": "#/definitions/ordered", "definitions": {"ordered": WHOLE}},
        {"$ref": "#/$defs/ordered"},
        {"allOf": [{"$ref": "#/$defs/ordered"}, COMMON]},
        {"properties": {"properties": {"$ref": "#/properties/traits"}, "traits": ORDER}},
    ],
    ids=json.dumps,
)
def test_rules_refer_to_themselves_or_to_the_whole_plan(rules: dict[str, Any]) -> None:
    plan = read({"events": [{"name": "Ordered", "rules": rules}], "$defs": {"ordered": WHOLE}})
    assert plan.problems == []
    place = plan.schema.of_event("Ordered").place(("properties",))
    assert place is not None
    assert place.closed
    assert place.keys.keys() == {"total"}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("Viewed", "expected an event at `#/events/1`"),
        ({"rules": ORDER}, "the event at `#/events/1` has no name"),
        ({"name": "Viewed", "type": "TRAK"}, "the event at `#/events/1` is of an unknown type, `TRAK`"),
        ({"name": "Viewed", "rules": []}, "expected a JSON Schema at `#/events/1/rules`"),
        ({"name": "Viewed", "properties": ["url"]}, "expected a property with a name at `#/events/1/properties/0`"),
        ({"name": "Viewed", "rules": {"properties": {"url": {"$ref": "#/x"}}}},
         "`$ref` at `#/events/1/rules/properties/url` leads to `#/x`, which does not exist"),
        ({"self": {"vendor": "com.example"}}, "the event at `#/events/1` has no name"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_read_is_told_at_its_place(entry: Any, problem: str) -> None:
    assert read({"events": [{"name": "Ordered", "rules": ORDER}, entry]}).problems == [problem]


@pytest.mark.parametrize(
    "content", [{"hello": 1}, [], ["a"], {"events": []}, {"rules": {"events": []}}, 5, None, [{"name": "x"}]]
)
def test_json_of_another_form_is_not_a_plan(content: Any) -> None:
    assert read_plan(content, "the plan") is None
