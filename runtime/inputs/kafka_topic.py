"""A topic of Kafka by its URL: `kafka://broker,broker/topic?group=name`."""

from __future__ import annotations

import logging
import os
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .problem import InputRefused

SCHEME = "kafka://"
CONNECT_SECONDS = 10.0
QUIET_SECONDS = 30.0
"""Before the log says the same of a cluster again."""
OFFSETS = {"earliest": -2, "latest": -1}
"""Where a group begins that has not read a topic, as the client writes it."""
SECRETS = {
    "sasl.username": "KAFKA_SASL_USERNAME",
    "sasl.password": "KAFKA_SASL_PASSWORD",
    "ssl.key.password": "KAFKA_SSL_KEY_PASSWORD",
}
"""Properties that come from the environment, by its variables: other users see a command and its URL."""
_OURS = ("bootstrap.servers", "group.id", "enable.auto.commit", "enable.partition.eof", "auto.offset.reset")
_TOPIC = re.compile(r"[A-Za-z0-9._\-]{1,249}")
_USAGE = "write `kafka://broker:9092/topic?group=name`"

log = logging.getLogger("rulewright.delivery")


@dataclass(frozen=True, slots=True)
class KafkaTopic:
    """A topic, its brokers, and the group that reads it."""

    brokers: str
    topic: str
    group: str | None = None
    start: str = "earliest"
    """Where a group begins that has not read the topic."""
    properties: dict[str, str] = field(default_factory=dict, repr=False)
    """Of librdkafka, such as `security.protocol`."""

    @property
    def name(self) -> str:
        """The URL without its properties, for a person."""
        group = f"?group={self.group}" if self.group else ""
        return f"{SCHEME}{self.brokers}/{self.topic}{group}"

    def client(self, **more: Any) -> dict[str, Any]:
        """The properties of a client; secrets come from the environment."""
        secrets = {name: os.environ[variable] for name, variable in SECRETS.items() if variable in os.environ}
        return {
            "bootstrap.servers": self.brokers,
            "error_cb": _ErrorLog(),
            "log_level": 2,
            **self.properties,
            **secrets,
            **more,
        }


def topic_of(url: str) -> KafkaTopic:
    """The topic of a URL of Kafka. Raises InputRefused for any other URL, and for a secret in it."""
    parts = urlsplit(url)
    topic = parts.path.removeprefix("/")
    if "@" in parts.netloc:
        raise InputRefused("a password in a URL is seen by others", f"set {SECRETS['sasl.password']} instead")
    if not parts.netloc or not _TOPIC.fullmatch(topic) or parts.fragment:
        raise InputRefused(f"`{url}` does not name a broker and a topic", _USAGE)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    group, start = options.pop("group", None), options.pop("start", "earliest")
    if start not in OFFSETS:
        raise InputRefused(f"`start={start}` is neither `earliest` nor `latest`")
    for name in options:
        if name in SECRETS:
            raise InputRefused(f"`{name}` in a URL is seen by others", f"set {SECRETS[name]} instead")
        if name in _OURS or "." not in name:
            raise InputRefused(f"`{name}` is not an option of a topic", "options are group, start and librdkafka's own")
    return KafkaTopic(parts.netloc, topic, group or None, start, options)


def consumer_of(topic: KafkaTopic, **properties: Any) -> Any:
    """A consumer that is connected to the cluster, which has the topic. Raises InputRefused."""
    confluent_kafka = require_library(topic)
    try:
        consumer = confluent_kafka.Consumer(topic.client(**properties))
    except (confluent_kafka.KafkaException, ValueError, TypeError) as problem:
        raise InputRefused(f"`{topic.name}` cannot be read: {sentence_of(problem)}") from None
    try:
        partitions_of(consumer, topic)
    except InputRefused:
        consumer.close()
        raise
    return consumer


def require_library(topic: KafkaTopic) -> Any:
    """The client library. Raises InputRefused if it is not installed."""
    try:
        import confluent_kafka
    except ImportError:
        cause = f"`{topic.name}` is reached by confluent-kafka, which is not installed"
        raise InputRefused(cause, "install it with `pip install 'rulewright[kafka]'`") from None
    return confluent_kafka


def partitions_of(client: Any, topic: KafkaTopic) -> tuple[str, list[int]]:
    """The ID of the cluster and the partitions of the topic. Raises InputRefused without a broker or the topic."""
    import confluent_kafka

    try:
        metadata = client.list_topics(topic.topic, timeout=CONNECT_SECONDS)
    except confluent_kafka.KafkaException as problem:
        raise InputRefused(f"no broker answers at `{topic.brokers}`: {sentence_of(problem)}") from None
    topic_metadata = metadata.topics[topic.topic]
    if topic_metadata.error is not None or not topic_metadata.partitions:
        reason = "there is no such topic" if topic_metadata.error is None else topic_metadata.error.str()
        raise InputRefused(f"`{topic.name}` cannot be read: {reason}")
    return metadata.cluster_id or topic.brokers, sorted(topic_metadata.partitions)


def sentence_of(problem: Exception) -> str:
    """The message of the client, without its codes."""
    error = problem.args[0] if problem.args else problem
    return str(error.str() if hasattr(error, "str") else error)


class _ErrorLog:
    """The client retries by itself; an unreachable broker is logged from time to time."""

    def __init__(self) -> None:
        self._told: dict[int, float] = {}

    def __call__(self, error: Any) -> None:
        now = time.monotonic()
        if now - self._told.get(error.code(), -QUIET_SECONDS) >= QUIET_SECONDS:
            self._told[error.code()] = now
            log.warning("Kafka: %s", error.str())
