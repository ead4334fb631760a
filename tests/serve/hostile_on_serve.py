"""Ten thousand hostile requests to one server: no 500, no growth, no key in an answer, a log or a file."""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from rulewright.runtime.delivery.store.queue_status import status

from .hostile import requests
from .process import Server, serving_process
from .site import API_KEY, RULES, SECRET, WRITE_KEY

REQUESTS = 10_000
WARM = 1_000
"""Requests after which memory is measured for the first time."""
MOST_GROWTH = 60_000
"""Kilobytes by which a server that holds nothing may grow: its allocator keeps what the largest bodies needed."""
PATIENCE = 0.1
"""Seconds after which a client that has sent too little leaves."""
KEYS = (API_KEY, SECRET)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    rules = folder / "shop.rules"
    rules.write_text(RULES)
    with serving_process(rules, folder / "queue.db", "--webhook-secret", SECRET) as server:
        yield server


def exchange(server: Server, request: bytes) -> bytes:
    """The first whole answer, or what there is of it when the server waits for more than was sent."""
    address = urlsplit(server.address)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        answer = b""
        try:
            connection.sendall(request)
            while not is_whole(answer, request) and (chunk := connection.recv(65_536)):
                answer += chunk
        except (ConnectionError, TimeoutError):
            pass  # closed in the middle of a request that is refused, or waiting for the rest of one
        return answer


def is_whole(answer: bytes, request: bytes) -> bool:
    """Whether an answer has its head and as many bytes as that says."""
    head, end, body = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return bool(end) and (length is None or request.startswith(b"HEAD ") or len(body) >= int(length[1]))


def memory(server: Server) -> int:
    """Resident kilobytes."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS")))


def test_no_500_no_growth_no_leak(server: Server) -> None:
    seen: Counter[str] = Counter()
    measured: list[int] = []

    @seed(17)
    @settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests())
    def send(request: bytes) -> None:
        answer = exchange(server, request)
        code = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")[9:12].decode() or "closed"
        seen[code] += 1
        assert not code.startswith("5"), answer
        for key in KEYS:
            assert key.encode() not in answer
        if WRITE_KEY.encode() in answer:
            assert f"/v1/projects/{WRITE_KEY}/settings".encode() in request
        if sum(seen.values()) == WARM:
            measured.append(memory(server))

    send()
    assert {"200", "400", "401", "404", "405"} <= set(seen), seen
    assert sum(seen.values()) >= REQUESTS
    assert memory(server) - measured[0] < MOST_GROWTH
    assert server.process.poll() is None
    assert exchange(server, b"GET /readyz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").startswith(
        b"HTTP/1.1 200"
    )
    assert server.stop() == 0
    counts = status(server.queue, 0.0)
    assert counts.balanced and counts.events > 100
    kept = b"".join(path.read_bytes() for path in server.queue.parent.glob("queue.db*"))
    text = "\n".join(server.lines)
    for key in (*KEYS, WRITE_KEY):
        assert key.encode() not in kept
        assert key not in text
    assert "Traceback" not in text
