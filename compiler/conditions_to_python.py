"""Conditions of the program to Python expressions, by the language's table of comparisons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from . import program
from .python_code import Names, Python, code, join, literal
from .types import kind_of

_ORDER = {"<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal"}
_NUMBER = (int, float)


class ConditionWriter(ABC):
    """Writes conditions; values are written by the class that is built on it."""

    names: Names
    functions: Mapping[str, Python]

    @abstractmethod
    def value(self, value: program.Value, *, nulls: bool = False) -> Python:
        """The code of a value."""

    def condition(self, condition: program.Condition) -> Python:
        """An expression that is True or False."""
        match condition:
            case program.All(conditions):
                return self._joined(" and ", conditions, "True")
            case program.AnyOf(conditions):
                return self._joined(" or ", conditions, "False")
            case program.Not(inner):
                return code("not {}", self._part(inner))
            case program.Compare("in", left, right):
                return self._membership(left, right)
            case program.Compare(operator, left, right):
                return self._comparison(operator, left, right)
            case program.TextTest():
                return self._text_test(condition)
            case program.Holds(program.Constant(constant)):
                return literal(constant is True)
            case program.Holds(value):
                return code("{} is True", self.value(value, nulls=True))

    def _joined(self, word: str, conditions: tuple[program.Condition, ...], empty: str) -> Python:
        return join(word, (self._part(inner) for inner in conditions)) if conditions else Python(empty)

    def _part(self, condition: program.Condition) -> Python:
        """A condition in a place where `and` and `or` need parentheses."""
        written = self.condition(condition)
        return written if isinstance(condition, program.Holds) else code("({})", written)

    def _comparison(self, operator: str, left: program.Value, right: program.Value) -> Python:
        if isinstance(left, program.Constant) and not isinstance(right, program.Constant):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            return self._comparison(mirrored.get(operator, operator), right, left)
        if isinstance(right, program.Constant) and operator in ("=", "!="):
            return self._equality(operator == "=", left, right.value)
        if isinstance(right, program.Constant) and isinstance(right.value, _NUMBER) and operator in _ORDER:
            if isinstance(right.value, bool):
                return Python("False")
            return self._number_test(left, code("{} {}", Python(operator), literal(right.value)))
        helper = {"=": "equal", "!=": "unequal"}.get(operator) or _ORDER[operator]
        return code("{}({}, {})", Python(helper), self.value(left, nulls=True), self.value(right, nulls=True))

    def _equality(self, equal: bool, left: program.Value, constant: object) -> Python:
        match kind_of(constant):
            case "null":
                test = self._is_null(left)
            case "string":
                pattern = "{} == {}" if equal else "{} != {}"
                return code(pattern, self.value(left, nulls=True), literal(constant))
            case "boolean":
                if isinstance(left, program.Constant):
                    return literal((left.value is constant) is equal)
                pattern = "{} is {}" if equal else "{} is not {}"
                return code(pattern, self.value(left, nulls=True), literal(constant))
            case _:
                return self._number_test(left, code("== {}" if equal else "!= {}", literal(constant)))
        return test if equal else code("not ({})", test)

    def _is_null(self, left: program.Value) -> Python:
        written = self.value(left, nulls=True)
        if isinstance(left, program.Read) and left.steps:
            return code("{} is None", written)
        return code("is_nothing({})", written)

    def _number_test(self, left: program.Value, test: Python) -> Python:
        held = self.names.fresh("number")
        return code("({} := {}).__class__ in NUMBERS and {} {}", held, self.value(left, nulls=True), held, test)

    def _membership(self, left: program.Value, right: program.Value) -> Python:
        if isinstance(right, program.MakeList) and all(
            isinstance(item, program.Constant) and isinstance(item.value, str) for item in right.items
        ):
            return code(
                "{} in {}",
                self.value(left, nulls=True),
                literal(tuple(getattr(item, "value", None) for item in right.items)),
            )
        return code("contained({}, {})", self.value(left, nulls=True), self.value(right, nulls=True))

    def _text_test(self, test: program.TextTest) -> Python:
        subject, *others = test.arguments
        negation = "not " if test.negated else ""
        held = self.names.fresh("subject")
        written = self.value(subject, nulls=True)
        wanted = others[0] if len(others) == 1 else None
        if isinstance(wanted, program.Constant) and isinstance(wanted.value, str) and test.function == "contains":
            pattern = f"({{}} := {{}}).__class__ is str and {{}} {negation}in {{}}"
            return code(pattern, held, written, literal(wanted.value), held)
        rest = [self.value(other) for other in others]
        called = code("{}({})", self.functions[test.function], join(", ", [held, *rest]))
        return code(f"({{}} := {{}}).__class__ is str and {negation}{{}}", held, written, called)
