"""A receiver of webhooks, as strict as Standard Webhooks asks: in memory for dry runs, and on a port for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from ...delivery.adapter import Answer, Outgoing
from .signature import Signer

TOLERANCE = 300.0
"""Seconds that a request may be old, so that a recorded one cannot be sent again later."""


class FakeWebhook:
    """Takes each message once for its ID; `faults` are statuses that the next requests meet instead, one each."""

    def __init__(
        self, secret: str | None = None, faults: list[int] | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._signer = None if secret is None else Signer(secret)
        self._now = now
        self.faults = faults or []
        self.bodies: list[Any] = []
        """The bodies that were taken, in order."""
        self.headers: list[Mapping[str, str]] = []
        """The headers of each request that was taken."""
        self.duplicates = 0
        self.requests = 0
        self._known: set[str] = set()

    def handle(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Answer a request: status and text. Names of headers are lower case."""
        self.requests += 1
        if self.faults:
            status = self.faults.pop(0)
            if status:
                return status, b"a scripted fault"
        problem = self._problem(headers, body)
        if problem is not None:
            return problem
        message = headers["webhook-id"]
        if message in self._known:
            self.duplicates += 1
            return 200, b"known"
        self._known.add(message)
        content = msgspec.json.decode(body)
        self.bodies += content if isinstance(content, list) else [content]
        self.headers.append(headers)
        return 204, b""

    def _problem(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes] | None:
        if headers.get("content-type") != "application/json":
            return 415, b"expected application/json"
        timestamp = headers.get("webhook-timestamp", "")
        if "webhook-id" not in headers or not timestamp.isdigit():
            return 400, b"webhook-id or webhook-timestamp is missing"
        if abs(self._now() - int(timestamp)) > TOLERANCE:
            return 400, b"the timestamp is too old"
        if self._signer is not None:
            signature = headers.get("webhook-signature", "")
            if not self._signer.verifies(signature, headers["webhook-id"], int(timestamp), body):
                return 401, b"the signature is wrong"
        try:
            msgspec.json.decode(body)
        except msgspec.DecodeError:
            return 400, b"the body is not JSON"
        return None


class FakeExchange:
    """Answers every request at once, in memory."""

    def __init__(self, fake: FakeWebhook) -> None:
        self._fake = fake

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        """Pass the request to the fake, and call `done` before returning."""
        headers = {name.lower(): value for name, value in outgoing.headers.items()}
        status, text = self._fake.handle(headers, outgoing.body)
        done(Answer(status, {}, text))

    def close(self) -> None:
        """Do nothing: the fake has no connection."""


@contextmanager
def serving(fake: FakeWebhook) -> Iterator[str]:
    """Serve on a free port of this machine from a thread, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, text = fake.handle({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if status != 204:
                self.wfile.write(text)

        do_POST = do_PUT = do_PATCH = answer

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
