"""JSON documents, arrays and batches, split into the texts of their events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.inputs import json_values
from rulewright.runtime.inputs.json_values import JsonValues
from rulewright.runtime.inputs.problem import InputRefused

from .forms import EVENTS, FORMS

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


def split(content: bytes, size: int = 1 << 18, **options: Any) -> list[bytes]:
    values = JsonValues(**options)
    events = [event for at in range(0, len(content), size) for event in values.feed(content[at : at + size])]
    return events + values.finish()


@pytest.mark.parametrize("name", [name for name in FORMS if name.startswith(("array", "batch", "documents"))])
@pytest.mark.parametrize("size", [1, 7, 100, 1 << 18])
def test_each_form_gives_its_events(name: str, size: int) -> None:
    assert [json.loads(event) for event in split(FORMS[name], size)] == EVENTS


@settings(max_examples=60)
@given(
    st.lists(VALUES, max_size=6),
    st.integers(1, 60),
    st.sampled_from([None, 0, 2]),
    st.sampled_from([(",", ":"), (" , ", " : "), (",\n", ": ")]),
)
def test_an_array_gives_its_items(items: list[Any], size: int, indent: int | None, separators: tuple[str, str]) -> None:
    for escaped in (True, False):
        content = json.dumps(items, indent=indent, separators=separators, ensure_ascii=escaped)
        texts = split(content.encode("utf-8", "surrogatepass"), size)
        assert [json.loads(text.decode("utf-8", "surrogatepass")) for text in texts] == items


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(["batch", "type", "é{"]), VALUES), max_size=4), st.integers(1, 60))
def test_documents_one_after_the_other(documents: list[dict[str, Any]], size: int) -> None:
    content = "\n".join(json.dumps(document, indent=1) for document in documents).encode()
    expected = [item for document in documents for item in _items(document)]
    assert [json.loads(text) for text in split(content, size)] == expected


def _items(document: dict[str, Any]) -> list[Any]:
    return document["batch"] if isinstance(document.get("batch"), list) and document.get("type") is None else [document]


@settings(max_examples=60)
@given(st.binary(max_size=60))
def test_any_bytes_are_split_or_refused(content: bytes) -> None:
    for prefix in (b"", b"[", b'[{"a":1},', b'{"batch":[{}]'):
        try:
            split(prefix + content, 16)
        except InputRefused as refused:
            assert "byte" in str(refused)


def test_a_damaged_item_is_given_out_and_stops_no_other() -> None:
    items = [b'{"n":%d}' % number for number in range(200)]
    for damaged in (b'{"n":}', b'{"n":tru}', b'{"s":"\n"}', b"nil", b'{"a" 1}'):
        items[100] = damaged
        assert split(b"[" + b",".join(items) + b"]", 500) == items


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[{"a":1} {"b":2}]', 'expected `,` or `]` at byte 10, found `{"b":2}]`'),
        (b'[{"a":1},]', "expected an event at byte 10, found `]`"),
        (b"[,]", "expected an event at byte 2"),
        (b"[] x", "expected a JSON object or array at byte 4, found `x`"),
        (b'[{"a":1}', "the JSON array does not end: the file is cut off at byte 8"),
        (b'{\n"a":', "the JSON document does not end: the file is cut off at byte 6"),
    ],
)
def test_what_is_not_json_between_events_is_refused_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(InputRefused) as refused:
        split(content)
    assert message in str(refused.value)


def test_a_value_beyond_the_limit_is_refused_before_it_fills_memory() -> None:
    values = JsonValues(limit=1_000)
    with pytest.raises(InputRefused, match="more than 1,000 bytes"):
        for _ in range(50):
            values.feed(b'[{"a":"' + b"x" * 100)


def test_the_context_and_integrations_of_a_batch_are_under_those_of_its_events() -> None:
    batch = {
        "context": {"ip": "192.0.2.1", "locale": "de"},
        "batch": [{"type": "page", "context": {"locale": "fr"}, "integrations": {"X": True}}, {"type": "page"}],
        "integrations": {"All": False},
    }
    expected = [
        {
            "type": "page",
            "context": {"ip": "192.0.2.1", "locale": "fr"},
            "integrations": {"All": False, "X": True},
        },
        {"type": "page", "context": {"ip": "192.0.2.1", "locale": "de"}, "integrations": {"All": False}},
    ]
    assert [json.loads(event) for event in split(json.dumps(batch).encode())] == expected


@pytest.mark.parametrize("size", [64, 1 << 18])
def test_a_large_batch_is_read_event_by_event(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(json_values, "WHOLE_BATCH", 500)
    head = {"context": {"ip": "192.0.2.1"}, "note": {"batch": [1]}}
    content = json.dumps({**head, "batch": EVENTS, "sentAt": "x"}).encode()
    events = [json.loads(event) for event in split(content, size, limit=2_000 if size == 64 else 1 << 20)]
    assert events == [{**event, "context": {"ip": "192.0.2.1"}} for event in EVENTS]


def test_a_large_batch_whose_context_comes_last_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "WHOLE_BATCH", 500)
    content = json.dumps({"batch": EVENTS, "context": {"ip": "192.0.2.1"}}).encode()
    with pytest.raises(InputRefused, match="put them before `batch`"):
        split(content, 64)


def test_an_event_with_a_property_batch_is_an_event() -> None:
    event = {"type": "track", "batch": [1, 2]}
    assert [json.loads(text) for text in split(json.dumps(event).encode())] == [event]


@settings(max_examples=60)
@given(st.integers(1, 200))
def test_the_offset_is_behind_the_last_event_given_out(size: int) -> None:
    content = FORMS["array, an event a line"]
    values, count = JsonValues(), 0
    for at in range(0, len(content), size):
        count += len(values.feed(content[at : at + size]))
        if count and values.offset <= len(content):
            assert content[: values.offset].count(b"Order") >= count
