"""Clients that are slow, too many, or never end: each loses its own connection, and nobody waits for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from rulewright.serve import bodies, protocol
from rulewright.serve.protocol import HEAD_BYTES, bounded

from .site import WRITE_KEY, site

MOST_CONNECTIONS = 3
SECONDS = 0.2
"""What a head or a body may take here, where a test is about that."""
BODY = b'{"userId":"user-1","event":"Shown","messageId":"m-1"}'
HEAD = f"POST /v1/track HTTP/1.1\r\nHost: here\r\nX-Write-Key: {WRITE_KEY}\r\nContent-Length: {len(BODY)}\r\n".encode()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with site(tmp_path) as here, socket.create_server(("127.0.0.1", 0)) as listener:
        http = bounded(MOST_CONNECTIONS)
        config = uvicorn.Config(here.http_api.application(), http=http, ws="none", lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(60)


def connected(port: int, *parts: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    for part in parts:
        connection.sendall(part)
    return connection


def answer_of(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    with connection:
        answer = b""
        try:
            while chunk := connection.recv(65_536):
                answer += chunk
        except ConnectionResetError:
            pass  # closed with bytes of the client unread
        return answer


@pytest.mark.parametrize("sent", [b"", b"POST /v1/tr", HEAD], ids=["nothing", "half a line", "no end of the head"])
def test_a_head_that_does_not_end_in_time_is_not_waited_for(
    port: int, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", SECONDS)
    assert answer_of(connected(port, sent)) == b""


def test_a_body_that_does_not_end_in_time_is_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", SECONDS)
    answer = answer_of(connected(port, HEAD + b"\r\n" + BODY[:10]))
    assert answer.startswith(b"HTTP/1.1 408 ") and b'"timeout"' in answer


def test_a_head_without_end_is_refused(port: int) -> None:
    answer = answer_of(connected(port, HEAD, b"X-Padding: " + b"x" * (HEAD_BYTES + 1)))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


def test_others_are_served_while_slow_clients_wait_and_one_too_many_comes_again(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 3_600.0)
    slow = [connected(port, HEAD) for _ in range(MOST_CONNECTIONS - 1)]
    whole = HEAD + b"\r\n" + BODY
    with connected(port, whole) as other:
        assert other.recv(12) == b"HTTP/1.1 200"
        answer = answer_of(connected(port, whole))
        assert answer == b"" or answer.startswith(b"HTTP/1.1 503 ")
    for connection in slow:
        connection.close()
