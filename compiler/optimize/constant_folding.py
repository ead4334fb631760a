"""Constant folding: computes texts, arithmetic and conditions that are the same for every event."""

from __future__ import annotations

from ...dsl.ast import Scalar
from ...dsl.source import Span
from ...runtime.semantics.failure import ValueFailure
from .. import ir
from ..interpret import Interpreter
from ..value_types import kind_of

_INTERPRETER = Interpreter({})
"""A function is never called here, because no call is folded."""


def fold_constants(value: ir.Value) -> ir.Value:
    """The value, or the constant that it always is; its parts are already folded."""
    match value:
        case ir.Template(parts):
            return _text(value, parts)
        case ir.Negative(ir.Constant(operand)):
            return _number(value, operand)
        case ir.Arithmetic(_, ir.Constant(left), ir.Constant(right)):
            return _number(value, left, right)
        case ir.IsTrue(ir.Constant()) | ir.Compare(_, ir.Constant(), ir.Constant()):
            return decided(_INTERPRETER.value(value, None), value.span)
        case ir.IsTrue(inner) if isinstance(inner, ir.CONDITIONS):
            return inner
        case ir.Not(ir.Not(inner)):
            return inner
        case ir.Not(ir.All(())):
            return decided(False, value.span)
        case ir.Not(ir.AnyOf(())):
            return decided(True, value.span)
        case _:
            return value


def as_field(value: ir.Value) -> ir.Value:
    """The value of a field, where a decided condition is the constant true or false."""
    if isinstance(value, ir.All | ir.AnyOf) and not value.conditions:
        return ir.Constant(isinstance(value, ir.All), span=value.span)
    return value


def decided(outcome: bool, span: Span) -> ir.Condition:
    """The condition that is true, or false, for every event."""
    return ir.All((), span=span) if outcome else ir.AnyOf((), span=span)


def _number(value: ir.Value, *operands: Scalar) -> ir.Value:
    """The result of arithmetic on numbers; the value itself where it fails, so that the run fails there."""
    if any(kind_of(operand) != "number" for operand in operands):
        return value
    try:
        return ir.Constant(_INTERPRETER.value(value, None), span=value.span)
    except ValueFailure:
        return value


def _text(value: ir.Template, parts: tuple[str | ir.Value, ...]) -> ir.Value:
    joined: list[str | ir.Value] = []
    for part in parts:
        plain = _INTERPRETER.value(ir.Template((part,)), None) if isinstance(part, ir.Constant) else part
        if isinstance(plain, str) and joined and isinstance(joined[-1], str):
            joined[-1] += plain
        else:
            joined.append(plain)
    if all(isinstance(part, str) for part in joined):
        return ir.Constant("".join(map(str, joined)), span=value.span)
    return value if len(joined) == len(parts) else ir.Template(tuple(joined), span=value.span)
