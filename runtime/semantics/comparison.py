"""Comparisons and arithmetic between values that are known only at run time.

Null and missing are the same here. A comparison with a number holds only for another number; true and false are not
numbers.
Arithmetic is JavaScript's, with doubles; but sums, differences and products of whole numbers keep all their digits.
Every operation gives MISSING if an operand is missing or null, and raises ValueFailure for an operand that is not a
number, and for an operand or a result beyond the largest double.
"""

from __future__ import annotations

import math
from typing import Any

from .description import shown
from .failure import ValueFailure
from .javascript import as_double, as_number
from .json_values import taken_from
from .missing import MISSING, Missing, is_nothing

NUMBERS = (int, float)
"""The classes of a number; a bool has a class of its own."""


def equal(left: Any, right: Any) -> bool:
    """`left = right`: deep equality, in which true is not 1. Raises ValueFailure for lists that hold themselves."""
    if left is None or left is MISSING or right is None or right is MISSING:
        return is_nothing(left) and is_nothing(right)
    return _same(left, right)


def unequal(left: Any, right: Any) -> bool:
    """`left != right`: the negation of `=`, but false between a number and a value that is not one."""
    if (left.__class__ in NUMBERS) != (right.__class__ in NUMBERS):
        return False
    return not equal(left, right)


def _same(left: Any, right: Any) -> bool:
    """Deep equality in which true is not 1; lists and objects are compared without recursion."""
    pending = [(left, right)]
    for left_value, right_value in taken_from(pending, left, right):
        if left_value.__class__ in NUMBERS and right_value.__class__ in NUMBERS:
            if left_value != right_value:
                return False
        elif left_value.__class__ is not right_value.__class__:
            return False
        elif left_value.__class__ is list:
            if len(left_value) != len(right_value):
                return False
            pending.extend(zip(left_value, right_value, strict=True))
        elif left_value.__class__ is dict:
            if left_value.keys() != right_value.keys():
                return False
            pending.extend((left_value[key], right_value[key]) for key in left_value)
        elif left_value != right_value:
            return False
    return True


def less(left: Any, right: Any) -> bool:
    """`left < right`, of two numbers; false for anything else."""
    return left.__class__ in NUMBERS and right.__class__ in NUMBERS and left < right


def less_or_equal(left: Any, right: Any) -> bool:
    """`left <= right`, of two numbers; false for anything else."""
    return left.__class__ in NUMBERS and right.__class__ in NUMBERS and left <= right


def greater(left: Any, right: Any) -> bool:
    """`left > right`, of two numbers; false for anything else."""
    return less(right, left)


def greater_or_equal(left: Any, right: Any) -> bool:
    """`left >= right`, of two numbers; false for anything else."""
    return less_or_equal(right, left)


def contained(item: Any, items: Any) -> bool:
    """`item in items`: whether a list holds an equal item; false where `items` is not a list."""
    return items.__class__ is list and any(equal(item, sought) for sought in items)


def add(left: Any, right: Any) -> float | Missing:
    """`left + right`."""
    pair = _operands(left, right)
    return MISSING if pair is None else _result(pair[0] + pair[1])


def subtract(left: Any, right: Any) -> float | Missing:
    """`left - right`."""
    pair = _operands(left, right)
    return MISSING if pair is None else _result(pair[0] - pair[1])


def multiply(left: Any, right: Any) -> float | Missing:
    """`left * right`."""
    pair = _operands(left, right)
    return MISSING if pair is None else _result(pair[0] * pair[1])


def divide(left: Any, right: Any) -> float | Missing:
    """`left / right`. Raises ValueFailure for a division by 0, too."""
    pair = _operands(left, right)
    if pair is None:
        return MISSING
    if pair[1] == 0:
        raise ValueFailure(f"{shown(left)} cannot be divided by zero")
    return _result(float(pair[0]) / float(pair[1]))


def negative(operand: Any) -> float | Missing:
    """`-operand`."""
    pair = _operands(operand, 0)
    return MISSING if pair is None else _result(-pair[0])


def _operands(left: Any, right: Any) -> tuple[float, float] | None:
    """Both as doubles, or as they are when both are whole numbers; None when one is null or missing."""
    if is_nothing(left) or is_nothing(right):
        return None
    for operand in (left, right):
        if operand.__class__ not in NUMBERS:
            raise ValueFailure(f"{shown(operand)} is not a number")
    try:
        doubles = float(left), float(right)
    except OverflowError:
        raise ValueFailure(f"{shown(left)} and {shown(right)} are too large to compute with") from None
    return (left, right) if left.__class__ is right.__class__ is int else doubles


def _result(number: float) -> float:
    """A whole number as int, so that its JSON text has no `.0`; a number beyond the largest double fails."""
    if not math.isfinite(as_double(number)):
        raise ValueFailure("the result is too large for a number")
    return number if number.__class__ is int else as_number(number)
