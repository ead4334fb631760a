"""Events are delivered to a webhook once and signed, or stay in the queue, which shows no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from rulewright.runtime.destinations.webhook.fake import FakeWebhook, serving

from .messages import RULES, SECRET, event, run


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.rules").write_text(RULES.replace('settings { url = "https://hooks.example.com/in" }', ""))
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(event(number)) + "\n" for number in range(9)))
    monkeypatch.setenv("WEBHOOK_SIGNING_SECRET", SECRET)
    return tmp_path


def send(place: Path, *more: object) -> Result:
    files = (place / "a.rules", "--input", place / "events.jsonl", "--queue", place / "q.db")
    return run("send", *files, "--verbose", *more)


def test_events_are_delivered_signed_and_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWebhook(SECRET)
    with serving(fake) as url:
        monkeypatch.setenv("WEBHOOK_URL", f"{url}/services/secret-path")
        assert send(place).exit_code == 0
        again = run("send", place / "a.rules", "--input", place / "events.jsonl", "--queue", place / "second.db")
    assert "9 delivered, 0 dead, 0 pending" in again.output
    assert sorted(body["user"] for body in fake.bodies) == sorted(f"u-{number % 3}" for number in range(9))
    assert fake.duplicates == 9
    assert b"secret-path" not in (place / "q.db").read_bytes()
    assert SECRET.encode() not in (place / "q.db").read_bytes()


def test_a_body_that_is_refused_among_others_is_a_dead_letter(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Picky(FakeWebhook):
        def handle(self, headers: Any, body: bytes) -> tuple[int, bytes]:
            return (422, b"unwanted event") if b'"u-1"' in body and b"Bad" in body else super().handle(headers, body)

    with (place / "events.jsonl").open("a") as file:
        file.write(json.dumps(event(1, event="Bad")) + "\n")
    rules = (
        (place / "a.rules")
        .read_text()
        .replace("destination webhook", "destination webhook\nsettings { batchSize = 4 }")
    )
    (place / "a.rules").write_text(rules)
    fake = Picky(SECRET)
    with serving(fake) as url:
        monkeypatch.setenv("WEBHOOK_URL", url)
        sent = send(place)
    assert len(fake.bodies) == 9, sent.output
    status = json.loads(run("status", "--queue", place / "q.db", "--format", "json").output)
    assert status["delivered"] == 9
    assert status["dead"] + status["pending"] == 1


def test_a_wrong_credential_stops_the_sender_and_loses_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWebhook("whsec_b3RoZXIgc2VjcmV0IGFsdG9nZXRoZXI=")
    with serving(fake) as url:
        monkeypatch.setenv("WEBHOOK_URL", url)
        sent = send(place)
    assert sent.exit_code == 2
    assert "refuses the credentials" in sent.output
    status = json.loads(run("status", "--queue", place / "q.db", "--format", "json").output)
    assert (status["delivered"], status["dead"]) == (0, 0)
    assert status["pending"] > 0


def test_a_dry_run_needs_no_address(place: Path) -> None:
    tried = run("send", place / "a.rules", "--input", place / "events.jsonl", "--dry-run")
    assert (tried.exit_code, "9  bodies" in tried.output) == (0, True), tried.output
