"""Findings on paths that no event has, according to the schemas of events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ....dsl.ast import FilterStep
from ....dsl.diagnostics.diagnostic import Diagnostic, Fix, respelling, suggest
from ....dsl.source import NOWHERE, Span
from ....dsl.syntax.paths import write_filter_path
from ....dsl.syntax.strings import quote
from ... import ir
from ...value_types import ANY, NOTHING
from ..context import AnalysisContext
from ..event_schema import EventSchema
from ..schema_node import SchemaNode, letters_of
from ..solver.formula import PathSteps
from .types import listed_kinds

_READ_OF_ANYTHING = "length"
_PROPERTIES = frozenset(("props", "prop", "event_properties", "eventproperties"))
"""What other tools call the properties of an event, in lower case."""
_OF_CAMPAIGN = {"utm_campaign": "name"} | {f"utm_{key}": key for key in ("source", "medium", "term", "content", "id")}
"""The parameters of an address, and the keys of `context.campaign` (Segment, "Spec: Common Fields")."""
LITERALS = {"true": "true", "false": "false", "yes": "true", "no": "false"} | dict.fromkeys(
    ("none", "null", "nil", "undefined", "nan"), "null"
)
"""Words of other languages, in lower case, and what they are here."""
_BEFORE_CONDITION = re.compile(r"(?:\b(?:when|and|or|if)|[!(])\Z", re.IGNORECASE)
_OPERATOR_BEFORE = re.compile(r"[^=!<>\s]\s*!?=\s*\Z")
_COMPARED = re.compile(r"[=<>!]|in\b")
_NEARBY = 100
"""Characters around a word that show how it is used. A search of the whole file for each word takes quadratic time."""


def path_findings(written: Iterable[ir.Node], context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0201 of every path among the nodes that an author wrote."""
    if not context.schemas:
        return
    seen: set[tuple[object, int]] = set()
    for node in written:
        if not isinstance(node, ir.Read) or node.root != ir.EVENT or node.span is NOWHERE:
            continue
        place = (node.span.source, node.span.start)
        if place not in seen:
            seen.add(place)
            yield from _unknown_step(node, context)


def written_nodes(mapping: ir.Mapping) -> Iterator[ir.Node]:
    """Every node of a mapping that an author wrote; the defaults of an action are not theirs."""
    return ir.walk(written_values(mapping))


def written_values(mapping: ir.Mapping) -> tuple[ir.Value, ...]:
    """The trigger and the values of the fields that an author wrote."""
    source = mapping.span.source
    return (mapping.trigger, *(field.value for field in mapping.fields if field.span.source is source))


class KnownBelow(NamedTuple):
    """What the schemas that know a path say of what is below it."""

    places: list[tuple[EventSchema, SchemaNode]]
    closed: list[EventSchema]
    scalar: list[SchemaNode]
    open: bool
    only_lists: bool
    """Nothing but a list is expected, which has no keys."""

    @property
    def may_have_more(self) -> bool:
        """Whether other keys are as usual here as those that are known."""
        return self.open and not self.closed and len(self.scalar) < len(self.places)


@lru_cache(maxsize=1024)
def known(schemas: tuple[EventSchema, ...], path: PathSteps) -> KnownBelow:
    """What the schemas know of what is below a path; no places if no schema knows the path."""
    if path:
        return below(known(schemas, path[:-1]), path[-1])
    return known_at([(schema, schema.root) for schema in schemas])


def below(declared: KnownBelow, step: str) -> KnownBelow:
    """What is known one step further."""
    return known_at([(schema, at) for schema, place in declared.places if (at := place.inside(step)) is not None])


def known_at(places: list[tuple[EventSchema, SchemaNode]]) -> KnownBelow:
    """What is known at places of schemas."""
    return KnownBelow(
        places,
        [schema for schema, place in places if place.closed],
        [place for _, place in places if place.kinds != ANY and not place.kinds & {"object", "list"}],
        any(place.open for _, place in places),
        all(place.kinds - NOTHING == {"list"} for _, place in places),
    )


