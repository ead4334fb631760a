"""What a dead letter keeps of an event: its own bytes, else JSON with a description of what JSON cannot hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery import event_bytes as module
from rulewright.runtime.delivery.event_bytes import event_bytes
from tests.runtime.delivery.hostile import Faceless, Silent, cycle, deep, hostile_values


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        (b'{"a": 1e400', b'{"a": 1e400'),
        ({"a": [1, None, True, 1.5, "é"]}, '{"a":[1,null,true,1.5,"é"]}'.encode()),
        ({"price": Decimal("1.50")}, b'{"price":"1.50"}'),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, b'{"at":"2026-01-01T00:00:00Z"}'),
        ({"n": 2**70}, b'{"n":1180591620717411303424}'),
        # from here on an encoder raises
        ({"cut": "a \ud83d", "n": 2**70}, b'{"cut":"a \\ud83d","n":1180591620717411303424}'),
        ({"\udc00": [1, 2.5, None, True, False, "é"]}, b'{"\\udc00":[1,2.5,null,true,false,"\\u00e9"]}'),
        ({"a": "\ud800", "b": float("nan"), "c": float("-inf")}, b'{"a":"\\ud800","b":"nan","c":"-inf"}'),
        ({"a": "\ud800", (1, 2): {}}, b'{"a":"\\ud800","(1, 2)":{}}'),
        ({"a": "\ud800", "x": Silent()}, b'{"a":"\\ud800","x":"<Silent>"}'),
        ({"x": Faceless()}, b'{"x":"a face"}'),
        ({"x": Silent()}, b'{"x":"<Silent>"}'),
        (cycle(), b'{"self":"<cycle>"}'),
        ({"digits": 10**4_299}, b'{"digits":1%s}' % (b"0" * 4_299)),
    ],
)
def test_what_is_kept(event: Any, kept: bytes) -> None:
    assert event_bytes(event) == kept


def test_an_integer_of_too_many_digits_keeps_its_value() -> None:
    kept = json.loads(event_bytes({"n": 10**5_000}))
    assert int(kept["n"].split(": ")[1].removesuffix(">"), 16) == 10**5_000


def test_an_object_that_occurs_twice_is_not_a_cycle() -> None:
    shared = ["\ud800"]
    assert event_bytes([shared, shared]) == b'[["\\ud800"],["\\ud800"]]'


def test_any_depth_is_kept_whole() -> None:
    assert event_bytes(deep(100_000)) == b'{"a":' * 100_000 + b"{}" + b"}" * 100_000


def test_an_event_that_grows_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VALUES", 100)
    bomb: list[Any] = ["\ud800"]
    for _ in range(30):
        bomb = [bomb, bomb]
    kept = event_bytes(bomb)
    assert b'"<left out>"' in kept
    assert len(kept) < 10_000
    json.loads(kept)


@given(hostile_values())
def test_nothing_that_an_event_holds_raises(value: Any) -> None:
    json.loads(event_bytes({"type": "track", "value": value}))


@given(st.recursive(st.none() | st.text(st.characters(exclude_categories=())), st.lists))
def test_every_text_is_found_again(value: Any) -> None:
    assert json.loads(event_bytes([value])) == [value]
