"""The context of the proofs: the functions of the language, and schemas of the events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...dsl.ast import Step
from ...runtime.semantics.event import Event
from ...runtime.semantics.failure import ValueFailure
from ...runtime.semantics.missing import MISSING
from .. import ir
from ..catalog import FunctionSignature
from ..interpret import Interpreter
from ..value_types import ANY, Kinds
from .event_schema import EventSchema


@dataclass(frozen=True, slots=True)
class AnalysisContext:
    """What the proofs know of events and functions; the caller of `analyze` provides it."""

    schemas: tuple[EventSchema, ...] = ()
    """What is known of events, such as the Segment spec and the author's tracking plan; what comes first wins."""
    functions: Mapping[str, FunctionSignature] = field(default_factory=dict)
    """The language's functions."""
    types: tuple[str, ...] = ()
    """The values of `type` that events of the source have; if empty, events that no mapping takes are not reported."""

    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The keys of an event that come with some types alone, with these types."""

    nested_parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The same of objects that some mappings read as a whole just in case: only a key in them is surely missed."""

    required_parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The keys that every event of some types has, with these types: a track event has its `event`."""

    shared_paths: frozenset[tuple[str, ...]] = frozenset()
    """The paths whose values many events of a source have in common, and so do all paths below them."""

    def is_shared(self, path: tuple[Step, ...]) -> bool:
        """Whether many events have the same value at a path; an object as a whole may hold more than is known."""
        steps = tuple(map(str, path))
        return any(steps[: len(shared)] == shared for shared in self.shared_paths) and not self.is_object(path)

    def parts_of(self, root: str, steps: int) -> frozenset[str] | None:
        """The types of the events that have a part, for a path of so many steps; None for a part that all have."""
        return self.parts.get(root) or (self.nested_parts.get(root) if steps > 1 else None)

    def value_of(self, value: ir.Value, event: Event) -> Any:
        """The value on an event; of a condition, True or False. A value that a function cannot take reads as missing.

        Every event that is shown was first evaluated with it.
        """
        try:
            return Interpreter(self.functions).value(value, event, in_trigger=isinstance(value, ir.CONDITIONS))
        except ValueFailure:
            return MISSING

    def examples(self, path: tuple[str, ...]) -> tuple[Any, ...]:
        """Usual values of a path, from all schemas."""
        return tuple(example for schema in self.schemas for example in schema.examples(path))

    def kinds_at(self, path: tuple[str, ...]) -> tuple[EventSchema, Kinds] | None:
        """The first schema that says what kinds of value a path has, and these; None if none does."""
        places = ((schema, schema.place(path)) for schema in self.schemas)
        return next(((schema, at.kinds) for schema, at in places if at is not None and at.kinds != ANY), None)

    def is_object(self, path: tuple[Step, ...]) -> bool:
        """Whether the first schema that knows a path expects an object there, and nothing else."""
        places = (schema.place(tuple(map(str, path))) for schema in self.schemas)
        place = next((place for place in places if place is not None), None)
        return place is not None and place.kinds == frozenset(("object",))


def shown(event: Event) -> str:
    """A witness as JSON text, for a diagnostic."""
    return json.dumps(event, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A value of the program as a function of an event."""

    value: ir.Value
    context: AnalysisContext

    def __call__(self, event: Event) -> Any:
        return self.context.value_of(self.value, event)


class Predicate(Evaluated):
    """A condition: whether it holds for an event."""

    __slots__ = ()

    def __call__(self, event: Event) -> bool:
        return self.context.value_of(self.value, event) is True