def _unknown_step(read: ir.Read, context: AnalysisContext) -> Iterator[Diagnostic]:
    lacking = _lacking(context.schemas, tuple(map(str, read.steps)))
    if lacking is not None:
        number, declared, near = lacking
        before = ".".join(map(str, read.steps[:number]))
        yield from unknown(before, read.steps, number, declared, read.span, near=near)


@lru_cache(maxsize=1024)
def _lacking(schemas: tuple[EventSchema, ...], steps: PathSteps) -> tuple[int, KnownBelow, bool] | None:
    """The number of the step that may be wrong, what is known before it, and whether it is close to a known key."""
    for number in range(len(steps) - 1, -1, -1):
        declared, step = known(schemas, steps[:number]), steps[number]
        if declared.places:
            if step == _READ_OF_ANYTHING or not _lacks(declared, step, number):
                return None
            near = number > 0 and _is_misspelled(step, declared, schemas[-1])
            is_usual = number > 0 and declared.may_have_more and not declared.only_lists
            return (number, declared, near) if near or not is_usual else None
    return None


def _is_misspelled(step: str, declared: KnownBelow, spec: EventSchema) -> bool:
    """Whether a step has the letters of a known key in another order, or is close to one that the author's plan has."""
    for schema, place in declared.places:
        close = _rearranged(step, [place]) if schema is spec else suggest(step, list(place.keys))
        if close is not None:
            return True
    return _swapped(step, declared) is not None or _of_campaign(step, declared) is not None


def _of_campaign(step: str, declared: KnownBelow) -> str | None:
    """The key of `context.campaign` that a parameter of an address becomes: `utm_source` is `source`."""
    key = _OF_CAMPAIGN.get(step.lower())
    is_campaign = any("medium" in place.keys and "source" in place.keys for _, place in declared.places)
    return key if key is not None and is_campaign else None


def _swapped(step: str, declared: KnownBelow) -> str | None:
    """The key of another part of an event that a step has the letters of: `email` often comes in `properties`."""
    return _rearranged(step, [schema.parts for schema, _ in declared.places]) if len(step) > 4 else None


def _rearranged(step: str, places: list[SchemaNode]) -> str | None:
    """The first key of some places that has the letters of a step in another order, and is close to it."""
    letters = letters_of(step)
    candidates = [key for place in places for key in place.keys_of_letters(letters)]
    return next((key for key in sorted(candidates) if len(key) == len(step) and suggest(step, [key])), None)


def keys_of_parts(declared: KnownBelow) -> list[str]:
    """The keys of all parts of an event, such as `properties`, by the schemas that know a place."""
    return sorted({key for schema, _ in declared.places for key in schema.parts.keys})


def _lacks(declared: KnownBelow, step: str, number: int) -> bool:
    """Whether no schema knows a step, or one that is closed does not; an event itself always has its common fields."""
    lacking = [place for _, place in declared.places if place.inside(step) is None]
    return len(lacking) == len(declared.places) or (number > 0 and any(place.closed for place in lacking))


