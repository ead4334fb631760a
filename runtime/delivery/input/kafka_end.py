"""Whether a topic is read to its end, by this member of the group and by the others."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from ...inputs.kafka_topic import KafkaTopic, partitions_of, sentence_of
from ...inputs.problem import InputRefused
from .reader import InputProblem

SESSION_SECONDS = 45.0
"""Seconds after which a group drops a silent member, unless the URL sets `session.timeout.ms`."""
GRACE_SECONDS = 20.0
"""Seconds beyond the session in which the group gives the partitions of a dropped member to another."""
ASK_SECONDS = 1.0
"""Seconds between two questions about the same end."""
ANSWER_SECONDS = 2.0

log = logging.getLogger("rulewright.delivery")


class KafkaEnd:
    """The end of every partition, as the broker states it when this member first has nothing to read.

    A partition that is not assigned to this member is at its end once the group has committed it up to there.
    """

    def __init__(self, consumer: Any, topic: KafkaTopic, partitions: list[int]) -> None:
        self._consumer = consumer
        self._topic = topic
        self._partitions = set(partitions)
        session = topic.properties.get("session.timeout.ms")
        self.patience = GRACE_SECONDS + (SESSION_SECONDS if session is None else int(session) / 1_000)
        """Seconds without progress after which a partition is given up."""
        self._ends: dict[int, int] = {}
        self._unread: dict[int, int] = {}
        self._asked_at: float | None = None
        self._since: float | None = None

    def reading(self) -> None:
        """Note that a partition still has messages, so that the wait for other members starts again."""
        self._since = self._asked_at = None

    def is_reached(self, read: Mapping[int, int]) -> bool:
        """Whether every partition is read; `read` has the offset of each assigned one. Raises InputProblem."""
        if self._asked_at is not None and time.monotonic() - self._asked_at < ASK_SECONDS:
            return False
        from confluent_kafka import KafkaException

        try:
            unread = self._ask(read)
        except (KafkaException, InputRefused) as problem:
            if self._asked_at is None or self._since is not None:
                log.warning("the end of topic %s is not known yet: %s", self._topic.topic, sentence_of(problem))
            self._since, self._asked_at = None, time.monotonic()
            return False
        now = self._asked_at = time.monotonic()
        if self._since is None or unread != self._unread:
            self._since, self._unread = now, unread
        if unread and now - self._since >= self.patience:
            raise InputProblem(self._sentence(unread))
        return not unread

    def _ask(self, read: Mapping[int, int]) -> dict[int, int]:
        """The partitions that are not read to their ends, with offsets. Raises KafkaException and InputRefused."""
        from confluent_kafka import KafkaException, TopicPartition

        # A broker that has just restarted may list fewer partitions than before.
        self._partitions.update(partitions_of(self._consumer, self._topic)[1])
        places = [TopicPartition(self._topic.topic, number) for number in sorted(self._partitions)]
        offsets = dict(read)
        others = [place for place in places if place.partition not in read]
        for place in self._consumer.committed(others, timeout=ANSWER_SECONDS) if others else ():
            if place.error is not None:
                raise KafkaException(place.error)
            offsets[place.partition] = place.offset
        for place in places:
            watermarks = self._consumer.get_watermark_offsets(place, timeout=ANSWER_SECONDS, cached=False)
            if watermarks is None:
                raise InputRefused(f"no broker answers for partition {place.partition}")
            low, high = watermarks
            if high > low:
                # The first answer counts, so that a topic that grows all the time has an end.
                self._ends.setdefault(place.partition, high)
            # Messages that were deleted are not waited for.
            offsets[place.partition] = max(offsets[place.partition], low)
        return {number: offsets[number] for number, end in sorted(self._ends.items()) if offsets[number] < end}

    def _sentence(self, unread: Mapping[int, int]) -> str:
        places = ", ".join(f"{number} (offset {at} of {self._ends[number]})" for number, at in unread.items())
        return (
            f"`{self._topic.name}`: these partitions of topic `{self._topic.topic}` are not read to their ends, and"
            f" nothing moved for {self.patience:g} seconds: {places}; another member of the group may hold them:"
            " stop it or wait for it, and send again"
        )
