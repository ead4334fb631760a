"""Rows that are written as a table give what the function behind it gives, and usual events need no function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.loading.python_loader import run_module
from rulewright.runtime.mapping.copy_table import Copy, CopyTable
from rulewright.runtime.native import native
from tests.native_part import needs_native
from tests.runtime.mapping.copied import arguments, said
from tests.strategies import damaged

from .copying_rules import COPIED_WHOLE, EVENTS, TEXTS

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
    return [value for value in names.values() if isinstance(value, CopyTable)]


@pytest.fixture(scope="module")
def modules() -> list[Copying]:
    copyings = []
    for text in TEXTS:
        names = run_module(rulewright.compile_source(text), "copies")
        view = names["VIEWS"].view
        of_events = [pair(table.of_events()) for table in tables_of(names)]
        of_views = [pair(table.of_views(view)) for table in tables_of(names)]
        copyings.append(Copying(of_events, of_views, msgspec.json.Decoder(view).decode))
    assert [len(copying.of_events) for copying in copyings] == [5, 1, 1]
    return copyings


def pair(table: Any) -> Pair:
    assert native is not None
    assert table.__class__ is native.Table
    return table, table.__wrapped__


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
