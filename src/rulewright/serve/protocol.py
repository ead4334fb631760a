"""A connection: uvicorn's own protocol, with limits on its number, and on the time and size of a request's head."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_CONNECTIONS = 1_000
HEAD_SECONDS = 15.0
"""From the opening of a connection, or the first byte of a request, to the end of its headers."""
HEAD_BYTES = 32_768

_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_LARGE_HEAD = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections beyond the limit of their number, and those whose requests are too slow or too long."""

    most_connections = MOST_CONNECTIONS
    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            transport.write(_BUSY)
            transport.close()
        else:
            self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read data; a head of more than `HEAD_BYTES` is refused."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._head_timer is None:
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_LARGE_HEAD)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        super().on_message_begin()
        if self._head_timer is None:
            self._begin_head()

    def on_headers_complete(self) -> None:
        """Note that the head is complete."""
        self._end_head()
        super().on_headers_complete()

    def _begin_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _end_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        self.transport.close()


def bounded(most_connections: int) -> type[Any]:
    """The class of a protocol for at most this many connections."""
    return type("BoundedProtocol", (BoundedProtocol,), {"most_connections": most_connections})
