"""Compiles a single trigger or expression to a function of an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..argument_types import require
from ..compiler.catalog import Catalog
from ..compiler.emit.module import write_expression, write_trigger
from ..compiler.emit.source_map import origin
from ..compiler.resolve.expressions import Resolver
from ..dsl.rule_error import raise_errors
from ..dsl.source import Source
from ..dsl.syntax.reader import read_expression, read_trigger
from ..runtime.expressions import require_event
from ..runtime.functions import FUNCTIONS
from ..runtime.outcome import MappingError, Origin, marked
from ..runtime.semantics.event import Event
from ..runtime.semantics.failure import ValueFailure
from .python_loader import run_module


def compile_trigger(text: str) -> Callable[[Event], bool]:
    """Compile a trigger to a function that takes an event (a dict) and returns whether the event meets it.

    Raises RuleError if the text is not a trigger, and TypeError if it is not a str. The function raises
    TypeError for an event that is not a dict. It never fails on a JSON value; it raises ValueError for a comparison of
    Python values that hold themselves.
    """
    require(text, str, "a trigger as text (str)")
    node, diagnostics = read_trigger(Source("<trigger>", text))
    resolver = Resolver(Catalog(FUNCTIONS), diagnostics)
    condition = None if node is None else resolver.condition(node)
    raise_errors(diagnostics)
    assert condition is not None
    module = write_trigger(condition)
    holds: Callable[[Event], bool] = run_module(module.text, "<trigger>")["holds"]
    return holds


def compile_expression(text: str) -> Callable[[Event], Any]:
    """Compile the expression of a field to a function that takes an event (a dict) and returns the value.

    The value is MISSING if the event has none. Raises RuleError if the text is not an expression, and TypeError
    if it is not a str. The function raises MappingError if a function or an operator of the expression cannot take a
    value, and TypeError for an event that is not a dict.
    """
    require(text, str, "an expression as text (str)")
    node, diagnostics = read_expression(Source("<expression>", text))
    resolver = Resolver(Catalog(FUNCTIONS), diagnostics)
    value = None if node is None else resolver.value(node)
    raise_errors(diagnostics)
    assert value is not None
    module = write_expression(value)
    value_of: Callable[[Event], Any] = run_module(module.text, "<expression>")["value_of"]

    def evaluate(event: Event) -> Any:
        if event.__class__ is not dict:
            require_event(event)
        try:
            return value_of(event)
        except ValueFailure as failure:
            where = Origin(*origin(value.span))
            shown = [f"{failure}", f"  {where.file}:{where.line}:{where.column}", *marked(where)]
            raise MappingError("\n".join(shown)) from failure

    return evaluate
