"""The laws for all rules: requests keep the limits, text maps as objects do, repeated events keep their insert id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..runtime.delivery.adapter import Answer, Outgoing, Route, Trial
from ..runtime.delivery.disposition import (
    Delivered,
    Disposition,
    Refused,
    Retry,
    Stop,
    Throttled,
    TooLarge,
    Unexplained,
)
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapping.event_text import read_event
from ..runtime.outcome import Outcome, Request
from ..runtime.semantics.event import Event
from ..trace.request_views import unfolded
from ..trace.traced_rules import HIDDEN, TracedRules

Broken = Callable[[Event, Outcome], str]
"""What is wrong with what the rules make of an event; empty where the law holds."""
_REPEATED = {"sentAt": "2026-05-02T10:00:01.000Z", "receivedAt": "2026-05-02T10:00:02.000Z"}
"""What differs when a source sends an event again (Segment, Spec: Common Fields)."""


@dataclass(frozen=True, slots=True)
class BuiltInLaw:
    """A law that holds for all rules without being written."""

    name: str
    broken: Broken


def built_in_laws(rules: TracedRules) -> Iterator[BuiltInLaw]:
    """The built-in laws for rules; the law on limits needs a destination with a fake."""
    assert rules.program.destination is not None
    destination = DESTINATIONS[rules.program.destination.name]
    if destination.delivery is not None:
        limits = _Limits(destination.delivery().trial(rules.mapper.settings))
        yield BuiltInLaw("no request breaks a limit", limits.broken)
    yield BuiltInLaw("text and objects are mapped alike", lambda event, outcome: _unlike(rules, event, outcome))
    yield BuiltInLaw("a repeated event has the same insert_id", lambda event, outcome: _repeated(rules, event, outcome))


class _Limits:
    """Asks a strict fake of the destination about each request."""

    def __init__(self, trial: Trial) -> None:
        self._adapter = trial.adapter
        self._exchange = trial.exchange

    def broken(self, event: Event, outcome: Outcome) -> str:
        for request in outcome.requests:
            for route, bodies in self._bodies(request).items():
                answer = self._answer(self._adapter.join(route, bodies))
                disposition = self._adapter.disposition(route, bodies, answer)
                if reason := _refusal(disposition):
                    return f'the destination refuses a request of "{request.mapping}": {reason}'
        return ""

    def _bodies(self, request: Request) -> dict[Route, list[bytes]]:
        bodies: dict[Route, list[bytes]] = {}
        for part in self._adapter.parts(request, "stamp"):
            bodies.setdefault(part.route, []).append(part.body)
        return bodies

    def _answer(self, outgoing: Outgoing) -> Answer:
        answers: list[Answer] = []
        self._exchange.send(outgoing, answers.append)
        return answers[0]


def _refusal(disposition: Disposition) -> str:
    """Why a request will never be taken; empty for one that is, or that is only to be sent more slowly."""
    match disposition:
        case Delivered() | Retry() | Throttled():
            return ""
        case Refused(reasons):
            return next((reason.message for reason in reasons.values()), "")
        case TooLarge(reason) | Unexplained(reason) | Stop(reason):
            return reason.message


def _unlike(rules: TracedRules, event: Event, outcome: Outcome) -> str:
    text = json.dumps(event).encode()
    as_text, as_object = rules.mapper.map_bytes(text), rules.mapper(read_event(text))
    for part, of_text, of_object in zip(_PARTS, _plain(as_text), _plain(as_object), strict=True):
        if repr(of_text) != repr(of_object):
            return f"as text the event has other {part} than as an object"
    return ""


_PARTS = ("mappings", "requests", "failures", "repairs", "filters")


def _plain(outcome: Outcome) -> tuple[object, ...]:
    return (
        outcome.matched,
        [(request.mapping, request.body) for request in outcome.requests],
        [(failure.mapping, failure.field, failure.code, failure.message) for failure in outcome.failures],
        [(repair.mapping, repair.field, repair.code, repair.message) for repair in outcome.warnings],
        (outcome.dropped, outcome.opted_out),
    )


def _repeated(rules: TracedRules, event: Event, outcome: Outcome) -> str:
    again = rules.mapper({**event, **_REPEATED})
    for mapping in dict.fromkeys(request.mapping for request in outcome.requests):
        first, second = ([*_insert_ids(result, mapping)] for result in (outcome, again))
        if first and second and first != second:
            return f'"{mapping}" sends another insert_id when the event is sent again: {first[0]}, then {second[0]}'
    return ""


def _insert_ids(outcome: Outcome, mapping: str) -> Iterator[Any]:
    for request in outcome.requests:
        if request.mapping == mapping:
            yield from _values_of("insert_id", unfolded(request, HIDDEN))


def _values_of(key: str, value: Any) -> Iterator[Any]:
    """The values of a key in the events of a body, not in their properties."""
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(part, dict | list):
            yield from _values_of(key, part)
    if isinstance(value, dict) and key in value:
        yield value[key]
