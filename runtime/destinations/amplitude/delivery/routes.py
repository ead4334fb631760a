"""Amplitude's endpoints for the sender: how requests are split and joined, and how much one may hold."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from ....delivery.adapter import Answer, Limits, Outgoing, Part, Route
from ....delivery.disposition import Disposition
from ....delivery.redaction import Redactor
from ....delivery.transport.addresses import base_url_of
from ....form_encoding import form_text
from ....outcome import Request
from ..large_bodies import count_of_properties
from ..limits import MOST_GROUP_PROPERTIES
from ..settings import ENDPOINTS
from .answers import disposition
from .identity import INSERT_ID_MEMORY, order_of
from .keys import Keys

KINDS = {
    "/2/httpapi": "events",
    "/batch": "batch",
    "/identify": "identify",
    "/groupidentify": "groupidentify",
    "/usermap": "usermap",
    "/api/2/deletions/users": "deletions",
}
LIST_FIELD = {"identify": "identification", "groupidentify": "identification", "usermap": "mapping"}


def _count_of_properties(call: bytes) -> int:
    properties = msgspec.json.decode(call).get("group_properties")
    return count_of_properties(properties) if isinstance(properties, dict) else 0


LIMITS = {
    # "HTTP V2 API": under 1 MB, 2,000 events, 30 events/s for one id; some room is left for the envelope.
    "events": Limits(count=2_000, size=990_000, rate=30.0),
    # "Batch Event Upload API": 20 MB, 1,000 events/s for one id over 30 s. Larger requests gain nothing measurable
    # and cost memory and repeated bytes, hence 4 MB.
    "batch": Limits(count=2_000, size=4_000_000, rate=1_000.0),
    # "Identify API": 1,800 updates of one user in an hour; what goes beyond may be dropped silently. "Group
    # Identify API": 1,024 calls, 1,024 properties and 1 MB. "User Mapping API": 2,000 and 1 MB. Form encoding makes
    # JSON up to three times longer.
    "identify": Limits(count=1_000, size=330_000, rate=0.5, window=3_600.0),
    "groupidentify": Limits(1_024, 330_000, MOST_GROUP_PROPERTIES, _count_of_properties),
    "usermap": Limits(count=2_000, size=330_000),
    # "User Privacy API": one request a second.
    "deletions": Limits(count=1, size=1_000_000, requests=1.0),
    "other": Limits(count=1, size=1_000_000),
}


def _unpaced(limits: Limits) -> Limits:
    return replace(limits, rate=None, requests=None)


HOSTS = frozenset(urlsplit(url).netloc for urls in ENDPOINTS.values() for url in urls.values())


@lru_cache(maxsize=256)
def kind_of(url: str) -> str:
    """The kind of the endpoint with this address; `other` for one that is not Amplitude's, which gets no key."""
    parts = urlsplit(url)
    return KINDS.get(parts.path, "other") if parts.scheme == "https" and parts.netloc in HOSTS else "other"


