"""Requests that no client should send get an answer of the 400s from the fake, in bounded memory."""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import MOST_BYTES, FakeAmplitude
from rulewright.runtime.destinations.amplitude.settings import ENDPOINTS

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
BASIC = {"authorization": "Basic a2V5LTE6c2VjcmV0LTE="}
EVENT = {
    "event_type": "Seen",
    "user_id": "user-1",
    "device_id": "device-1",
    "time": 1,
    "session_id": -1,
    "insert_id": "1",
    "price": 1.5,
    "quantity": 2,
    "groups": {"team": ["a"]},
    "event_properties": {"a": [{"b": 1}]},
    "user_properties": {"$set": {"a": 1}, "$add": {"b": 1}, "$append": {"c": [1]}},
}
VALID: dict[str, Any] = {
    "httpapi": {"api_key": "k", "events": [EVENT], "options": {"min_id_length": 5}},
    "batch": {"api_key": "k", "events": [EVENT, EVENT]},
    "identify": {
        "api_key": "k",
        "identification": [{"user_id": "user-1", "user_properties": {"a": 1}, "groups": {"team": "a"}}],
        "options": {"min_id_length": 5},
    },
    "groupidentify": {
        "api_key": "k",
        "identification": {"group_type": "team", "group_value": "a", "group_properties": {"$set": {"a": 1}}},
    },
    "usermap": {"api_key": "k", "mapping": [{"user_id": "user-1", "global_user_id": "user-2"}]},
    "deletions": {"user_ids": ["user-1"], "requester": "me"},
}
PATHS = {name: urlsplit(regions["europe"]).path for name, regions in ENDPOINTS.items()}
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x" * 2_000,
    "\0",
    [],
    {},
    [None],
    [[1]],
    {"": None},
    {"$set": 5},
    {"$set": {"$add": {}}},
    {"$other": {}, "a": 1},
)


def call(endpoint: str, content: Any, fake: FakeAmplitude | None = None, **headers: str) -> int:
    """The status of a request with the content in the form that the endpoint takes."""
    fake = fake or FakeAmplitude()
    if endpoint in ("identify", "groupidentify", "usermap"):
        fields = content if isinstance(content, dict) else {"identification": content}
        text = {key: value if key == "api_key" else json.dumps(value) for key, value in fields.items()}
        return fake.handle(PATHS[endpoint], {**FORM, **headers}, urlencode(text).encode()).status
    return fake.handle(PATHS[endpoint], {**JSON, **BASIC, **headers}, json.dumps(content).encode()).status


def variants(value: Any) -> Iterator[Any]:
    """The value with each part of it in turn left out, or odd."""
    yield from ODD
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        rest = value.copy()
        del rest[key]
        yield rest
        for changed in variants(value[key]):
            copy = value.copy()
            copy[key] = changed
            yield copy


@pytest.mark.parametrize("endpoint", VALID)
def test_a_valid_request_is_taken(endpoint: str) -> None:
    assert call(endpoint, VALID[endpoint]) == 200


@pytest.mark.parametrize("endpoint", VALID)
def test_a_request_with_an_odd_part_is_taken_or_refused(endpoint: str) -> None:
    fake = FakeAmplitude()
    statuses = [call(endpoint, content, fake) for content in variants(VALID[endpoint])]
    assert len(statuses) > 30
    assert set(statuses) <= {200, 400, 413}
    assert statuses.count(400) > len(statuses) / 3
    assert list(fake.ledger.lines()), "what was taken can be written"


BODIES = st.binary(max_size=60) | st.sampled_from(
    [
        b"[" * 100_000,
        b'{"a":' * 10_000,
        b'{"api_key":"k","events":[{"event_type":"\\ud83d","user_id":"user-1"}]}',
        b'{"api_key":"k","events":[{"event_type":"\xff","user_id":"user-1"}]}',
        b'{"api_key":"k","events":[1e400]}',
        b"\xef\xbb\xbf{}",
        b"&" * 10_000,
        b"api_key=k&identification=" + b"%5B" * 50_000,
        b"api_key=k&identification=%7B%22user_id%22%3A%22user-1%22%7D&options=%5B%5D",
        b"api_key=k&identification=%FF",
        b"=&=&=",
        gzip.compress(b"[" * 100_000),
        gzip.compress(b"{}")[:-4],
        gzip.compress(b"{}") * 2,
        b"\x1f\x8b",
    ]
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            ["application/json", "application/json; charset=utf-8", *FORM.values(), "", "x"]
        ),
        "content-encoding": st.sampled_from(["gzip", "GZIP", "identity", "br", "gzip, gzip", ""]),
        "authorization": st.sampled_from(["Basic", "Basic =", "Basic ////", "Basic Og==", "Bearer x", *BASIC.values()]),
    },
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([*PATHS.values(), "/", "/2/httpapi/"]), HEADERS, BODIES)
def test_any_bytes_get_an_answer(path: str, headers: dict[str, str], body: bytes) -> None:
    assert FakeAmplitude().handle(path, headers, body).status in (400, 401, 404, 405, 413, 415)


JSON_VALUES = st.recursive(
    st.sampled_from(ODD) | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(list(VALID)),
    st.dictionaries(
        st.sampled_from([*EVENT, "identification", "events", "options", "api_key"]), JSON_VALUES, max_size=4
    ),
)
def test_any_values_get_an_answer(endpoint: str, values: dict[str, Any]) -> None:
    valid = VALID[endpoint]
    for content in (
        {**valid, **values},
        {**valid, "events": [{**EVENT, **values}]},
        {**valid, "identification": values},
    ):
        text = {key: value if isinstance(value, str) else json.dumps(value) for key, value in content.items()}
        text["api_key"] = "k"
        for body, kind in ((json.dumps(content).encode(), JSON), (urlencode(text).encode(), FORM)):
            status = FakeAmplitude().handle(PATHS[endpoint], {**kind, **BASIC}, body).status
            assert status in (200, 400, 413)


def test_a_bomb_is_refused_in_bounded_memory() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(80)), packer.flush()])
    assert len(bomb) < 100_000
    for endpoint, most in MOST_BYTES.items():
        headers = {**JSON, **FORM, **BASIC, "content-encoding": "gzip"}
        tracemalloc.start()
        try:
            status = FakeAmplitude().handle(PATHS[endpoint], headers, bomb).status
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert status == 413
        assert peak < 2 * most + 2 * len(bomb), endpoint


def test_a_body_without_end_is_refused_and_not_held() -> None:
    with serving(FakeAmplitude()) as url, socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as client:
        client.settimeout(30)
        head = "POST /batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.sendall(head.encode())
        chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        for _ in range(40):
            client.sendall(chunk)
        client.sendall(b"0\r\n\r\n")
        assert client.recv(4_096).startswith(b"HTTP/1.1 413 ")
