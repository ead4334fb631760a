"""A folder in which every command has something to do: rules, events, queues, and a fake Amplitude to send to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import rulewright
from rulewright import Outbox
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.cli.running import rulewright as command
from tests.rules_text import SHOP, SHOP_TEST

EVENT = {"type": "track", "event": "Order", "userId": "user-1", "messageId": "m-1"}
OTHER = {**EVENT, "userId": "user-2", "messageId": "m-2"}
REPAIRED = {**EVENT, "messageId": "m-3", "properties": {"note": "x" * 2000}}
FAILED = {**EVENT, "messageId": "m-4", "timestamp": "yesterday"}
SUBSCRIPTION = {
    "name": "Pages",
    "partnerAction": "logEventV2",
    "subscribe": 'type = "page"',
    "enabled": True,
    "mapping": {"event_type": "Page"},
}


def furnish(folder: Path) -> None:
    """Writes the files that the commands of the tables name."""
    texts = {
        "well.rules": SHOP + SHOP_TEST,
        "untested.rules": SHOP,
        "failing.rules": SHOP + SHOP_TEST.replace('expect "Orders"', 'expect no "Orders"'),
        "warned.rules": SHOP.replace('event = "Order"', 'match(event, "Order")'),
        "wrong.rules": SHOP.replace("omit", "omitted("),
        "untidy.rules": SHOP.replace("  when", "      when"),
        "other.rules": SHOP.replace('"Order"', '"Refund"'),
        "personal.rules": SHOP.replace("= omit", "= traits"),
        "patient.rules": SHOP.replace("= omit", "= omit\n  time = omit"),
        "unsaid.rules": SHOP.replace("mapping", 'drop when type = "group"\n\nmapping'),
        "subscriptions.json": json.dumps([SUBSCRIPTION]),
        "misread.json": json.dumps([{**SUBSCRIPTION, "subscribe": "event = 'Signed Up'"}]),
        "unknown.json": "{",
        "nothing.jsonl": "",
        "users.txt": "user-1\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    recorded: dict[str, list[object]] = {
        "events": [EVENT, OTHER],
        "mixed": [EVENT, REPAIRED, FAILED, 1],
        "repaired": [EVENT, REPAIRED],
        "failed": [FAILED],
    }
    for name, events in recorded.items():
        lines = "".join(f"{json.dumps(event)}\n" for event in events)
        (folder / f"{name}.jsonl").write_text(lines)
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


def _sent(folder: Path, events: str) -> None:
    with serving(FakeAmplitude()) as url:
        queue = ("--queue", f"{events}.db", "--base-url", url)
        command("send", "well.rules", "--input", f"{events}.jsonl", *queue, folder=folder)


def _accepted(folder: Path) -> None:
    mapper = rulewright.load(folder / "well.rules", settings={"apiKey": "key"})
    with Outbox(mapper, queue=folder / "accepted.db", send=False) as outbox:
        outbox.put(EVENT)


QUEUES: dict[str, Callable[[Path], None]] = {
    "events.db": lambda folder: _sent(folder, "events"),
    "failed.db": lambda folder: _sent(folder, "failed"),
    "accepted.db": _accepted,
}
"""How each queue of the tables comes about: of delivered events, of dead letters, and of an event that is pending."""
