"""The real exchange against the fake behind a real socket: every fault comes out as an answer, none hangs."""

from __future__ import annotations

import gzip
import json
import queue
import sys
from collections.abc import Iterator

import httpx
import pytest

from rulewright.runtime.delivery.adapter import Answer, Outgoing
from rulewright.runtime.delivery.transport.exchange import HttpExchange
from rulewright.runtime.destinations.amplitude.fake.faults import FAULTS
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.transport.raw_server import answering

DOUBLE = FakeAmplitude()
FAULT: list[str | None] = [None]
DOUBLE._draw = lambda: FAULT[0]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(DOUBLE) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def exchange() -> Iterator[HttpExchange]:
    exchange = HttpExchange(connections=2, deadline=0.5)
    yield exchange
    exchange.close()


def ask(exchange: HttpExchange, url: str, fault: str | None, body: bytes | None = None) -> Answer:
    FAULT[0] = fault
    event = {"user_id": "user-1", "device_id": "device-1", "event_type": "a", "insert_id": "1"}
    content = body or json.dumps({"api_key": "k", "events": [event]}).encode()
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    exchange.send(Outgoing("POST", url, {"Content-Type": "application/json"}, content), answers.put)
    return answers.get(timeout=10)


@pytest.mark.parametrize("fault", [*FAULTS, None])
def test_every_fault_gets_an_answer(exchange: HttpExchange, url: str, fault: str | None) -> None:
    answer = ask(exchange, url + "/2/httpapi", fault)
    if fault in ("reset-before", "reset-after", "cut"):
        assert (answer.status, answer.body) == (0, b"")
        assert answer.failure == "connection broken"
    elif fault == "stall":
        assert answer.failure == "timeout"
        assert answer.seconds >= 0.5
    elif fault in ("html", "count", "slow", "400-first", None):
        assert answer.status == 200
    else:
        assert answer.status == int(fault[:3])
    assert ask(exchange, url + "/2/httpapi", None).status == 200


def test_nobody_there(exchange: HttpExchange) -> None:
    assert ask(exchange, "http://127.0.0.1:9", None).failure == "no connection"


@pytest.mark.parametrize("address", ["http://[::bad", "nonsense://x", "http://"])
def test_a_request_to_an_invalid_address_fails(exchange: HttpExchange, address: str) -> None:
    assert ask(exchange, address, None).failure != ""


