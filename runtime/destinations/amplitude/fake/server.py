"""The fake behind a socket: Starlette and uvicorn, with connections that can be broken on purpose."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from .replies import Reply
from .service import MOST_BYTES, FakeAmplitude

MOST_BODY = max(MOST_BYTES.values())
TRICKLE_BYTES = 16
TRICKLE_SECONDS = 0.02

_transports: dict[tuple[str, int], asyncio.Transport] = {}


class BreakableProtocol(H11Protocol):
    """uvicorn's own, which also remembers each client's transport, so that a fault can close it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport."""
        super().connection_made(transport)
        _transports[transport.get_extra_info("peername")[:2]] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        _transports.pop(self.transport.get_extra_info("peername")[:2], None)
        super().connection_lost(exc)


class BrokenResponse(Response):
    """An answer that resets the connection, before its first byte or in the middle."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body, status_code=reply.status or 200)
        self._broken = reply.broken

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send half of the body for `cut`, nothing for `reset`, then reset."""
        if self._broken == "cut":
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            half = bytes(self.body)[: len(self.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
        transport = _transports[scope["client"]]
        connection = transport.get_extra_info("socket")
        # A linger of zero seconds turns the close into a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def application(fake: FakeAmplitude) -> Starlette:
    """Amplitude's endpoints, and `/double/ledger`, `/double/summary` and `/double/user` to see what was taken."""

    async def handle(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.method == "POST":
            reply = fake.handle(request.url.path, headers, await _bounded_body(request))
        else:
            reply = fake.look_up(request.url.path, request.url.query, headers)
        if reply.broken in ("reset", "cut"):
            return BrokenResponse(reply)
        if reply.broken in ("slow", "stall"):
            return StreamingResponse(_trickle(reply), reply.status)
        return Response(reply.body, reply.status, dict(reply.headers or {}))

    async def ledger(request: Request) -> Response:
        return Response(b"".join(fake.ledger.lines()), media_type="application/jsonl")

    async def summary(request: Request) -> Response:
        return JSONResponse(fake.summary())

    async def user(request: Request) -> Response:
        ids = {name: request.query_params.get(name) for name in ("user_id", "device_id")}
        properties = fake.profiles.of(**ids)
        return JSONResponse({**ids, "user_properties": properties}, 404 if properties is None else 200)

    return Starlette(
        routes=[
            Route("/double/ledger", ledger),
            Route("/double/summary", summary),
            Route("/double/user", user),
            Route("/{path:path}", handle, methods=["GET", "POST"]),
        ]
    )


async def _bounded_body(request: Request) -> bytes:
    """The body; of one that no endpoint takes only so much that its length shows it. The rest is read and dropped."""
    held = bytearray()
    async for chunk in request.stream():
        if len(held) <= MOST_BODY:
            held += chunk[: MOST_BODY + 1 - len(held)]
    return bytes(held)


async def _trickle(reply: Reply) -> Any:
    for start in range(0, len(reply.body), TRICKLE_BYTES):
        await asyncio.sleep(TRICKLE_SECONDS)
        yield reply.body[start : start + TRICKLE_BYTES]
    if reply.broken == "stall":
        await asyncio.sleep(3_600.0)


def _server(fake: FakeAmplitude) -> uvicorn.Server:
    config = uvicorn.Config(
        application(fake),
        http=BreakableProtocol,
        log_level="critical",
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def serve(fake: FakeAmplitude, listener: socket.socket) -> None:
    """Serve on a bound socket until SIGINT or SIGTERM, and return."""
    server = _server(fake)

    def end(number: int, frame: object) -> None:
        server.handle_exit(number, None)

    # uvicorn raises the signals that it caught once more at its end: without a handler here, SIGTERM would be the end
    # of the process before its ledger is written.
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    # Each request makes thousands of objects, so the collector would scan those of the modules again and again.
    gc.freeze()
    try:
        server.run(sockets=[listener])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def serving(fake: FakeAmplitude) -> Iterator[str]:
    """Serve on a free port of this machine from a thread, and give the base URL."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = _server(fake)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
