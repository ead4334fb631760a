"""A topic as a stream of lines: every message from its beginning up to its end."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from .kafka_topic import OFFSETS, KafkaTopic, consumer_of, partitions_of, sentence_of
from .problem import InputRefused

_MESSAGES = 1_000
_GATHER_SECONDS = 0.1
"""How long the client waits for that many messages, also at the end of a topic."""


@contextmanager
def open_topic(topic: KafkaTopic) -> Iterator[BinaryIO]:
    """The messages as lines, without a group: nothing is committed. Raises InputRefused."""
    reading = {"enable.auto.commit": False, "enable.partition.eof": True}
    consumer = consumer_of(topic, **{"group.id": topic.group or "rulewright", **reading})
    try:
        yield cast(BinaryIO, io.BufferedReader(_Lines(consumer, topic)))
    finally:
        consumer.close()


class _Lines(io.RawIOBase):
    """What is left of the lines that were read, and the messages after them."""

    def __init__(self, consumer: Any, topic: KafkaTopic) -> None:
        self._pieces = _pieces(consumer, topic)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if not self._left:
            self._left = next(self._pieces, b"")
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _pieces(consumer: Any, topic: KafkaTopic) -> Iterator[bytes]:
    from confluent_kafka import TopicPartition

    _, numbers = partitions_of(consumer, topic)
    consumer.assign([TopicPartition(topic.topic, number, OFFSETS["earliest"]) for number in numbers])
    left = set(numbers)
    while left:
        lines = []
        for message in consumer.consume(_MESSAGES, _GATHER_SECONDS):
            error = message.error()
            if error is None:
                lines.append(line_of(message.value()) + b"\n")
            elif error.code() == error._PARTITION_EOF:
                left.discard(message.partition())
            elif error.fatal():
                raise InputRefused(f"`{topic.name}` cannot be read: {sentence_of(error)}")
        if lines:
            yield b"".join(lines)


def line_of(value: bytes | None) -> bytes:
    """A message on one line, `null` if it has no value; in JSON, a space means the same as a line break."""
    return b"null" if value is None else value.replace(b"\r", b" ").replace(b"\n", b" ")
