"""Events in: each becomes parts for the queue, a dead letter with a reason, or nothing because no rule takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from ...mapping.event_text import read_event
from ...outcome import Outcome
from ..adapter import Adapter
from ..schedule.disposition import Reason
from ..store.queue import Change, Unsent

Mapper = Callable[[Any], Outcome]
Event = Mapping[str, Any] | bytes
"""One event, as an object or as the bytes of its JSON."""


class Ingest:
    """Maps events into a change that is ready to be committed."""

    def __init__(self, mapper: Mapper, receiver: Adapter, queue_name: str) -> None:
        self._map = mapper
        self._map_bytes: Callable[[bytes], Outcome] = getattr(mapper, "map_bytes", self._decode_and_map)
        self._receiver = receiver
        self._queue_name = queue_name

    def admit(self, events: Iterable[Event], change: Change, next_seq: int) -> None:
        """Add what the events come to; nothing that an event holds can raise here.

        `next_seq` is the number that the queue gives next: with the queue's name it makes the insert id of an event
        that the rules gave none, which is stored with the event and so is the same in every attempt.
        """
        for event in events:
            change.events += 1
            try:
                outcome = self._map_bytes(event) if isinstance(event, bytes) else self._map(event)
                parts = [
                    part
                    for number, request in enumerate(outcome.requests)
                    for part in self._receiver.parts(
                        request, f"{self._queue_name}-{next_seq + len(change.parts)}-{number}"
                    )
                ]
            except Exception as problem:
                change.unsent.append(Unsent(_unmapped(event, problem), None, _bytes(event)))
                continue
            change.parts.extend(parts)
            for failure in outcome.failures:
                message = failure.message if failure.field is None else f"{failure.field}: {failure.message}"
                change.unsent.append(Unsent(Reason(failure.code, message), failure.mapping, _bytes(event)))
            if outcome.dropped:
                change.dropped += 1
            elif not outcome.matched and not outcome.failures:
                change.unmatched += 1

    def _decode_and_map(self, line: bytes) -> Outcome:
        return self._map(read_event(line))


def _unmapped(event: Event, problem: Exception) -> Reason:
    if isinstance(event, bytes) and isinstance(problem, ValueError):
        return Reason("not_json", f"the line is no event: {problem}")
    return Reason("mapper_failed", f"the mapper raised {type(problem).__name__}: {problem}")


def _bytes(event: Event) -> bytes:
    return event if isinstance(event, bytes) else msgspec.json.encode(event, enc_hook=repr)