def unknown(
    before: str, steps: tuple[FilterStep, ...], number: int, declared: KnownBelow, span: Span, *, near: bool = False
) -> Iterator[Diagnostic]:
    """RW0201 of a step that no place `before` it has; with `near` also where other keys are usual, but one is close."""
    places, closed, scalar, *_ = declared
    open_ = declared.open and not near
    step = str(steps[number])
    if declared.only_lists:
        help_ = f"`[item.{step} for item in {before}]` reads it of every item"
        message = f"`{before}` is a list, so it has no `{step}`"
        yield Diagnostic("RW0201", message, _step_span(span, steps, number), help=(help_,))
        return
    if number and not near and declared.may_have_more:
        return
    # A text has no keys, so no longer path begins with one: `message.properties` does not mean `messageId`.
    goes_on = number == 0 and len(steps) > 1
    keys = sorted({key for _, place in places for key, at in place.keys.items() if not goes_on or _has_keys(at)})
    word = (
        suggest(step, keys) or _of_campaign(step, declared) or (_swapped(step, declared) if near and number else None)
    )
    if number == 0:
        message = f"events have no `{step}`"
    elif len(scalar) == len(places):
        message = f"`{before}` is {listed_kinds(scalar[0].kinds)}, so it has no `{step}`"
    elif closed:
        message = f"`{before}` has no `{step}` in {closed[0].title}"
    elif word is not None and not open_:
        message = f"`{before}` has no `{step}` in {places[0][0].title}"
    else:
        return
    place = _step_span(span, steps, number)
    fix = respelling(place, step, keys) if place is not span else None
    help_ = f"did you mean `{word}`?" if word else ""
    inner = None if word else _inside_event(steps, number, declared)
    if inner is not None:
        help_ = f"did you mean `{inner}`?"
        fix = Fix(span, inner, f"write `{inner}`") if place is not span else None
    elif not word and number == 0:
        help_, fix = _of_bare_word(step, len(steps) == 1, declared, span)
    yield Diagnostic("RW0201", message, place, help=(help_,) if help_ else (), fix=fix)


def _inside_event(steps: tuple[FilterStep, ...], number: int, declared: KnownBelow) -> str | None:
    """The path that is meant by one with another first name; None for all others.

    `message.properties.total` begins with a name for the event as a whole, and `props.total` with one for `properties`.
    """
    if number == 0 and len(steps) > 1 and str(steps[0]).lower() in _PROPERTIES:
        return write_filter_path(("properties", *steps[1:]), rooted=False)
    roots = {key for schema, _ in declared.places for key, place in schema.root.keys.items() if _has_keys(place)}
    return write_filter_path(steps[1:], rooted=False) if number < 2 <= len(steps) and steps[1] in roots else None


def _has_keys(place: SchemaNode) -> bool:
    return bool(place.kinds & {"object", "list"})


def _of_bare_word(step: str, is_alone: bool, declared: KnownBelow, span: Span) -> tuple[str, Fix | None]:
    """The way out of a name that no event has: a literal of another language, a text without quotes, or a property."""
    literal = LITERALS.get(step.lower()) if is_alone else None
    if literal is not None:
        return f"did you mean `{literal}`?", Fix(span, literal, f"write `{literal}`")
    types = {type_ for _, place in declared.places if "type" in place.keys for type_ in place.keys["type"].examples}
    if is_alone and step.lower() in types:
        type_ = step.lower()
        return f'did you mean `type = "{type_}"`?' if _is_whole(span) else f'did you mean `"{type_}"`?', None
    for part in ("properties", "traits", "context"):
        if any(part in place.keys and step in place.keys[part].keys for _, place in declared.places):
            return f"did you mean `{part}.{step}`?", None
    if is_alone and _is_compared(span):
        return f"write `{quote(step)}` for a text, or `properties.{step}` for a property", None
    return f"what a source adds to an event is in `properties` or `traits`: write `properties.{step}`", None


def _is_whole(span: Span) -> bool:
    """Whether a word is a whole condition, as after `when` or `and`."""
    behind = span.source.text[span.end : span.end + _NEARBY].lstrip()
    return _BEFORE_CONDITION.search(_just_before(span).rstrip()) is not None and _COMPARED.match(behind) is None


def _is_compared(span: Span) -> bool:
    """Whether a word is what something else is compared with."""
    return _OPERATOR_BEFORE.search(_just_before(span)) is not None


def _just_before(span: Span) -> str:
    return span.source.text[max(0, span.start - _NEARBY) : span.start]


def _step_span(span: Span, steps: tuple[FilterStep, ...], number: int) -> Span:
    """The place of one step, where the path is written plainly."""
    parts = span.text.removeprefix("$.").split(".")
    if parts != list(steps):
        return span
    start = len(span.text) - len(".".join(parts)) + sum(len(part) + 1 for part in parts[:number])
    return span.within(start, start + len(parts[number]))
