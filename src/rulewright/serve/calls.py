"""Segment's calls: what a request body holds becomes events, as Segment's own servers complete them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from ..runtime.delivery.acceptance.acceptor import Arrival
from ..runtime.delivery.event_bytes import event_bytes
from ..runtime.mapping.event_text import read_event
from ..runtime.semantics.dates import iso_text, read_time

EVENT_BYTES = 32_768
BATCH_BYTES = 512_000
WEBHOOK_BYTES = 16_000_000
WEBHOOK_EVENTS = 4_000

BATCH = "batch"
CALLS: dict[str, str] = {
    **{kind: kind for kind in ("track", "identify", "page", "screen", "group", "alias", BATCH)},
    "t": "track",
    "i": "identify",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
    "b": BATCH,
    "import": BATCH,
}
"""The path after `/v1/`, and the type of its events; `batch` for events that have a type."""

_LAST_MILLISECOND = 253_402_300_799_999
_SHARED = ("context", "integrations")


class Malformed(Exception):
    """A body that will never be accepted; it is answered with 400, so that no client tries again."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw]


def limit_of(kind: str) -> int:
    """The most bytes of a body of the call, decompressed."""
    return BATCH_BYTES if kind == BATCH else EVENT_BYTES


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Malformed."""
    try:
        return read_event(body)
    except ValueError as error:
        raise Malformed("invalid_json", f"the body is not a JSON object: {error}") from None


def events_of(kind: str, content: dict[str, Any], body: bytes) -> list[dict[str, Any]]:
    """The events of a call: the body itself, or those of its batch (perhaps none), each with the parts that they share.

    Raises Malformed.
    """
    if kind != BATCH:
        if isinstance(content.get("batch"), list):
            raise Malformed("invalid_event", "expected one event, found a batch; post it to /v1/batch")
        content["type"] = kind
        return [content]
    events = content.get("batch")
    if not isinstance(events, list):
        raise Malformed("invalid_batch", "expected a list at `batch`")
    for number, event in enumerate(events):
        if not isinstance(event, dict):
            raise Malformed("invalid_event", f"expected an object at batch[{number}], found {_shown(event)}")
    if len(body) > EVENT_BYTES:
        for number, size in enumerate(_sizes(body, events)):
            if size > EVENT_BYTES:
                message = f"batch[{number}] has {size:,} bytes, and the limit is {EVENT_BYTES:,}"
                raise Malformed("event_too_large", message)
    for name in _SHARED:
        common = content.get(name)
        if isinstance(common, dict) and common:
            for event in events:
                event[name] = _merged(common, event.get(name))
    sent_at = content.get("sentAt")
    if sent_at is not None:
        for event in events:
            event.setdefault("sentAt", sent_at)
    return events


def read_webhook(body: bytes) -> list[dict[str, Any]]:
    """The events that a webhook posts: one, or a list of them, which may be empty. Raises Malformed."""
    if not body.lstrip().startswith(b"["):
        return [read_object(body)]
    events = read_object(b'{"batch":' + body + b"}")["batch"]
    if len(events) > WEBHOOK_EVENTS:
        raise Malformed("too_many_events", f"{len(events):,} events, and the limit is {WEBHOOK_EVENTS:,}")
    for number, event in enumerate(events):
        if not isinstance(event, dict):
            raise Malformed("invalid_event", f"expected an object at [{number}], found {_shown(event)}")
    return list(events)


def arrivals(events: list[dict[str, Any]], source: str, received: float) -> list[Arrival]:
    """Events of a client library, with IDs, and with times corrected by the difference of its clock.

    `received` is in seconds since 1970.
    """
    now = round(received * 1000)
    for event in events:
        event.pop("writeKey", None)
        event["receivedAt"] = iso_text(now)
        _correct_time(event, now)
    return [Arrival(event, _message_id(event), source) for event in events]


def passed_on(events: list[dict[str, Any]], source: str, received: float) -> list[Arrival]:
    """Events that Segment passes on; a missing ID or time is added. `received` is in seconds since 1970."""
    text = iso_text(round(received * 1000))
    for event in events:
        event.setdefault("receivedAt", text)
        event.setdefault("timestamp", text)
    return [Arrival(event, _message_id(event), source) for event in events]


def _correct_time(event: dict[str, Any], now: int) -> None:
    """`timestamp` by our clock: as long before now as the event was, by the client's clock, before it was sent."""
    timestamp, original = event.get("timestamp"), event.get("originalTimestamp")
    if timestamp is not None and original is not None:
        return  # corrected before
    original = original if timestamp is None else timestamp
    if original is None:
        event["timestamp"] = event["receivedAt"]
        return
    event["originalTimestamp"] = event["timestamp"] = original
    happened, sent = _milliseconds(original), _milliseconds(event.get("sentAt"))
    if happened is not None and sent is not None:
        corrected = now - (sent - happened)
        if 0 <= corrected <= _LAST_MILLISECOND:
            event["timestamp"] = iso_text(corrected)


def _milliseconds(value: object) -> int | None:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    reading = read_time(value)
    return reading.milliseconds if reading.form == "exact" else None


def _message_id(event: dict[str, Any]) -> str:
    """The event's own ID, or a new one."""
    message_id = event.get("messageId")
    if isinstance(message_id, str) and message_id.strip():
        return message_id
    if isinstance(message_id, int) and not isinstance(message_id, bool):
        return str(message_id)
    made = event["messageId"] = f"rulewright-{uuid.uuid4()}"
    return made


def _merged(common: Mapping[str, Any], own: Any) -> Any:
    """What a batch says of all its events, under what an event says itself."""
    if own is None:
        return dict(common)
    if not isinstance(own, dict):
        return own
    merged = {**common, **own}
    for name, value in common.items():
        if isinstance(value, dict) and isinstance(own.get(name), dict):
            merged[name] = _merged(value, own[name])
    return merged


def _sizes(body: bytes, events: list[dict[str, Any]]) -> list[int]:
    """The bytes of each event of a batch, as they came."""
    try:
        return [len(bytes(item)) for item in msgspec.json.decode(body, type=_Batch).batch]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return [len(event_bytes(event)) for event in events]


def _shown(value: object) -> str:
    names = {str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "null")
