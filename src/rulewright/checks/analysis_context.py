"""Makes the context of the proofs: the functions of the language, and schemas of the events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from .. import spec
from ..compiler import ir
from ..compiler.analysis.context import AnalysisContext
from ..compiler.analysis.event_schema import EventSchema
from ..compiler.emit.module import write_expression, write_trigger
from ..loading.python_loader import run_module
from ..runtime.functions import FUNCTIONS
from ..runtime.semantics.event import Event
from ..runtime.semantics.failure import ValueFailure
from ..runtime.semantics.missing import MISSING

_PARTS = {
    "event": frozenset(("track",)),
    "name": frozenset(("page", "screen")),
    "category": frozenset(("page", "screen")),
    "groupId": frozenset(("group",)),
    "previousId": frozenset(("alias",)),
}
"""Segment, Spec: Track, Page, Screen, Group, Alias: the fields that each call has besides the common ones."""
_REQUIRED_PARTS = {
    "event": frozenset(("track",)),
    "groupId": frozenset(("group",)),
    "previousId": frozenset(("alias",)),
}
"""The same pages: those fields that a call must have."""
_NESTED_PARTS = {
    "traits": frozenset(("identify", "group")),
    "properties": frozenset(("track", "page", "screen")),
}
"""Segment, Spec: Identify, Group, Track, Page, Screen; other calls than the first two have `context.traits`."""

_SHARED_PATHS = frozenset(
    {(key,) for key in "type event name category userId anonymousId groupId traits version channel writeKey".split()}
    | {
        ("context", key)
        for key in (
            "active app campaign channel device groupId ip library locale location network os page referrer screen"
            " sessionId timezone traits userAgent userAgentData"
        ).split()
    }
)
"""Segment, Spec: Common Fields: what says who, where and what kind of event it is, and not which one. Properties are
not among them, because they may hold the ID of an order; nor is `context.protocols`, which has an `event_id`."""


PartOfType: TypeAlias = tuple[str, str]
"""A key of an event, and the type of an event that has it."""


def analysis_context(plan: EventSchema | None = None, recorded: frozenset[PartOfType] = frozenset()) -> AnalysisContext:
    """The context of the proofs: the author's tracking plan, if any, the Segment spec, and the functions.

    `recorded` are parts of recorded events that the Segment spec does not give to events of their type.
    """
    spec = segment_spec()
    types = spec.examples(("type",))
    schemas = (spec,) if plan is None else (plan, spec)
    return AnalysisContext(
        schemas,
        FUNCTIONS,
        types,
        _with(_PARTS, recorded),
        _with(_NESTED_PARTS, recorded),
        _REQUIRED_PARTS,
        _SHARED_PATHS,
    )


def _with(parts: dict[str, frozenset[str]], recorded: frozenset[PartOfType]) -> dict[str, frozenset[str]]:
    return {key: types | {type_ for other, type_ in recorded if other == key} for key, types in parts.items()}


def parts_beyond_spec(event: Event) -> Iterator[PartOfType]:
    """The parts of an event that the Segment spec does not give to events of its type."""
    type_ = event.get("type")
    if not isinstance(type_, str):
        return
    for parts in (_PARTS, _NESTED_PARTS):
        for key, types in parts.items():
            if type_ not in types and event.get(key) is not None:
                yield key, type_


@cache
def segment_spec() -> EventSchema:
    """The schema of the Segment spec: the common fields, the context and the e-commerce events."""
    text = resources.files(spec).joinpath("segment.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    return EventSchema.from_json(schema, schema["title"])


def run(value: ir.Value) -> Callable[[Event], Any]:
    """A function from an event to the value; the value is missing if a function of it fails."""
    if isinstance(value, ir.CONDITIONS):
        module = write_trigger(value)
        holds: Callable[[Event], bool] = run_module(module.text, "<trigger>")["holds"]
        return holds
    module = write_expression(value)
    value_of: Callable[[Event], Any] = run_module(module.text, "<expression>")["value_of"]

    def evaluate(event: Event) -> Any:
        try:
            return value_of(event)
        except ValueFailure:
            return MISSING

    return evaluate
