"""The double itself, without a network: a request in, an answer out, and what was taken in the ledger."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

import msgspec

from ..delivery.routes import KINDS, LIST_FIELD
from .checks import MAX_BYTES, MAX_CALLS, MAX_EVENTS, MIN_ID_LENGTH, call_problem, event_problems
from .ledger import Ledger
from .throttle import Throttle


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and how it goes wrong on its way."""

    status: int
    body: bytes
    headers: Mapping[str, str] | None = None
    broken: str = ""
    """`reset`: closed without an answer; `cut`: after half of it; `slow`, `stall`: byte by byte, or never."""


class FakeAmplitude:
    """Amplitude's endpoints, with one project: any key when `api_key` is None."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        draw: Callable[[], str | None] = lambda: None,
        throttle: Throttle | None = None,
    ) -> None:
        self._api_key = api_key
        self._draw = draw
        self._throttle = throttle
        self.ledger = Ledger()
        self.requests: Counter[str] = Counter()
        """Requests by fault, `none` for those that were answered as documented."""

    def handle(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request; header names are lower case."""
        kind = KINDS.get(path)
        if kind is None:
            return Reply(404, b"not found")
        fault = self._draw()
        self.requests[fault or "none"] += 1
        early = self._before(kind, fault)
        if early is not None:
            return early
        if len(body) > MAX_BYTES[kind]:
            return _json(413, {"code": 413, "error": "Payload too large"})
        if headers.get("content-encoding") == "gzip":
            try:
                body = gzip.decompress(body)
            except (OSError, EOFError, zlib.error):
                return _bad("Invalid JSON request body")
        reply = self._documented(kind, headers, body, fault)
        return self._after(reply, fault) if reply.status == 200 else reply

    def summary(self) -> dict[str, Any]:
        """Numbers of what was taken and how requests were answered."""
        return {
            "entries": len(self.ledger.entries),
            "duplicates": self.ledger.duplicates,
            "by_kind": dict(self.ledger.by_kind),
            "requests": dict(self.requests),
        }

    def _before(self, kind: str, fault: str | None) -> Reply | None:
        """Faults that take nothing."""
        match fault:
            case "reset-before":
                return Reply(0, b"", broken="reset")
            case "400":
                return _bad("Something is wrong with this request")
            case "400-key":
                return _bad("Invalid API key: not-yours")
            case "403":
                return Reply(403, b"<html>Forbidden</html>")
            case "413":
                return _json(413, {"code": 413, "error": "Payload too large"})
            case "429":
                answer = _json(429, {"code": 429, "error": "Too many requests for some devices and users"})
                return replace(answer, headers={"retry-after": "0.2"})
            case "500" | "503":
                return _json(int(fault), {"code": int(fault), "error": "try again"})
        return None

    def _documented(self, kind: str, headers: Mapping[str, str], body: bytes, fault: str | None) -> Reply:
        if kind in ("events", "batch"):
            return self._events(kind, headers, body, fault)
        if kind == "deletions":
            pair = base64.b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()
            if ":" not in pair or self._wrong_key(pair.split(":")[0]) or not pair.split(":")[1]:
                return Reply(401, b"Unauthorized")
            self.ledger.take_call(kind, msgspec.json.decode(body))
            return _json(200, [])
        return self._form(kind, headers, body)

    def _events(self, kind: str, headers: Mapping[str, str], body: bytes, fault: str | None) -> Reply:
        if not headers.get("content-type", "").startswith("application/json"):
            return _bad("Invalid JSON request body")
        try:
            request = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _bad("Invalid JSON request body")
        for name in ("api_key", "events"):
            if not isinstance(request, dict) or not request.get(name):
                return _bad("Request missing required field", missing_field=name)
        if self._wrong_key(request["api_key"]):
            return _bad(f"Invalid API key: {request['api_key']}")
        events = request["events"]
        if len(events) > MAX_EVENTS:
            return _json(413, {"code": 413, "error": "Payload too large"})
        options = request.get("options")
        shortest = options.get("min_id_length", MIN_ID_LENGTH) if isinstance(options, dict) else MIN_ID_LENGTH
        problems: dict[str, Any] = dict(event_problems(events, shortest))
        if fault == "400-first":
            problems = _first(problems)
        if problems:
            return _bad("Request contains invalid events", **problems)
        if fault in ("429-ids", "429-quota"):
            return _first_throttled(events, quota=fault == "429-quota")
        if self._throttle is not None:
            above = self._throttle.exceeded(events)
            if above:
                return _throttled(events, above)
            self._throttle.take(events)
        size = len(body)
        for event in events:
            self.ledger.take_event(kind, event)
        return _json(
            200, {"code": 200, "events_ingested": len(events), "payload_size_bytes": size, "server_upload_time": 0}
        )

    def _form(self, kind: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if headers.get("content-type") != "application/x-www-form-urlencoded":
            return _bad("Request must be form encoded")
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if self._wrong_key(form.get("api_key", "")):
            return _bad("invalid_api_key")
        try:
            calls = msgspec.json.decode(form.get(LIST_FIELD[kind], ""))
            options = msgspec.json.decode(form.get("options", "{}"))
        except msgspec.DecodeError:
            return _bad(f"missing or invalid {LIST_FIELD[kind]}")
        if not isinstance(calls, list):
            calls = [calls]
        if len(calls) > MAX_CALLS[kind]:
            return _json(413, {"code": 413, "error": "Payload too large"})
        for call in calls:
            problem = call_problem(kind, call, options.get("min_id_length", MIN_ID_LENGTH))
            if problem is not None:
                return _bad(problem)
        for call in calls:
            self.ledger.take_call(kind, call)
        return Reply(200, b"success")

    def _after(self, reply: Reply, fault: str | None) -> Reply:
        """Faults that come after everything was taken."""
        match fault:
            case "502" | "504":
                return Reply(int(fault), b"<html>Bad gateway</html>")
            case "reset-after":
                return replace(reply, broken="reset")
            case "html":
                return Reply(200, b"<!doctype html><title>Sign in to the network</title>")
            case "count":
                return Reply(200, reply.body.replace(b'"events_ingested":', b'"events_ingested":1'))
            case "cut" | "slow" | "stall":
                return replace(reply, broken=fault)
        return reply

    def _wrong_key(self, key: object) -> bool:
        return not key or (self._api_key is not None and key != self._api_key)


def _json(status: int, body: Any) -> Reply:
    return Reply(status, msgspec.json.encode(body), {"content-type": "application/json"})


def _bad(error: str, **more: Any) -> Reply:
    body = {
        "code": 400,
        "error": error,
        "missing_field": None,
        "events_with_invalid_fields": {},
        "events_with_missing_fields": {},
    }
    return _json(400, {**body, **more})


def _first(problems: dict[str, Any]) -> dict[str, Any]:
    for kind, fields in problems.items():
        for field, indices in fields.items():
            return {kind: {field: indices[:1]}}
    return {}


def _first_throttled(events: list[Any], *, quota: bool) -> Reply:
    name = "user_id" if events[0].get("user_id") is not None else "device_id"
    throttled = {name: {events[0][name]: 31}}
    return _throttled(events, throttled, {name: {events[0][name]: 500_001}} if quota else None)


def _throttled(
    events: list[Any], above: Mapping[str, Mapping[str, int]], quota: Mapping[str, Mapping[str, int]] | None = None
) -> Reply:
    users, devices = above.get("user_id", {}), above.get("device_id", {})
    body: dict[str, Any] = {
        "code": 429,
        "error": f"Too many requests for some devices and users: {', '.join([*users, *devices])}",
        "eps_threshold": 30,
        "throttled_users": users,
        "throttled_devices": devices,
        "throttled_events": [
            index
            for index, event in enumerate(events)
            if event.get("user_id") in users or event.get("device_id") in devices
        ],
    }
    for name, spent in (quota or {}).items():
        body[f"exceeded_daily_quota_{name.removesuffix('_id')}s"] = spent
    return _json(429, body)