def test_an_answer_that_does_not_end_is_cut(url: str, exchange: HttpExchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.runtime.delivery.transport.exchange.LARGEST_ANSWER", 10)
    assert ask(exchange, url + "/2/httpapi", None).failure == "an answer that does not end"


def test_compression_is_the_same_bytes_each_time_and_is_given_up_when_not_understood(url: str) -> None:
    seen: list[tuple[str | None, int]] = []
    handle = DOUBLE.handle

    class Picky:
        def handle(self, path: str, headers: dict[str, str], body: bytes) -> object:
            seen.append((headers.get("content-encoding"), len(body)))
            if headers.get("content-encoding") == "gzip" and len(seen) > 2:
                return type(handle(path, headers, b""))(415, b"plain, please")
            return handle(path, headers, body)

    events = [
        {"user_id": f"user-{n}", "device_id": "device-1", "event_type": "a", "insert_id": f"{n}"} for n in range(100)
    ]
    body = json.dumps({"api_key": "k", "events": events}).encode()
    exchange = HttpExchange(connections=1, compress=True)
    with serving(Picky()) as other:  # type: ignore[arg-type]
        assert ask(exchange, other + "/2/httpapi", None, body).status == 200
        assert ask(exchange, other + "/2/httpapi", None, body).status == 200
        assert ask(exchange, other + "/2/httpapi", None, body).status == 200
        assert ask(exchange, other + "/2/httpapi", None, body).status == 200
    exchange.close()
    packed = len(gzip.compress(body, compresslevel=1, mtime=0))
    assert seen == [("gzip", packed), ("gzip", packed), ("gzip", packed), (None, len(body)), (None, len(body))]


def test_a_request_looks_for_no_module(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is looked for in all paths each time, as httpcore does with sniffio."""
    looked_for: list[str] = []

    class Noted:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            looked_for.append(name)

    exchange = HttpExchange(connections=1)
    assert ask(exchange, url + "/2/httpapi", None).status == 200
    monkeypatch.setattr(sys, "meta_path", [Noted, *sys.meta_path])
    assert ask(exchange, url + "/2/httpapi", None).status == 200
    exchange.close()
    assert looked_for == []


@pytest.mark.parametrize(
    ("compress", "url", "reads_gzip", "size", "compressed"),
    [
        (None, "https://api2.amplitude.com/2/httpapi", True, 1_500, True),
        (None, "https://api2.amplitude.com/2/httpapi", True, 1_499, False),
        (None, "https://api2.amplitude.com/identify", False, 1_500, False),
        (None, "http://127.0.0.1:80/2/httpapi", True, 1_500, False),
        (None, "http://localhost/2/httpapi", True, 1_500, False),
        (True, "http://localhost/identify", False, 1_500, True),
        (False, "https://api2.amplitude.com/2/httpapi", True, 1_500, False),
    ],
)
def test_which_bodies_are_compressed(
    compress: bool | None, url: str, reads_gzip: bool, size: int, compressed: bool
) -> None:
    exchange = HttpExchange(connections=1, compress=compress)
    assert exchange.compresses(Outgoing("POST", url, {}, bytes(size), reads_gzip)) is compressed
    exchange.close()


def test_a_refusal_is_not_of_the_compression_once_a_compressed_body_was_taken(url: str) -> None:
    seen: list[str | None] = []
    handle = DOUBLE.handle

    class Counting:
        def handle(self, path: str, headers: dict[str, str], body: bytes) -> object:
            seen.append(headers.get("content-encoding"))
            return handle(path, headers, body)

    events = [
        {"user_id": f"user-{n}", "device_id": "device-1", "event_type": "a", "insert_id": f"c-{n}"} for n in range(100)
    ]
    good = json.dumps({"api_key": "k", "events": events}).encode()
    bad = json.dumps({"api_key": "k", "events": [{**events[0], "time": "no"}, *events]}).encode()
    exchange = HttpExchange(connections=1, compress=True)
    with serving(Counting()) as other:  # type: ignore[arg-type]
        statuses = [ask(exchange, other + "/2/httpapi", None, body).status for body in (bad, good, bad)]
    exchange.close()
    assert (statuses, seen) == ([400, 200, 400], ["gzip", None, "gzip", "gzip"])


def test_the_fake_shows_what_it_took(exchange: HttpExchange) -> None:
    with serving(FakeAmplitude()) as url:
        assert ask(exchange, url + "/2/httpapi", None).status == 200
        summary = httpx.get(url + "/double/summary").json()
        lines = httpx.get(url + "/double/ledger").text.splitlines()
        assert httpx.post(url + "/nowhere").status_code == 404
    assert summary["entries"] == len(lines) == 1
    assert json.loads(lines[0])["insert_id"] == "1"


def test_closing_gives_up_what_is_in_flight(url: str) -> None:
    FAULT[0] = "stall"
    exchange = HttpExchange(connections=1)
    exchange.send(Outgoing("POST", url + "/2/httpapi", {}, b"{}"), lambda answer: None)
    exchange.close()
    FAULT[0] = None


LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: "
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ODD: dict[str, tuple[bytes, tuple[int, str, bytes]]] = {
    "HTTP/1.0 without a length": (b'HTTP/1.0 200 OK\r\n\r\n{"code":200}', (200, "", b'{"code":200}')),
    "5,000 headers": (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5_000 + b"Content-Length: 0\r\n\r\n", (200, "", b"")),
    "headers of 10 MB": (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1_250_000, (0, "connection broken", b"")),
    "a header of 10 MB": (b"HTTP/1.1 200 OK\r\nX-A: " + b"y" * 10_000_000, (0, "connection broken", b"")),
    "interim answers and no other": (b"HTTP/1.1 100 Continue\r\n\r\n" * 100, (0, "connection broken", b"")),
    "half a body": (LENGTH + b"200\r\n\r\n{}", (0, "connection broken", b"")),
    "a negative length": (LENGTH + b"-5\r\n\r\n{}", (0, "connection broken", b"")),
    "two lengths": (LENGTH + b"2\r\nContent-Length: 3\r\n\r\n{}x", (0, "connection broken", b"")),
    "a chunk without a size": (CHUNKED + b"zz\r\n{}", (0, "connection broken", b"")),
    "chunks without an end": (CHUNKED + b"1\r\nx\r\n" * 10, (0, "connection broken", b"")),
    "more than 4 MB": (LENGTH + b"10000000000\r\n\r\n" + b"x" * 5_000_000, (0, "an answer that does not end", b"")),
    "another protocol": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n{}", (0, "connection broken", b"")),
    "a second answer": (LENGTH + b"2\r\n\r\n{}HTTP/1.1 500 Error\r\n\r\n", (200, "", b"{}")),
    "bytes that are no HTTP": (bytes(range(256)), (0, "connection broken", b"")),
    "a redirect to a file": (
        b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", (302, "", b""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_a_hostile_server_gets_no_more_than_one_bounded_answer(exchange: HttpExchange, name: str) -> None:
    content, expected = ODD[name]
    with answering(content) as server:
        answer = ask(exchange, f"{server.url}/2/httpapi", None)
    assert (answer.status, answer.failure, answer.body) == expected
    assert len(server.asked) == 1
