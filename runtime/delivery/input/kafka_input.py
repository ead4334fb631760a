"""Events of a topic: positions are kept in the queue, and offsets are committed once their events are on disk."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...inputs.kafka_topic import CONNECT_SECONDS, OFFSETS, KafkaTopic, consumer_of, partitions_of, sentence_of
from ...inputs.problem import InputRefused
from ..store.transaction import InputPosition
from .ingest import Placed
from .kafka_end import KafkaEnd
from .reader import CHUNK_EVENTS, POLL_SECONDS, Chunk, InputProblem, InputReader

COMMIT_SECONDS = 0.5
HANDOVER_SECONDS = 20.0
"""Seconds that a rebalance waits until what was read is on disk."""
LEAVE_SECONDS = 3.0
"""Seconds that the end waits until offsets are committed; a sender that stops waits for five."""
PATIENCE_SECONDS = 2.0
"""Seconds without room for more events, after which the partitions are paused, so that the group keeps this member."""

log = logging.getLogger("rulewright.delivery")


class _Read(NamedTuple):
    """Events of one partition that were read, and the offset behind them."""

    partition: int
    offset: int
    events: list[Any]


class _Posted(NamedTuple):
    """A chunk that was handed over, its number among all, and the offset to commit once it is on disk."""

    number: int
    partition: int
    offset: int


class KafkaInput:
    """Messages of the partitions that the group gives to this process, as one event each.

    Each chunk has messages of one partition, with the offset behind them as its position. A partition that comes (back)
    is read from the position in the queue or from the group's offset, whichever is further.
    """

    def __init__(self, topic: KafkaTopic, known: Mapping[str, InputPosition], *, follow: bool = False) -> None:
        """Connects. `known` are the positions in the queue. Raises InputRefused."""
        if topic.group is None:
            raise InputRefused(f"`{topic.name}` names no group", "add `?group=name`: the group keeps what was sent")
        self._topic = topic
        self._follow = follow
        self._known = dict(known)
        self._consumer = consumer_of(
            topic,
            **{
                "group.id": topic.group,
                "auto.offset.reset": "error",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            },
        )
        self._cluster, partitions = partitions_of(self._consumer, topic)
        self._end = KafkaEnd(self._consumer, topic, partitions)
        self._next: dict[int, int] = {}
        """Of each partition that is assigned, the offset behind what was read; -1 where nothing was."""
        self._ended: dict[int, int] = {}
        """Of each partition that is assigned and has no more messages, the offset at which it ended."""
        self._assigned = False
        self._pending: deque[_Read] = deque()
        self._posted: deque[_Posted] = deque()
        self._count = 0
        self._offsets: dict[int, int] = {}
        """On disk, and not committed yet."""
        self._committed_at = 0.0

    def __call__(self, reader: InputReader) -> Iterable[Chunk]:
        """Chunks with their positions."""
        self._reader = reader
        self._consumer.subscribe(
            [self._topic.topic], on_assign=self._assign, on_revoke=self._revoke, on_lost=self._lose
        )
        try:
            yield from self._chunks(reader)
        finally:
            self._leave()

    def _chunks(self, reader: InputReader) -> Iterator[Chunk]:
        paused = False
        waited_since = time.monotonic()
        while not reader.stopping:
            self._commit()
            if self._pending and reader.has_room:
                yield self._post(self._pending.popleft())
                waited_since = time.monotonic()
            elif self._pending:
                reader.wait_for_room(POLL_SECONDS)
                if time.monotonic() - waited_since > PATIENCE_SECONDS:
                    if not paused:
                        self._consumer.pause(self._consumer.assignment())
                        paused = True
                    self._take(self._consumer.consume(1, 0))
            else:
                if paused:
                    self._consumer.resume(self._consumer.assignment())
                    paused = False
                if self._is_at_end():
                    return
                self._take(self._consumer.consume(CHUNK_EVENTS, POLL_SECONDS))

    def _is_at_end(self) -> bool:
        """Whether all that the topic has is read, here or by other members of the group. Raises InputProblem."""
        if self._follow:
            return False
        if self._next.keys() - self._ended.keys():
            self._end.reading()
            return False
        return self._end.is_reached(self._ended) and self._assigned

    def _take(self, messages: list[Any]) -> None:
        """Sorts messages by partition; those of partitions that went away meanwhile are left to their new owner."""
        read: dict[int, _Read] = {}
        for message in messages:
            error = message.error()
            if error is None:
                partition, offset = message.partition(), message.offset()
                if partition in self._next and offset >= self._next[partition]:
                    self._next[partition] = offset + 1
                    self._ended.pop(partition, None)
                    events = read[partition].events if partition in read else []
                    events.append(_event(message))
                    read[partition] = _Read(partition, offset + 1, events)
            elif error.code() == error._PARTITION_EOF:
                if message.partition() in self._next:
                    self._ended[message.partition()] = message.offset()
            elif error.code() == error._AUTO_OFFSET_RESET:
                self._begin_anew(message.partition())
            elif _is_final(error):
                raise InputProblem(f"`{self._topic.name}`: {sentence_of(error)}")
            else:
                log.warning("Kafka: %s", error.str())
        self._pending.extend(read.values())

    def _begin_anew(self, partition: int) -> None:
        """Continues at the beginning of the partition, because the offset after the last position no longer exists."""
        from confluent_kafka import TopicPartition

        log.warning(
            "topic %s, partition %d no longer has offset %d: messages were deleted before they were read, or the topic"
            " was created again; reading continues at the beginning of the partition",
            self._topic.topic,
            partition,
            self._next.get(partition, -1),
        )
        if partition in self._next:
            self._next[partition] = -1
            # A partition that has nothing at its offset cannot be sought in: all are assigned again, where they were.
            starts = {number: OFFSETS[self._topic.start] if at < 0 else at for number, at in self._next.items()}
            starts[partition] = OFFSETS["earliest"]
            self._consumer.assign([TopicPartition(self._topic.topic, *start) for start in starts.items()])

    def _post(self, read: _Read) -> Chunk:
        """The chunk of events that were read, which count as stored from here on."""
        self._count += 1
        self._posted.append(_Posted(self._count, read.partition, read.offset))
        name = self._name(read.partition)
        known = self._known.get(name)
        lines = len(read.events) + (0 if known is None else known.lines)
        position = self._known[name] = InputPosition(name, read.offset, lines, b"")
        return Chunk(read.events, position)

    def _name(self, partition: int) -> str:
        return f"kafka://{self._cluster}/{self._topic.topic}/{partition}?group={self._topic.group}"

    def _commit(self, *, now: bool = False) -> bool:
        """Commits the offsets of what is on disk, once in a while, or now; whether none is left."""
        while self._posted and self._posted[0].number <= self._reader.taken:
            _, partition, offset = self._posted.popleft()
            if partition in self._next:
                self._offsets[partition] = offset
        moment = time.monotonic()
        if not self._offsets or not (now or moment - self._committed_at > COMMIT_SECONDS):
            return not self._offsets
        from confluent_kafka import KafkaException, TopicPartition

        places = [TopicPartition(self._topic.topic, *place) for place in self._offsets.items()]
        self._committed_at = moment
        try:
            self._consumer.commit(offsets=places, asynchronous=False)
        except KafkaException as problem:
            log.info("offsets are not committed yet: %s", sentence_of(problem))
            return False
        self._offsets.clear()
        return True

    def _settle(self, seconds: float) -> bool:
        """Commits the offsets of all that was handed over, once it is on disk; whether that is done."""
        if self._posted:
            self._reader.wait_until_taken(self._posted[-1].number, seconds)
        return self._commit(now=True)

    def _leave(self) -> None:
        """Leaves the group, once it knows what is on disk here: a group that is rebalancing takes no offsets."""
        self._pending.clear()
        until = time.monotonic() + LEAVE_SECONDS
        while not self._settle(LEAVE_SECONDS) and time.monotonic() < until:
            self._consumer.pause(self._consumer.assignment())
            self._consumer.poll(POLL_SECONDS)
        if self._offsets:
            log.warning("the group does not know all that was read: its next member reads some messages again")
        self._consumer.close()

    def _assign(self, consumer: Any, places: list[Any]) -> None:
        self._assigned = True
        committed = {place.partition: place.offset for place in consumer.committed(places, timeout=CONNECT_SECONDS)}
        for place in places:
            known = self._known.get(self._name(place.partition))
            start = max(committed.get(place.partition, -1), -1 if known is None else known.offset)
            place.offset = start if start >= 0 else OFFSETS[self._topic.start]
            self._next[place.partition] = start
            self._ended.pop(place.partition, None)
        consumer.assign([*places])

    def _revoke(self, consumer: Any, places: list[Any]) -> None:
        gone = {place.partition for place in places}
        self._forget(gone)
        self._settle(HANDOVER_SECONDS)
        self._drop(gone)

    def _lose(self, consumer: Any, places: list[Any]) -> None:
        """Another member has the partitions already; what is on disk here stays here."""
        gone = {place.partition for place in places}
        self._forget(gone)
        self._drop(gone)

    def _forget(self, gone: set[int]) -> None:
        """What was read and not handed over is for the next owner."""
        self._pending = deque(read for read in self._pending if read.partition not in gone)

    def _drop(self, gone: set[int]) -> None:
        for partition in gone:
            self._next.pop(partition, None)
            self._offsets.pop(partition, None)
            self._ended.pop(partition, None)


def _event(message: Any) -> Placed:
    place = f"topic {message.topic()}, partition {message.partition()}, offset {message.offset()}"
    return Placed(message.value() or b"", place)


def _is_final(error: Any) -> bool:
    """Whether trying again is of no use."""
    final = (type(error).TOPIC_AUTHORIZATION_FAILED, type(error).GROUP_AUTHORIZATION_FAILED)
    return error.fatal() or error.code() in final
