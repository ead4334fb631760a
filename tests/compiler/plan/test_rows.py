"""What a mapping only copies is split off and written as a table too, which gives what the function behind it gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler.plan.mapping_plan import MappingPlan, Store
from rulewright.compiler.plan.program_plan import plan_program
from rulewright.loading.pipeline import compile_files, read
from rulewright.loading.python_loader import run_module
from rulewright.runtime.mapping.copy_table import Copy, CopyTable
from rulewright.runtime.native import native
from rulewright.runtime.outcome import Refused
from tests.native_part import needs_native
from tests.paths import ROOT
from tests.strategies import damaged

EVENTS = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()][:150]
EVERY_KIND = """destination amplitude
mapping "Every Kind" -> logEventV2 {
  when type = "track"
  event_type       = event
  user_id          = coalesce(userId, anonymousId)
  device_id        = coalesce(context.device.id, anonymousId, properties.device.id)
  city             = context.location.city
  location_lat     = context.location.latitude
  event_id         = properties.number
  event_properties = properties
  user_properties  = traits
  time             = timestamp
  session_id       = properties.session
  use_batch_endpoint = properties.batch
  library          = context.library.name
  userAgent        = context.userAgent
  userAgentParsing = false
  includeRawUserAgent = false
  setOnce          = { initial_referrer: context.page.referrer, plan: lowercase(traits.plan), kind: "x" }
  setAlways        = { referrer: context.page.referrer }
}
"""
COPIED_WHOLE = """destination amplitude
mapping "Copied Whole" -> logPurchase {
  when type = "track"
  event_type = event
  user_id    = userId
  city       = context.location.city
  price      = properties.price
  use_batch_endpoint = true
  products   = [{
    price: p.price,
    quantity: p.quantity,
    productId: coalesce(p.productId, p.product_id, p.about.id),
    name: p.name,
  } for p in properties.products]
}
"""
TEXTS = [(ROOT / "rules" / "amplitude" / "presets.rules").read_text(), EVERY_KIND, COPIED_WHOLE]
ODD: list[Any] = [
    None,
    "",
    " ",
    "\u200b",
    "\u00a0x",
    "日本",
    [""],
    [None],
    [" "],
    "text",
    0,
    -7,
    1.5,
    float("inf"),
    10**30,
    True,
    False,
    [],
    ["a"],
    {},
    {"id": "x"},
    {"id": None},
]


Pair: TypeAlias = tuple[Copy, Copy]
"""A table in C, and the function that it leaves unusual events to."""


class Copying(NamedTuple):
    """What copies of one rule file."""

    of_events: list[Pair]
    of_views: list[Pair]
    decode: Callable[[bytes], Any]


def tables_of(names: dict[str, Any]) -> list[CopyTable]:
    """The rows of all mappings of a module."""
    return [found for found in names.values() if isinstance(found, CopyTable)]


@pytest.fixture(scope="module")
def modules() -> list[Copying]:
    found = []
    for text in TEXTS:
        names = run_module(rulewright.compile_source(text), "copies")
        view = names["VIEWS"].view
        of_events = [pair(table.of_events()) for table in tables_of(names)]
        of_views = [pair(table.of_views(view)) for table in tables_of(names)]
        found.append(Copying(of_events, of_views, msgspec.json.Decoder(view).decode))
    assert [len(one.of_events) for one in found] == [5, 1, 1]
    return found


def pair(table: Any) -> Pair:
    assert native is not None
    assert table.__class__ is native.Table
    return table, table.__wrapped__


def plan_of(text: str) -> MappingPlan:
    """The plan of the only mapping of some rules."""
    (plan,) = plan_program(compile_files(read(text))).mappings
    return plan


def rows_of(text: str) -> list[tuple[str, list[str], tuple[tuple[str, ...], ...]]]:
    """The rows of the only mapping: kind, the paths of the fields, and the sources."""
    copies = plan_of(text).copies
    rows = () if copies is None else copies.rows
    return [(row.kind, [".".join(target.path) for target in row.targets], row.sources) for row in rows]


def said(copy: Copy, event: Any, *build: Any) -> tuple[str, Any]:
    """What a function gives, down to the order of keys and the classes of numbers."""
    try:
        return "gives", repr(copy(event, *build))
    except Refused as refused:
        return "refuses", (refused.field, refused.code, refused.message)


def arguments(*given: Any) -> tuple[Any, ...]:
    return given


def views_of(decode: Callable[[bytes], Any], event: Any) -> Iterator[Any]:
    try:
        yield decode(msgspec.json.encode(event))
    except msgspec.MsgspecError:
        return  # an event that is read as a whole


damages = st.lists(
    st.tuples(st.lists(st.integers(0, 30), min_size=1, max_size=4), st.sampled_from(ODD)), min_size=0, max_size=5
)


@needs_native
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(EVENTS), damages)
def test_a_table_gives_what_its_function_gives(
    modules: list[Copying], event: dict[str, Any], damage: list[tuple[list[int], Any]]
) -> None:
    for path, odd in damage:
        event = damaged(event, path, odd)
    if not isinstance(event, dict):
        return
    for copying in modules:
        for table, function in copying.of_events:
            assert said(table, event) == said(function, event)
            assert said(table, event, arguments) == said(function, event, arguments)
        for view in views_of(copying.decode, event):
            for table, function in copying.of_views:
                assert said(table, view) == said(function, view)


@needs_native
def test_usual_events_need_no_function() -> None:
    def refuse(*_given: Any) -> Any:
        raise AssertionError

    mapper = rulewright.load(TEXTS[0], settings={"apiKey": "KEY"}, checks=False)
    usual = [event for event in EVENTS if not mapper(event).failures]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CopyTable, "function", lambda _table, _view: refuse)
        names = run_module(rulewright.compile_source(TEXTS[0]), "copies")
    unusual = rulewright.Mapper(names["PROGRAM"], settings={"apiKey": "KEY"}, checks=False)
    took = [event for event in usual if not unusual(event).failures]
    assert len(took) >= 0.9 * len(usual) > 100
    for event in took:
        assert [request.body for request in unusual(event).requests] == [
            request.body for request in mapper(event).requests
        ]


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


@needs_native
@pytest.mark.parametrize("form", ["event", "text"])
def test_a_failure_of_what_is_copied_whole_names_its_rule(form: str) -> None:
    """The table has no lines, so what is refused is refused by the function."""
    mapper = rulewright.load(COPIED_WHOLE, settings={"apiKey": "KEY"})
    event = {"type": "track", "event": "Seen", "userId": "a", "properties": {"products": [{"price": 1}]}}
    outcome = mapper(event) if form == "event" else mapper.map_bytes(json.dumps(event))
    (failure,) = outcome.failures
    assert failure.code == "short_id"
    assert failure.span is not None
    assert failure.span.text == "  user_id    = userId"


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
