"""Requests without an answer say why; what no well-behaved server sends costs neither memory nor the sender."""

from __future__ import annotations

import asyncio
import errno
import gzip
import logging
import os
import queue
import resource
import socket
import ssl
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest

from rulewright.runtime.delivery.adapter import Answer, Outgoing
from rulewright.runtime.delivery.transport.exchange import LARGEST_ANSWER, HttpExchange
from rulewright.runtime.delivery.transport.failures import TOO_FEW_DESCRIPTORS, failure_of
from tests.runtime.delivery.transport.raw_server import answering, response

CERTIFICATE = Path(__file__).with_name("untrusted.pem")
"""Made for these tests, signed by itself, with its key."""


@pytest.fixture
def exchange() -> Iterator[HttpExchange]:
    exchange = HttpExchange(connections=2, deadline=5.0, compress=True)
    yield exchange
    exchange.close()


def ask(exchange: HttpExchange, url: str, body: bytes = b"{}") -> Answer:
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    exchange.send(Outgoing("POST", url, {}, body), answers.put)
    return answers.get(timeout=30)


def test_an_answer_is_asked_for_as_it_is(exchange: HttpExchange) -> None:
    with answering(response(b"success", "Content-Encoding: identity")) as server:
        assert ask(exchange, server.url)[:1] == (200,)
    (asked,) = server.asked
    assert b"accept-encoding: identity\r\n" in asked.lower()
    assert asked.lower().count(b"accept-encoding") == 1


def test_cookies_of_an_answer_are_not_kept(exchange: HttpExchange) -> None:
    cookies = [f"Set-Cookie: {name}={'x' * 3_000}; Path=/" for name in "abcde"]
    with answering(response(b"success", *cookies)) as server:
        for _ in range(3):
            assert ask(exchange, server.url).status == 200
    assert len({len(asked.partition(b"\r\n\r\n")[0]) for asked in server.asked}) == 1
    assert b"cookie" not in b"".join(server.asked).lower()


@cache
def packed_twice() -> bytes:
    return gzip.compress(gzip.compress(bytes(50_000_000)))


@pytest.mark.parametrize(
    "encoding", ["gzip", "gzip, gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "x" * 999]
)
def test_an_encoded_answer_is_not_unpacked(exchange: HttpExchange, encoding: str) -> None:
    bomb = packed_twice()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with answering(response(bomb, f"Content-Encoding: {encoding}")) as server:
        answer = ask(exchange, server.url)
    assert (answer.status, answer.failure) == (0, "an encoded answer")
    assert f"it is encoded as `{encoding.lower()[:40]}`" in answer.cause
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_encoded_bytes_without_a_word_about_it_are_what_they_are(exchange: HttpExchange) -> None:
    packed = zlib.compress(bytes(1_000))
    with answering(response(packed)) as server:
        assert ask(exchange, server.url).body == packed


def test_an_answer_larger_than_any_of_the_destinations_is_given_up(exchange: HttpExchange) -> None:
    with answering(response(bytes(LARGEST_ANSWER + 1))) as server:
        assert ask(exchange, server.url).failure == "an answer that does not end"
    with answering(response(bytes(LARGEST_ANSWER))) as server:
        assert len(ask(exchange, server.url).body) == LARGEST_ANSWER


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0" * 100,
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1e9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000,
        b"HTTP/1.1 200 OK\r\nX\0: y\r\n\r\n",
    ],
)
def test_what_is_not_http_is_a_broken_connection(exchange: HttpExchange, answer: bytes) -> None:
    with answering(answer) as server:
        assert ask(exchange, server.url).failure == "connection broken"


def test_an_untrusted_certificate_is_said(exchange: HttpExchange) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with answering(response(b"success"), context) as server:
        answer = ask(exchange, server.url)
    assert (answer.failure, answer.ours) == ("TLS failed", False)
    assert answer.cause == "no encrypted connection: self-signed certificate"
    assert server.asked == []


