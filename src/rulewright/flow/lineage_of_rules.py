"""The lineage of rules, with paths and conditions as an author writes them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..argument_types import require_rules
from ..checks.plan_files import tracking_plan
from ..compiler.analysis.event_schema import EventSchema
from ..compiler.analysis.lineage import DerivedFlow
from ..compiler.analysis.lineage import lineage as flows_of
from ..compiler.emit.source_map import origin
from ..compiler.ir import Program
from ..compiler.plan.route_totals import route_totals
from ..dsl.ast import EventPath
from ..loading.pipeline import compile_files, mapper_of
from ..loading.pipeline import read as read_rules
from ..loading.rule_files import RuleFiles
from ..runtime.outcome import Origin
from ..runtime.semantics.event import Event
from .paths import path_text, read_path
from .personal import Personal
from .unfolding import keys_in_events, keys_in_plan

MOST_BELOW = 1_000
"""Paths that are told below one source."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One path of the event, and the field of a request that it reaches or decides about."""

    mapping: str
    """The name of the mapping; empty for a filter, which is read for every mapping."""
    action: str
    source: str
    """The path in the event with everything below it; `[]` is every item of a list: `properties.products[].price`."""
    field: str
    """The field of the action, with the key in it: `setOnce.initial_referrer`; empty for a trigger or a filter."""
    decides: bool
    """Whether the value is only read in conditions, and reaches no request."""
    functions: tuple[str, ...]
    """The functions applied to the value, in order; empty for a copy. `template` and operators count as functions."""
    conditions: tuple[str, ...]
    """The conditions within the field under which the value is used, in addition to the trigger."""
    excluded: tuple[str, ...]
    """Paths below the source that filters remove from every event."""
    below: tuple[str, ...]
    """Paths below the source that the tracking plan names or that occur in the recorded events."""
    personal: tuple[str, ...]
    """The source or the paths below it that are known to hold personal data."""
    origin: Origin
    """Where the rules read the path."""
    derived: DerivedFlow = dataclasses.field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Lineage:
    """All flows of the rules, in the order of the rules; flows of filters come first."""

    flows: list[Flow]
    triggers: dict[str, str]
    """The trigger of each mapping that is enabled, by its name."""
    more_below: int = 0
    """The number of paths below sources that are left out because there are too many."""

    def reaching(self, path: str) -> list[Flow]:
        """The flows by which the value at a path, or a part of it, can reach a request.

        An empty list is a proof that no request ever contains it. Raises ValueError for text that is not a path.
        """
        steps = read_path(path)
        return [flow for flow in self.flows if not flow.decides and flow.derived.covers(steps)]

    def reading(self, path: str) -> list[Flow]:
        """The flows that read the value at a path, or a part of it, also in conditions. Raises ValueError."""
        steps = read_path(path)
        return [flow for flow in self.flows if flow.derived.covers(steps)]

    @property
    def personal(self) -> list[Flow]:
        """The flows that carry personal data into a request."""
        return [flow for flow in self.flows if flow.personal and not flow.decides]


def lineage(path_or_text: str | Path, *, personal: Iterable[str] = ()) -> Lineage:
    """Find which paths of an event reach which fields of a request.

    `path_or_text` is the path of a rule file, or the text of one. `personal` gives paths that count as personal data in
    addition to those of the Segment spec. Raises RuleError with all errors of the rules, ValueError for a personal path
    that is not a path, and TypeError for an argument of another type.
    """
    require_rules(path_or_text)
    files = read_rules(path_or_text if isinstance(path_or_text, str) else Path(path_or_text))
    return lineage_of(files, compile_files(files), personal=personal)


def lineage_of(
    files: RuleFiles, program: Program, events: Iterable[Event] | None = None, personal: Iterable[str] = ()
) -> Lineage:
    """The lineage of checked rules; with recorded events, sources are unfolded to the keys that occur in them."""
    known = Personal(personal)
    derived = flows_of(route_totals(program))
    below = _below(files, program, derived, events)
    more = sum(max(0, len(paths) - MOST_BELOW) for paths in below)
    flows = [_flow(flow, paths[:MOST_BELOW], known) for flow, paths in zip(derived, below, strict=True)]
    triggers = {mapping.name: _one_line(mapping.trigger.span.text) for mapping in program.mappings if mapping.enabled}
    return Lineage(flows, triggers, more)


def _below(
    files: RuleFiles, program: Program, flows: list[DerivedFlow], events: Iterable[Event] | None
) -> list[list[EventPath]]:
    plan: EventSchema | None = tracking_plan(files, [])
    named = [[] if plan is None or flow.decides else keys_in_plan(plan, flow) for flow in flows]
    if events is None:
        return named
    enabled = [mapping.name for mapping in program.mappings if mapping.enabled]
    mapper = mapper_of(files, program, checks=False)
    occurring = keys_in_events(flows, ((event, {enabled[at] for at in mapper.taken_by(event)}) for event in events))
    return [
        [*dict.fromkeys((*named_paths, *occurring_paths))]
        for named_paths, occurring_paths in zip(named, occurring, strict=True)
    ]


def _flow(derived: DerivedFlow, below: list[EventPath], known: Personal) -> Flow:
    return Flow(
        derived.mapping,
        derived.action,
        path_text(derived.source),
        derived.field,
        derived.decides,
        derived.functions,
        tuple(map(_one_line, derived.conditions)),
        tuple(map(path_text, derived.excluded)),
        tuple(map(path_text, below)),
        tuple(map(path_text, known.of(derived, below))),
        Origin(*origin(derived.span)),
        derived,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
