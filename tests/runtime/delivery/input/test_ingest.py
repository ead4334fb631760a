"""Whatever events hold and mappers do, each event is in an account, and those beside it go their way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rulewright.runtime.delivery.deliver import deliver
from rulewright.runtime.delivery.input.ingest import Ingest
from rulewright.runtime.delivery.store.queue_status import dead_letters
from rulewright.runtime.delivery.store.transaction import Transaction
from rulewright.runtime.destinations.amplitude.fake.exchange import FakeExchange
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.outcome import Failure, Outcome, Request
from tests.runtime.delivery.hostile import Faceless, Silent, Unspeakable, cycle, deep, hostile_values
from tests.runtime.delivery.simulation import ADAPTER, HTTP_API, Simulation, event, track

HOSTILE: dict[str, Any] = {
    "a lone surrogate": "cut \ud83d",
    "a cycle": cycle(),
    "100,000 levels": deep(100_000),
    "5,000 digits": 10**5_000,
    "no repr": Silent(),
    "no class": Faceless(),
    "a key that is a tuple": {(1, 2): 3},
    "a key with a surrogate": {"\udc00": 1},
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["event_properties", "unread"])
def test_what_cannot_be_encoded_is_a_dead_letter_between_two_good_events(tmp_path: Path, name: str, place: str) -> None:
    value = HOSTILE[name]
    bad = event(2, amplitude={place: value}) if place == "event_properties" else event(2, unread=value)
    fake = FakeAmplitude()
    path = tmp_path / "q.db"
    report = deliver(track, iter([event(1), bad, event(3)]), queue=path, adapter=ADAPTER, exchange=FakeExchange(fake))
    assert (report.stopped, report.problem) == (None, None)
    assert report.totals.events == report.totals.accepted == 3
    assert report.totals.pending == 0
    delivered = [entry.insert_id for entry in fake.ledger.entries]
    assert {"m-000001", "m-000003"} <= set(delivered)
    assert report.totals.delivered == len(delivered)
    for letter in dead_letters(path):
        assert letter.code == "not_encodable"
        assert "the request cannot be encoded: " in letter.reason
        assert b'"m-000002"' in letter.body


class Unstripped(str):
    __slots__ = ()

    def strip(self, *_given: Any) -> Any:
        raise RuntimeError("not to be stripped")


WHOLE: dict[str, Callable[[], Any]] = {
    "no class": Faceless,
    "no strip": lambda: Unstripped("{}"),
    "no repr": Silent,
    "100,000 levels": lambda: deep(100_000),
    "a cycle": cycle,
}


@pytest.mark.parametrize("name", WHOLE)
def test_an_event_that_is_hostile_itself_is_a_dead_letter_between_two_good_events(tmp_path: Path, name: str) -> None:
    bad = WHOLE[name]()
    fake = FakeAmplitude()
    events = iter([event(1), bad, event(3)])
    report = deliver(track, events, queue=tmp_path / "q.db", adapter=ADAPTER, exchange=FakeExchange(fake))
    assert (report.stopped, report.problem) == (None, None)
    assert report.totals[:4] == (3, 2, 1, 3)
    assert [entry.insert_id for entry in fake.ledger.entries] == ["m-000001", "m-000003"]


def surrogate_failure(given: Any) -> Outcome:
    return Outcome([], [Failure("Map \ud83d", "na\ud83dme", "co\ud83dde", "no \ud83d")], ["Map \ud83d"])


def unspeakable(given: Any) -> Outcome:
    raise Unspeakable


def surrogate_error(given: Any) -> Outcome:
    raise RuntimeError("\ud83d")


def nothing(given: Any) -> Any:
    return None


def no_list(given: Any) -> Outcome:
    return Outcome(None, [], [])  # type: ignore[arg-type]


def no_request(given: Any) -> Outcome:
    return Outcome(["request"], [], [])  # type: ignore[list-item]


def no_failure(given: Any) -> Outcome:
    return Outcome([], ["failure"], [])  # type: ignore[list-item]


def surrogate_address(given: Any) -> Outcome:
    return Outcome([Request("a", "b", "POST", HTTP_API + "\ud83d", {"events": [{"user_id": "u"}]}, None)], [], ["a"])


def surrogate_form(given: Any) -> Outcome:
    form = {"identification": json.dumps({"user_id": "user-1"}), "options": "\ud83d"}
    url = "https://api2.amplitude.com/identify"
    return Outcome([Request("a", "b", "POST", url, None, form)], [], ["a"])


def no_call(given: Any) -> Outcome:
    form = {"identification": "[1, 2]"}
    url = "https://api2.amplitude.com/identify"
    return Outcome([Request("a", "b", "POST", url, None, form)], [], ["a"])


def half_good(given: Any) -> Outcome:
    bad = Request("a", "b", "POST", HTTP_API, {"events": [{"user_id": "\ud83d"}]}, None)
    return Outcome([*track(given).requests, bad], [], ["a"])


@pytest.mark.parametrize(
    ("mapper", "code"),
    [
        (surrogate_failure, "co\\ud83dde"),
        (unspeakable, "mapper_failed"),
        (surrogate_error, "mapper_failed"),
        (nothing, "mapper_failed"),
        (no_list, "not_encodable"),
        (no_request, "not_encodable"),
        (no_failure, "mapper_failed"),
        (surrogate_address, "not_encodable"),
        (surrogate_form, "not_encodable"),
        (no_call, "not_encodable"),
        (half_good, "not_encodable"),
    ],
)
def test_a_mapper_that_misbehaves_costs_one_event(tmp_path: Path, mapper: Callable[[Any], Outcome], code: str) -> None:
    def misbehaves_once(given: Any) -> Outcome:
        return mapper(given) if given["messageId"] == "m-000002" else track(given)

    fake = FakeAmplitude()
    path = tmp_path / "q.db"
    events = [event(number) for number in (1, 2, 3)]
    report = deliver(misbehaves_once, events, queue=path, adapter=ADAPTER, exchange=FakeExchange(fake))
    assert report.totals[:4] == (3, 2, 1, 3)
    (letter,) = dead_letters(path)
    assert (letter.code, json.loads(letter.body)["messageId"]) == (code, "m-000002")
    letter.reason.encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=hostile_values())
def test_nothing_that_an_event_holds_can_raise(value: Any) -> None:
    change = Transaction()
    Ingest(track, ADAPTER, "queue").admit([value, event(1), event(2, amplitude={"event_properties": value})], change, 1)
    assert change.events == 3
    assert len(change.parts) + len(change.unsent) == 3


def test_when_memory_runs_out_the_event_is_kept_and_the_sender_stops(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)

    def exhausting(given: Any) -> Outcome:
        if given["messageId"] == "m-000002":
            raise MemoryError
        return track(given)

    simulation.mapper = exhausting
    report = simulation.run([event(number) for number in range(1, 5)])
    assert report.stopped == ("out_of_memory", "memory ran out while an event was mapped")
    assert [letter.code for letter in dead_letters(simulation.path)] == ["out_of_memory"]
    assert (report.totals.accepted, report.totals.pending) == (4, 3)
    assert simulation.run().totals[:3] == (4, 3, 1)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"type": "track", "event": "a", "userId": "user-1", "messageId": "m-1"}', None),
        (b'{"type": "track", "event": "a", "userId": "user-1", "messageId": "m-1"}', None),
        (bytearray(b'{"type": "track", "event": "a", "userId": "user-1", "messageId": "m-1"}'), None),
        ('{"type": "tra', "not_json"),
        ('"\ud83d"', "not_json"),
        (b"[" * 100_000, "not_json"),
        ("[1]", "not_json"),
    ],
)
def test_texts_are_json_lines(line: Any, code: str | None) -> None:
    change = Transaction()
    Ingest(track, ADAPTER, "queue").admit([line], change, 1)
    assert [unsent.reason.code for unsent in change.unsent] == ([code] if code else [])
    assert len(change.parts) == (code is None)
