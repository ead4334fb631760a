"""A server of a few lines that answers with any bytes, for what no well-behaved server would send."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class RawServer:
    """Answers each request with the same bytes, and keeps what it was asked."""

    def __init__(self, answer: bytes, context: ssl.SSLContext | None, at_once: bool) -> None:
        self._answer = answer
        self._at_once = at_once
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        self.asked: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer_one, args=(connection,), daemon=True).start()

    def _answer_one(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            received = b""
            while b"\r\n\r\n" not in received and not self._at_once:
                received += connection.recv(65_536) or b"\r\n\r\n"
            self.asked.append(received)
            connection.sendall(self._answer)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):  # to close with something unread would reset the connection
                pass


@contextmanager
def answering(answer: bytes, context: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[RawServer]:
    """A server while the block lasts; `at_once` answers before anything is asked."""
    server = RawServer(answer, context, at_once)
    try:
        yield server
    finally:
        server.close()


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP response that ends with its connection."""
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body
