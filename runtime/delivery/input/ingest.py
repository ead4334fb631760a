"""Maps an event to parts of the queue, a dead letter with a reason, or nothing if no rule takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from ...inputs.line_splitter import LINE_LIMIT, Overlong
from ...mapping.event_text import read_event
from ...mapping.unread_lines import not_an_event
from ...outcome import Failure, Outcome, Request
from ...unrecognized import UnrecognizedEvents
from ..adapter import Adapter, Part
from ..disposition import Reason
from ..event_bytes import described, event_bytes
from ..store.transaction import Transaction, Unsent

MapEvent = Callable[[Any], Outcome]
RawEvent = Mapping[str, Any] | bytes | str
"""One event, as an object or as its JSON text."""


class Intake(Protocol):
    """Takes the events of a chunk from a sender."""

    @property
    def exhausted(self) -> Reason | None:
        """Why the sender must stop: there was not enough memory for an event."""
        ...

    def admit(self, events: Iterable[Any], change: Transaction, next_seq: int) -> None:
        """Add the parts and dead letters of events to a change; raises nothing.

        `next_seq` is the next number that the queue gives.
        """
        ...


class Placed(bytes):
    """The JSON text of an event with the place that it came from, which its dead letters name."""

    place: str

    def __new__(cls, text: bytes, place: str) -> Placed:
        """The text, and a few words."""
        event = super().__new__(cls, text)
        event.place = place
        return event


class Ingest:
    """Maps events into a change that is ready to be committed."""

    def __init__(self, mapper: MapEvent, adapter: Adapter, queue_name: str) -> None:
        self._map = mapper
        self._map_bytes: Callable[[bytes], Outcome] = getattr(mapper, "map_bytes", self._decode_and_map)
        self._adapter = adapter
        self._queue_name = queue_name
        self.exhausted: Reason | None = None
        """Memory ran out while an event was mapped. The event is a dead letter, in case it is the cause; the sender
        stops, in case it is not."""
        self.unrecognized = UnrecognizedEvents()

    def admit(self, events: Iterable[RawEvent], change: Transaction, next_seq: int) -> None:
        """Add the parts and dead letters of events to a change; neither an event nor the mapper can make this raise.

        `next_seq` is the next number that the queue gives. With the name of the queue, it is the insert ID of an event
        that has none; the ID is stored, and so is the same in every attempt.
        """
        for event in events:
            self.admit_one(event, change, next_seq)

    def admit_one(self, event: RawEvent, change: Transaction, next_seq: int) -> Outcome | None:
        """Add the parts and dead letters of one event, and return its outcome.

        None for an event that became a dead letter without one: its line is too long, it is not an event, the mapper
        raised, or a request cannot be encoded.
        """
        change.events += 1
        try:
            return self._admit(event, change, next_seq)
        except Exception as problem:
            reason = _placed(event, self._reason(event, problem))
            change.unsent.append(Unsent(reason, None, event_bytes(event)))
            return None

    def _admit(self, event: RawEvent, change: Transaction, next_seq: int) -> Outcome | None:
        """Add one event whole, or raise and add nothing."""
        if isinstance(event, Overlong):
            change.unsent.append(Unsent(_overlong(event), None, bytes(event)))
            return None
        text = _json_text(event)
        outcome = self._map(event) if text is None else self._map_bytes(text)
        failures = [_unsent(failure) for failure in outcome.failures] if outcome.failures else []
        unmatched = not outcome.dropped and not outcome.matched and not failures
        opted_out = outcome.opted_out is not None
        dropped = bool(outcome.dropped) and not opted_out
        try:
            parts = self._parts(outcome.requests, next_seq + len(change.parts))
        except MemoryError:
            raise
        except Exception as problem:
            raise _NotEncodable(_text_of(problem)) from None
        if failures:
            kept = event_bytes(event)
            change.unsent += [Unsent(_placed(event, reason), mapping, kept) for reason, mapping in failures]
        change.parts += parts
        if outcome.warnings:
            change.repairs.update(_storable(repair.code) for repair in outcome.warnings)
        change.dropped += dropped
        change.opted_out += opted_out
        change.unmatched += unmatched
        if outcome.unrecognized is not None:
            self.unrecognized.add(outcome.unrecognized)
        return outcome

    def _parts(self, requests: Iterable[Request], seq: int) -> list[Part]:
        parts: list[Part] = []
        for number, request in enumerate(requests):
            parts += self._adapter.parts(request, f"{self._queue_name}-{seq}-{number}")
        return parts

    def _reason(self, event: RawEvent, problem: Exception) -> Reason:
        if isinstance(problem, MemoryError):
            self.exhausted = Reason("out_of_memory", "memory ran out while an event was mapped")
            return self.exhausted
        if isinstance(problem, _NotEncodable):
            return Reason("not_encodable", f"the request cannot be encoded: {problem}")
        if isinstance(problem, ValueError) and issubclass(type(event), (str, bytes, bytearray)):
            return Reason("not_json", _storable(not_an_event(problem)))
        return Reason("mapper_failed", f"the mapper raised {_text_of(problem)}")

    def _decode_and_map(self, line: bytes) -> Outcome:
        return self._map(read_event(line))


class _NotEncodable(Exception):
    """A request that a mapper made cannot be written as JSON."""


def _json_text(event: RawEvent) -> bytes | None:
    """The event's JSON text, if it comes as text; one of halves of surrogate pairs is not UTF-8, and so not JSON."""
    if type(event) is bytes:
        return event
    if isinstance(event, str):
        return event.encode("utf-8", "surrogatepass")
    return bytes(event) if isinstance(event, (bytes, bytearray)) else None


def _overlong(line: Overlong) -> Reason:
    message = f"the line has {line.size:,} bytes, and the limit is {LINE_LIMIT:,}; its first {len(line):,} are kept"
    return Reason("line_too_long", message)


def _placed(event: RawEvent, reason: Reason) -> Reason:
    """The reason with the place of the event, where that is known."""
    return Reason(reason.code, f"{reason.message} ({event.place})") if type(event) is Placed else reason


def _unsent(failure: Failure) -> tuple[Reason, str | None]:
    """The reason of a failure, and the mapping that failed; None if a trigger or a filter did."""
    message = failure.message if failure.field is None else f"{failure.field}: {failure.message}"
    return Reason(_storable(failure.code), _storable(message)), _storable(failure.mapping) or None


def _text_of(problem: Exception) -> str:
    """The class and text of an error, or its class alone where the text raises."""
    try:
        return _storable(f"{type(problem).__name__}: {problem}")
    except Exception:
        return described(type(problem))


def _storable(text: object) -> str:
    """Text that the queue's file can hold: lone surrogates are escaped."""
    return str(text).encode("utf-8", "backslashreplace").decode()
