"""When a topic that is not followed is at its end, with a consumer without a broker and a clock of the test."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from rulewright.runtime.delivery.input import kafka_end, kafka_input
from rulewright.runtime.delivery.input.kafka_input import KafkaInput
from rulewright.runtime.delivery.input.reader import InputProblem
from rulewright.runtime.inputs.kafka_topic import KafkaTopic

EOF = -191
TOPIC = KafkaTopic("broker:9092", "events", "g", properties={"session.timeout.ms": "6000"})
PATIENCE = 26


class Place:
    """A TopicPartition."""

    error = None

    def __init__(self, topic: str, partition: int, offset: int = -1001) -> None:
        self.topic, self.partition, self.offset = topic, partition, offset


class Error:
    _PARTITION_EOF = EOF
    _AUTO_OFFSET_RESET = -140

    def code(self) -> int:
        return EOF


class Message:
    def __init__(self, partition: int, offset: int, *, end: bool = False) -> None:
        self._partition, self._offset, self._end = partition, offset, end

    def topic(self) -> str:
        return "events"

    def partition(self) -> int:
        return self._partition

    def offset(self) -> int:
        return self._offset

    def value(self) -> bytes:
        return b"{}"

    def error(self) -> Error | None:
        return Error() if self._end else None


class AwayError(Exception):
    """The client's exception."""


Step = Callable[["FakeConsumer"], list[Message]]


class FakeConsumer:
    """A group and a topic as a script: each poll is one step and takes its time, and later ones bring nothing."""

    def __init__(self, ends: dict[int, int], steps: list[Step], committed: dict[int, int] | None = None) -> None:
        self.ends, self.steps, self.offsets = ends, list(steps), committed or {}
        self.now = 0.0
        self.away = False
        self.closed = False

    def monotonic(self) -> float:
        return self.now

    def list_topics(self, topic: str, timeout: float) -> Any:
        if self.away:
            raise AwayError("away")
        metadata = SimpleNamespace(error=None, partitions=dict.fromkeys(self.ends))
        return SimpleNamespace(topics={topic: metadata}, cluster_id="cluster")

    def get_watermark_offsets(self, place: Place, timeout: float, cached: bool) -> tuple[int, int]:
        assert not cached
        return 0, self.ends[place.partition]

    def committed(self, places: list[Place], timeout: float) -> list[Place]:
        return [Place(place.topic, place.partition, self.offsets.get(place.partition, -1001)) for place in places]

    def commit(self, offsets: list[Place], asynchronous: bool) -> None:
        self.offsets.update({place.partition: place.offset for place in offsets})

    def subscribe(self, topics: list[str], on_assign: Any, on_revoke: Any, on_lost: Any) -> None:
        self.on_assign, self.on_revoke, self.on_lost = on_assign, on_revoke, on_lost

    def assign(self, places: list[Place]) -> None:
        pass

    def consume(self, count: int, seconds: float) -> list[Message]:
        self.now += seconds
        assert self.now < 600, "the input never ends"
        return self.steps.pop(0)(self) if self.steps else []

    def close(self) -> None:
        self.closed = True


class Taken:
    """A reader whose chunks are on disk at once."""

    stopping = False
    has_room = True
    taken = 1_000_000

    def wait_until_taken(self, count: int, seconds: float) -> bool:
        return True


def given(*partitions: int) -> Step:
    """The group gives partitions."""

    def step(consumer: FakeConsumer) -> list[Message]:
        consumer.on_assign(consumer, [Place("events", number) for number in partitions])
        return []

    return step


def gone(callback: str, *partitions: int) -> Step:
    """The group takes partitions away."""

    def step(consumer: FakeConsumer) -> list[Message]:
        getattr(consumer, callback)(consumer, [Place("events", number) for number in partitions])
        return []

    return step


def messages(partition: int, start: int, stop: int) -> Step:
    """Messages, and the end of the partition behind them."""
    before_end = [Message(partition, offset) for offset in range(start, stop)]
    return lambda _: [*before_end, Message(partition, stop, end=True)]


def ends_at(partition: int, offset: int) -> Step:
    return lambda _: [Message(partition, offset, end=True)]


def nothing(_: FakeConsumer) -> list[Message]:
    return []


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeConsumer], int]:
    """Reads what a consumer gives, and returns the number of events."""

    def run(consumer: FakeConsumer) -> int:
        client = SimpleNamespace(TopicPartition=Place, KafkaException=AwayError)
        monkeypatch.setitem(sys.modules, "confluent_kafka", client)
        monkeypatch.setattr(kafka_input, "consumer_of", lambda topic, **properties: consumer)
        for module in (kafka_input, kafka_end):
            monkeypatch.setattr(module, "time", consumer)
        reader: Any = Taken()
        return sum(len(chunk.events) for chunk in KafkaInput(TOPIC, {})(reader))

    return run


