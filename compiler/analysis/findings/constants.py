"""Findings on constants in conditions that no event has."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic, Fix, suggest
from ....dsl.syntax.strings import quote
from ....runtime.semantics.glob import matches
from ... import ir
from ...value_types import ANY, NOTHING, Kinds, kind_of, kinds
from ..context import AnalysisContext
from ..event_schema import EventSchema
from ..solver.condition_to_formula import formula_of
from ..solver.solver import UNSATISFIABLE, satisfiable
from .never_true_help import never_true_help
from .text_values import is_proposal, text_kind
from .types import listed_kinds

_TEXTS = frozenset(("string", "null"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_BOOLEANS = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_COMPUTED = (ir.Call, ir.TextTest, ir.Compare, ir.Arithmetic)
_LONGEST_CODE = 3
"""Letters of a currency or a country: another one is not a misspelling of it."""
_MOST_NAMES = 8
"""The most values that a help lists."""


def constant_findings(
    written: Iterable[ir.Node], context: AnalysisContext, proved: Collection[int] = ()
) -> Iterator[Diagnostic]:
    """RW0412 of the conditions that an author wrote, but for what is proved of the comparisons in `proved`."""
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
                        yield from _listed_constant(tuple(map(str, steps)), item, context)
            case ir.Compare("=" | "!=", value, ir.Constant() as constant) | ir.Compare(
                "=" | "!=", ir.Constant() as constant, value
            ) if id(node) not in proved and isinstance(value, _COMPUTED):
                yield from _never_equal(node, value, constant, context)
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


def _in_kind(node: ir.Compare, constant: ir.Constant, expected: Kinds) -> str:
    """The comparison with the same value in another kind, where there is one."""
    if expected <= {"list", "null"} and node.operator in ("=", "!="):
        list_ = (node.left if node.right is constant else node.right).span.text
        contained = f"{constant.span.text} in {list_}"
        return f"write `{contained}`" if node.operator == "=" else f"write `!({contained})`"
    converted = _converted(constant, expected)
    if converted is None or (node.operator not in ("=", "!=") and "number" not in expected):
        return f"compare it with {listed_kinds(expected)}"
    left, right = (converted if side is constant else side.span.text for side in (node.left, node.right))
    return f"write `{left} {node.operator} {right}`"


def _converted(constant: ir.Constant, expected: Kinds) -> str | None:
    """The literal of a constant in another kind; None where it has no such value."""
    value = constant.value
    bare = value.strip().lower() if isinstance(value, str) else ""
    if "boolean" in expected:
        return _BOOLEANS.get(bare if isinstance(value, str) else str(value))
    if "number" in expected and _NUMBER.fullmatch(bare):
        return bare
    return quote(constant.span.text) if "string" in expected and not isinstance(value, str) else None


def _listed_constant(path: tuple[str, ...], constant: ir.Constant, context: AnalysisContext) -> Iterator[Diagnostic]:
    """Of one of the constants that a path is sought among."""
    kind = kind_of(constant.value)
    for schema in context.schemas:
        place = schema.place(path)
        if place is None or place.kinds == ANY:
            continue
        if is_proposal(schema, path, context) or constant.value is None or kind in place.kinds:
            break
        if kind == "number" and place.kinds <= _TEXTS:
            return
        expected, actual = listed_kinds(place.kinds), listed_kinds(frozenset((kind,)))
        message = f"`{'.'.join(path)}` is {expected} in {schema.title}, and `{constant.span.text}` is {actual}"
        converted = _converted(constant, place.kinds)
        help_ = f"compare it with {expected}" if converted is None else f"write `{converted}`"
        if place.kinds <= {"list", "null"}:
            help_ = f"write `{constant.span.text} in {'.'.join(path)}`"
        yield Diagnostic("RW0412", message, constant.span, help=(help_,))
        return
    yield from _no_event_has(path, constant, context)


def _never_equal(
    node: ir.Compare, value: ir.Value, constant: ir.Constant, context: AnalysisContext
) -> Iterator[Diagnostic]:
    """Of `lowercase(event) = "Order"`, where the function never gives the constant."""
    if kind_of(constant.value) == "number" and text_kind(value, context) is not None:
        return  # a text that is compared as a number, which is a finding of its own
    possible = kinds(value)
    # Null and missing compare alike.
    is_other_kind = not possible & (NOTHING if constant.value is None else {kind_of(constant.value)})
    if is_other_kind or satisfiable(formula_of(ir.Compare("=", value, constant))) == UNSATISFIABLE:
        message = f"`{value.span.text}` is never `{constant.span.text}`"
        help_ = never_true_help(node, context)
        if not help_ and is_other_kind and possible - NOTHING:
            help_ = (_in_kind(node, constant, possible - NOTHING),)
        yield Diagnostic("RW0412", message, constant.span, help=help_)


def _no_event_has(path: tuple[str, ...], constant: ir.Constant, context: AnalysisContext) -> Iterator[Diagnostic]:
    value = constant.value
    if not isinstance(value, str):
        return
    values, source = _listed(path, context)
    if not values or value in values:
        return
    word = next((candidate for candidate in values if candidate.lower() == value.lower()), None)
    if word is None and len(value) > _LONGEST_CODE:
        word = suggest(value, values)
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
