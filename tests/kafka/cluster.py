"""librdkafka's own cluster in memory, and messages for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from confluent_kafka import Producer

from ..runtime.delivery.simulation import event


@contextmanager
def mock_cluster() -> Iterator[str]:
    """The address of a cluster that lives as long as its producer. A new topic has four partitions."""
    producer = Producer({"test.mock.num.brokers": 1, "log_level": 2})
    (broker,) = producer.list_topics(timeout=10).brokers.values()
    yield f"{broker.host}:{broker.port}"
    producer.flush(0)


def produce(brokers: str, topic: str, messages: Iterable[tuple[str, bytes | None]]) -> None:
    """Messages with their keys, each on the disk of the cluster; equal keys go to one partition."""
    ample = {"queue.buffering.max.messages": 2_000_000, "queue.buffering.max.kbytes": 2_000_000}
    producer = Producer({"bootstrap.servers": brokers, "linger.ms": 20, "log_level": 2, **ample})
    failed: list[Any] = []
    for key, value in messages:
        producer.produce(topic, value, key, on_delivery=lambda error, _: failed.append(error) if error else None)
        producer.poll(0)
    assert producer.flush(60) == 0
    assert failed == []


def events_of(numbers: Iterable[int], users: int = 50) -> list[tuple[str, bytes]]:
    """Events with the insert IDs m-…, keyed by their users."""
    return [(f"user-{n % users:03}", json.dumps(event(n, f"user-{n % users:03}")).encode()) for n in numbers]
