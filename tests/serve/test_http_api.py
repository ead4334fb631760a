"""The HTTP side: what each request is answered, and what is on disk when it is."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from rulewright.runtime.delivery.acceptance.disk_space import DiskSpace
from rulewright.runtime.delivery.store.fates import fates
from rulewright.serve.calls import CALLS

from .calls import track
from .site import API_KEY, NOW, WRITE_KEY, Site, site


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_call_is_taken_and_its_type_comes_from_the_path(here: Site, call: str) -> None:
    kind = CALLS[call]
    content = {"batch": [track()]} if kind == "batch" else {"userId": "user-1", "event": "Shown"}
    answer = here.post(f"/v1/{call}", content)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    counts = here.status
    assert counts.events == 1
    assert counts.pending == (kind in ("track", "identify", "batch"))


def test_an_answer_of_200_means_that_the_event_is_on_disk(here: Site) -> None:
    for number in range(20):
        assert here.post("/v1/track", track(number)).status_code == 200
        assert here.status.pending == number + 1


@pytest.mark.parametrize(
    ("headers", "query", "key", "status"),
    [
        ({"authorization": f"Basic {base64.b64encode(f'{WRITE_KEY}:'.encode()).decode()}"}, "", None, 200),
        ({"authorization": f"basic {base64.b64encode(f'{WRITE_KEY}:'.encode()).decode()}"}, "", None, 200),
        ({"authorization": f"Bearer {WRITE_KEY}"}, "", None, 200),
        ({"x-write-key": WRITE_KEY}, "", None, 200),
        ({}, f"?writekey={WRITE_KEY}", None, 200),
        ({}, "", WRITE_KEY, 200),
        ({}, "", None, 401),
        ({}, "", "", 401),
        ({}, "", 5, 401),
        ({}, "", [WRITE_KEY], 401),
        ({}, "", "wrong", 401),
        ({}, "", WRITE_KEY + "\ud800", 401),
        ({"authorization": "Basic !!!"}, "", None, 401),
        ({"authorization": "Basic " + base64.b64encode(b"\xff\xfe:").decode()}, "", None, 401),
        ({"authorization": "Bearer wrong"}, "", WRITE_KEY, 401),
        ({"x-write-key": "wrong"}, "", WRITE_KEY, 401),
    ],
)
def test_a_request_shows_a_write_key(here: Site, headers: dict[str, str], query: str, key: object, status: int) -> None:
    content = track() if key is None else {**track(), "writeKey": key}
    answer = here.client.post(f"/v1/track{query}", content=json.dumps(content), headers=headers)
    assert answer.status_code == status
    assert here.status.events == (status == 200)


def test_the_source_of_an_event_is_the_name_of_its_key(here: Site) -> None:
    here.client.post("/v1/track", json={**track(), "writeKey": "another"})
    assert [fate.source for fate in fates(here.path, "m-1")] == ["app"]


def test_without_keys_everybody_may_write(tmp_path: Path) -> None:
    with site(tmp_path, keys={}) as here:
        assert here.client.post("/v1/track", json=track()).status_code == 200
        assert here.client.post("/v1/track", json={**track(2), "writeKey": "any"}).status_code == 200


def test_a_browser_needs_no_preflight_and_may_ask_for_one(here: Site) -> None:
    answer = here.client.post(
        "/v1/t", content=json.dumps({**track(), "writeKey": WRITE_KEY}), headers={"content-type": "text/plain"}
    )
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    asked = here.client.options("/v1/t", headers={"access-control-request-headers": "authorization"})
    assert asked.status_code == 204
    assert "authorization" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in {**answer.headers, **asked.headers}
    assert "set-cookie" not in {**answer.headers, **asked.headers}


def test_the_browser_library_gets_the_settings_that_lead_back_here(here: Site) -> None:
    answer = here.client.get(f"/v1/projects/{WRITE_KEY}/settings", headers={"host": "events.example.com"})
    segment = answer.json()["integrations"]["Segment.io"]
    assert segment == {"apiKey": WRITE_KEY, "apiHost": "events.example.com/v1", "protocol": "http"}
    assert here.client.get("/v1/projects/other/settings").status_code == 404


def test_an_event_that_came_before_is_left_out_and_counted(here: Site) -> None:
    assert here.post("/v1/track", track()).status_code == 200
    assert here.post("/v1/batch", {"batch": [track(), track(2), track(2)]}).status_code == 200
    assert here.status.pending == 2
    assert [fate.repeats for fate in fates(here.path, "m-1")] == [1]
    text = here.client.get("/metrics").text
    assert "rulewright_repeated_events_total 2\n" in text and "rulewright_received_events_total 2\n" in text


def test_the_fate_of_events(here: Site) -> None:
    events = [
        track(1),
        {"type": "page", "userId": "user-2", "messageId": "m-2"},
        track(3, integrations={"All": False}),
        {"type": "track", "event": "Shown", "messageId": "m-4", "userId": "user-4", "timestamp": "yesterday"},
    ]
    assert here.post("/v1/batch", {"batch": events}).status_code == 200
    results = {number: fates(here.path, f"m-{number}")[0] for number in range(1, 5)}
    assert [fate.result for fate in results.values()] == ["mapped", "unmatched", "opted_out", "failed"]
    assert results[1].requests == [("Tracks", "logEventV2")]
    assert [part.state for part in results[1].parts] == ["pending"]
    assert [(part.state, part.mapping) for part in results[4].parts] == [("dead", "Tracks")]
    assert "yesterday" in str(results[4].parts[0].reason)
    assert fates(here.path, "unknown") == []


def full_disk(path: Path) -> tuple[int, int, int]:
    return 1_000_000_000, 999_000_000, 1_000_000


@pytest.mark.parametrize(
    "disk_space",
    [lambda path: DiskSpace(path, usage=full_disk), lambda path: DiskSpace(path, quota=100)],
    ids=["a disk that is nearly full", "a queue above its quota"],
)
def test_without_room_a_client_is_told_to_come_again(tmp_path: Path, disk_space: Any) -> None:
    with site(tmp_path, disk_space=disk_space(tmp_path / "queue.db")) as here:
        answer = here.post("/v1/track", track())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert here.client.get("/readyz").status_code == 503
        assert here.client.get("/healthz").status_code == 200
        assert here.status.events == 0


def test_a_closed_server_says_come_again(tmp_path: Path) -> None:
    with site(tmp_path) as here:
        assert here.client.get("/readyz").json()["accepting"] is True
        here.http_api.acceptor.close()
        answer = here.post("/v1/track", track())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert here.client.get("/healthz").status_code == 503


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/track", 405),
        ("PUT", "/v1/batch", 405),
        ("POST", "/v1/nothing", 404),
        ("POST", "/v1/", 404),
        ("POST", f"/v1/track/?writekey={WRITE_KEY}", 404),
        ("GET", f"/v1/projects/{WRITE_KEY}/settings/", 404),
        ("POST", "/", 404),
        ("GET", "/healthz", 200),
        ("HEAD", "/readyz", 200),
        ("POST", "/metrics", 405),
    ],
)
def test_other_requests(here: Site, method: str, path: str, status: int) -> None:
    answer = here.client.request(method, path)
    assert answer.status_code == status
    assert WRITE_KEY not in answer.text + str(answer.headers)


def test_keys_are_in_no_file_and_no_log(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="rulewright.delivery.access"):
        here.client.post(f"/v1/track?writekey={WRITE_KEY}", json={**track(), "writeKey": WRITE_KEY})
        here.client.post("/v1/track", json={**track(2, timestamp="yesterday"), "writeKey": WRITE_KEY})
        here.client.get(f"/v1/projects/{WRITE_KEY}/settings")
        here.client.post(f"/{WRITE_KEY}", json=track())
    assert here.dead()
    here.http_api.acceptor.close()
    kept = b"".join(path.read_bytes() for path in here.path.parent.iterdir())
    assert b"user-1" in kept
    for key in (WRITE_KEY, API_KEY):
        assert key.encode() not in kept
        assert key not in caplog.text
    assert "/v1/track" in caplog.text


def test_the_access_log_has_what_an_operator_asks_for(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="rulewright.delivery.access"):
        here.post("/v1/batch", {"batch": [track(1), track(2)]})
    fields = caplog.records[-1].__dict__["fields"]
    assert {name: fields[name] for name in ("method", "endpoint", "status", "source", "events")} == {
        "method": "POST",
        "endpoint": "/v1/batch",
        "status": 200,
        "source": "web",
        "events": 2,
    }


def test_times_are_corrected_by_the_server_s_clock(here: Site) -> None:
    here.post("/v1/track", track(1, timestamp="2026-02-01T00:00:00Z", sentAt="2026-02-01T00:00:10Z"))
    (sent,) = here.bodies()
    assert sent["time"] == (NOW - 10) * 1000
