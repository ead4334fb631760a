"""What a trigger says of an event: the table of comparisons, with every kind of value on the other side."""

from __future__ import annotations

from typing import Any

import pytest

import rulewright

MISSING = rulewright.MISSING
VALUES: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "five": 5,
    "half": 0.5,
    "empty": "",
    "text": "abc",
    "digits": "5",
    "list": [1],
    "object": {},
}
TABLE = [
    ('p.x = "abc"', {"text"}),
    ('p.x != "abc"', set(VALUES) - {"text"}),
    ("p.x = 5", {"five"}),
    ("5 = p.x", {"five"}),
    ("p.x != 5", {"zero", "one", "half"}),
    ("p.x > 0.5", {"one", "five"}),
    ("0.5 < p.x", {"one", "five"}),
    ("p.x >= 0.5", {"half", "one", "five"}),
    ("p.x < 1", {"zero", "half"}),
    ("p.x <= 1", {"zero", "half", "one"}),
    ("p.x = 1", {"one"}),
    ("p.x != 1", {"zero", "five", "half"}),
    ("p.x = null", {"missing", "null"}),
    ("p.x != null", set(VALUES) - {"missing", "null"}),
    ("p.x = true", {"true"}),
    ("p.x != true", set(VALUES) - {"true"}),
    ("p.x = false", {"false"}),
    ("p.x", {"true"}),
    ("!p.x", set(VALUES) - {"true"}),
    ('p.x in ["abc", "5"]', {"text", "digits"}),
    ("p.x in [1, null]", {"one", "missing", "null"}),
    ("1 in p.x", {"list"}),
    ('contains(p.x, "b")', {"text"}),
    ('!contains(p.x, "b")', {"empty", "digits"}),
    ('!(contains(p.x, "b"))', set(VALUES) - {"text"}),
    ('match(p.x, "a*")', {"text"}),
    ('!match(p.x, "a*")', {"empty", "digits"}),
    ('!( match(p.x, "a*") )', set(VALUES) - {"text"}),
    ("number(p.x) = 5", {"five", "digits"}),
    ("p.x = p.x", set(VALUES)),
    ("p.x != p.x", set()),
    ("p.x < p.y", {"zero", "one", "half"}),
    ("p.x + 1 = 6", {"five"}),
    ("1 / p.x > 100", set()),
]


@pytest.mark.parametrize(("trigger", "expected"), TABLE, ids=[trigger for trigger, _ in TABLE])
def test_a_comparison_holds_for_these_values_alone(trigger: str, expected: set[str]) -> None:
    holds = rulewright.compile_trigger(trigger)
    found = {
        name for name, value in VALUES.items() if holds({"p": {"y": 5} if value is MISSING else {"x": value, "y": 5}})
    }
    assert found == expected


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


@pytest.mark.parametrize(
    ("trigger", "event", "expected"),
    [
        ('a = "1" or b = "1" and c = "1"', {"a": "1"}, True),
        ('a = "1" or b = "1" and c = "1"', {"b": "1"}, False),
        ('a = "1" OR b = "1"', {"b": "1"}, True),
        ('a = "1" AND b = "1"', {"b": "1"}, False),
        ('!(type = "track")', {"type": "track"}, False),
        ("(((((a = 1)))))", {"a": 1}, True),
        ("a.b.c = null", {"a": {"b": None}}, True),
        ("a.b.c = false", {"a": {"b": False}}, True),
        ("a.b.c = 0", {"a": {"b": 0}}, True),
        ("a.b = null", {"a": "text"}, True),
        ("a.length = 4", {"a": "text"}, True),
        ("a[1].b = 2", {"a": [{}, {"b": 2}]}, True),
        ("product\\ 1.price = 3", {"product 1": {"price": 3}}, True),
        ('$."a b" = 1', {"a b": 1}, True),
        ("a-b = 1", {"a-b": 1}, True),
        ("a - b = 1", {"a": 3, "b": 2}, True),
        ("'x' = a", {"a": "x"}, True),
        ('a = "{{b}}"', {"a": "{{b}}", "b": 1}, True),
    ],
)
def test_triggers_read_as_they_are_written(trigger: str, event: dict[str, Any], expected: bool) -> None:
    assert rulewright.compile_trigger(trigger)(event) is expected


@pytest.mark.parametrize("text", ["", "type =", "type = track and", "a = = b", "(a = 1", "a = 1)", "not a", "a == 1"])
def test_a_text_that_is_no_trigger_is_an_error(text: str) -> None:
    with pytest.raises(rulewright.RuleError):
        rulewright.compile_trigger(text)
