"""`deliver` as a program calls it, with real threads, and a fake in memory."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright.runtime.delivery.deliver import Options, Stopper, deliver
from rulewright.runtime.delivery.input.ingest import RawEvent
from rulewright.runtime.delivery.store.lease import Lease, QueueInUse
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.destinations.amplitude.delivery.keys import KeysMissing
from rulewright.runtime.destinations.amplitude.fake.exchange import FakeExchange
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.destinations.amplitude.sessions.session_ids import SessionMapper, Sessions

from .simulation import ADAPTER, KEY, FakeClock, FakeMailbox, event, track


def test_an_iterable_is_delivered(tmp_path: Path) -> None:
    fake = FakeAmplitude()
    events = [event(number) for number in range(300)]
    report = deliver(track, events, queue=tmp_path / "q.db", adapter=ADAPTER, exchange=FakeExchange(fake))
    assert report.totals[:3] == (300, 300, 0)
    assert len(fake.ledger.entries) == 300


def test_with_a_group_of_one_asking_for_more_says_that_the_last_is_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    accepted: list[int] = []

    def events() -> Iterator[RawEvent]:
        for number in range(5):
            yield event(number)
            accepted.append(accepted_in(path))

    exchange = FakeExchange(FakeAmplitude())
    deliver(track, events(), queue=path, adapter=ADAPTER, exchange=exchange, options=Options(group=1))
    assert accepted == [1, 2, 3, 4, 5]


def accepted_in(path: Path) -> int:
    return status(path, 0.0).accepted


def test_a_pipe_is_delivered(tmp_path: Path) -> None:
    out, into = os.pipe()
    os.write(into, b'{"type":"page"}\nno json\n')
    os.close(into)
    exchange = FakeExchange(FakeAmplitude())
    report = deliver(track, out, queue=tmp_path / "q.db", adapter=ADAPTER, exchange=exchange)
    os.close(out)
    assert (report.totals.events, report.totals.unmatched, report.totals.dead) == (2, 1, 1)


def test_a_stop_leaves_the_rest_for_the_next_call(tmp_path: Path) -> None:
    stopper, fake = Stopper(), FakeAmplitude()

    def events() -> Iterator[RawEvent]:
        for number in itertools.count():
            if number == 100:
                stopper.stop()
            yield event(number)

    queue = tmp_path / "q.db"
    report = deliver(track, events(), queue=queue, adapter=ADAPTER, exchange=FakeExchange(fake), stopper=stopper)
    assert report.stopped is not None
    assert report.totals.accepted >= 100
    # One user may send 30 events a second, so the rest takes half a minute: time moves when the sender waits.
    clock, resumed = FakeClock(), Stopper()
    resumed.mailbox = FakeMailbox(clock)
    after = deliver(
        track, None, queue=queue, adapter=ADAPTER, exchange=FakeExchange(fake), stopper=resumed, clock=clock
    )
    assert after.totals.pending == 0
    assert len(fake.ledger.entries) == report.totals.accepted


def test_an_input_that_fails_is_told_after_everything_read_is_delivered(tmp_path: Path) -> None:
    def events() -> Iterator[RawEvent]:
        yield event(1)
        raise RuntimeError("the source is gone")

    fake = FakeAmplitude()
    report = deliver(track, events(), queue=tmp_path / "q.db", adapter=ADAPTER, exchange=FakeExchange(fake))
    assert isinstance(report.problem, RuntimeError)
    assert report.totals[:3] == (1, 1, 0)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ("events.jsonl", r"found a str; use Path\(…\) to read a file, or \[text\] for one event"),
        (b'{"type": "track"}', r"found bytes; use \[text\]"),
        (bytearray(b"{}"), "found bytearray"),
        ({"type": "track"}, r"found a dict; use \[event\] for one event"),
        (True, "found bool"),
        (1.5, "found float"),
        (object(), "found object; use an iterable, a Path"),
    ],
)
def test_what_is_not_a_series_of_events_is_a_type_error(tmp_path: Path, events: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        deliver(track, events, queue=tmp_path / "q.db", adapter=ADAPTER)
    with pytest.raises(TypeError, match="expected a mapper, found a str"):
        deliver("a.rules", [], queue=tmp_path / "q.db", adapter=ADAPTER)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_an_open_file_is_an_iterable_of_json_lines(tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    source.write_text(f"{json.dumps(event(1))}\n\n{json.dumps(event(2))}\n \n")
    with source.open() as lines:
        report = deliver(track, lines, queue=tmp_path / "q.db", adapter=ADAPTER, exchange=FakeExchange(FakeAmplitude()))
    assert report.totals[:4] == (2, 2, 0, 2)


def test_a_growing_file_read_in_the_middle_of_a_line_gives_each_event_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("rulewright.runtime.delivery.input.reader.POLL_SECONDS", 0.001)
    source, fake = tmp_path / "events.jsonl", FakeAmplitude()
    whole = b"".join(json.dumps(event(number)).encode() + b"\n" for number in (1, 2, 3))
    for end in (len(whole) // 2, len(whole)):
        source.write_bytes(whole[:end])
        exchange = FakeExchange(fake)
        report = deliver(track, source, queue=tmp_path / "q.db", adapter=ADAPTER, exchange=exchange)
        assert (report.stopped, report.problem, report.left is None) == (None, None, end == len(whole))
    assert caplog.text.count("are left for the next run") == 1
    assert report.totals[:4] == (3, 3, 0, 3)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_an_input_that_ends_its_thread_does_not_leave_the_sender_waiting(
    tmp_path: Path, raised: type[BaseException]
) -> None:
    def events() -> Iterator[RawEvent]:
        yield event(1)
        raise raised

    report = deliver(track, events(), queue=tmp_path / "q.db", adapter=ADAPTER, exchange=FakeExchange(FakeAmplitude()))
    assert str(report.problem) == f"the input raised {raised.__name__}"
    assert report.totals[:3] == (1, 1, 0)


def test_a_queue_in_use_is_not_touched(tmp_path: Path) -> None:
    with Lease(tmp_path / "q.db"), pytest.raises(QueueInUse):
        deliver(track, [], queue=tmp_path / "q.db", adapter=ADAPTER)
    assert not (tmp_path / "q.db").exists()


def test_the_public_name_takes_its_keys_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMPLITUDE_API_KEY", raising=False)
    with pytest.raises(KeysMissing):
        rulewright.deliver(track, [event(1)], queue=tmp_path / "q.db")
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        report = rulewright.deliver(track, [event(1)], queue=tmp_path / "q.db", base_url=url)
    assert report.totals[:3] == (1, 1, 0)


@pytest.mark.parametrize("with_sessions", [False, True])
def test_keys_of_the_mapper_win_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_sessions: bool
) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "the-key-of-another-project")
    rules = """
    destination amplitude
    mapping "Track" -> logEventV2 {
      when type = "track"
      use defaults
    }
    """
    mapper: Any = rulewright.load(rules, settings={"apiKey": KEY})
    if with_sessions:
        mapper = SessionMapper(mapper, Sessions())
    with serving(FakeAmplitude(api_key=KEY)) as url:
        report = rulewright.deliver(mapper, [event(1)], queue=tmp_path / "q.db", base_url=url)
    assert (report.stopped, report.totals[:3]) == (None, (1, 1, 0))


@pytest.mark.parametrize("key", [None, "", " ", "API_KEY"])
def test_a_mapper_without_a_key_sends_nothing_without_one_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    monkeypatch.delenv("AMPLITUDE_API_KEY", raising=False)
    rules = 'destination amplitude\nmapping "Track" -> logEventV2 { when type = "track" use defaults }\n'
    mapper = rulewright.load(rules, settings={} if key is None else {"apiKey": key})
    with pytest.raises(KeysMissing):
        rulewright.deliver(mapper, [event(1)], queue=tmp_path / "q.db")
    assert not (tmp_path / "q.db").exists()
