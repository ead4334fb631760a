"""Findings on constants in conditions that no event has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic, Fix, suggest
from ....dsl.syntax.strings import quote
from ....runtime.semantics.glob import matches
from ... import ir
from ...value_types import ANY, Kinds, kind_of
from ..context import AnalysisContext
from ..event_schema import EventSchema
from .text_values import is_proposal
from .types import listed_kinds

_TEXTS = frozenset(("string", "null"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_BOOLEANS = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_MOST_NAMES = 8
"""The most values that a help lists."""


def constant_findings(written: Iterable[ir.Node], context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0412 of the conditions that an author wrote."""
    for node in written:
        match node:
            case ir.Compare("in", ir.Constant()):
                pass
            case ir.Compare(_, ir.Read(ir.EVENT, steps), ir.Constant() as constant):
                yield from _compared(node, tuple(map(str, steps)), constant, context)
            case ir.Compare(_, ir.Constant() as constant, ir.Read(ir.EVENT, steps)):
                yield from _compared(node, tuple(map(str, steps)), constant, context)
            case ir.Compare("in", ir.Read(ir.EVENT, steps), ir.MakeList(items)):
                for item in items:
                    if isinstance(item, ir.Constant):
                        yield from _no_event_has(tuple(map(str, steps)), item, context)
            case ir.TextTest(_, (ir.Read(ir.EVENT, steps), ir.Constant(str(text)) as constant)):
                yield from _none_contains(tuple(map(str, steps)), constant, node.function, text, context)
            case ir.Call("starts_with" | "ends_with", (ir.Read(ir.EVENT, steps), ir.Constant(str(text)) as constant)):
                yield from _none_contains(tuple(map(str, steps)), constant, node.function, text, context)
            case _:
                pass


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda value, text: text in value,
    "match": lambda value, text: matches(text, value),
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def _none_contains(
    path: tuple[str, ...], constant: ir.Constant, function: str, text: str, context: AnalysisContext
) -> Iterator[Diagnostic]:
    """Of `contains(type, "trak")`, where all values are known."""
    values, source = _listed(path, context)
    if not values or any(_TESTS[function](value, text) for value in values):
        return
    written = ".".join(path)
    message = f"no value of `{written}` meets `{function}({written}, {constant.span.text})`, by {source}"
    yield Diagnostic("RW0412", message, constant.span, help=(_values(values),))


def _values(values: list[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in values[:_MOST_NAMES])
    more = f" and {len(values) - _MOST_NAMES} more" if len(values) > _MOST_NAMES else ""
    return f"the values are {listed}{more}"


def _compared(
    node: ir.Compare, path: tuple[str, ...], constant: ir.Constant, context: AnalysisContext
) -> Iterator[Diagnostic]:
    kind = kind_of(constant.value)
    is_equality = node.operator in ("=", "!=")
    for schema in context.schemas:
        place = schema.place(path)
        if place is None or place.kinds == ANY:
            continue
        if is_proposal(schema, path, context) or constant.value is None or kind in place.kinds:
            break
        if (kind == "number" and place.kinds <= _TEXTS) or not (is_equality or kind == "number"):
            return  # a text that is compared as a number, which is a finding of its own
        expected, actual = listed_kinds(place.kinds), listed_kinds(frozenset((kind,)))
        message = f"`{'.'.join(path)}` is {expected} in {schema.title}, and `{constant.span.text}` is {actual}"
        yield Diagnostic("RW0412", message, constant.span, help=(_in_kind(node, constant, place.kinds),))
        return
    if is_equality:
        yield from _no_event_has(path, constant, context)


def _in_kind(node: ir.Compare, constant: ir.Constant, kinds: Kinds) -> str:
    """The comparison with the same value in another kind, where there is one."""
    value = constant.value
    bare = value.strip().lower() if isinstance(value, str) else ""
    written = None
    if "boolean" in kinds:
        written = _BOOLEANS.get(bare if isinstance(value, str) else str(value))
    elif "number" in kinds and _NUMBER.fullmatch(bare):
        written = bare
    elif "string" in kinds and not isinstance(value, str):
        written = quote(constant.span.text)
    if written is None or (node.operator not in ("=", "!=") and "number" not in kinds):
        return f"compare it with {listed_kinds(kinds)}"
    left, right = (written if side is constant else side.span.text for side in (node.left, node.right))
    return f"write `{left} {node.operator} {right}`"


def _no_event_has(path: tuple[str, ...], constant: ir.Constant, context: AnalysisContext) -> Iterator[Diagnostic]:
    value = constant.value
    if not isinstance(value, str):
        return
    values, source = _listed(path, context)
    if not values or value in values:
        return
    word = next((candidate for candidate in values if candidate.lower() == value.lower()), None) or suggest(
        value, values
    )
    written = ".".join(path)
    fix = None
    if word is not None:
        help_ = f"did you mean `{quote(word)}`?"
        if constant.span.text == quote(value):
            fix = Fix(constant.span, quote(word), f"write `{quote(word)}`")
    else:
        help_ = _values(values)
    message = f"no event has `{constant.span.text}` as its `{written}`, by {source}"
    yield Diagnostic("RW0412", message, constant.span, help=(help_,), fix=fix)


def _listed(path: tuple[str, ...], context: AnalysisContext) -> tuple[list[str], str]:
    """All texts that a path can have, and which schema says so; none where they are not all known."""
    if path == ("type",):
        return list(context.types), context.schemas[-1].title if context.schemas else ""
    for schema in context.schemas:
        if (place := _place(schema, path)) is not None and place:
            return place, schema.title
    return [], ""


def _place(schema: EventSchema, path: tuple[str, ...]) -> list[str] | None:
    place = schema.place(path)
    return None if place is None or place.listed is None else [text for text in place.listed if isinstance(text, str)]
