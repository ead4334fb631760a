"""Segment's own libraries, unchanged, against `rulewright serve`: what arrives is what the shipped presets say.

`make serve-test` installs the libraries and Chromium, and runs this.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from segment.analytics.client import Client

from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

from ..paths import ROOT
from .process import Server, serving_process
from .site import API_KEY, WRITE_KEY

CLIENTS = Path(__file__).parent / "clients"
PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"


class Taking(FakeAmplitude):
    """A fake that remembers the events that it takes, whole."""

    def __init__(self) -> None:
        super().__init__(api_key=API_KEY)
        self.events: list[dict[str, Any]] = []
        self.ledger.take_event = self._remember  # type: ignore[method-assign]

    def _remember(self, kind: str, event: dict[str, Any]) -> bool:
        new = type(self.ledger).take_event(self.ledger, kind, event)
        if new:
            self.events.append(event)
        return new

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The identifications that it has taken."""
        return [msgspec.json.decode(entry.call) for entry in self.ledger.entries if entry.call is not None]


@pytest.fixture
def fake() -> Taking:
    return Taking()


@pytest.fixture
def server(fake: Taking, tmp_path: Path) -> Iterator[Server]:
    with serving(fake) as url, serving_process(PRESETS, tmp_path / "queue.db", base_url=url) as server:
        yield server


def finish(server: Server) -> None:
    """Stop the server once everything is delivered."""
    while status(server.queue, 0.0).pending:
        assert server.process.poll() is None
    assert server.stop() == 0
    counts = status(server.queue, 0.0)
    assert (counts.dead, counts.pending) == (0, 0), counts


def by_type(fake: Taking) -> dict[str, dict[str, Any]]:
    events = {event["event_type"]: event for event in fake.events}
    assert len(events) == len(fake.events)
    return events


def test_python(server: Server, fake: Taking) -> None:
    failures: list[Exception] = []

    def failed(problem: Exception, items: list[Any]) -> None:
        failures.append(problem)

    client = Client(WRITE_KEY, host=server.address, gzip=True, upload_size=2, on_error=failed)
    client.identify("python-user", {"plan": "pro"})
    client.track("python-user", "Shown", {"color": "red"})
    products = [{"product_id": "p-1", "price": 10, "quantity": 2}]
    client.track("python-user", "Order Completed", {"revenue": 20, "products": products})
    client.page("python-user", None, "Home", {"path": "/"})
    client.screen("python-user", None, "Start")
    client.group("python-user", "team-1", {"name": "Team"})
    client.alias("old-user", "python-user")
    client.shutdown()
    assert failures == []
    finish(server)
    events = by_type(fake)
    assert set(events) == {"Shown", "Order Completed", "Product Purchased", "Viewed Home", "Viewed Start"}
    assert events["Shown"]["user_id"] == "python-user"
    assert events["Shown"]["event_properties"] == {"color": "red"}
    assert events["Product Purchased"]["event_properties"]["productId"] == "p-1"
    (call,) = fake.calls
    assert (call["user_id"], call["user_properties"]["plan"]) == ("python-user", "pro")


def node(script: str, *arguments: str) -> str:
    done = subprocess.run(["node", script, *arguments], cwd=CLIENTS, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_node(server: Server, fake: Taking) -> None:
    node("node_client.mjs", server.address, WRITE_KEY)
    finish(server)
    events = by_type(fake)
    assert set(events) == {"Shown", "Order Completed", "Product Purchased", "Viewed Home", "Viewed Start"}
    assert {event["user_id"] for event in events.values()} == {"node-user"}
    assert events["Shown"]["event_properties"] == {"color": "red"}
    (call,) = fake.calls
    assert (call["user_id"], call["user_properties"]["plan"]) == ("node-user", "pro")


def test_a_browser_with_its_session_plugin(server: Server, fake: Taking) -> None:
    session = int(node("browser_client.mjs", server.address, WRITE_KEY))
    finish(server)
    events = by_type(fake)
    assert set(events) == {"Shown", "Left", "Viewed Home"}
    assert {event["session_id"] for event in events.values()} == {session}
    assert {event["user_id"] for event in events.values()} == {"browser-user"}
    assert all(event["device_id"] for event in events.values())
    (call,) = fake.calls
    assert (call["user_id"], call["user_properties"]["plan"]) == ("browser-user", "pro")
