"""What a URL of a topic means, and what is said where a topic cannot be read; no client library is needed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from rulewright.runtime.delivery.input.ingest import Ingest, Placed
from rulewright.runtime.delivery.store.transaction import Transaction
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.inputs.kafka_reader import line_of
from rulewright.runtime.inputs.kafka_topic import KafkaTopic, topic_of
from rulewright.runtime.inputs.problem import InputRefused

from ...cli.running import rulewright
from ..delivery.simulation import KEY, track

RULES = Path("examples/shop.rules")


@pytest.mark.parametrize(
    ("url", "topic"),
    [
        ("kafka://localhost:9092/events?group=g", KafkaTopic("localhost:9092", "events", "g")),
        ("kafka://a:1,b:2/events", KafkaTopic("a:1,b:2", "events")),
        ("kafka://a/e?group=g&start=latest", KafkaTopic("a", "e", "g", "latest")),
        (
            "kafka://a/e?group=g&security.protocol=SASL_SSL",
            KafkaTopic("a", "e", "g", "earliest", {"security.protocol": "SASL_SSL"}),
        ),
    ],
)
def test_urls(url: str, topic: KafkaTopic) -> None:
    assert topic_of(url) == topic


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("kafka://a", "does not name a broker and a topic; write `kafka://broker:9092/topic?group=name`"),
        ("kafka:///events", "does not name a broker and a topic"),
        ("kafka://a/b/c", "does not name a broker and a topic"),
        ("kafka://user:secret@a/events", "a password in a URL is seen by others; set KAFKA_SASL_PASSWORD instead"),
        ("kafka://a/e?sasl.password=secret", "`sasl.password` in a URL is seen by others; set KAFKA_SASL_PASSWORD"),
        ("kafka://a/e?start=now", "`start=now` is neither `earliest` nor `latest`"),
        ("kafka://a/e?grop=g", "`grop` is not an option of a topic; options are group, start and librdkafka's own"),
        ("kafka://a/e?enable.auto.commit=true", "`enable.auto.commit` is not an option of a topic"),
    ],
)
def test_urls_that_are_refused(url: str, sentence: str) -> None:
    with pytest.raises(InputRefused, match=re.escape(sentence)) as refused:
        topic_of(url)
    assert "secret" not in str(refused.value)


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "hush")
    topic = topic_of("kafka://a/e?sasl.mechanism=PLAIN")
    assert topic.client()["sasl.password"] == "hush"
    assert topic.client()["bootstrap.servers"] == topic.brokers
    assert "hush" not in f"{topic!r} {topic.name}"


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    done = rulewright("run", RULES, "kafka://127.0.0.1:1/events")
    assert done.returncode == 2
    assert "pip install 'rulewright[kafka]'" in done.stderr


def test_a_topic_to_send_needs_a_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    done = rulewright("send", RULES, "--input", "kafka://127.0.0.1:1/events", "--queue", tmp_path / "queue.db")
    assert done.returncode == 2
    assert "names no group; add `?group=name`" in done.stderr


def test_dead_letters_name_the_place_of_an_event() -> None:
    change = Transaction()
    place = "topic events, partition 3, offset 17"
    ingest = Ingest(track, AmplitudeDelivery(Keys(KEY)), "queue")
    ingest.admit([Placed(b"no JSON", place), Placed(b'{"type": "track"}', place)], change, 1)
    assert [unsent.event for unsent in change.unsent] == [b"no JSON", b'{"type": "track"}']
    assert all(unsent.reason.message.endswith(f" ({place})") for unsent in change.unsent)


def test_a_message_is_one_line() -> None:
    assert line_of(b'{\n  "type": "track"\r\n}') == b'{   "type": "track"  }'
    assert line_of(None) == b"null"
