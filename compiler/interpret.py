"""The reference evaluator: computes any node of the program for one event; an observer sees every step.

A law compares generated code with it. It has no functions of its own: they come from the catalog, as the checker's do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..runtime.semantics.blank import is_blank
from ..runtime.semantics.comparison import (
    NUMBERS,
    add,
    contained,
    divide,
    equal,
    greater,
    greater_or_equal,
    less,
    less_or_equal,
    multiply,
    negative,
    subtract,
    unequal,
)
from ..runtime.semantics.failure import ValueFailure
from ..runtime.semantics.javascript import template_text
from ..runtime.semantics.missing import MISSING, is_nothing
from ..runtime.semantics.property_access import read
from . import ir
from .catalog import FunctionSignature

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": subtract, "*": multiply, "/": divide}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
    "in": contained,
}


class Observer:
    """Is called for each step of an evaluation, in order; this class ignores all of them.

    The calls for the parts of a node come between `enter` and `leave` of the node. `leave` is not called for a node
    that raises.
    """

    def enter(self, node: ir.Value) -> None:
        """The evaluation of a node begins."""

    def choose(self, branch: int) -> None:
        """The alternative at the index `branch` of a `coalesce` or an `if` gives its value; 0 is the first."""

    def fail(self, reason: str) -> None:
        """A call or an operator in a trigger or a filter fails, and so has no value; `reason` is one sentence."""

    def leave(self, node: ir.Value, value: Any) -> None:
        """The evaluation of a node ends with this value."""


_IGNORED = Observer()


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Evaluates nodes with the functions of a catalog."""

    functions: Mapping[str, FunctionSignature]

    def value(self, node: ir.Value, event: Any, *, in_trigger: bool = False, observer: Observer = _IGNORED) -> Any:
        """The value of a node for an event: True or False for a condition, MISSING where there is no value.

        With `in_trigger`, for triggers and filters, a call or an operator that fails has no value; else it raises
        ValueFailure.
        """
        return _Evaluation(self.functions, {ir.EVENT: event}, in_trigger, observer).of(node)


@dataclass(slots=True)
class _Evaluation:
    """One walk over one event."""

    functions: Mapping[str, FunctionSignature]
    roots: dict[int, Any]
    """The event and, inside a comprehension, its items, by the numbers that paths begin with."""
    in_trigger: bool
    observer: Observer

    def of(self, node: ir.Value) -> Any:
        self.observer.enter(node)
        value = self._condition(node) if isinstance(node, ir.CONDITIONS) else self._value(node)
        self.observer.leave(node, value)
        return value

    # --- values ------------------------------------------------------------------------------------------------------

    def _value(self, node: ir.Value) -> Any:
        match node:
            case ir.Constant(constant):
                return constant
            case ir.Read(root, steps):
                return read(self.roots[root], steps)
            case ir.Get(target, steps):
                return read(self.of(target), steps)
            case ir.Template(parts):
                return "".join([part if isinstance(part, str) else template_text(self.of(part)) for part in parts])
            case ir.MakeObject(entries):
                pairs = [(key, self.of(entry)) for key, entry in entries]
                return {key: value for key, value in pairs if value is not MISSING}
            case ir.MakeList(items):
                return [None if (value := self.of(item)) is MISSING else value for item in items]
            case ir.ForEach():
                return self._for_each(node)
            case ir.Call(name, arguments, fails):
                function = self.functions[name].call
                return self._called(function, arguments, stops=not (fails and self.in_trigger))
            case ir.If(condition, then, otherwise):
                is_met = self.of(condition)
                self.observer.choose(0 if is_met else 1)
                return self.of(then if is_met else otherwise)
            case ir.Coalesce(values, visible):
                return self._coalesce(values, is_blank if visible else is_nothing)
            case ir.Negative(operand):
                return self._called(negative, (operand,), stops=not self.in_trigger)
            case ir.Arithmetic(operator, left, right):
                return self._called(_ARITHMETIC[operator], (left, right), stops=not self.in_trigger)
            case _:
                return MISSING

    def _called(self, function: Callable[..., Any], arguments: tuple[ir.Value, ...], *, stops: bool) -> Any:
        values = [self.of(argument) for argument in arguments]
        try:
            return function(*values)
        except ValueFailure as failure:
            if stops:
                raise
            self.observer.fail(str(failure))
            return MISSING

    def _coalesce(self, alternatives: tuple[ir.Value, ...], is_passed_over: Callable[[Any], bool]) -> Any:
        *tried, last = alternatives
        for branch, alternative in enumerate(tried):
            value = self.of(alternative)
            if not is_passed_over(value):
                self.observer.choose(branch)
                return value
        self.observer.choose(len(tried))
        return self.of(last)

    def _for_each(self, node: ir.ForEach) -> Any:
        source = self.of(node.iterable)
        if source.__class__ is not list and source.__class__ is not dict:
            return source
        values = []
        for item in source if source.__class__ is list else [source]:
            self.roots[node.variable] = item
            if node.condition is None or self.of(node.condition):
                value = self.of(node.item)
                if value is not MISSING:
                    values.append(value)
        return values

    # --- conditions --------------------------------------------------------------------------------------------------

    def _condition(self, node: ir.Value) -> bool:
        match node:
            case ir.All(conditions):
                return all(self.of(condition) for condition in conditions)
            case ir.AnyOf(conditions):
                return any(self.of(condition) for condition in conditions)
            case ir.Not(condition):
                return not self.of(condition)
            case ir.Compare(operator, left, right):
                return _compared(operator, left, self.of(left), right, self.of(right))
            case ir.TextTest(name, arguments, negated):
                subject = self.of(arguments[0])
                if subject.__class__ is not str:
                    return False
                others = [self.of(argument) for argument in arguments[1:]]
                return bool(self.functions[name].call(subject, *others)) is not negated
            case ir.IsTrue(value):
                return self.of(value) is True
            case _:
                raise AssertionError(node)


def _compared(operator: str, left: ir.Value, left_value: Any, right: ir.Value, right_value: Any) -> bool:
    """By the language's table: beside a literal that is not a number, `!=` is the negation of `=`."""
    literal = right if isinstance(right, ir.Constant) else left
    if operator == "!=" and isinstance(literal, ir.Constant) and literal.value.__class__ not in NUMBERS:
        return not equal(left_value, right_value)
    return _COMPARISONS[operator](left_value, right_value)
