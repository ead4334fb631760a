"""The parts of a request as rows: each with its value, its origin and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..dsl.source import Span
from ..runtime.semantics.description import json_type, shown
from ..runtime.semantics.event import Event
from ..runtime.semantics.missing import MISSING
from ..trace.influence import Cause, Influence
from ..trace.request_views import RequestPath, at
from ..trace.traced_event import TracedMapping
from ..trace.traced_rules import TracedRules
from .event_places import EventPlace, places_read
from .origins import source
from .readings import a_kind


@dataclass(slots=True)
class RequestRow:
    """A part of a request, or a field that is left out, and its origin."""

    name: str
    value: Any
    """MISSING for what is left out."""
    source: str
    reason: str
    span: Span | None
    """None for a value that the action adds."""
    default_of: str = ""
    """The action whose default it is; empty for what the author wrote."""
    coerced: str = ""
    """`the string "129.90"`, where the field made another kind of it."""
    places: tuple[EventPlace, ...] = ()
    """Where in the event the value was read."""


@dataclass(slots=True)
class ExplainedRequest:
    """A request, with the rows of each of its objects, such as `events[1]`, together.

    Headers are together too, and so is what decides on the delivery but is not sent: the ordering key.
    """

    method: str
    url: str
    groups: list[tuple[str, list[RequestRow]]]


@dataclass(slots=True)
class RequestRows:
    """Makes the rows of one mapping, from the values of the rules on which each part of its requests depends."""

    rules: TracedRules
    traced: TracedMapping
    influence: Influence
    event: Event
    _causes: dict[str, dict[RequestPath, Cause]] = field(init=False)
    """The values that the rules made, by their field and their place in it."""

    def __post_init__(self) -> None:
        self._causes = {}
        for cause in self.influence.causes:
            self._causes.setdefault(cause.field.field.facts.name, {})[cause.steps] = cause

    def request(self, number: int) -> ExplainedRequest:
        """A request, each of its objects with its rows."""
        view = self.influence.views[number]
        body = "json" if "json" in view else "form"
        groups: dict[str, list[RequestRow]] = {}
        names = {facts.name for facts in self.traced.mapping.action.fields}
        for steps in _units(view[body], names):
            rows = groups.setdefault(_label(steps[:-1]), [])
            rows.extend(self._unit((number, body, *steps)))
        for name in view.get("headers", ()):
            groups.setdefault("headers", []).extend(self._unit((number, "headers", name)))
        if "order" in view:
            groups.setdefault("delivery", []).extend(self._unit((number, "order")))
        return ExplainedRequest(view["method"], view["url"], list(groups.items()))

    def _unit(self, place: RequestPath) -> Iterator[RequestRow]:
        """A field as it was sent, or what the action made of others, key by key."""
        value = at(self.influence.views, place)
        name = str(place[-1])
        known = self._causes.get(name, {})
        if known and any(self.influence.moves(cause, place) for cause in known.values()):
            whole = next(iter(known.values())).field.value
            if () in known and whole == value:
                yield self.row(known[()], name, value)
                return
            if isinstance(value, dict) and all(at(value, steps) == at(whole, steps) for steps in known):
                yield from self._entries(known, name, value, place)
                return
        yield from self._made(place, name, value)

    def _entries(
        self, known: dict[RequestPath, Cause], name: str, value: Any, place: RequestPath
    ) -> Iterator[RequestRow]:
        """The keys of an object that the author wrote, and those that the action put beside them."""
        for steps, cause in known.items():
            if at(value, steps) is not MISSING:
                yield self.row(cause, name + _label(steps, dot=True), at(value, steps))
        written = {steps[0] for steps in known if steps}
        for key, inner in value.items():
            if key not in written:
                yield from self._made((*place, key), f"{name}.{key}", inner)

    def _made(self, place: RequestPath, name: str, value: Any) -> Iterator[RequestRow]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield from self._made((*place, key), f"{name}.{key}", inner)
            return
        action = self.traced.mapping.action.name
        behind = self._behind(place)
        if not behind:
            yield RequestRow(name, value, f"made by {action}", "", None)
        elif len(behind) == 1 and at(behind[0].field.value, behind[0].steps) is MISSING:
            row = self.row(behind[0], name, MISSING)
            row.value, row.source, row.reason = value, f"made by {action}", f"because {row.reason}"
            yield row
        elif len(behind) == 1 and not isinstance(behind[0].traced.node, ir.ForEach):
            row = self.row(behind[0], name, value)
            row.source += "" if _last(behind[0]) == place[-1] else f", as {behind[0].name}"
            yield row
        else:
            names = ", ".join(cause.name for cause in behind[:3]) + (", …" if len(behind) > 3 else "")
            row = self.row(behind[0], name, value)
            row.source, row.coerced = f"made by {action} from {names}", ""
            row.places = tuple(dict.fromkeys(place for cause in behind for place in _places(cause)))
            row.reason = row.reason if len(behind) == 1 else ""
            yield row

    def _behind(self, place: RequestPath) -> list[Cause]:
        """What a part depends on: values that are there before those that could be, items before the whole list."""
        behind = [cause for cause in self.influence.behind(place) if not self._is_plain_default(cause)]
        behind = [cause for cause in behind if at(cause.field.value, cause.steps) is not MISSING] or behind
        behind = [cause for cause in behind if not isinstance(cause.traced.node, ir.ForEach)] or behind
        first = behind[0] if behind else None
        if (
            first is not None
            and _last(first) == place[-1]
            and at(first.field.value, first.steps) == at(self.influence.views, place)
        ):
            return [first]
        return behind

    def _is_plain_default(self, cause: Cause) -> bool:
        """A switch that the action's defaults set: true of every event, so that it explains nothing."""
        return isinstance(cause.traced.node, ir.Constant) and bool(self._default(cause))

    def _default(self, cause: Cause) -> str:
        own = self.rules.is_own(cause.field.field.span)
        return "" if own else self.traced.mapping.action.name

    def row(self, cause: Cause, name: str, value: Any) -> RequestRow:
        """The row of a value that depends only on one cause."""
        origin = source(cause.traced, self.event)
        raw = cause.traced.value
        coerced = ""
        if value is not MISSING and a_kind(raw) != a_kind(value):
            kind = a_kind(raw) if raw is MISSING else json_type(raw)  # "the boolean true", not "true or false true"
            coerced = f"{kind.replace('a ', 'the ', 1)} {shown(raw)}"
        own = self.rules.is_own(origin.span)
        span = origin.span if own else cause.field.field.span
        because = [f"because {reason}" for reason in origin.because]
        where = [f"where {reason}" for reason in origin.where]
        if value is MISSING:
            because = origin.because
            where = origin.where or ([] if because else [f"{origin.text} is {shown(raw)}"])
        reason = ", ".join([*where, *because]) if origin.text != "omit" or origin.because else ""
        return RequestRow(name, value, origin.text, reason, span, self._default(cause), coerced, _places(cause))

    def left_out(self) -> Iterator[RequestRow]:
        """Fields, and keys of objects, whose value the event does not have."""
        for cause in self.influence.causes:
            if at(cause.field.value, cause.steps) is MISSING and not cause.field.failed:
                yield self.row(cause, cause.name, MISSING)

    def unused(self) -> Iterator[RequestRow]:
        """The author's values, other than constants, on which no part of a request depends; none without requests."""
        for cause in self.influence.causes:
            value = at(cause.field.value, cause.steps)
            own = self.rules.is_own(cause.field.field.span) and not isinstance(cause.traced.node, ir.Constant)
            if own and value is not MISSING and self.influence.views and not self.influence.moves(cause, ()):
                yield self.row(cause, cause.name, value)

    def of_field(self, name: str) -> Iterator[RequestRow]:
        """The rows of a field whose value was refused."""
        for cause in self.influence.causes:
            if not cause.field.failed and name in (cause.field.field.facts.name, cause.name):
                yield self.row(cause, cause.name, at(cause.field.value, cause.steps))


def _places(cause: Cause) -> tuple[EventPlace, ...]:
    return tuple(places_read(cause.traced, cause.field.traced))


def _last(cause: Cause) -> str | int:
    return cause.steps[-1] if cause.steps else cause.field.field.facts.name


def _units(body: Any, names: set[str]) -> Iterator[RequestPath]:
    """Places in a body that are listed separately: fields of the same name, and values without parts."""
    inner: Iterable[tuple[str | int, Any]]
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        if isinstance(value, dict | list) and value and key not in names:
            for steps in _units(value, names):
                yield (key, *steps)
        else:
            yield (key,)


def _label(steps: RequestPath, *, dot: bool = False) -> str:
    """`events[1]`; with `dot`, as the rest of a path."""
    label = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return label if dot else label.removeprefix(".")
