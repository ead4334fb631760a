"""What a mapping only copies is split from what it computes."""

from __future__ import annotations

import json

import pytest

import rulewright
from rulewright.compiler.plan.mapping_plan import Store

from .copying_rules import COPIED_WHOLE, EVERY_KIND, TEXTS, plan_of, rows_of


def test_what_copies_is_split_from_what_computes() -> None:
    rows = rows_of(EVERY_KIND)
    assert rows[:2] == [
        ("visible text", ["event_type"], (("event",),)),
        ("visible text or null", ["user_id"], (("userId",), ("anonymousId",))),
    ]
    assert {kind for kind, _, _ in rows} == {
        "anything",
        "boolean",
        "filled text",
        "integer",
        "number",
        "object",
        "visible text",
        "visible text or null",
    }
    plan = plan_of(EVERY_KIND)
    assert [target.path for part in plan.computed if isinstance(part, Store) for target in part.targets] == [
        ("setOnce", "plan")
    ]
    assert plan.copies is not None
    assert [result.fixed for result in plan.copies.results if result.path == ("setOnce",)] == [(("kind", "x"),)]


def test_what_is_computed_from_is_read_ahead() -> None:
    text = EVERY_KIND.replace("traits\n", "{ plan: traits.plan, seats: traits.seats }\n").replace(
        "= event\n", '= "Viewed {{properties.name}}"\n'
    )
    rows = rows_of(text)
    assert ("anything", [], (("properties", "name"),)) in rows
    # An object of the rules keeps null and leaves out what is missing, and a row gives None for both.
    assert not any(path[0] == "traits" for kind, _, paths in rows for path in paths if kind == "anything")
    assert set(plan_of(text).reads.children) == {"traits"}


def test_paths_that_look_alike_are_read_apart() -> None:
    text = EVERY_KIND.replace("= context.location.city", '= if(traits."a.b" = 1, "x", "y")').replace(
        "= properties.number", "= if(traits.a.b = 2, 3, 4)"
    )
    text = text.replace("  user_properties  = traits\n", "")
    mapper = rulewright.load(text, settings={"apiKey": "KEY"}, checks=False)
    event = {"type": "track", "event": "Seen", "userId": "user-1", "traits": {"a.b": 1, "a": {"b": 2}}}
    for outcome in (mapper(event), mapper.map_bytes(json.dumps(event))):
        assert outcome.failures == []
        assert outcome.requests[0].json is not None
        (sent,) = outcome.requests[0].json["events"]
        assert (sent["city"], sent["event_id"]) == ("x", 3)


def test_what_is_copied_whole_computes_nothing() -> None:
    plan = plan_of(COPIED_WHOLE)
    assert (plan.computed, plan.required) == ((), ("event_type",))
    assert plan.copies is not None
    assert plan.copies.results == plan.arguments
    assert [(argument.path, argument.constant) for argument in plan.arguments if argument.constant] == [
        (("use_batch_endpoint",), True)
    ]
    (row,) = [row for row in plan.copies.rows if row.kind == "items"]
    assert row.sources == (("properties", "products"),)
    assert [(item.kind, item.targets[0].path[-1], item.sources) for item in row.items][2:] == [
        ("visible text", "productId", (("productId",), ("product_id",), ("about", "id"))),
        ("anything", "name", (("name",),)),
    ]


@pytest.mark.parametrize(
    "item",
    [
        "{ price: p.price } for p in properties.products if p.price > 1",
        "{ price: number(p.price) } for p in properties.products",
        "{ price: context.location.latitude } for p in properties.products",
        "p for p in properties.products",
        "{ price: p[0] } for p in properties.products",
        "{ price: p.price } for p in flatten(properties.products)",
    ],
)
def test_a_list_that_is_computed_has_no_row(item: str) -> None:
    products = COPIED_WHOLE.partition("products   = [")[2].partition("]\n}")[0]
    text = COPIED_WHOLE.replace(products, item)
    assert plan_of(text).computed
    assert "items" not in [kind for kind, _, _ in rows_of(text)]


def test_the_presets_fit_on_a_few_screens() -> None:
    """So that a reader finds the field of a mapping in the module that `compile` writes."""
    lines = rulewright.compile_source(TEXTS[0]).splitlines()
    assert len(lines) <= 700
    rows = [number for number, line in enumerate(lines) if line.endswith(" = CopyTable(")]
    ends = [lines.index(")", number) for number in rows]
    assert max(end - start for start, end in zip(rows, ends, strict=True)) <= 55


def test_null_inside_of_null_is_left_to_python() -> None:
    """`traits: null` reads as a user ID of null, which is sent as null."""
    text = EVERY_KIND.replace("coalesce(userId, anonymousId)", "traits.id")
    assert not any("user_id" in fields for _, fields, _ in rows_of(text))
    mapper = rulewright.load(text, settings={"apiKey": "KEY"}, checks=False)
    event = {"type": "track", "event": "Seen", "anonymousId": "device-1", "traits": None}
    assert mapper(event).requests[0].body == mapper.map_bytes(json.dumps(event).encode()).requests[0].body
    assert b'"user_id":null' in mapper(event).requests[0].body
