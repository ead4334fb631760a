"""Writes requests to a Kafka topic: a message is a line of `run`, and its key is the ordering key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from mmap import mmap
from typing import Any

import msgspec

from .runtime.delivery.adapter import Adapter
from .runtime.destinations import DESTINATIONS
from .runtime.inputs.kafka_topic import KafkaTopic, partitions_of, require_library, sentence_of
from .runtime.inputs.problem import InputRefused
from .runtime.mapper import Mapper
from .runtime.outcome import Request

FLUSH_SECONDS = 60.0


class _Line(msgspec.Struct):
    """A line of `run`, without the number of its event."""

    mapping: str
    action: str
    method: str
    url: str
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    headers: dict[str, str] | None = None


_decode = msgspec.json.Decoder(_Line).decode


@contextmanager
def topic_sink(topic: KafkaTopic, mapper: Mapper) -> Iterator[Callable[[bytes | mmap], None]]:
    """Where lines go. Raises InputRefused for a cluster or a topic that is not there, and where a message is refused.

    Messages with equal keys go to one partition, in order.
    """
    confluent_kafka = require_library(topic)
    delivery = DESTINATIONS[mapper.program.destination].delivery
    adapter = None if delivery is None else delivery().trial(mapper.settings).adapter
    failed: list[Any] = []

    def note(error: Any, message: Any) -> None:
        if error is not None:
            failed.append(error)

    try:
        producer = confluent_kafka.Producer(topic.client(**{"enable.idempotence": True, "linger.ms": 20}))
    except (confluent_kafka.KafkaException, ValueError, TypeError) as problem:
        raise InputRefused(f"`{topic.name}` cannot be written to: {sentence_of(problem)}") from None
    partitions_of(producer, topic)

    def write(lines: bytes | mmap) -> None:
        for line in bytes(lines).splitlines():
            while True:
                try:
                    producer.produce(topic.topic, line, key_of(line, adapter), on_delivery=note)
                    break
                except BufferError:
                    producer.poll(0.1)  # as many are under way as the client keeps in memory
            producer.poll(0)
            if failed:
                raise InputRefused(f"`{topic.name}` refused a message: {sentence_of(failed[0])}")

    yield write
    left = producer.flush(FLUSH_SECONDS)
    if failed or left:
        reason = sentence_of(failed[0]) if failed else f"{left:,} are left after {FLUSH_SECONDS:.0f} seconds"
        raise InputRefused(f"`{topic.name}` did not take all messages: {reason}")


def key_of(line: bytes, adapter: Adapter | None) -> bytes | None:
    """The ordering key of a request, such as its user; None if the destination has none."""
    if adapter is None:
        return None
    decoded = _decode(line)
    request = Request(
        decoded.mapping, decoded.action, decoded.method, decoded.url, decoded.json, decoded.form, None, decoded.headers
    )
    parts = adapter.parts(request, "")
    return parts[0].order.encode("utf-8", "surrogatepass") if parts else None
