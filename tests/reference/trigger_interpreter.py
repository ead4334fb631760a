"""What a trigger means, told again: a plain walk over the syntax tree, for holding solver and compiler to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rulewright.dsl import ast
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.missing import MISSING

Functions = Mapping[str, Callable[..., Any]]


def matches(trigger: ast.Expression, event: dict[str, Any], functions: Functions) -> bool:
    """Whether an event meets a trigger."""
    return _Interpreter(event, functions).value(trigger) is True


class _Interpreter:
    def __init__(self, event: dict[str, Any], functions: Functions) -> None:
        self.event = event
        self.functions = functions

    def value(self, node: ast.Expression) -> Any:
        match node:
            case ast.Literal(value):
                return value
            case ast.Path(steps):
                return _read(self.event, steps)
            case ast.List(items):
                return [self.value(item) for item in items]
            case ast.Not(operand, grouped):
                if isinstance(operand, ast.Call) and operand.function in ("contains", "match") and not grouped:
                    return isinstance(self.value(operand.arguments[0]), str) and self.value(operand) is not True
                return self.value(operand) is not True
            case ast.Logical("and", operands):
                return all(self.value(operand) is True for operand in operands)
            case ast.Logical("or", operands):
                return any(self.value(operand) is True for operand in operands)
            case ast.Comparison(operator, left, right):
                left_value, right_value = self.value(left), self.value(right)
                if operator == "!=" and any(_is_constant(side) for side in (left, right)):
                    return not _compare("=", left_value, right_value)
                return _compare(operator, left_value, right_value)
            case ast.Call("if", (condition, then, otherwise)):
                return self.value(then if self.value(condition) is True else otherwise)
            case ast.Call("coalesce", arguments):
                values = [self.value(argument) for argument in arguments]
                return next((value for value in values if not _is_nothing(value)), values[-1])
            case ast.Call(name, arguments):
                try:
                    return self.functions[name](*(self.value(argument) for argument in arguments))
                except ValueFailure:
                    return MISSING
            case _:
                raise NotImplementedError(type(node).__name__)


def _read(value: Any, steps: tuple[ast.Step, ...]) -> Any:
    """`value && value[step]`, step by step."""
    for step in map(str, steps):
        if not value and not isinstance(value, list | dict):
            return value
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, list | str) and step == "length":
            value = len(value)
        elif isinstance(value, list | str) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def _compare(operator: str, left: Any, right: Any) -> bool:
    if operator == "in":
        return isinstance(right, list) and any(_compare("=", left, item) for item in right)
    if operator in ("=", "!="):
        if _is_number(left) != _is_number(right):
            return operator == "!=" and not _is_number(left) and not _is_number(right)
        return _equal(left, right) == (operator == "=")
    if not (_is_number(left) and _is_number(right)):
        return False
    ordered: dict[str, bool] = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return ordered[operator]


def _equal(left: Any, right: Any) -> bool:
    if _is_nothing(left) or _is_nothing(right):
        return _is_nothing(left) and _is_nothing(right)
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _is_constant(node: ast.Expression) -> bool:
    """Text, true, false or null: beside one of these `!=` is the negation of `=`; beside a number it is not."""
    return isinstance(node, ast.Literal) and not _is_number(node.value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_nothing(value: Any) -> bool:
    return value is None or value is MISSING
