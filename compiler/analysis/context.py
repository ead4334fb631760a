"""What the proofs need of the world, handed in: how to run what was compiled, and what events usually hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...dsl.ast import Step
from .. import ir
from ..catalog import FunctionSignature
from .event_schema import EventSchema
from .solver.model_builder import Event


@dataclass(frozen=True, slots=True)
class AnalysisContext:
    """Handed in by whoever calls `analyze`."""

    run: Callable[[ir.Value], Callable[[Event], Any]]
    """Compiles a condition or a value; every event that is shown was first run through it.

    A value that a function cannot take reads as missing.
    """
    schemas: tuple[EventSchema, ...] = ()
    """What is known of events, such as the Segment spec and the author's tracking plan; what comes first wins."""
    functions: Mapping[str, FunctionSignature] = field(default_factory=dict)
    """What the language's functions take."""
    types: tuple[str, ...] = ()
    """The values of `type` that events of the source have; without any, nothing is said of events that none takes."""

    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The keys of an event that come with some types alone, with these types."""

    def examples(self, path: tuple[str, ...]) -> tuple[Any, ...]:
        """Usual values of a path."""
        return tuple(example for schema in self.schemas for example in schema.examples(path))

    def is_object(self, path: tuple[Step, ...]) -> bool:
        """Whether the first schema that knows a path expects an object there, and nothing else."""
        places = (schema.place(tuple(map(str, path))) for schema in self.schemas)
        place = next((place for place in places if place is not None), None)
        return place is not None and place.kinds == frozenset(("object",))


def shown(event: Event) -> str:
    """A witness as the text of a diagnostic."""
    return json.dumps(event, ensure_ascii=False)


@dataclass(slots=True)
class Evaluated:
    """A value that is compiled when an event first asks for it."""

    value: ir.Value
    world: AnalysisContext
    _run: Callable[[Event], Any] | None = field(default=None, init=False)

    def __call__(self, event: Event) -> Any:
        if self._run is None:
            self._run = self.world.run(self.value)
        return self._run(event)


class Compiled(Evaluated):
    """A condition: whether it holds for an event."""

    __slots__ = ()

    def __call__(self, event: Event) -> bool:
        return super().__call__(event) is True
