"""The fake without a network: takes a request, answers it, and records it in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError

from ....inputs.request_body import BodyTooLarge, unpacked
from ..api.requests import LIST_PART, content_of_form, decoded, endpoint_of, validated
from .bodies import form_of, keys_of, media_type
from .ledger import FakeLedger
from .problems import Problems, event_problems, first_of, missing_field, sentence
from .profiles import Profiles
from .replies import (
    TOO_LARGE,
    UNAUTHORIZED,
    Reply,
    bad_request,
    first_throttled,
    json_reply,
    not_allowed,
    throttled,
)
from .throttle import Throttle

MOST_EVENTS = 2_000
MOST_BYTES = {
    "httpapi": 1_000_000,
    "batch": 20_000_000,
    "identify": 1_000_000,
    "groupidentify": 1_000_000,
    "usermap": 1_000_000,
    "deletions": 1_000_000,
}
"""The endpoints that are posted to, with the bytes that a body may have, before and after it is unpacked."""
MOST_CALLS = {"identify": 2_000, "groupidentify": 1_024, "usermap": 2_000}
KINDS = {"httpapi": "events"}
"""What the ledger calls an endpoint, where not by its own name."""


class FakeAmplitude:
    """Amplitude's endpoints for one project; without `api_key`, every key is accepted."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        secret_key: str | None = None,
        draw: Callable[[], str | None] = lambda: None,
        throttle: Throttle | None = None,
    ) -> None:
        self._api_key = api_key
        self._secret_key = secret_key
        self._draw = draw
        self._throttle = throttle
        self.ledger = FakeLedger()
        self.profiles = Profiles()
        self.requests: Counter[str] = Counter()
        """Requests by fault, `none` for those that were answered as documented."""

    def handle(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer a POST; header names are lower case."""
        endpoint = endpoint_of(path)
        if endpoint not in MOST_BYTES:
            return Reply(404, b"not found") if endpoint is None else not_allowed("GET")
        fault = self._draw()
        self.requests[fault or "none"] += 1
        early = self._before(fault)
        if early is not None:
            return early
        try:
            body = unpacked(body, headers, MOST_BYTES[endpoint])
        except BodyTooLarge:
            return TOO_LARGE
        except ValueError:
            return bad_request("Invalid JSON request body")
        except LookupError as encoding:
            return Reply(415, f"unknown content encoding {encoding}".encode())
        reply = self._documented(endpoint, headers, body, fault)
        return self._after(reply, fault) if reply.status == 200 else reply

    def look_up(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        """Answer a GET; header names are lower case."""
        endpoint = endpoint_of(path)
        if endpoint != "usersearch":
            return Reply(404, b"not found") if endpoint is None else not_allowed("POST")
        if not self._has_keys(headers):
            return UNAUTHORIZED
        user = dict(parse_qsl(query)).get("user")
        if not user:
            return bad_request("missing parameter user", missing_field="user")
        known = self.profiles.of(user) is not None or self.profiles.of(device_id=user) is not None
        return json_reply(200, {"matches": [{"user_id": user}] if known else [], "type": "match_user_or_device_id"})

    def summary(self) -> dict[str, Any]:
        """The numbers of events and calls that were taken, of repeated events, and of requests by fault."""
        return {
            "entries": len(self.ledger.entries),
            "duplicates": self.ledger.duplicates,
            "by_kind": dict(self.ledger.by_kind),
            "requests": dict(self.requests),
        }

    def _before(self, fault: str | None) -> Reply | None:
        """Faults that take nothing."""
        match fault:
            case "reset-before":
                return Reply(0, b"", broken="reset")
            case "400":
                return bad_request("Something is wrong with this request")
            case "400-key":
                return bad_request("Invalid API key: not-yours")
            case "403":
                return Reply(403, b"<html>Forbidden</html>")
            case "413":
                return TOO_LARGE
            case "429":
                answer = json_reply(429, {"code": 429, "error": "Too many requests for some devices and users"})
                return replace(answer, headers={"retry-after": "0.2"})
            case "500" | "503":
                return json_reply(int(fault), {"code": int(fault), "error": "try again"})
        return None

    def _documented(self, endpoint: str, headers: Mapping[str, str], body: bytes, fault: str | None) -> Reply:
        if endpoint in LIST_PART:
            return self._form(endpoint, headers, body)
        if endpoint == "deletions" and not self._has_keys(headers):
            return UNAUTHORIZED
        try:
            content = decoded(body)
        except ValueError:
            return bad_request("Invalid JSON request body")
        if not isinstance(content, dict):
            return bad_request("Invalid JSON request body")
        if endpoint == "deletions":
            return self._deletion(content)
        if media_type(headers) != "application/json":
            return bad_request("Invalid JSON request body")
        return self._events(endpoint, content, len(body), fault)

    def _events(self, endpoint: str, content: dict[str, Any], size: int, fault: str | None) -> Reply:
        events = content.get("events")
        if isinstance(events, list) and len(events) > MOST_EVENTS:
            return TOO_LARGE
        problems: Problems = {}
        try:
            validated(endpoint, content)
        except ValidationError as error:
            if (missing := missing_field(error)) is not None:
                return bad_request("Request missing required field", missing_field=missing)
            problems = event_problems(error)
        if self._is_wrong(content["api_key"]):
            return bad_request(f"Invalid API key: {content['api_key']}")
        if problems:
            shown = first_of(problems) if fault == "400-first" else problems
            return bad_request("Request contains invalid events", **shown)
        assert isinstance(events, list)
        if fault in ("429-ids", "429-quota"):
            return first_throttled(events, quota=fault == "429-quota")
        if self._throttle is not None:
            above = self._throttle.exceeded(events)
            if above:
                return throttled(events, above)
            self._throttle.take(events)
        for event in events:
            if self.ledger.take_event(KINDS.get(endpoint, endpoint), event):
                self.profiles.change(event)
        taken = {"events_ingested": len(events), "payload_size_bytes": size, "server_upload_time": 0}
        return json_reply(200, {"code": 200, **taken})

    def _form(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if media_type(headers) != "application/x-www-form-urlencoded":
            return bad_request("Request must be form encoded")
        try:
            form = form_of(body)
        except ValueError:
            return bad_request("Request must be form encoded")
        if self._is_wrong(form.get("api_key")):
            return bad_request("invalid_api_key")
        try:
            content = content_of_form(endpoint, form)
        except ValueError:
            return bad_request(f"missing or invalid {LIST_PART[endpoint]}")
        calls = content.get(LIST_PART[endpoint])
        if isinstance(calls, list) and len(calls) > MOST_CALLS[endpoint]:
            return TOO_LARGE
        try:
            validated(endpoint, content)
        except ValidationError as error:
            return bad_request(sentence(error))
        assert isinstance(calls, list)
        for call in calls:
            self.ledger.take_call(endpoint, call)
            if endpoint == "identify":
                self.profiles.change(call)
        return Reply(200, b"success")

    def _deletion(self, content: dict[str, Any]) -> Reply:
        try:
            validated("deletions", content)
        except ValidationError as error:
            return bad_request(sentence(error))
        self.ledger.take_call("deletions", content)
        return json_reply(200, [])

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

    def _is_wrong(self, api_key: object) -> bool:
        return not api_key or (self._api_key is not None and api_key != self._api_key)

    def _has_keys(self, headers: Mapping[str, str]) -> bool:
        """Whether basic authentication holds both keys, the right ones where they are known."""
        api_key, secret_key = keys_of(headers) or ("", "")
        is_right = self._secret_key is None or secret_key == self._secret_key
        return not self._is_wrong(api_key) and secret_key != "" and is_right
