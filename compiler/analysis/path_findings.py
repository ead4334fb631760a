"""Findings on paths: one that no event has, and one whose values a field cannot take, by what is known of events."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl.ast import Step
from ...dsl.diagnostics import Diagnostic, Fix, suggest
from ...dsl.source import NOWHERE, Span
from .. import program
from ..field_checks import TAKES
from ..types import ANY, NOTHING
from .event_schema import EventSchema, Place
from .world import World

_READ_OF_ANYTHING = "length"


def path_findings(checked: program.Program, world: World) -> Iterator[Diagnostic]:
    """RW0201 and RW0301 of every path that an author wrote; the defaults of an action are not theirs."""
    if not world.schemas:
        return
    seen: set[tuple[object, int]] = set()
    for read in _reads(checked):
        place = (read.span.source, read.span.start)
        if read.span is not NOWHERE and place not in seen:
            seen.add(place)
            yield from _unknown_step(read, world)
    for mapping in checked.mappings:
        for field in mapping.fields:
            if field.span.source is mapping.span.source and isinstance(field.value, program.Read):
                yield from _wrong_type(field, field.value, world)


def _reads(checked: program.Program) -> Iterator[program.Read]:
    written: list[program.Value] = [one.condition for one in checked.filters if one.condition is not None]
    for mapping in checked.mappings:
        written.append(mapping.trigger)
        written += [field.value for field in mapping.fields if field.span.source is mapping.span.source]
    for value in written:
        for node in program.walk(value):
            if isinstance(node, program.Read) and node.root == program.EVENT and node.steps:
                yield node


def _unknown_step(read: program.Read, world: World) -> Iterator[Diagnostic]:
    places = [(schema, schema.root) for schema in world.schemas]
    for number, step in enumerate(map(str, read.steps)):
        inside = [(schema, found) for schema, place in places if (found := _inside(place, step)) is not None]
        if not inside:
            if step != _READ_OF_ANYTHING:
                yield from _unknown(read, number, step, places)
            return
        places = inside


def _inside(place: Place, step: str) -> Place | None:
    return place.keys.get(step) or (place.items if step.isdecimal() else None)


def _unknown(
    read: program.Read, number: int, step: str, places: list[tuple[EventSchema, Place]]
) -> Iterator[Diagnostic]:
    before = ".".join(map(str, read.steps[:number]))
    closed = [schema for schema, place in places if place.closed]
    scalar = [place for _, place in places if place.kinds != ANY and not place.kinds & {"object", "list"}]
    open_ = any(place.open for _, place in places)
    if number and open_ and not closed and len(scalar) < len(places):
        return
    keys = sorted({key for _, place in places for key in place.keys})
    word = suggest(step, keys)
    if number == 0:
        message = f"`{step}` is not a part of an event"
    elif len(scalar) == len(places):
        message = f"`{before}` is {_listed(scalar[0])}, so there is no `{step}` in it"
    elif closed:
        message = f"`{before}` has no `{step}` in {closed[0].title}"
    elif word is not None and not open_:
        message = f"`{before}` has no `{step}` in {places[0][0].title}"
    else:
        return
    span = _step_span(read.span, read.steps, number)
    help_ = f"did you mean `{word}`?" if word else ""
    if not word and number == 0:
        help_ = f"an event has: {', '.join(keys)}"
    fix = Fix(span, word, f"write `{word}`") if word and span is not read.span else None
    yield Diagnostic("RW0201", message, span, help=(help_,) if help_ else (), fix=fix)


def _step_span(span: Span, steps: tuple[Step, ...], number: int) -> Span:
    """The place of one step, where the path is written plainly."""
    parts = span.text.removeprefix("$.").split(".")
    if parts != list(steps):
        return span
    start = len(span.text) - len(".".join(parts)) + sum(len(part) + 1 for part in parts[:number])
    return span.within(start, start + len(parts[number]))


def _wrong_type(field: program.FieldValue, read: program.Read, world: World) -> Iterator[Diagnostic]:
    for schema in world.schemas:
        place = schema.place(tuple(map(str, read.steps)))
        if place is None or place.kinds == ANY:
            continue
        possible = place.kinds - NOTHING
        takes = TAKES[field.facts.type] | {"list"}
        if possible and not possible & takes:
            article = "an" if field.facts.type[0] in "aeio" else "a"
            yield Diagnostic(
                "RW0301",
                f"`{field.facts.name}` takes {article} {field.facts.type}, and `{read.span.text}` is "
                f"{_listed(place)} in {schema.title}",
                read.span,
            )
        return


def _listed(place: Place) -> str:
    kinds = sorted(place.kinds - NOTHING) or ["null"]
    return " or ".join(f"an {kind}" if kind[0] in "aeio" else f"a {kind}" for kind in kinds)
