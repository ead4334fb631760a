"""Provenance by perturbation: each value of the rules is changed in turn, and the requests are built again.

An action may do anything with its fields, so nothing is assumed about it: a part of a request that changes with a value
depends on the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..compiler.catalog import FieldSchema
from ..runtime.action import Build
from ..runtime.outcome import Request
from ..runtime.semantics.missing import MISSING
from .evaluation import Traced
from .request_views import RequestPath, RequestView, at, unfolded
from .traced_event import TracedField, TracedMapping

MOST_ITEMS = 20
"""The most items of a list that are looked at one by one."""

_SAMPLES: dict[str, tuple[Any, Any]] = {
    "string": ("sample", "another"),
    "number": (1.5, 2.5),
    "integer": (7, 8),
    "boolean": (True, False),
    "datetime": ("2001-02-03T04:05:06.000Z", "2002-03-04T05:06:07.000Z"),
    "object": ({"sample": 1}, {"another": 2}),
}
"""Two values of each type of a field."""


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """A value that the rules make: a whole field, or the value at one place in it."""

    field: TracedField
    steps: RequestPath
    """From the field's value to the place."""
    traced: Traced
    facts: FieldSchema | None
    """None if any value is possible."""

    @property
    def name(self) -> str:
        """The path of the value: `revenue`, `user_properties.plan`, `products[0].price`."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps)
        return self.field.field.facts.name + "".join(steps)


def causes(mapping: TracedMapping) -> Iterator[Cause]:
    """All values that the rules of a mapping make, or may make, from the event."""
    for traced in mapping.fields:
        if traced.traced is not None:
            facts = traced.field.facts
            # A field of many values makes a list of a single one.
            is_item = facts.multiple and isinstance(traced.traced.node, ir.MakeObject)
            yield from _causes(Cause(traced, (0,) if is_item else (), traced.traced, facts))


def _causes(cause: Cause) -> Iterator[Cause]:
    traced = cause.traced
    if isinstance(traced.node, ir.MakeObject):
        for (key, _), part in zip(traced.node.entries, traced.parts, strict=True):
            yield from _causes(Cause(cause.field, (*cause.steps, key), part, _key(cause.facts, key)))
        return
    yield cause
    if isinstance(traced.node, ir.ForEach):
        made = [part for part in traced.parts[1:] if part.node is traced.node.item and part.value is not MISSING]
        for index, item in enumerate(made[:MOST_ITEMS]):
            if isinstance(item.node, ir.MakeObject):
                yield from _causes(Cause(cause.field, (*cause.steps, index), item, cause.facts))


def _key(facts: FieldSchema | None, key: str) -> FieldSchema | None:
    return None if facts is None else next((inner for inner in facts.fields if inner.name == key), None)


@dataclass(eq=False)
class Influence:
    """The requests of a mapping on one event, and what each part of them depends on."""

    build: Build
    mapping: TracedMapping
    hidden: str
    views: list[RequestView] = field(init=False)
    """The requests; none where a field failed or the action refuses."""
    causes: list[Cause] = field(init=False)
    """All values that the rules made, or might have made."""
    _changed: dict[int, list[RequestView]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        failed = any(traced.failed for traced in self.mapping.fields)
        self.causes = list(causes(self.mapping))
        self.views = [] if failed else self._built(self.mapping.payload, self.mapping.parameters)

    def behind(self, place: RequestPath) -> list[Cause]:
        """The values on which a part of the requests depends: those of the same name first, constants last.

        For a missing part, the missing values that would have filled it.
        """
        name = place[-1] if place else ""
        return sorted(
            (cause for cause in self.causes if self.moves(cause, place)), key=lambda cause: _rank(cause, name)
        )

    def moves(self, cause: Cause, place: RequestPath) -> bool:
        """Whether a part of the requests changes with the value; False if the action refuses another value."""
        views = self.with_another(cause)
        return bool(views) and not _same(at(views, place), at(self.views, place))

    def with_another(self, cause: Cause) -> list[RequestView]:
        """The requests with another value in place of this one; empty if the action refuses that."""
        views = self._changed.get(id(cause))
        if views is None:
            views = self._changed[id(cause)] = self._built_with_another(cause)
        return views

    def behind_together(self, place: RequestPath) -> list[Cause]:
        """The causes of a part that no value alone changes: one of its name and its override, or all of its name."""
        namesakes = [cause for cause in self.causes if not _rank(cause, place[-1])[0]]
        value = at(self.views, place)
        for namesake in namesakes:
            for blocker in self.causes:
                views = self._built_with_another(namesake, blocker)
                if views and not _same(at(views, place), value):
                    return [namesake, blocker]
        return namesakes

    def _built_with_another(self, *changed: Cause) -> list[RequestView]:
        payload, parameters = deepcopy(self.mapping.payload), deepcopy(self.mapping.parameters)
        for cause in changed:
            _change(cause, parameters if cause.field.field.facts.role == "control" else payload)
        return self._built(payload, parameters)

    def _built(self, payload: dict[str, Any], parameters: dict[str, Any]) -> list[RequestView]:
        try:
            requests = self.build(deepcopy(payload), **deepcopy(parameters))
        except Exception:
            # A value that no event has sent may be refused in any way; then nothing can be learned from it.
            return []
        return [_view(request, self.hidden) for request in requests]


def _view(request: Request, hidden: str) -> RequestView:
    """A request as tests see it, with its ordering key, which is not sent."""
    view = unfolded(request, hidden)
    return view if request.order is None else {**view, "order": request.order}


def _change(cause: Cause, target: dict[str, Any]) -> None:
    """Puts another value where a cause has its own."""
    *steps, last = (cause.field.field.facts.name, *cause.steps)
    inside: Any = target
    for step in steps:
        inside = inside.setdefault(step, {}) if isinstance(inside, dict) else inside[step]
    inside[last] = _another(at(inside, (last,)), cause)


def _rank(cause: Cause, name: str | int) -> tuple[bool, bool, bool]:
    """How little a value tells of a part of that name: its namesake most, a constant or a whole list least."""
    own = cause.steps[-1] if cause.steps else cause.field.field.facts.name
    node = cause.traced.node
    return own != name, isinstance(node, ir.Constant), isinstance(node, ir.ForEach)


def _another(value: Any, cause: Cause) -> Any:
    """A value of the same kind, or a first one where there is none."""
    facts = cause.facts
    if facts is not None and facts.choices:
        samples: tuple[Any, ...] = facts.choices
    elif facts is not None and not facts.multiple:
        samples = _SAMPLES[facts.type]
    elif isinstance(value, list) or (facts is not None and facts.multiple):
        samples = ([], [_SAMPLES[facts.type][0]] if facts is not None else ["sample"])
        samples = samples if value is not MISSING else samples[1:]
    else:
        samples = next((pair for pair in _SAMPLES.values() if type(pair[0]) is type(value)), _SAMPLES["string"])
    return next((sample for sample in samples if not _same(sample, value)), value)


def _same(left: Any, right: Any) -> bool:
    """Equal in kind as well, because `True == 1` in Python."""
    return type(left) is type(right) and repr(left) == repr(right)
