"""What a mapping only copies is split off and written as a table too, which gives what the function behind it gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler.python_loader import run_module
from rulewright.runtime.mapping import copy_table as tables
from rulewright.runtime.native import native
from rulewright.runtime.outcome import Refused

from ..strategies import damaged

ROOT = Path(__file__).parents[2]
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
Tables = list[tuple[Callable[[Any], Any], Callable[[Any], Any], bool]]

needs_native = pytest.mark.skipif(native is None, reason="the part in C was not built: there is no compiler here")


class _Pairs:
    """Stands for `copies` in a module, and keeps each table with the function that it stands before."""

    def __init__(self) -> None:
        self.found: Tables = []

    def __call__(self, plain: Any, results: Any, *rows: Any, view: Any = None, **more: Any) -> Any:
        table = tables.copies(plain, results, *rows, view=view, **more)
        assert native is not None
        assert table.__class__ is native.Table
        assert table.__wrapped__ is plain
        self.found.append((table, plain, view is not None))
        return table


@pytest.fixture(scope="module")
def modules() -> list[tuple[Tables, Callable[[bytes], Any]]]:
    found: list[tuple[Tables, Callable[[bytes], Any]]] = []
    for text in TEXTS:
        module = rulewright.compile_source(text)
        pairs = _Pairs()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("rulewright.runtime.generated.copies", pairs)
            names = run_module(module, "copies")
        found.append((pairs.found, msgspec.json.Decoder(names["VIEWS"].view).decode))
    assert [len(pairs) for pairs, _ in found] == [10, 2, 2]
    return found


def said(copy: Callable[..., Any], event: Any, *, is_whole: bool) -> tuple[str, Any]:
    """What a function gives, or calls `build` with, down to the order of keys and the classes of numbers."""
    try:
        return "gives", repr(copy(event, lambda *given: given) if is_whole else copy(event))
    except Refused as refused:
        return "refuses", (refused.field, refused.code, refused.message)


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
    modules: list[tuple[Tables, Callable[[bytes], Any]]], event: dict[str, Any], damage: list[tuple[list[int], Any]]
) -> None:
    for path, odd in damage:
        event = damaged(event, path, odd)
    if not isinstance(event, dict):
        return
    for pairs, decode in modules:
        for table, plain, of_view in pairs:
            for given_ in views_of(decode, event) if of_view else [event]:
                is_whole = plain.__code__.co_argcount == 2
                assert said(table, given_, is_whole=is_whole) == said(plain, given_, is_whole=is_whole)


@needs_native
def test_usual_events_need_no_function(modules: list[tuple[Tables, Callable[[bytes], Any]]]) -> None:
    def refuse(*_given: Any) -> Any:
        raise AssertionError

    mapper = rulewright.load(TEXTS[0], settings={"apiKey": "KEY"}, checks=False)
    usual = [event for event in EVENTS if not mapper(event).failures]
    module = rulewright.compile_source(TEXTS[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "rulewright.runtime.generated.copies",
            lambda _plain, *table, **more: tables.copies(refuse, *table, **more),
        )
        names = run_module(module, "copies")
    unusual = rulewright.Mapper(names["PROGRAM"], settings={"apiKey": "KEY"}, checks=False)
    took = [event for event in usual if not unusual(event).failures]
    assert len(took) >= 0.9 * len(usual) > 100
    for event in took:
        assert [one.body for one in unusual(event).requests] == [one.body for one in mapper(event).requests]


def test_what_copies_is_split_from_what_computes() -> None:
    module = rulewright.compile_source(EVERY_KIND)
    table = module.partition("\ncopy_every_kind = copies(\n")[2].partition("\n)")[0]
    rows = [line.strip() for line in table.splitlines()[2:]]
    assert rows[:2] == [
        "('visible text', (('payload', 'event_type'),), (('event',),)),",
        "('visible text or null', (('payload', 'user_id'),), (('userId',), ('anonymousId',))),",
    ]
    kinds = [row.split("'")[1] for row in rows]
    assert sorted(set(kinds)) == [
        "anything",
        "boolean",
        "filled text",
        "integer",
        "number",
        "object",
        "visible text",
        "visible text or null",
    ]
    assert "('setOnce', 'plan')" not in table
    assert "'setOnce': {'kind': 'x'}" in table


def test_what_is_computed_from_is_read_ahead() -> None:
    text = EVERY_KIND.replace("traits\n", "{ plan: traits.plan, seats: traits.seats }\n").replace(
        "= event\n", '= "Viewed {{properties.name}}"\n'
    )
    module = rulewright.compile_source(text)
    table = module.partition("\ncopy_every_kind = copies(\n")[2].partition("\n)")[0]
    assert "('anything', (('$.properties.name',),), (('properties', 'name'),))," in table
    computed = module.partition("\ndef map_every_kind(")[2].partition("\n\n\ndef ")[0]
    assert "event.get('properties'" not in computed
    # An object of the rules keeps null and leaves out what is missing, and a table gives None for both.
    assert "$.traits" not in table
    assert "event.get('traits'" in computed


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


def test_what_is_copied_whole_has_one_function() -> None:
    module = rulewright.compile_source(COPIED_WHOLE)
    table = module.partition("\nmap_copied_whole = copies(\n")[2].partition("\n)")[0]
    assert "copy_copied_whole" not in module
    assert "'use_batch_endpoint': True, " in table
    assert "    required=('event_type',)," in table
    (row,) = [line.strip() for line in table.splitlines() if line.startswith("    ('items'")]
    assert row.startswith("('items', (('products',),), (('properties', 'products'),), (")
    assert "('visible text', (('item', 'productId'),), (('productId',), ('product_id',), ('about', 'id')))" in row
    assert "('anything', (('item', 'name'),), (('name',),))" in row


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
    module = rulewright.compile_source(COPIED_WHOLE.replace(products, item))
    assert "\ncopy_copied_whole = copies(\n" in module
    assert "'items'" not in module


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


def test_few_copies_have_no_table() -> None:
    module = rulewright.compile_source(
        'destination amplitude\nmapping "Few" -> logEventV2 {\n  when type = "track"\n  event_type = event\n'
        "  user_id = userId\n  city = context.city\n}\n"
    )
    assert "copies(" not in module


def test_null_inside_of_null_is_left_to_python() -> None:
    """`traits: null` reads as a user ID of null, which is sent as null."""
    text = EVERY_KIND.replace("coalesce(userId, anonymousId)", "traits.id")
    assert "('payload', 'user_id')" not in rulewright.compile_source(text)
    mapper = rulewright.load(text, settings={"apiKey": "KEY"}, checks=False)
    event = {"type": "track", "event": "Seen", "anonymousId": "device-1", "traits": None}
    assert mapper(event).requests[0].body == mapper.map_bytes(json.dumps(event).encode()).requests[0].body
    assert b'"user_id":null' in mapper(event).requests[0].body
