"""Events of topics: positions, rebalances, poison messages, and what is said where a topic cannot be read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from rulewright.runtime.delivery.deliver import Options, Stopper, deliver
from rulewright.runtime.delivery.input.kafka_input import KafkaInput
from rulewright.runtime.delivery.sender import Report
from rulewright.runtime.delivery.store.queue_status import dead_letters
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.exchange import FakeExchange
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.inputs import kafka_topic
from rulewright.runtime.inputs.kafka_topic import OFFSETS, topic_of

from ..cli.running import rulewright
from ..runtime.delivery.simulation import KEY, track
from .cluster import events_of, mock_cluster, produce

PARTITIONS = 4
RULES = "examples/shop.rules"
BRIEF = "&session.timeout.ms=6000"
"""This cluster waits almost as long for members that have left."""


@pytest.fixture(scope="module")
def brokers() -> Iterator[str]:
    with mock_cluster() as address:
        yield address


def send(url: str, queue: Path, fake: FakeAmplitude, **more: Any) -> Report:
    adapter = AmplitudeDelivery(Keys(KEY), paced=False)
    return deliver(track, topic_of(url + BRIEF), queue=queue, adapter=adapter, exchange=FakeExchange(fake), **more)


def committed(brokers: str, topic: str, group: str) -> int:
    """The offsets of all partitions that the group has committed, added up."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": group, "log_level": 2})
    places = consumer.committed([TopicPartition(topic, number) for number in range(PARTITIONS)], timeout=10)
    consumer.close()
    return sum(max(0, place.offset) for place in places)


def insert_ids(fake: FakeAmplitude) -> list[str]:
    return sorted(str(entry.insert_id) for entry in fake.ledger.entries)


def assert_in_order(fake: FakeAmplitude) -> None:
    order: dict[str | None, str] = {}
    for entry in fake.ledger.entries:
        assert order.get(entry.user_id, "") < str(entry.insert_id)
        order[entry.user_id] = str(entry.insert_id)


def test_a_topic_is_sent_to_its_end_and_read_on_from_there(brokers: str, tmp_path: Path) -> None:
    fake, url = FakeAmplitude(api_key=KEY), f"kafka://{brokers}/resumed?group=of-resumed"
    produce(brokers, "resumed", events_of(range(2_500)))
    assert send(url, tmp_path / "queue.db", fake).totals.delivered == 2_500
    assert committed(brokers, "resumed", "of-resumed") == 2_500
    produce(brokers, "resumed", events_of(range(2_500, 3_000)))
    report = send(url, tmp_path / "queue.db", fake)
    assert (report.totals.events, report.totals.delivered, report.stopped, report.problem) == (3_000, 3_000, None, None)
    assert fake.ledger.duplicates == 0
    assert insert_ids(fake) == [f"m-{number:06}" for number in range(3_000)]
    assert_in_order(fake)