CASES: dict[str, tuple[dict[int, int], list[Step], dict[int, int], int]] = {
    "all is assigned and read": ({0: 3, 1: 2}, [given(0, 1), messages(0, 0, 3), messages(1, 0, 2)], {}, 5),
    "an empty partition": ({0: 3, 1: 0}, [given(0), messages(0, 0, 3)], {}, 3),
    "another member committed its partition": ({0: 3, 1: 2}, [given(0), messages(0, 0, 3)], {1: 2}, 3),
    "a killed member's partition comes after its session": (
        {0: 3, 1: 2},
        [given(0), messages(0, 0, 3), *[nothing] * 80, given(1), messages(1, 0, 2)],
        {},
        5,
    ),
    "the group gives nothing until a killed member's session ends": (
        {0: 3},
        [given(), *[nothing] * 80, given(0), messages(0, 0, 3)],
        {},
        3,
    ),
    "a restarted broker states an end at offset 0": (
        {0: 3},
        [given(0), ends_at(0, 0), *[nothing] * 10, messages(0, 0, 3)],
        {},
        3,
    ),
    "a rebalance takes all away for a while": (
        {0: 3, 1: 2},
        [
            *(given(0, 1), messages(0, 0, 3), gone("on_revoke", 0, 1), nothing),
            *(given(0, 1), messages(1, 0, 2), ends_at(0, 3)),
        ],
        {},
        5,
    ),
    "a lost session takes all away for a while": (
        {0: 3},
        [given(0), gone("on_lost", 0), *[nothing] * 10, given(0), messages(0, 0, 3)],
        {},
        3,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_end_is_where_every_partition_is_read(case: str, read: Callable[[FakeConsumer], int]) -> None:
    ends, steps, committed, events = CASES[case]
    consumer = FakeConsumer(ends, steps, committed)
    assert read(consumer) == events
    assert consumer.steps == []
    assert consumer.closed


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        ([given(0), messages(0, 0, 3)], "1 (offset 0 of 2), 2 (offset 4 of 7)"),
        ([given(0, 1, 2), messages(0, 0, 3), ends_at(1, 0), ends_at(2, 7)], "1 (offset 0 of 2)"),
        ([given()], "0 (offset 0 of 3), 1 (offset 0 of 2), 2 (offset 4 of 7)"),
    ],
    ids=["held by another member", "not given by the broker", "nothing assigned"],
)
def test_partitions_that_cannot_be_had_are_named(
    steps: list[Step], places: str, read: Callable[[FakeConsumer], int]
) -> None:
    consumer = FakeConsumer({0: 3, 1: 2, 2: 7}, steps, {2: 4})
    sentence = f"are not read to their ends, and nothing moved for {PATIENCE} seconds: {places}; another member"
    with pytest.raises(InputProblem, match=re.escape(sentence)):
        read(consumer)
    assert PATIENCE <= consumer.now < PATIENCE + 5
    assert consumer.closed


def test_a_member_that_moves_on_is_waited_for(read: Callable[[FakeConsumer], int]) -> None:
    def commits(offset: int) -> Step:
        def step(consumer: FakeConsumer) -> list[Message]:
            consumer.offsets[1] = offset
            return []

        return step

    slow = [step for offset in range(1, 6) for step in [*[nothing] * 80, commits(offset)]]
    consumer = FakeConsumer({0: 3, 1: 5}, [given(0), messages(0, 0, 3), *slow])
    assert read(consumer) == 3
    assert consumer.now > 4 * 20


def test_a_broker_that_is_away_is_waited_for(
    read: Callable[[FakeConsumer], int], caplog: pytest.LogCaptureFixture
) -> None:
    def away(value: bool) -> Step:
        def step(consumer: FakeConsumer) -> list[Message]:
            consumer.away = value
            return []

        return step

    steps = [given(0), away(True), gone("on_lost", 0), *[nothing] * 400, away(False), given(0), messages(0, 0, 3)]
    assert read(FakeConsumer({0: 3}, steps)) == 3
    assert caplog.text.count("the end of topic events is not known yet: no broker answers at `broker:9092`: away") == 1


def test_a_topic_that_grows_all_the_time_has_an_end(read: Callable[[FakeConsumer], int]) -> None:
    def grows(consumer: FakeConsumer) -> list[Message]:
        consumer.ends[1] += 1
        consumer.offsets[1] = consumer.ends[1] - 1
        return []

    assert read(FakeConsumer({0: 3, 1: 5}, [given(0), messages(0, 0, 3), *[grows] * 2_000])) == 3
