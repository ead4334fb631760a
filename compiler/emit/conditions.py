"""Converts conditions of the program to Python expressions, by the language's table of comparisons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from .. import ir
from ..value_types import kind_of, may_fail
from .python_code import Names, Python, code, join, literal

_ORDER = {"<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal"}
_NUMBER = (int, float)


class ConditionWriter(ABC):
    """Writes conditions; values are written by the class that is built on it."""

    names: Names
    functions: Mapping[str, Python]

    @abstractmethod
    def value(self, value: ir.Value, *, null_is_missing: bool = False) -> Python:
        """The code of a value."""

    def condition(self, condition: ir.Condition) -> Python:
        """An expression that is True or False."""
        match condition:
            case ir.All(conditions):
                return self._joined(" and ", conditions, "True")
            case ir.AnyOf(conditions):
                return self._joined(" or ", conditions, "False")
            case ir.Not(inner):
                return code("not {}", self._part(inner))
            case ir.Compare("in", left, right):
                return self._membership(left, right)
            case ir.Compare(operator, left, right):
                return self._comparison(operator, left, right)
            case ir.TextTest():
                return self._text_test(condition)
            case ir.IsTrue(ir.Constant(constant)):
                return literal(constant is True)
            case ir.IsTrue(value):
                return code("{} is True", self.value(value, null_is_missing=True))

    def _joined(self, word: str, conditions: tuple[ir.Condition, ...], empty: str) -> Python:
        return join(word, (self._part(inner) for inner in conditions)) if conditions else Python(empty)

    def _part(self, condition: ir.Condition) -> Python:
        """A condition in a place where `and` and `or` need parentheses."""
        written = self.condition(condition)
        return written if isinstance(condition, ir.IsTrue) else code("({})", written)

    def _comparison(self, operator: str, left: ir.Value, right: ir.Value) -> Python:
        if isinstance(left, ir.Constant) and not isinstance(right, ir.Constant):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            return self._comparison(mirrored.get(operator, operator), right, left)
        if isinstance(right, ir.Constant) and operator in ("=", "!="):
            return self._equality(operator == "=", left, right.value)
        if isinstance(right, ir.Constant) and isinstance(right.value, _NUMBER) and operator in _ORDER:
            if isinstance(right.value, bool):
                return Python("False")
            return self._number_test(left, code("{} {}", Python(operator), literal(right.value)))
        helper = {"=": "equal", "!=": "unequal"}.get(operator) or _ORDER[operator]
        return code(
            "{}({}, {})",
            Python(helper),
            self.value(left, null_is_missing=True),
            self.value(right, null_is_missing=True),
        )

    def _equality(self, equal: bool, left: ir.Value, constant: object) -> Python:
        match kind_of(constant):
            case "null":
                test = self._is_null(left)
            case "string":
                pattern = "{} == {}" if equal else "{} != {}"
                return code(pattern, self.value(left, null_is_missing=True), literal(constant))
            case "boolean":
                if isinstance(left, ir.Constant):
                    return literal((left.value is constant) is equal)
                pattern = "{} is {}" if equal else "{} is not {}"
                return code(pattern, self.value(left, null_is_missing=True), literal(constant))
            case _:
                return self._number_test(left, code("== {}" if equal else "!= {}", literal(constant)))
        return test if equal else code("not ({})", test)

    def _is_null(self, left: ir.Value) -> Python:
        written = self.value(left, null_is_missing=True)
        if isinstance(left, ir.Read) and left.steps:
            return code("{} is None", written)
        return code("is_nothing({})", written)

    def _number_test(self, left: ir.Value, test: Python) -> Python:
        held = self.names.fresh("number")
        return code(
            "({} := {}).__class__ in NUMBERS and {} {}", held, self.value(left, null_is_missing=True), held, test
        )

    def _membership(self, left: ir.Value, right: ir.Value) -> Python:
        if isinstance(right, ir.MakeList) and all(
            isinstance(item, ir.Constant) and isinstance(item.value, str) for item in right.items
        ):
            return code(
                "{} in {}",
                self.value(left, null_is_missing=True),
                literal(tuple(getattr(item, "value", None) for item in right.items)),
            )
        return code(
            "contained({}, {})", self.value(left, null_is_missing=True), self.value(right, null_is_missing=True)
        )

    def _text_test(self, test: ir.TextTest) -> Python:
        subject, *others = test.arguments
        negation = "not " if test.negated else ""
        held = self.names.fresh("subject")
        written = self.value(subject, null_is_missing=True)
        wanted = others[0] if len(others) == 1 else None
        if isinstance(wanted, ir.Constant) and isinstance(wanted.value, str) and test.function == "contains":
            pattern = f"({{}} := {{}}).__class__ is str and {{}} {negation}in {{}}"
            return code(pattern, held, written, literal(wanted.value), held)
        rest = [self.value(argument) for argument in others]
        called = code("{}({})", self.functions[test.function], join(", ", [held, *rest]))
        return code(f"({{}} := {{}}).__class__ is str and {negation}{{}}", held, written, called)


def may_fail_early(condition: ir.Condition) -> bool:
    """Whether a condition may fail, and needs statements, which Python would run whatever `and` and `or` say."""
    statements = ir.MakeObject | ir.ForEach | ir.If | ir.Coalesce
    return any(isinstance(node, statements) for node in ir.walk(condition)) and may_fail(condition)
