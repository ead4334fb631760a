"""Converts conditions of the program to formulas: each test becomes facts about the paths that it reads."""

from __future__ import annotations

from typing import Any

from ....dsl.ast import Scalar
from ....runtime.semantics.glob import STAR, literally
from ....runtime.semantics.missing import MISSING
from ... import ir
from ...value_types import kinds
from ..sets.glob import Glob, read_glob
from ..sets.text_pattern import TextPattern
from ..sets.texts import texts_like
from ..sets.values import (
    EMPTY,
    MISSING_OR_NULL,
    NO_VALUES,
    TEXTS,
    Plain,
    ValueSet,
    compared,
    exactly,
    holding,
    only,
    union,
    values_of,
)
from .formula import ALWAYS, NEVER, Formula, Opaque, PathSteps, Truth, every, fact, negation, some
from .preimage import BEFORE

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


MOST_FORKS = 8
"""Each `coalesce` or `if` repeats its operands, so each level of nesting doubles the formula."""


def formula_of(condition: ir.Condition) -> Formula:
    """When the condition is true, by the language's table of operators."""
    match condition:
        case ir.All(conditions):
            return every(formula_of(part) for part in conditions)
        case ir.AnyOf(conditions):
            return some(formula_of(part) for part in conditions)
        case ir.Not(inner):
            return negation(formula_of(inner))
        case ir.IsTrue(value):
            return value_in(value, exactly(True))
        case ir.Compare("in", left, right):
            return _membership(condition, left, right)
        case ir.Compare(operator, left, right):
            if isinstance(left, ir.Constant):
                left, right, operator = right, left, _MIRRORED[operator]  # type: ignore[assignment]
            if not isinstance(right, ir.Constant):
                return _opaque(condition)
            return value_in(left, compared(operator, right.value))  # type: ignore[arg-type]
        case ir.TextTest():
            return _text_test(condition)


def value_in(value: ir.Value, wanted: ValueSet) -> Formula:
    """When the value is one of a set."""
    match value:
        case ir.Read(ir.EVENT, steps) if steps:
            return fact(tuple(map(str, steps)), wanted)
        case ir.Constant(constant):
            return Truth(constant in wanted)
        case ir.Omit():
            return Truth(MISSING in wanted)
        case ir.Coalesce() | ir.If() if _forks(value) > MOST_FORKS:
            return _opaque(value, wanted)
        case ir.Coalesce((*tried, last), visible):
            formula = value_in(last, wanted)
            passed_over = EMPTY if visible else MISSING_OR_NULL
            for alternative in reversed(tried):
                there = value_in(alternative, wanted & ~passed_over)
                formula = some((there, every((value_in(alternative, passed_over), formula))))
            return formula
        case ir.If(condition, then, otherwise):
            holds = formula_of(condition)
            return some(
                (
                    every((holds, value_in(then, wanted))),
                    every((negation(holds), value_in(otherwise, wanted))),
                )
            )
        case ir.Call(function, (argument, *others)):
            return _applied(value, function, argument, others, wanted)
        case ir.All() | ir.AnyOf() | ir.Not() | ir.Compare() | ir.TextTest() | ir.IsTrue():
            holds = formula_of(value)
            return some(
                (
                    holds if True in wanted else NEVER,
                    negation(holds) if False in wanted else NEVER,
                )
            )
        case ir.MakeObject(entries):
            filled = some(value_in(entry, ~only(MISSING)) for _, entry in entries)
            return some(
                (
                    filled if Plain.FULL_OBJECT in wanted.plain else NEVER,
                    negation(filled) if Plain.EMPTY_OBJECT in wanted.plain else NEVER,
                )
            )
        case ir.Template(parts) if any(isinstance(part, str) for part in parts):
            return _bounded(value, wanted, TEXTS & ~exactly(""))
        case _:
            return _bounded(value, wanted, values_of(kinds(value)))


def _bounded(value: ir.Value, wanted: ValueSet, possible: ValueSet) -> Formula:
    """Decided where every possible value is wanted, or none is."""
    if wanted & possible == NO_VALUES:
        return NEVER
    return ALWAYS if ~wanted & possible == NO_VALUES else _opaque(value, wanted)


def _applied(value: ir.Value, function: str, argument: ir.Value, others: list[ir.Value], wanted: ValueSet) -> Formula:
    before = BEFORE.get(function)
    constants = tuple(operand.value for operand in others if isinstance(operand, ir.Constant))
    if before is None or len(constants) < len(others):
        return _bounded(value, wanted, values_of(kinds(value)))
    surely, perhaps = before(wanted, constants)
    unsure = every((value_in(argument, perhaps), _opaque(value, wanted))) if perhaps != NO_VALUES else NEVER
    return some((value_in(argument, surely), unsure))


def _membership(condition: ir.Condition, left: ir.Value, right: ir.Value) -> Formula:
    if isinstance(right, ir.MakeList):
        constants = [item.value for item in right.items if isinstance(item, ir.Constant)]
        if len(constants) == len(right.items):
            return value_in(left, union(map(exactly, constants)))
    elif "list" not in kinds(right):
        return NEVER
    elif isinstance(left, ir.Constant):
        return value_in(right, holding(left.value))
    return _opaque(condition)


def _text_test(test: ir.TextTest) -> Formula:
    subject, *others = test.arguments
    if len(others) != 1 or not isinstance(others[0], ir.Constant) or not isinstance(others[0].value, str):
        return _opaque(test)
    pattern: TextPattern
    if test.function == "contains":
        pattern = Glob((STAR, *literally(others[0].value), STAR))
    else:
        pattern = read_glob(others[0].value)
    like = texts_like(pattern)
    return value_in(subject, ValueSet(texts=~like if test.negated else like))


def _forks(value: ir.Value) -> int:
    """How deep `coalesce` and `if` are nested."""
    deepest = 0
    pending: list[tuple[Any, int]] = [(value, 0)]
    while pending:
        node, depth = pending.pop()
        depth += isinstance(node, ir.Coalesce | ir.If)
        deepest = max(deepest, depth)
        parts: list[Any] = []

        def seen(part: Any, parts: list[Any] = parts) -> Any:
            parts.append(part)
            return part

        ir.with_parts(node, seen)
        pending += [(part, depth) for part in parts if isinstance(part, tuple | ir.Node)]
    return deepest


def _opaque(value: ir.Value, wanted: ValueSet | None = None) -> Formula:
    """The value whole; its text is that of its kind and names alone, wherever it stands."""
    paths: dict[PathSteps, None] = {}
    literals: dict[tuple[str, Scalar], None] = {}
    for node in ir.walk(value):
        if isinstance(node, ir.Read) and node.root == ir.EVENT and node.steps:
            paths[tuple(map(str, node.steps))] = None
        elif isinstance(node, ir.Constant):
            literals[type(node.value).__name__, node.value] = None
    for scalar in () if wanted is None else (*sorted(wanted.texts.listed), *(cut for cut, _ in wanted.numbers.cuts)):
        literals[type(scalar).__name__, scalar] = None
    text = repr(value) if wanted is None else f"{value!r} in {wanted!r}"
    return Opaque(text, tuple(paths), tuple(literal for _, literal in literals))
