"""The HTTP API: its routes, and what each route does with a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps
from time import time
from typing import ParamSpec

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ..runtime.delivery.acceptance.acceptor import Acceptor, Arrival, NotAccepted
from ..runtime.delivery.store.problems import QueueProblem
from .acknowledgments import Acknowledgments
from .bodies import BodyRefused, read_body
from .calls import (
    CALLS,
    WEBHOOK_BYTES,
    Malformed,
    arrivals,
    events_of,
    limit_of,
    passed_on,
    read_object,
    read_webhook,
)
from .health import Health
from .keys import WebhookSecrets, WriteKeys, key_in_head
from .responses import PREFLIGHT, SUCCESS, ApiResponse, refusal
from .traffic import Traffic

WEBHOOK_SOURCE = "segment-webhook"
RETRY_SECONDS = 5
_KINDS = {f"/v1/{call}": kind for call, kind in CALLS.items()}
"""By path, the type of the events of a call."""

_HEADERS = frozenset(
    name.encode()
    for name in (
        "authorization",
        "content-encoding",
        "content-length",
        "x-segment-signature",
        "x-signature",
        "x-write-key",
    )
)


_P = ParamSpec("_P")


def _refuses_unread(handler: Callable[_P, Awaitable[Response]]) -> Callable[_P, Awaitable[Response]]:
    """The handler of a route, which answers with a refusal if the body cannot be read or holds no events."""

    @wraps(handler)
    async def refusing(*arguments: _P.args, **keywords: _P.kwargs) -> Response:
        try:
            return await handler(*arguments, **keywords)
        except BodyRefused as unread:
            return unread.answer
        except Malformed as malformed:
            return refusal(400, malformed.code, str(malformed))

    return refusing


@dataclass(slots=True)
class HttpApi:
    """The routes, with the acceptor, the keys and the state that they use."""

    acceptor: Acceptor
    keys: WriteKeys
    secrets: WebhookSecrets
    state: Health
    traffic: Traffic
    open_webhooks: bool = True
    """Whether a webhook is taken without a signature where no secret is given."""
    clock: Callable[[], float] = time
    _acknowledgments: Acknowledgments = field(default_factory=Acknowledgments)

    def application(self) -> ASGIApp:
        """All routes."""
        app = Starlette(
            routes=[
                Route("/v1/{call}", self.other_call, methods=["POST", "OPTIONS"]),
                Route("/v1/projects/{key}/settings", self.settings, methods=["GET", "OPTIONS"]),
                Route("/webhooks/segment", self.webhook, methods=["POST"]),
                Route("/healthz", self.health),
                Route("/readyz", self.readiness),
                Route("/metrics", self.metrics),
            ],
            exception_handlers={HTTPException: _not_routed},
        )
        # A redirect would repeat the query, and with it a key.
        app.router.redirect_slashes = False

        async def routed(scope: Scope, receive: Receive, send: Send) -> None:
            # Calls go around the router and its middleware, which take longer than to read and answer one.
            kind = _KINDS.get(scope["path"]) if scope["method"] == "POST" else None
            if kind is None:
                await app(scope, receive, send)
            else:
                answer = await self.call(Request(scope, receive), kind)
                await answer(scope, receive, send)

        return self.traffic.counting(routed)

    async def other_call(self, request: Request) -> Response:
        """Answers the preflight request of a browser, and calls that do not exist."""
        if request.path_params["call"] not in CALLS:
            return refusal(404, "not_found", "there is no such call")
        return Response(status_code=204, headers=PREFLIGHT)

    @_refuses_unread
    async def call(self, request: Request, kind: str) -> Response:
        """Answers one of Segment's calls, with 200 once its events are on disk."""
        headers = _headers(request)
        # Most calls have no query, and to read that takes Starlette as long as to read the body takes us.
        key = key_in_head(headers, request.query_params if request.scope["query_string"] else {})
        if key is not None and self.keys.source(key) is None:
            return _wrong_key()
        body = await self._body(request, headers, limit_of(kind))
        content = read_object(body)
        source = self.keys.source(key if key is not None else content.get("writeKey"))
        if source is None:
            return _wrong_key()
        arrived = arrivals(events_of(kind, content, body), source, self.clock())
        return await self._accept(request, arrived, len(body))

    @_refuses_unread
    async def webhook(self, request: Request) -> Response:
        """Answers Segment's webhook, which posts one event or several, with a signature."""
        if not self.secrets.wanted and not self.open_webhooks:
            return refusal(403, "no_secret", "webhooks are closed: no secret is configured")
        headers = _headers(request)
        body = await self._body(request, headers, WEBHOOK_BYTES)
        if self.secrets.wanted and not self.secrets.signed(headers, body):
            return refusal(401, "wrong_signature", "expected a signature by the shared secret")
        arrived = passed_on(read_webhook(body), WEBHOOK_SOURCE, self.clock())
        return await self._accept(request, arrived, len(body))

    async def settings(self, request: Request) -> Response:
        """Answers the request for settings that Segment's browser library makes first."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        key = request.path_params["key"]
        if self.keys.source(key) is None:
            return refusal(404, "unknown_key", "there is no project with this write key")
        host = request.headers.get("host", "")
        segment = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": request.url.scheme}
        # A sample rate of nothing: the library would send its own metrics to Segment.
        return ApiResponse(200, {"integrations": {"Segment.io": segment}, "metrics": {"sampleRate": 0}})

    async def health(self, request: Request) -> Response:
        """Answers whether the process works; if not, its supervisor may restart it."""
        problem = self.state.sick()
        return ApiResponse(200, {"status": "ok"}) if problem is None else ApiResponse(503, {"status": problem})

    async def readiness(self, request: Request) -> Response:
        """Answers whether events are accepted, and whether they are sent."""
        refused = self.acceptor.closed_for
        content = {"accepting": refused is None, **self.state.as_json()}
        if refused is None:
            return ApiResponse(200, content)
        return ApiResponse(503, {**content, "message": str(refused)}, {"retry-after": str(refused.retry_after)})

    async def metrics(self, request: Request) -> Response:
        """Answers with all metrics in Prometheus' format."""
        text = self.state.as_prometheus() + "\n".join(self.traffic.lines()) + "\n"
        return Response(text, media_type="text/plain; version=0.0.4")

    async def _body(self, request: Request, headers: dict[str, str], most: int) -> bytes:
        """The body; it is not even read when nothing is accepted. Raises BodyRefused."""
        refused = self.acceptor.closed_for
        if refused is not None:
            raise BodyRefused(_again(refused))
        return await read_body(request, headers, most)

    async def _accept(self, request: Request, arrived: list[Arrival], size: int) -> Response:
        if arrived:
            request.state.noted = {"source": arrived[0].source, "events": len(arrived), "bytes": size}
            try:
                await self._acknowledgments.accepted(self.acceptor, arrived, size)
            except NotAccepted as refused:
                return _again(refused)
            except QueueProblem:
                return refusal(503, "not_written", "the queue cannot be written to", retry_after=RETRY_SECONDS)
            except Exception:
                return refusal(503, "not_accepted", "a fault of this server", retry_after=RETRY_SECONDS)
        return SUCCESS


def _headers(request: Request) -> dict[str, str]:
    """Those that are looked at, by lower-case names; of a name that comes twice, the first."""
    headers: dict[str, str] = {}
    for name, value in request.scope["headers"]:
        if name in _HEADERS:
            headers.setdefault(name.decode("latin-1"), value.decode("latin-1"))
    return headers


def _wrong_key() -> ApiResponse:
    return refusal(401, "wrong_key", "expected a write key of this server")


def _again(refused: NotAccepted) -> ApiResponse:
    return refusal(503, "try_again", str(refused), retry_after=refused.retry_after)


async def _not_routed(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 404
    message = "there is nothing here" if status == 404 else "this method is not allowed here"
    headers = dict(getattr(problem, "headers", None) or {})
    return ApiResponse(status, {"success": False, "code": "not_found", "message": message}, headers)
