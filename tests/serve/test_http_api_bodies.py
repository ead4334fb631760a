"""Which bodies are taken: shapes, sizes and compression."""

from __future__ import annotations

import gzip
import json

import pytest

from rulewright.serve.calls import BATCH_BYTES, EVENT_BYTES

from .calls import track
from .site import WRITE_KEY, Site


def test_a_batch_shares_context_and_integrations_under_each_event_s_own(here: Site) -> None:
    batch = {
        "batch": [
            track(1, context={"app": {"version": "2"}, "os": {"name": "own"}}),
            track(2),
            track(3, integrations={"Actions Amplitude": True}),
        ],
        "context": {"app": {"name": "Shop"}, "os": {"name": "shared"}},
        "integrations": {"All": False},
    }
    assert here.post("/v1/batch", batch).status_code == 200
    (sent,) = here.bodies()
    assert sent["user_id"] == "user-3"
    counts = here.status
    assert (counts.events, counts.opted_out) == (3, 2)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/track", b"", "invalid_json"),
        ("/v1/track", b"{", "invalid_json"),
        ("/v1/track", b"[]", "invalid_json"),
        ("/v1/track", b"\xff\xfe{}", "invalid_json"),
        ("/v1/track", b'{"a":' * 5_000, "invalid_json"),
        ("/v1/track", b'{"a":"' + b"x" * EVENT_BYTES + b'"}', "too_large"),
        ("/v1/track", b'{"batch":[{}]}', "invalid_event"),
        ("/v1/batch", b"{}", "invalid_batch"),
        ("/v1/batch", b'{"batch":{}}', "invalid_batch"),
        ("/v1/batch", b'{"batch":[{}, 1]}', "invalid_event"),
        ("/v1/batch", b'{"batch":[{},{"a":"' + b"x" * EVENT_BYTES + b'"}]}', "event_too_large"),
        ("/v1/batch", b'{"batch":[{"n":1e999,"a":"' + b"x" * EVENT_BYTES + b'"}]}', "event_too_large"),
        ("/v1/batch", b" " * (BATCH_BYTES + 1), "too_large"),
    ],
)
def test_what_will_never_be_taken_is_answered_400_and_nothing_of_it_is_accepted(
    here: Site, path: str, body: bytes, code: str
) -> None:
    answer = here.client.post(path, content=body, headers={"authorization": f"Bearer {WRITE_KEY}"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert here.status.events == 0


def test_the_largest_event_and_batch_are_taken(here: Site) -> None:
    event = json.dumps(track())
    event = event[:-1] + "," + '"x":"' + "x" * (EVENT_BYTES - len(event) - 7) + '"}'
    assert len(event) == EVENT_BYTES
    key = {"authorization": f"Bearer {WRITE_KEY}"}
    assert here.client.post("/v1/track", content=event, headers=key).status_code == 200
    batch = '{"batch":[' + ",".join(event.replace('"m-1"', f'"{number:03}"') for number in range(15)) + "]}"
    batch += " " * (BATCH_BYTES - len(batch))
    assert here.client.post("/v1/batch", content=batch, headers=key).status_code == 200
    assert here.status.events == 16


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", gzip.compress(json.dumps(track()).encode()), 200),
        ("GZIP", gzip.compress(json.dumps(track()).encode()), 200),
        ("identity", json.dumps(track()).encode(), 200),
        ("gzip", json.dumps(track()).encode(), 400),
        ("gzip", gzip.compress(json.dumps(track()).encode())[:-4], 400),
        ("gzip", gzip.compress(b"{}") * 2, 400),
        ("gzip", gzip.compress(b'{"a":"' + b"x" * 20_000_000 + b'"}', 9), 400),
        ("br", b"{}", 415),
        ("gzip, gzip", b"{}", 415),
    ],
    ids=["gzip", "upper case", "identity", "not gzip", "cut off", "two members", "bomb", "brotli", "twice"],
)
def test_a_body_may_be_gzip_and_a_bomb_is_refused(here: Site, encoding: str, body: bytes, status: int) -> None:
    headers = {"authorization": f"Bearer {WRITE_KEY}", "content-encoding": encoding}
    assert here.client.post("/v1/track", content=body, headers=headers).status_code == status
    assert here.status.events == (status == 200)
