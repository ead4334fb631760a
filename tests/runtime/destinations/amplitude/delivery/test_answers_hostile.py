"""Whatever an answer holds, reading it raises nothing, takes nothing for success, and shows no key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.disposition import (
    Delivered,
    Refused,
    Stop,
    Throttled,
    Unexplained,
)

from .reading import BODIES, read


@pytest.mark.parametrize("field", ["time", "{}", "{0}", "%s", "a" * 9_999, "\x1b[31m"])
def test_names_of_fields_are_not_patterns(field: str) -> None:
    answer = read(400, {"events_with_invalid_fields": {field: [0]}})
    assert isinstance(answer, Refused)
    assert len(answer.reasons[0].message) <= 250
    assert field[:50] in answer.reasons[0].message


@pytest.mark.parametrize(
    ("key", "body", "kind"),
    [
        ("k", {"error": "Invalid API key: k"}, Stop),
        ("key", {"error": "Invalid API key: key"}, Stop),
        ("invalid", b"invalid_api_key", Stop),
        ("e", {"error": "Request missing required field", "missing_field": "events"}, Stop),
        ("code", {"code": 400, "error": "x", "events_with_invalid_fields": {"time": [1]}}, Refused),
        ("1", {"error": "x", "events_with_invalid_fields": {"time": [1]}}, Refused),
    ],
)
def test_an_answer_is_read_before_keys_are_redacted(key: str, body: Any, kind: type) -> None:
    assert isinstance(read(400, body, key=key), kind)


def test_a_key_is_redacted_out_before_the_message_is_cut() -> None:
    key = "0123456789abcdef"
    for before in range(180, 260):
        answer = read(400, {"error": "x" * before + key}, key=key)
        assert isinstance(answer, Unexplained)
        assert "01" not in answer.reason.message


DEEP = b"[" * 2_000


@pytest.mark.parametrize("status", [200, 202, 400, 401, 403, 404, 413, 429, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        DEEP + b"]" * 2_000,
        b'{"error":%s%s}' % (DEEP, b"]" * 2_000),
        b'{"a":' * 100_000,
        b"\xff" * 1_000,
        b'"\\ud83d"',
        b"9" * 10_000,
        b'{"code":200,"events_ingested":%s}' % (b"9" * 5_000),
        b'{"code":200,"events_ingested":true}',
        b'{"code":1e999}',
        b'{"error":"%s"}' % (b"x" * 3_000_000),
        b'{"error":{"a":1},"missing_field":{"b":[]}}',
        b'{"throttled_users":[[],{},null,true,1.5,"user-1"],"throttled_events":[true,1.0,"1",null,[]]}',
        b'{"exceeded_daily_quota_users":7,"silenced_devices":"device-1","silenced_events":{"0":1}}',
        b'{"events_with_invalid_fields":[0],"events_with_missing_fields":{"time":{"0":1}}}',
        b'{"events_with_invalid_fields":{"":[true,false,-1,99999999999999999999]}}',
    ],
)
def test_nothing_in_an_answer_raises_or_is_taken_for_success(status: int, body: bytes) -> None:
    answer = read(status, body, headers={"retry-after": "x", "location": "\x00", "date": "y"})
    assert not isinstance(answer, (Delivered, Refused))
    if not isinstance(answer, Throttled):
        assert len(answer.reason.message) <= 250


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.sampled_from(["", "user-1", "device-2", "time"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["time", "user-1", ""]), inner),
)
FIELDS = [
    "code",
    "error",
    "missing_field",
    "events_ingested",
    "throttled_users",
    "throttled_devices",
    "silenced_events",
]
FIELDS += ["throttled_events", "silenced_devices", "exceeded_daily_quota_users", "exceeded_daily_quota_devices"]
FIELDS += ["events_with_invalid_fields", "events_with_missing_fields", "events_with_invalid_id_lengths"]


@given(
    st.sampled_from([200, 204, 301, 400, 401, 403, 413, 418, 429, 500, 503, 999]),
    st.dictionaries(st.sampled_from(FIELDS), JSON).map(lambda body: json.dumps(body).encode()) | st.binary(),
    st.text(),
)
def test_any_answer_asks_for_something_that_concerns_its_parts(status: int, body: bytes, after: str) -> None:
    answer = read(status, body, headers={"retry-after": after, "date": after, "location": after})
    if isinstance(answer, Refused):
        assert set(answer.reasons) <= set(range(len(BODIES)))
    if isinstance(answer, Throttled):
        assert set(answer.holds) <= set(range(len(BODIES)))
