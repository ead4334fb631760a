"""The trace of one event: every value with the rule text that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..runtime.semantics.event import Event
from ..runtime.semantics.missing import MISSING
from .evaluation import Traced


@dataclass(slots=True)
class TracedFilter:
    """A `drop` or `keep` that the event reached; `condition` is None if it has none."""

    filter: ir.Filter
    condition: Traced | None
    applies: bool
    changes: bool = False
    """The mappings see another event than without it, or none."""


@dataclass(slots=True)
class TracedField:
    """A field of a mapping that matched."""

    field: ir.FieldValue
    traced: Traced | None = None
    """None when a function of it failed."""
    value: Any = MISSING
    """As the action gets it, of the field's own type; MISSING where the field is left out."""
    failed: str = ""
    """Why it has no value and stops its mapping."""


@dataclass(slots=True)
class TracedMapping:
    """A mapping, whether it matched or not."""

    mapping: ir.Mapping
    trigger: Traced
    fields: list[TracedField] = field(default_factory=list)
    """Those that were reached, in the order in which they are made."""
    payload: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    steps: list[Traced] = field(default_factory=list)
    """Every node that was looked at, in the trigger and in the fields."""
    is_further: bool = False
    """A mapping before this one sends for the event as well, so this one's ID gets its name: else one would be lost."""

    @property
    def matched(self) -> bool:
        return bool(self.trigger.value)


@dataclass(slots=True)
class TracedEvent:
    """The trace of an event. An event that a filter drops reaches no mapping."""

    event: Event
    """As it was given."""
    seen: Event
    """As the mappings see it, after the filters."""
    filters: list[TracedFilter]
    mappings: list[TracedMapping]
    dropped_by: TracedFilter | None = None
    opted_out: str | None = None
    """What opted the event out of the destination, before all filters."""
    filter_steps: list[Traced] = field(default_factory=list)

    def mapping(self, name: str) -> TracedMapping | None:
        """The mapping of a name; None if there is none, or if the event does not reach it."""
        return next((traced for traced in self.mappings if traced.mapping.name == name), None)

    def steps(self) -> Iterator[Traced]:
        """Every node that was evaluated."""
        yield from self.filter_steps
        for mapping in self.mappings:
            yield from mapping.steps