class AmplitudeDelivery:
    """The adapter of Amplitude, bound to keys and, for a fake, to another host."""

    name = "amplitude"
    deduplicates_for = INSERT_ID_MEMORY

    def __init__(self, keys: Keys, base_url: str | None = None, *, paced: bool = True, insecure: bool = False) -> None:
        """`paced` keeps to Amplitude's rates; a trial against a fake in memory need not wait.

        Raises ValueError for a base URL that is not one: asking it again and again would never end. One that would send
        the key unencrypted over a network is refused too, unless `insecure` asks for it.
        """
        self._base_url = None if base_url is None else base_url_of(base_url, insecure=insecure)
        self._keys = keys
        self._limits = LIMITS if paced else {kind: _unpaced(limits) for kind, limits in LIMITS.items()}
        self._start = b'{"api_key":' + msgspec.json.encode(keys.api_key) + b',"events":['
        self._pair = base64.b64encode(f"{keys.api_key}:{keys.secret_key or ''}".encode()).decode()
        self._redact = Redactor((keys.api_key, keys.secret_key, self._pair))
        self.secrets = tuple(filter(None, (keys.api_key, keys.secret_key)))
        self._routes: dict[tuple[str, str, str], Route] = {}

    def parts(self, request: Request, stamp: str) -> list[Part]:
        """One part for each event, identification or user mapping; an event without insert ID gets one from `stamp`."""
        if request.form is not None:
            return self._form_parts(request, request.form)
        body = request.json or {}
        events = body.get("events")
        if not isinstance(events, list) or kind_of(request.url) not in ("events", "batch"):
            return [self._whole(request)]
        shared = ""
        if len(body) > 1:
            rest = {key: value for key, value in body.items() if key not in ("events", "api_key")}
            shared = msgspec.json.encode(rest, order="sorted").decode() if rest else ""
        route = self._route(request, shared)
        parts: list[Part] = []
        for index, event in enumerate(events):
            if event.get("insert_id") is None:
                event = {**event, "insert_id": f"{stamp}-{index}"}
            # orjson is faster, but its bytes occupy several times their length for as long as they are kept.
            parts.append(Part(route, order_of(event), msgspec.json.encode(event)))
        return parts

    def accepts(self, route: Route) -> bool:
        """Whether the kind of the route is that of its address, or `other`, which gets no key."""
        return route.kind == "other" or (route.kind in LIMITS and kind_of(route.url) == route.kind)

    def limits(self, route: Route) -> Limits:
        """The documented limits of the endpoint."""
        return self._limits[route.kind]

    def join(self, route: Route, bodies: Sequence[bytes]) -> Outgoing:
        """One request with the bodies of the parts and, except for the kind `other`, the keys."""
        if route.kind in ("events", "batch"):
            end = b"]" + ("," + route.shared[1:] if route.shared else "}").encode()
            body = b"".join((self._start, b",".join(bodies), end))
            # "HTTP V2 API": a body may be gzip, and its events are counted after it is unpacked.
            reads_gzip = route.kind == "events"
            return Outgoing(route.method, self._url(route), {"Content-Type": "application/json"}, body, reads_gzip)
        if route.kind in LIST_FIELD:
            return self._form(route, bodies)
        headers = {"Content-Type": route.shared}
        if route.kind == "deletions":
            headers["Authorization"] = f"Basic {self._pair}"
        return Outgoing(route.method, self._url(route), headers, bodies[0])

    def disposition(self, route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
        """What the answer asks for (`answers.py`); keys that the answer repeats are redacted."""
        return disposition(route, bodies, answer, self._redact)

    def _form_parts(self, request: Request, form: dict[str, str]) -> list[Part]:
        field = LIST_FIELD.get(kind_of(request.url), "")
        if field not in form:
            return [self._whole(request)]
        rest = {key: value for key, value in form.items() if key not in (field, "api_key")}
        route = self._route(request, msgspec.json.encode(rest, order="sorted").decode() if rest else "")
        calls = msgspec.json.decode(form[field])
        if not isinstance(calls, list):
            calls = [calls]
        return [Part(route, order_of(call), msgspec.json.encode(call)) for call in calls]

    def _whole(self, request: Request) -> Part:
        content = request.headers["Content-Type"]
        kind = "deletions" if kind_of(request.url) == "deletions" else "other"
        return Part(self._route(request, content, kind), "request " + request.url, request.body)

    def _route(self, request: Request, shared: str, kind: str | None = None) -> Route:
        known = (request.method, request.url, shared)
        route = self._routes.get(known)
        if route is None:
            kind = kind or kind_of(request.url)
            route = Route(kind, request.method.upper(), request.url, shared)
            msgspec.json.encode(route)  # raises here, for one request, and not when the queue writes a thousand
            self._routes[known] = route
        return route

    def _form(self, route: Route, bodies: Sequence[bytes]) -> Outgoing:
        fields = {"api_key": self._keys.api_key}
        fields[LIST_FIELD[route.kind]] = f"[{b','.join(bodies).decode()}]"
        if route.shared:
            fields.update(msgspec.json.decode(route.shared, type=dict[str, str]))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Outgoing(route.method, self._url(route), headers, form_text(fields).encode("ascii"))

    def _url(self, route: Route) -> str:
        if self._base_url is None:
            return route.url
        parts = urlsplit(route.url)
        return self._base_url + parts.path + (f"?{parts.query}" if parts.query else "")
