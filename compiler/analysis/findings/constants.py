"""Findings on constants in conditions that no event has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic, Fix, suggest
from ....dsl.syntax.strings import quote
from ....runtime.semantics.glob import matches
from ... import ir
from ...value_types import NOTHING, Kinds, kind_of, kinds
from ..context import AnalysisContext
from ..solver.condition_to_formula import formula_of
from ..solver.solver import UNSATISFIABLE, satisfiable
from .comparison_text import comparison_text
from .never_true_help import never_true_help
from .number_helps import is_number
from .text_values import declared_kinds, text_kind
from .types import listed_kinds

_TEXTS = frozenset(("string", "null"))
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
    is_equality = node.operator in ("=", "!=")
    declared = _declared_otherwise(path, constant, context)
    if declared is None:
        if is_equality:
            yield from _no_event_has(path, constant, context)
    elif is_equality or kind_of(constant.value) == "number":
        yield from _of_another_kind(path, constant, declared, _in_kind(node, constant, declared[0]))


def _declared_otherwise(
    path: tuple[str, ...], constant: ir.Constant, context: AnalysisContext
) -> tuple[Kinds, str] | None:
    """The kinds that a path has, and the schema that says so, where a constant is of none of them."""
    declared = declared_kinds(path, context)
    if declared is None or constant.value is None or kind_of(constant.value) in declared[0]:
        return None
    return declared


def _of_another_kind(
    path: tuple[str, ...], constant: ir.Constant, declared: tuple[Kinds, str], help_: str
) -> Iterator[Diagnostic]:
    (expected, title), kind = declared, kind_of(constant.value)
    if kind == "number" and expected <= _TEXTS:
        return  # a text that is compared as a number, which is a finding of its own
    actual = listed_kinds(frozenset((kind,)))
    message = f"`{'.'.join(path)}` is {listed_kinds(expected)} in {title}, and `{constant.span.text}` is {actual}"
    yield Diagnostic("RW0412", message, constant.span, help=(help_,))


def _in_kind(node: ir.Compare, constant: ir.Constant, expected: Kinds) -> str:
    """The comparison with the same value in another kind, where there is one."""
    if expected <= {"list", "null"} and node.operator in ("=", "!="):
        list_ = (node.left if node.right is constant else node.right).span.text
        contained = f"{constant.span.text} in {list_}"
        return f"write `{contained}`" if node.operator == "=" else f"write `!({contained})`"
    converted = _converted(constant, expected)
    if converted is None or (node.operator not in ("=", "!=") and "number" not in expected):
        return f"compare it with {listed_kinds(expected)}"
    written = comparison_text(node, lambda side: converted if side is constant else side.span.text)
    return f"write `{written}`"


def _converted(constant: ir.Constant, expected: Kinds) -> str | None:
    """The literal of a constant in another kind; None where it has no such value."""
    value = constant.value
    bare = value.strip().lower() if isinstance(value, str) else ""
    if "boolean" in expected:
        return _BOOLEANS.get(bare if isinstance(value, str) else str(value))
    if "number" in expected and is_number(bare):
        return bare
    return quote(constant.span.text) if "string" in expected and not isinstance(value, str) else None


def _listed_constant(path: tuple[str, ...], constant: ir.Constant, context: AnalysisContext) -> Iterator[Diagnostic]:
    """Of one of the constants that a path is sought among."""
    declared = _declared_otherwise(path, constant, context)
    if declared is None:
        yield from _no_event_has(path, constant, context)
        return
    expected, _ = declared
    converted = _converted(constant, expected)
    help_ = f"compare it with {listed_kinds(expected)}" if converted is None else f"write `{converted}`"
    if expected <= {"list", "null"}:
        help_ = f"write `{constant.span.text} in {'.'.join(path)}`"
    yield from _of_another_kind(path, constant, declared, help_)


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
        place = schema.place(path)
        listed = () if place is None or place.listed is None else place.listed
        if texts := [text for text in listed if isinstance(text, str)]:
            return texts, schema.title
    return [], ""
