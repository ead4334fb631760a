"""Checks the trigger of a mapping, which is its `when` condition."""

from __future__ import annotations

import re

from ...dsl import ast
from ...dsl.syntax.strings import quote
from .. import ir
from ..catalog import ActionSchema
from .expressions import Resolver
from .foreign_patterns import has_wildcard_of_sql, is_regular_expression

_USUAL = 'type = "track"'
_NO_WILDCARD = re.compile(r"(?:[^*?\[\\]|\\.)*", re.DOTALL)


def trigger_of(item: ast.Mapping, action: ActionSchema | None, resolver: Resolver) -> ir.Condition:
    """The condition under which a mapping takes an event; if it has none, it takes none, and RW0401 is reported."""
    for statement in item.body:
        if isinstance(statement, ast.When):
            condition = resolver.condition(statement.condition)
            check_trigger(condition, resolver)
            return condition
    resolver.report(
        "RW0401",
        "the mapping has no `when`",
        item.name_span,
        f"add `when {_USUAL if action is None else action.trigger}`",
    )
    return ir.AnyOf(())


def check_trigger(condition: ir.Condition, resolver: Resolver) -> None:
    """Reports findings on one trigger."""
    for node in ir.walk(condition):
        if isinstance(node, ir.TextTest) and node.function == "match" and len(node.arguments) == 2:
            pattern = node.arguments[1]
            if (
                isinstance(pattern, ir.Constant)
                and isinstance(pattern.value, str)
                and _NO_WILDCARD.fullmatch(pattern.value)
                and not is_regular_expression(pattern.value)
                and not has_wildcard_of_sql(pattern.value)
            ):
                alone = re.sub(r"\\(.)", r"\1", pattern.value, flags=re.DOTALL)
                texts = alone.split("|")
                help_ = f"write `… = {quote(alone)}`"
                if len(texts) > 1 and all(texts):
                    help_ = f"write `… in [{', '.join(map(quote, texts))}]`"
                message = "the pattern has no `*`, `?` or `[`, so it matches its own text alone"
                resolver.report("RW0408", message, pattern.span, help_)
