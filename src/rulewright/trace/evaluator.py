"""Values and conditions of the program on one event, node by node, with the runtime's own functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..runtime.function import ValueFailure
from ..runtime.functions import FUNCTIONS
from ..runtime.semantics.blank import is_blank
from ..runtime.semantics.comparison import (
    NUMBERS,
    add,
    contained,
    divide,
    equal,
    greater,
    greater_or_equal,
    is_nothing,
    less,
    less_or_equal,
    multiply,
    negative,
    subtract,
    unequal,
)
from ..runtime.semantics.javascript import template_text
from ..runtime.semantics.missing import MISSING
from ..runtime.semantics.property_access import read

Event = dict[str, Any]

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": subtract, "*": multiply, "/": divide}
_HELPERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
    "in": contained,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(slots=True)
class Traced:
    """A node and the value that it had; of a condition, True or False."""

    node: ir.Value
    value: Any
    parts: list[Traced] = field(default_factory=list)
    """The nodes below it that were looked at, in order."""
    chosen: int | None = None
    """Of `coalesce`, which alternative gave the value; of `if`, 0 for the first branch and 1 for the second."""
    failed: str = ""
    """In a trigger, why a function had no value."""


@dataclass(slots=True)
class Evaluator:
    """One walk over one event; in a trigger (`forgiving`) a function that fails has no value, in a field it stops."""

    event: Event
    forgiving: bool = False
    steps: list[Traced] = field(default_factory=list)
    """Every node that was looked at, those of a field that failed among them; parts come before the whole."""
    _roots: dict[int, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._roots = {ir.EVENT: self.event}

    def trace(self, node: ir.Value) -> Traced:
        """The node's value and how it came about. Raises ValueFailure, unless forgiving."""
        traced = self._condition(node) if isinstance(node, ir.CONDITIONS) else self._value(node)
        self.steps.append(traced)
        return traced

    # --- values ----------------------------------------------------------------------------------------------------

    def _value(self, node: ir.Value) -> Traced:
        match node:
            case ir.Constant(constant):
                return Traced(node, constant)
            case ir.Read(root, steps):
                return Traced(node, read(self._roots[root], steps))
            case ir.Get(target, steps):
                found = self.trace(target)
                return Traced(node, read(found.value, steps), [found])
            case ir.Template(parts):
                return self._text(node, parts)
            case ir.MakeObject(entries):
                traced = [self.trace(entry) for _, entry in entries]
                pairs = zip((key for key, _ in entries), traced, strict=True)
                return Traced(node, {key: one.value for key, one in pairs if one.value is not MISSING}, traced)
            case ir.MakeList(items):
                traced = [self.trace(item) for item in items]
                return Traced(node, [None if one.value is MISSING else one.value for one in traced], traced)
            case ir.ForEach():
                return self._each(node)
            case ir.Call(function, arguments, fails):
                traced = [self.trace(argument) for argument in arguments]
                return self._called(node, FUNCTIONS[function].call, traced, forgiving=fails and self.forgiving)
            case ir.If(condition, then, otherwise):
                test = self.trace(condition)
                branch = self.trace(then if test.value else otherwise)
                return Traced(node, branch.value, [test, branch], 0 if test.value else 1)
            case ir.Coalesce(values, visible):
                return self._coalesce(node, values, is_blank if visible else is_nothing)
            case ir.Negative(operand):
                return self._called(node, negative, [self.trace(operand)], forgiving=self.forgiving)
            case ir.Arithmetic(operator, left, right):
                operands = [self.trace(left), self.trace(right)]
                return self._called(node, _ARITHMETIC[operator], operands, forgiving=self.forgiving)
            case _:
                return Traced(node, MISSING)

    def _called(self, node: ir.Value, call: Callable[..., Any], traced: list[Traced], *, forgiving: bool) -> Traced:
        try:
            return Traced(node, call(*(one.value for one in traced)), traced)
        except ValueFailure as failure:
            if not forgiving:
                raise
            return Traced(node, MISSING, traced, failed=str(failure))

    def _text(self, node: ir.Value, parts: tuple[str | ir.Value, ...]) -> Traced:
        traced = []
        written = ""
        for part in parts:
            if isinstance(part, str):
                written += part
            else:
                traced.append(self.trace(part))
                written += template_text(traced[-1].value)
        return Traced(node, written, traced)

    def _coalesce(self, node: ir.Value, values: tuple[ir.Value, ...], is_passed_over: Callable[[Any], bool]) -> Traced:
        traced: list[Traced] = []
        for value in values:
            traced.append(self.trace(value))
            if not is_passed_over(traced[-1].value):
                break
        return Traced(node, traced[-1].value, traced, len(traced) - 1)

    def _each(self, node: ir.ForEach) -> Traced:
        traced = [self.trace(node.iterable)]
        source = traced[0].value
        if source.__class__ is not list and source.__class__ is not dict:
            return Traced(node, source, traced)
        made = []
        for item in source if source.__class__ is list else [source]:
            self._roots[node.variable] = item
            if node.condition is not None:
                traced.append(self.trace(node.condition))
                if not traced[-1].value:
                    continue
            traced.append(self.trace(node.item))
            if traced[-1].value is not MISSING:
                made.append(traced[-1].value)
        return Traced(node, made, traced)

    # --- conditions ------------------------------------------------------------------------------------------------

    def _condition(self, node: ir.Value) -> Traced:
        match node:
            case ir.All(conditions) | ir.AnyOf(conditions):
                decisive = isinstance(node, ir.AnyOf)
                traced: list[Traced] = []
                for condition in conditions:
                    traced.append(self.trace(condition))
                    if traced[-1].value is decisive:
                        return Traced(node, decisive, traced)
                return Traced(node, not decisive, traced)
            case ir.Not(condition):
                inner = self.trace(condition)
                return Traced(node, not inner.value, [inner])
            case ir.Compare(operator, left, right):
                sides = [self.trace(left), self.trace(right)]
                return Traced(node, _compared(operator, sides[0], sides[1]), sides)
            case ir.TextTest(function, arguments, negated):
                subject = self.trace(arguments[0])
                if subject.value.__class__ is not str:
                    return Traced(node, False, [subject])
                sides = [subject, *(self.trace(argument) for argument in arguments[1:])]
                found = FUNCTIONS[function].call(*(side.value for side in sides))
                return Traced(node, not found if negated else bool(found), sides)
            case ir.IsTrue(value):
                held = self.trace(value)
                return Traced(node, held.value is True, [held])
            case _:
                raise AssertionError(node)


def _compared(operator: str, left: Traced, right: Traced) -> bool:
    """By the language's table, in which the kind of a literal decides what `=` and `!=` mean."""
    if isinstance(left.node, ir.Constant) and not isinstance(right.node, ir.Constant) and operator != "in":
        return _compared(_MIRRORED.get(operator, operator), right, left)
    if isinstance(right.node, ir.Constant) and operator in ("=", "!="):
        same = _is_constant(left.value, right.value)
        if right.value.__class__ in NUMBERS:
            return left.value.__class__ in NUMBERS and same == (operator == "=")
        return same == (operator == "=")
    return _HELPERS[operator](left.value, right.value)


def _is_constant(value: Any, constant: Any) -> bool:
    if constant is None:
        return is_nothing(value)
    if isinstance(constant, bool):
        return value is constant
    if isinstance(constant, str):
        return value.__class__ is str and bool(value == constant)
    return value.__class__ in NUMBERS and bool(value == constant)
