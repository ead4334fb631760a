"""Findings on parts of a condition that are never true, because only the value `true` counts as true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.source import Span
from ... import ir
from ...value_types import ANY, NOTHING, kind_of
from ..context import AnalysisContext
from .argument_order import TEXT_TESTS
from .text_values import is_only_proposed
from .types import known_kinds, listed_kinds


def never_true_findings(conditions: Iterable[ir.Condition | None], context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0414 of the parts of conditions that an author wrote."""
    for condition in conditions:
        if isinstance(condition, ir.IsTrue):
            yield from _as_condition(condition, None, context)
        sides: list[ir.Node] = []
        """The sides of comparisons, which other findings cover; a comparison is visited before its sides."""
        for node in ir.walk(condition):
            if isinstance(node, ir.Compare):
                sides += (node.left, node.right)
                yield from _compared(node, context)
            elif any(node is side for side in sides):
                continue
            elif isinstance(node, ir.All | ir.AnyOf):
                if isinstance(node, ir.AnyOf) and node is not condition:
                    yield from _always_true(node)
                before: ir.Condition | None = None
                for part in node.conditions:
                    if isinstance(part, ir.IsTrue):
                        yield from _as_condition(part, before, context)
                    else:
                        before = part
            elif isinstance(node, ir.Not) and isinstance(node.condition, ir.IsTrue):
                yield from _as_condition(node.condition, None, context)
            elif isinstance(node, ir.TextTest) or (isinstance(node, ir.Call) and node.function in TEXT_TESTS):
                yield from _test_of_no_text(node, context)


def _always_true(choices: ir.AnyOf) -> Iterator[Diagnostic]:
    """RW0405 of `(event != "A" or event != "B")`: each value is unlike one of the two."""
    unlike: dict[ir.Value, ir.Constant] = {}
    for part in choices.conditions:
        match part:
            case ir.Compare("!=", value, ir.Constant(str()) as constant):
                if unlike.setdefault(value, constant) != constant:
                    message = f"`{choices.span.text}` is true for every event"
                    help_: tuple[str, ...] = ()
                    if all(isinstance(part, ir.Compare) and part.operator == "!=" for part in choices.conditions):
                        help_ = (f"write `{' and '.join(part.span.text for part in choices.conditions)}`",)
                    yield Diagnostic("RW0405", message, choices.span, help=help_)
                    return
            case _:
                pass


def _compared(node: ir.Compare, context: AnalysisContext) -> Iterator[Diagnostic]:
    match node:
        case ir.Compare("=" | "!=" as operator, left, ir.AnyOf(parts) as texts) if _are_constants(parts):
            yield _compared_with_choices(operator, left, texts, node.span)
        case ir.Compare("=", left, ir.Not(ir.IsTrue(value)) as negation) if _is_joined(negation):
            yield _not_equal(left, value, negation)
        case ir.Compare("in", left, right):
            yield from _in_no_list(left, right, node.span, context)
        case ir.Compare("=" | "!=" as operator, left, ir.MakeList() as list_):
            yield from _equal_to_list(operator, left, list_, node.span, context)
        case _:
            pass


def conditions_in(mapping: ir.Mapping) -> Iterator[ir.Condition]:
    """The conditions in the fields that an author wrote: those of `if` and of comprehensions."""
    for field in mapping.fields:
        # Most values are a path, in which there is nothing to be walked.
        if field.span.source is mapping.span.source and not isinstance(field.value, ir.Read):
            for node in ir.walk(field.value):
                if isinstance(node, ir.If) or (isinstance(node, ir.ForEach) and node.condition is not None):
                    yield node.condition  # type: ignore[misc]


def _as_condition(part: ir.IsTrue, before: ir.Condition | None, context: AnalysisContext) -> Iterator[Diagnostic]:
    """Of `type = "track" or "page"` the second part; `event`, which is a text."""
    value = part.value
    written = part.span.text
    if isinstance(value, ir.Constant):
        if isinstance(value.value, bool):
            return
        message = f"`{written}` is {listed_kinds(frozenset((kind_of(value.value),)))}, and only `true` counts as true"
        if value.value is None:
            message = "`null` is never true"
        help_: tuple[str, ...] = ()
        if isinstance(before, ir.Compare):
            help_ = (f"write `{before.left.span.text} {before.operator} {written}`",)
        yield Diagnostic("RW0414", message, part.span, help=help_)
        return
    if not isinstance(value, ir.Read | ir.Get | ir.Call | ir.Template | ir.MakeList | ir.MakeObject | ir.Arithmetic):
        return
    kinds, source = known_kinds(value, context)
    if kinds == ANY or "boolean" in kinds or not kinds - NOTHING:
        return
    by = f" in {source}" if source else ""
    message = f"`{value.span.text}` is {listed_kinds(kinds)}{by}, and only `true` counts as true"
    way_out = f"write `{value.span.text} != null`, or compare it with a value"
    yield Diagnostic("RW0414", message, value.span, help=(way_out,))


