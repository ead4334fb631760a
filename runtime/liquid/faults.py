"""Finds what is wrong with a Liquid template before any event comes: its syntax, its tags, its filters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from liquid.ast import Node
from liquid.builtin.expressions import Filter, FilteredExpression, PositionalArgument
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from ..function import Fault
from . import number_filters, text_filters, value_filters
from .rendering import DISABLED_FILTERS, parsed

_FILTERS: dict[str, Callable[..., Any]] = text_filters.FILTERS | number_filters.FILTERS | value_filters.FILTERS
_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def template_fault(template: str) -> Fault | None:
    """Why a template fails, or does not do what it says, whatever its data: the first fault in it, or None."""
    try:
        tree = parsed(template)
    except LiquidError as error:
        return Fault(f"the Liquid template fails: {error.message}", "", *_place(template, error))
    except Exception as error:
        # The library's own conversions raise what Python raises, as for a number of thousands of digits.
        return Fault(f"the Liquid template fails: {error}")
    for used in _filters(tree.nodes, RenderContext(tree)):
        start = used.token.start_index
        end = start + len(used.name)
        if used.name in DISABLED_FILTERS:
            return Fault(f"the filter `{used.name}` is disabled", "use a filter that Segment allows", start, end)
        if used.name not in _FILTERS:
            close = get_close_matches(used.name, _FILTERS, 1)
            help_ = f"did you mean `{close[0]}`?" if close else "remove it: the value passes through it unchanged"
            return Fault(f"unknown filter `{used.name}`", help_, start, end)
        if used.name == "sample":
            return Fault("`sample` asks for chance, and a rule has none", "", start, end)
        if _arguments(used) < _needed(_FILTERS[used.name]):
            return Fault(f"the filter `{used.name}` needs a value after a colon", "", start, end)
    return None


def _place(template: str, error: LiquidError) -> tuple[int, int | None]:
    """Where a template cannot be read."""
    if error.token is not None and error.token.start_index >= 0:
        return error.token.start_index, error.token.start_index + len(error.token.value)
    # The library does not say where something ends too early: it is in the first output that cannot be read alone.
    for output in _OUTPUT.finditer(template):
        if not _is_readable(output[0]):
            return output.span()
    return 0, None


def _is_readable(template: str) -> bool:
    try:
        parsed(template)
    except LiquidError:
        return False
    return True


def _filters(nodes: Iterable[Node], context: RenderContext) -> Iterator[Filter]:
    """All filters of a template, in the order of its text."""
    for node in nodes:
        for expression in node.expressions():
            yield from _filters_of(expression)
        yield from _filters(node.children(context, include_partials=False), context)


def _filters_of(expression: Expression) -> Iterator[Filter]:
    if isinstance(expression, FilteredExpression):
        yield from expression.filters or ()
    for inner in expression.children():
        yield from _filters_of(inner)


def _arguments(used: Filter) -> int:
    """How many values the filter is given, the one before it included."""
    return 1 + sum(isinstance(argument, PositionalArgument) for argument in used.args)


def _needed(function: Callable[..., Any]) -> int:
    return sum(parameter.default is parameter.empty for parameter in inspect.signature(function).parameters.values())
