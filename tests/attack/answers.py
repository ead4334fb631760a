"""Hostile answers: `python -m tests.attack.answers --seconds 60 --seed 1`.

Answers of Amplitude are changed and invented, and given to the table of answers, to a sender whose time is simulated,
and over a socket. A case is wrong if anything is raised, if something is taken for delivered that the answer does not
say, if an event is in no account, or if a key or a control character is in the words that are kept.
"""

from __future__ import annotations

import json
import queue
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from rulewright.runtime.delivery.adapter import Answer, Outgoing, Route
from rulewright.runtime.delivery.disposition import Delivered
from rulewright.runtime.delivery.redaction import Redactor
from rulewright.runtime.delivery.store.queue_status import dead_letters
from rulewright.runtime.delivery.transport.exchange import HttpExchange
from rulewright.runtime.destinations.amplitude.delivery.answers import disposition
from tests.runtime.delivery.simulation import KEY, Simulation, event
from tests.runtime.delivery.transport.raw_server import answering

from .trials import LOG, Part, Wrong, main

KINDS = ("events", "batch", "identify", "groupidentify", "usermap", "deletions", "other")
BODIES = [
    json.dumps({"user_id": f"user-{n}", "device_id": f"device-{n}", "event_type": "a"}).encode() for n in range(4)
]
FIELDS = (
    "code", "error", "events_ingested", "missing_field", "events_with_invalid_fields", "events_with_missing_fields",
    "events_with_invalid_id_lengths", "silenced_events", "silenced_devices", "throttled_events", "throttled_users",
    "throttled_devices", "exceeded_daily_quota_users", "exceeded_daily_quota_devices", "eps_threshold",
)  # fmt: skip
STATUSES = (0, 100, 200, 200, 200, 202, 204, 301, 302, 400, 400, 400, 401, 403, 404, 408, 413, 413, 429, 429, 499, 500)
TEXTS = (
    b"", b"success", b" SUCCESS\n", b"<html>", b"[" * 20_000, b"{" * 2_000, b"\xff\xfe", b"1e999", b"NaN", b'"\\ud83d"',
    b"null", b"invalid api key", KEY.encode(), b"\0\x1b[2J::error::", b'{"code":200', b"9" * 5_000, b'{"a":' * 600,
)  # fmt: skip
HEADERS = (
    ("retry-after", "1e9"), ("retry-after", "-1"), ("retry-after", "nan"), ("retry-after", "9" * 5_000),
    ("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"), ("retry-after", "Fri, 31 Feb 0000 99:99:99 -9999"),
    ("location", f"https://elsewhere/\x1b[2J?{KEY}"), ("content-type", "text/html; charset=utf-99"),
    ("retry-after", "٣"), ("retry-after", ""), ("retry-after", "1_0"), ("retry-after", "inf"),
)  # fmt: skip
RAW = (
    b"HTTP/1.1 200 OK\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999\r\n",
    b"Transfer-Encoding: chunked\r\n", b"\r\n", b"ffffffffffffffff\r\n", b"5\r\nhello\r\n", b"0\r\n\r\n", b"X: " * 99,
    b"HTTP/9.9 999 \xff\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"\0" * 99, b"success", b"Content-Encoding: gzip\r\n",
    b"Connection: close\r\n", b"HTTP/1.1 200\r\n", b"Retry-After: 9e99\r\n", b" folded\r\n", b"a" * 70_000,
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", b"Location: //\x1b\r\n", b"Set-Cookie: a=b\r\n",
)  # fmt: skip


class Case(NamedTuple):
    form: str
    kind: str
    status: int
    headers: dict[str, str]
    body: bytes


def make(random: Random) -> Case:
    form = random.choices(("table", "sender", "socket"), (80, 15, 5))[0]
    body = b"".join(random.choices(RAW, k=random.randrange(1, 9))) if form == "socket" else _body(random)
    status = random.choice(STATUSES) if random.random() < 0.9 else random.randrange(1000)
    headers = dict(random.choices(HEADERS, k=random.choice((0, 0, 1, 2))))
    return Case(form, random.choice(KINDS), status, headers, body)


def _body(random: Random) -> bytes:
    if random.random() < 0.3:
        return random.choice(TEXTS)
    made = {random.choice(FIELDS): _value(random, 3) for _ in range(random.randrange(5))}
    if random.random() < 0.4:
        made["code"] = random.choice((200, 400, 429))
    text = json.dumps(made if random.random() < 0.95 else [made])
    if random.random() < 0.2:
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(("\\", '"', "{", "]", "\0", "9" * 400)) + text[at + 1 :]
    return text.encode()


def _value(random: Random, levels: int) -> Any:
    if levels and random.random() < 0.6:
        inner = [_value(random, levels - 1) for _ in range(random.choice((0, 1, 2, 4)))]
        names = ("time", "user-0", "device-1", "user_id", KEY, "\x1b")
        return inner if random.random() < 0.5 else dict(zip(random.sample(names, len(inner)), inner, strict=True))
    return random.choice((
        *(0, 1, 3, 4, -1, 10**30, 1e308, 2.0, True, None, "", "user-1", "device-2", "0", KEY, "\x1b[2J", "\ud83d"),
        *("invalid api key: " + KEY, "Invalid JSON request body", "x" * 3_000, "\n::error::x", 200, 4),
    ))  # fmt: skip


def smaller(case: Case) -> Iterator[Case]:
    if case.headers:
        yield case._replace(headers={})
    width = len(case.body) // 2
    while width:
        for start in range(0, len(case.body), width):
            yield case._replace(body=case.body[:start] + case.body[start + width :])
        width //= 2


def attack(case: Case) -> str:
    """One case. Raises what it must not raise."""
    match case.form:
        case "table":
            return _read(case)
        case "sender":
            return _sent(case)
        case _:
            return _received(case)


def _said(text: str) -> None:
    if KEY in text:
        raise Wrong(f"the key is in {text!r}")
    text.encode()


def _read(case: Case) -> str:
    answer = Answer(case.status, case.headers, case.body)
    decision = disposition(Route(case.kind, "POST", "https://x/"), BODIES, answer, Redactor([KEY]))
    _said(repr(decision))
    if isinstance(decision, Delivered) and case.status != 200:
        raise Wrong(f"taken for delivered: {answer!r}")
    return "read"


def _sent(case: Case) -> str:
    simulation = Simulation(Path())
    simulation.exchange.answers = Answer(case.status, case.headers, case.body)
    report = simulation.run([event(number, f"user-{number}") for number in range(4)], seconds=5_000)
    totals = report.totals
    _said(f"{report!r} {LOG.lines}")
    if totals.accepted != 4 or totals.delivered + totals.dead + totals.pending != 4 or not simulation.status().balanced:
        raise Wrong(f"the accounts do not add up: {totals}")
    if totals.delivered and case.status != 200:
        raise Wrong(f"taken for delivered: {totals}")
    for letter in dead_letters(simulation.path):
        _said(repr(letter))
    return "sent"


def _received(case: Case) -> str:
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    with closing(HttpExchange(connections=1, deadline=2.0, compress=True)) as exchange, answering(case.body) as server:
        exchange.send(Outgoing("POST", server.url, {"x": KEY}, b"{}"), answers.put)
        try:
            answer = answers.get(timeout=30)
        except queue.Empty:
            raise Wrong("no answer after the deadline") from None
    _said(f"{answer!r} {answer.cause} {LOG.lines}")
    return "received"


PART = Part("answers", make, attack, smaller)


if __name__ == "__main__":
    sys.exit(main(PART))