def _is_joined(negation: ir.Not) -> bool:
    """Whether `=` and `!` are written as one sign."""
    return negation.span.source.text[: negation.span.start].endswith("=")


def _not_equal(left: ir.Value, value: ir.Value, negation: ir.Not) -> Diagnostic:
    """Of `properties.total =! 5`."""
    span = negation.span
    operator = Span(span.source, span.start - 1, span.start + 1)
    message = f"`=!` compares with the negation of `{value.span.text}`"
    return Diagnostic("RW0402", message, operator, help=(f"write `{left.span.text} != {value.span.text}`",))


def _are_constants(parts: tuple[ir.Condition, ...]) -> bool:
    return all(isinstance(part, ir.IsTrue) and isinstance(part.value, ir.Constant) for part in parts)


def _instead(operator: str, way_out: str) -> tuple[str]:
    """The help that puts a condition, or for `!=` its opposite, in the place of a comparison."""
    return (f"write `{way_out}`" if operator == "=" else f"write `!({way_out})`",)


def _compared_with_choices(operator: str, left: ir.Value, choices: ir.AnyOf, whole: Span) -> Diagnostic:
    """Of `event = ("a" or "b")`."""
    items = ", ".join(part.span.text for part in choices.conditions)
    way_out = f"{left.span.text} in [{items}]"
    return Diagnostic(
        "RW0414",
        f"`{choices.span.text}` is true or false, and never one of these values",
        whole,
        help=_instead(operator, way_out),
    )


def _in_no_list(left: ir.Value, right: ir.Value, whole: Span, context: AnalysisContext) -> Iterator[Diagnostic]:
    """Of `event in "Order"` and `"Order" in event`: only a list has items."""
    kinds, source = known_kinds(right, context)
    if isinstance(right, ir.MakeList | ir.ForEach) or "list" in kinds or not kinds - NOTHING:
        return
    by = f" in {source}" if source else ""
    message = f"`in` looks in a list, and `{right.span.text}` is {listed_kinds(kinds)}{by}"
    if isinstance(right, ir.Constant):
        help_ = f"write `{left.span.text} = {right.span.text}`"
    elif kinds - NOTHING == {"string"}:
        help_ = f"write `contains({right.span.text}, {left.span.text})`"
    else:
        help_ = 'name a list, as in `event in ["Order Completed", "Order Refunded"]`'
    yield Diagnostic("RW0414", message, whole, help=(help_,))


def _test_of_no_text(node: ir.TextTest | ir.Call, context: AnalysisContext) -> Iterator[Diagnostic]:
    """Of `contains(properties.tags, "new")`: only a text contains another, or matches a pattern."""
    subject, *others = node.arguments
    kinds, source = known_kinds(subject, context)
    possible = kinds - NOTHING
    if not possible or "string" in possible or isinstance(subject, ir.Constant):
        return
    if possible != {"list"} and isinstance(subject, ir.Read) and is_only_proposed(subject, context):
        return
    by = f" in {source}" if source else ""
    written, part = subject.span.text, ", ".join(other.span.text for other in others)
    instead = None
    if possible == {"list"}:
        instead = f"length([item for item in {written} if {node.function}(item, {part})]) > 0"
        if node.function == "contains":
            instead = f"{part} in {written}"
    elif possible <= {"number", "boolean"}:
        instead = f"{node.function}(string({written}), {part})"
    if instead is not None and node.span.text.startswith("!"):
        instead = f"!({instead})"
    message = f"`{node.function}` looks in a text, and `{written}` is {listed_kinds(kinds)}{by}"
    yield Diagnostic("RW0414", message, node.span, help=() if instead is None else (f"write `{instead}`",))


def _equal_to_list(
    operator: str, left: ir.Value, list_: ir.MakeList, whole: Span, context: AnalysisContext
) -> Iterator[Diagnostic]:
    """Of `event = ["a", "b"]`: a text is equal to no list."""
    kinds, source = known_kinds(left, context)
    if "list" in kinds or not kinds - NOTHING:
        return
    by = f" in {source}" if source else ""
    way_out = f"{left.span.text} in {list_.span.text}"
    yield Diagnostic(
        "RW0414",
        f"`{left.span.text}` is {listed_kinds(kinds)}{by}, and is equal to no list",
        whole,
        help=_instead(operator, way_out),
    )