def test_a_queue_goes_on_where_it_was_left_though_no_offset_was_committed(brokers: str, tmp_path: Path) -> None:
    fake, url = FakeAmplitude(api_key=KEY), f"kafka://{brokers}/uncommitted?group=of-uncommitted"
    produce(brokers, "uncommitted", events_of(range(100)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KafkaInput, "_commit", lambda self, now=False: None)
        send(url, tmp_path / "queue.db", fake)
    assert committed(brokers, "uncommitted", "of-uncommitted") == 0
    assert send(url, tmp_path / "queue.db", fake).totals.events == 100
    assert fake.ledger.duplicates == 0
    # Another queue knows nothing, so the group's offsets decide.
    assert send(url, tmp_path / "other.db", FakeAmplitude(api_key=KEY)).totals.events == 100


def test_a_topic_that_was_made_anew_is_read_from_its_beginning(
    brokers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Positions of one topic are taken for those of another, as if the second had the name of the first.
    monkeypatch.setattr(KafkaInput, "_name", lambda self, partition: f"kafka://cluster/topic/{partition}")
    fake = FakeAmplitude(api_key=KEY)
    produce(brokers, "before", events_of(range(1_000)))
    produce(brokers, "anew", events_of(range(1_000, 1_200)))
    send(f"kafka://{brokers}/before?group=of-before", tmp_path / "queue.db", fake)
    assert send(f"kafka://{brokers}/anew?group=of-anew", tmp_path / "queue.db", fake).problem is None
    assert insert_ids(fake) == [f"m-{number:06}" for number in range(1_200)]
    assert "reading continues at the beginning of the partition" in caplog.text


def test_a_poison_message_is_a_dead_letter_with_its_place(brokers: str, tmp_path: Path) -> None:
    fake, url = FakeAmplitude(api_key=KEY), f"kafka://{brokers}/poisoned?group=of-poisoned"
    good = events_of(range(3), users=1)
    produce(brokers, "poisoned", [good[0], ("user-000", b"no JSON"), ("user-000", None), *good[1:]])
    totals = send(url, tmp_path / "queue.db", fake).totals
    assert (totals.delivered, totals.dead) == (3, 2)
    letters = sorted(dead_letters(tmp_path / "queue.db"), key=lambda letter: letter.reason)
    assert [letter.code for letter in letters] == ["not_json", "not_json"]
    places = [letter.reason.rpartition("(")[2] for letter in letters]
    assert {place.partition(", partition")[0] for place in places} == {"topic poisoned"}
    assert sorted(place.rpartition(" ")[2] for place in places) == ["1)", "2)"]


def test_members_of_a_group_share_a_topic_and_hand_over(brokers: str, tmp_path: Path) -> None:
    fake, url = FakeAmplitude(api_key=KEY), f"kafka://{brokers}/shared?group=of-shared"
    produce(brokers, "shared", events_of(range(2_000)))
    stoppers = [Stopper(), Stopper()]
    reports: dict[int, Report] = {}
    threads = [
        threading.Thread(target=lambda number=number: reports.update({
            number: send(url, tmp_path / f"{number}.db", fake, follow=True, stopper=stoppers[number])
        }))
        for number in (0, 1)
    ]  # fmt: skip
    threads[0].start()
    wait_until(lambda: len(fake.ledger.entries) >= 500)
    threads[1].start()
    produce(brokers, "shared", events_of(range(2_000, 4_000)))
    wait_until(lambda: len(fake.ledger.entries) >= 3_000)
    stoppers[0].stop()
    threads[0].join(60)
    produce(brokers, "shared", events_of(range(4_000, 5_000)))
    wait_until(lambda: len(fake.ledger.entries) >= 5_000)
    stoppers[1].stop()
    threads[1].join(60)
    # What a stop left pending is sent by the same queues.
    for number in (0, 1):
        send_pending(tmp_path / f"{number}.db", fake)
    assert insert_ids(fake) == [f"m-{number:06}" for number in range(5_000)]
    assert committed(brokers, "shared", "of-shared") == 5_000
    # This cluster refuses commits while a member joins, so that some messages may be read by both.
    assert reports[0].totals.events + reports[1].totals.events >= 5_000


def send_pending(queue: Path, fake: FakeAmplitude) -> None:
    deliver(track, None, queue=queue, adapter=AmplitudeDelivery(Keys(KEY), paced=False), exchange=FakeExchange(fake))


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Waits for another thread. Fails where it takes too long."""
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if holds():
            return
        pause.wait(0.05)
    raise AssertionError("it did not happen")


def test_every_command_reads_a_topic(brokers: str) -> None:
    lines = [
        b'{"type": "track",\n "event": "Seen", "userId": "user-42"}',
        b'{"type": "track", "event": "Seen", "userId": "user-43"}',
    ]
    produce(brokers, "mapped", [("one", line) for line in lines])
    done = rulewright("run", RULES, f"kafka://{brokers}/mapped")
    assert done.returncode == 0, done.stderr
    assert "2 events: 2 matched" in done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert committed(brokers, "mapped", "rulewright") == 0


@pytest.mark.parametrize("command", ["run", "send", "run --output"])
def test_a_cluster_that_is_not_there_is_said(tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    monkeypatch.setattr(kafka_topic, "CONNECT_SECONDS", 1.0)
    url = "kafka://127.0.0.1:1/absent?group=g"
    arguments: dict[str, list[str | Path]] = {
        "run": ["run", RULES, url],
        "send": ["send", RULES, "--input", url, "--queue", tmp_path / "queue.db"],
        "run --output": ["run", RULES, "examples/events.jsonl", "--output", url],
    }
    done = rulewright(*arguments[command])
    assert done.returncode == 2
    assert "no broker answers at `127.0.0.1:1`" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_writes_requests_to_a_topic_and_keeps_the_order_of_users(brokers: str) -> None:
    url = f"kafka://{brokers}/requests"
    expected = rulewright("run", RULES, "examples/events.jsonl").stdout.encode().splitlines()
    for workers in ("1", "2"):
        done = rulewright("run", RULES, "examples/events.jsonl", "--output", url + workers, "--workers", workers)
        assert done.returncode == 0, done.stderr
        written = messages_of(brokers, f"requests{workers}")
        assert sorted(value for value, _, _ in written) == sorted(expected)
        for key in {key for _, key, _ in written}:
            own = [(value, partition) for value, its_key, partition in written if its_key == key]
            assert key is not None
            assert len({partition for _, partition in own}) == 1
            assert [value for value, _ in own] == sorted((value for value, _ in own), key=expected.index)


def messages_of(brokers: str, topic: str) -> list[tuple[bytes, bytes | None, int]]:
    """All messages of a topic: value, key, partition."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "any", "enable.partition.eof": True})
    consumer.assign([TopicPartition(topic, number, OFFSETS["earliest"]) for number in range(PARTITIONS)])
    messages: list[tuple[bytes, bytes | None, int]] = []
    ended = 0
    while ended < PARTITIONS:
        for message in consumer.consume(100, 0.1):
            if message.error() is None:
                messages.append((message.value(), message.key(), message.partition()))
            else:
                ended += 1
    consumer.close()
    return messages


def test_options_of_a_sender_hold_for_topics(brokers: str, tmp_path: Path) -> None:
    fake = FakeAmplitude(api_key=KEY)
    produce(brokers, "small", events_of(range(100), users=1))
    send(f"kafka://{brokers}/small?group=of-small", tmp_path / "queue.db", fake, options=Options(batch_events=10))
    assert fake.requests["none"] >= 10
    assert_in_order(fake)
