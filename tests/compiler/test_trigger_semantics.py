"""Comparisons of two paths, for every pair of kinds of value."""

from __future__ import annotations

from typing import Any

import pytest

import rulewright
from tests.spec.tables import table

MISSING = rulewright.MISSING
VALUES = table("comparisons.txt", "value").named


def kind(value: Any) -> str:
    if value is None or value is MISSING:
        return "nothing"
    return "number" if type(value) in (int, float) else type(value).__name__


def are_equal(left: Any, right: Any) -> bool:
    """Two values are equal if they are of one kind and JSON writes them the same, whatever the order of keys."""
    if kind(left) != kind(right):
        return False
    return kind(left) == "nothing" or bool(left == right and (kind(left) == "number" or repr(left) == repr(right)))


MORE: dict[str, Any] = {
    **VALUES,
    "whole double": 5.0,
    "other text": "abd",
    "longer list": [1, 2],
    "list of true": [True],
    "list of one as a double": [1.0],
    "list of an object": [{"a": 1}],
    "full object": {"a": 1},
    "object of true": {"a": True},
    "object of another key": {"b": 1},
}
SAME = [("five", "whole double"), ("list", "list of one as a double")]


@pytest.mark.parametrize("left", MORE)
def test_two_paths_are_compared_by_kind_and_value(left: str) -> None:
    holds = {sign: rulewright.compile_trigger(f"p.x {sign} p.y") for sign in ("=", "!=", "<", "<=", ">", ">=")}
    for right in MORE:
        x, y = MORE[left], MORE[right]
        event = {"p": {key: value for key, value in (("x", x), ("y", y)) if value is not MISSING}}
        equal = are_equal(x, y) or (left, right) in SAME or (right, left) in SAME
        numbers = [kind(x), kind(y)].count("number")
        expected = {
            "=": equal,
            # Beside a number only another number is another value.
            "!=": not equal and numbers != 1,
            "<": numbers == 2 and x < y,
            "<=": numbers == 2 and x <= y,
            ">": numbers == 2 and x > y,
            ">=": numbers == 2 and x >= y,
        }
        assert {sign: test(event) for sign, test in holds.items()} == expected, right
