"""An event as text maps to the same bytes as the decoded event, whatever it holds in place of an object."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler.plan.program_plan import plan_program
from rulewright.compiler.plan.view import ViewPlan
from rulewright.loading.pipeline import compile_files, read
from rulewright.runtime.mapping.view import anything, inside, object_view, or_missing, string
from rulewright.runtime.semantics.missing import MISSING
from tests.paths import ROOT
from tests.strategies import damaged

EVENTS = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()][:200]
ODD: list[Any] = [
    None,
    "",
    " ",
    [""],
    [None],
    "\u200b",
    "text",
    0,
    7,
    1.5,
    True,
    False,
    [],
    ["a"],
    [{"id": 1}],
    {},
    {"id": {"id": "x"}},
    "ä\u2028",
]

WIDE = """destination amplitude
drop when context.page.path = "/healthz"
mapping "Wide" -> logEventV2 {
  when type = "track" or context.device.id = null
  use defaults
  user_id = coalesce(traits.id, userId)
  min_id_length = context.device.length
  event_type = "{{context.app.name}} {{number(context.app.build)}}"
  event_properties = { first: properties.products[0].id, all: properties, missing: context.os.name }
  groups = { plan: traits.plan }
}
"""


@pytest.fixture(scope="module")
def mappers() -> list[rulewright.Mapper]:
    texts = [
        (ROOT / "rules" / "amplitude" / "presets.rules").read_text(),
        WIDE,
        WIDE.replace("drop when context.page.path", "drop context.ip when context.page.path"),
        WIDE.replace("all: properties", "all: $"),
    ]
    loaded = [rulewright.load(text, settings={"apiKey": "KEY"}, checks=False) for text in texts]
    assert [mapper.program.views is None for mapper in loaded] == [False, False, True, True]
    return loaded


def said(outcome: rulewright.Outcome) -> Any:
    """All that an outcome says, with the bytes of its requests."""
    failures = [
        (failure.mapping, failure.field, failure.code, failure.message, failure.span) for failure in outcome.failures
    ]
    requests = [(request.mapping, request.url, request.body) for request in outcome.requests]
    return requests, failures, outcome.matched, outcome.dropped


damages = st.lists(
    st.tuples(st.lists(st.integers(0, 30), min_size=1, max_size=4), st.sampled_from(ODD)), min_size=0, max_size=4
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EVENTS), damages)
def test_text_comes_to_the_same_bytes_as_the_event(
    mappers: list[rulewright.Mapper], event: dict[str, Any], damage: list[tuple[list[int], Any]]
) -> None:
    for path, odd in damage:
        event = damaged(event, path, odd)
    if not isinstance(event, dict):
        return
    for mapper in mappers:
        expected = said(mapper(event))
        assert said(mapper.map_bytes(json.dumps(event).encode())) == expected
        assert said(mapper.map_bytes(json.dumps(event, ensure_ascii=False, indent=1).encode())) == expected
        assert said(mapper.map_bytes(msgspec.json.encode(event).decode())) == expected


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", "truncated"),
        (b'{"type": "track"', "truncated"),
        (b'{"type": track}', "invalid character"),
        (b"[]", "found a list"),
        (b"7", "found a number"),
        (b'{"type": "\xff"}', "utf-8"),
        (b'{"not read": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deep"),
    ],
)
def test_what_is_no_event_is_said_to_be_none(mappers: list[rulewright.Mapper], line: bytes, why: str) -> None:
    for mapper in mappers:
        with pytest.raises(ValueError, match=why):
            mapper.map_bytes(line)


INNER = object_view(id=anything("id"), model=string("model"))
OUTER = object_view(device=inside("device", INNER), user_id=or_missing(string("userId")), all=anything("properties"))
decode: Any = msgspec.json.Decoder(OUTER).decode


def test_a_view_tells_missing_from_null_where_a_reader_does() -> None:
    assert decode("{}").user_id is MISSING
    assert decode("{}").device is None
    assert decode('{"userId": null, "device": {"id": 7}}').user_id is None
    assert decode('{"userId": null, "device": {"id": 7}}').device.id == 7


@pytest.mark.parametrize("odd", ['{"device": "x"}', '{"device": []}', '{"device": {"model": 7}}', '{"userId": true}'])
def test_a_view_of_an_unexpected_event_is_refused(odd: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(odd)


def test_a_view_is_sure_of_what_all_readers_expect() -> None:
    view = view_of(
        """destination amplitude
mapping "A" -> logEventV2 {
  when type = "track" and event != "Order Completed" and context.library.name in ["a", "b"]
  user_id = coalesce(traits.id, userId)
  event_type = event
  language = context.locale
  country = context.locale
  city = "{{context.city}}"
  location_lat = context.lat
  event_properties = properties
  user_properties = traits
  quantity = properties.quantity
}
mapping "B" -> logEventV2 { when context.age > 7  event_type = context.age }
"""
    )
    assert keys(view, "object") == ["properties", "traits"]
    assert keys(view, "string") == ["event", "locale", "type", "userId"]
    assert keys(view, None) == ["All", "Amplitude", "age", "city", "lat", "name"]


def view_of(text: str) -> ViewPlan:
    """What rules read of an event, as they are planned."""
    view = plan_program(compile_files(read(text))).view
    assert view is not None
    return view


def keys(view: ViewPlan, leaf: str | None) -> list[str]:
    """The identifiers among the keys that are taken whole, and of which the view expects the same."""
    fields = [field for inner in view.inner_first() for field in inner.fields.items()]
    names = [str(key) for key, field in fields if field.inside is None and field.leaf == leaf]
    return sorted(name for name in names if name.isidentifier())