def test_a_server_without_tls_is_said(exchange: HttpExchange) -> None:
    with answering(response(b"success"), at_once=True) as server:
        answer = ask(exchange, server.url.replace("http:", "https:"))
    assert (answer.failure, answer.cause) == ("TLS failed", "no encrypted connection: wrong version number")


def test_nobody_there_is_said(exchange: HttpExchange) -> None:
    answer = ask(exchange, "http://127.0.0.1:9")
    assert (answer.failure, answer.cause) == ("no connection", "connection refused")


def test_a_name_that_nobody_knows_is_said(exchange: HttpExchange, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = ask(exchange, "https://nowhere.example/2/httpapi")
    assert answer.failure == "no connection"
    assert answer.cause == "the host's name cannot be looked up: Name or service not known"


def test_too_few_descriptors_are_a_fault_of_this_machine(exchange: HttpExchange) -> None:
    with answering(response(b"success")) as server:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)
        probe = os.open(os.devnull, os.O_RDONLY)
        os.close(probe)
        resource.setrlimit(resource.RLIMIT_NOFILE, (probe, most[1]))
        try:
            answer = ask(exchange, server.url)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert (answer.failure, answer.cause, answer.ours) == ("too few file descriptors", TOO_FEW_DESCRIPTORS, True)


def test_when_memory_runs_out_while_compressing_there_is_an_answer(
    exchange: HttpExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*arguments: object, **more: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(gzip, "compress", exhausted)
    answer = ask(exchange, "http://127.0.0.1:9", bytes(10_000))
    assert (answer.failure, answer.ours) == ("out of memory", True)


def test_when_the_thread_ends_whoever_waits_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = HttpExchange(connections=1)
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    with answering(b"") as server:
        monkeypatch.setattr(exchange, "_answer", lambda *arguments, **more: _forever())
        exchange.send(Outgoing("POST", server.url, {}, b""), answers.put)
        exchange._loop.call_soon_threadsafe(exchange._loop.stop)
        answer = answers.get(timeout=10)
    assert (answer.cause, answer.ours) == ("the thread that sends requests has ended", True)


async def _forever() -> Answer:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize(
    ("problem", "failure", "ours"),
    [
        (httpx.ReadTimeout("x"), "timeout", False),
        (TimeoutError(), "timeout", False),
        (httpx.ProxyError("407 Proxy Authentication Required"), "proxy refused", False),
        (httpx.ReadError("x"), "connection broken", False),
        (httpx.RemoteProtocolError("x"), "connection broken", False),
        (httpx.ConnectError("x"), "no connection", False),
        (httpx.UnsupportedProtocol("x"), "UnsupportedProtocol", False),
        (MemoryError(), "out of memory", True),
        (OSError(errno.ENFILE, "too many"), "too few file descriptors", True),
        (ExceptionGroup("all failed", [OSError(errno.EMFILE, "too many")]), "too few file descriptors", True),
        (OSError(errno.EHOSTUNREACH, "no route"), "OSError", False),
    ],
)
def test_every_error_is_a_failure(problem: BaseException, failure: str, ours: bool) -> None:
    answer = failure_of(problem)
    assert (answer.status, answer.failure, answer.ours) == (0, failure, ours)


def test_errors_that_lead_to_each_other_end() -> None:
    first, second = OSError("one"), OSError("other")
    first.__cause__, second.__cause__ = second, first
    assert failure_of(first).failure == "OSError"


PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_a_proxy_of_the_environment_is_said_once_without_its_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:word@127.0.0.1:9")
    exchange = HttpExchange(connections=1)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert ask(exchange, "https://api2.amplitude.com/2/httpapi").cause == "connection refused"
    exchange.close()
    assert [record.getMessage() for record in caplog.records] == [
        "requests to `api2.amplitude.com` go through the proxy `127.0.0.1:9`, which the environment names"
    ]


def test_this_machine_is_reached_without_a_proxy(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    exchange = HttpExchange(connections=1)
    with answering(response(b"success")) as server:
        assert ask(exchange, server.url).body == b"success"
    exchange.close()
    assert caplog.records == []
