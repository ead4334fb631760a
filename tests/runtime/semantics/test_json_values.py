"""A Python value becomes the JSON value that it stands for, or is marked as one that JSON cannot hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from rulewright.runtime.encoding import json_bytes
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.json_values import MOST_LEVELS, NotJson, json_value
from rulewright.runtime.semantics.plain import is_plain
from tests.strategies import odd_values

from .python_values import CONVERTED, REFUSED


@pytest.mark.parametrize(("value", "expected"), CONVERTED, ids=range(len(CONVERTED)))
def test_a_python_value_becomes_its_json_value(value: Any, expected: Any) -> None:
    converted = json_value(value)
    assert converted == expected
    assert type(converted) is type(expected)
    assert is_plain(converted, 100, 10, True)


@pytest.mark.parametrize(("value", "what"), REFUSED, ids=[what for _, what in REFUSED])
def test_a_value_that_json_cannot_hold_is_marked(value: Any, what: str) -> None:
    for marked in (json_value(value), json_value([value])[0], json_value({"a": value})["a"]):
        assert type(marked) is NotJson
        assert marked.what == what
    with pytest.raises(ValueFailure, match=what):
        json_bytes(json_value({"a": [value]}))


@pytest.mark.parametrize("key", [1, 1.5, None, True, (1, 2), b"k", 10**5000], ids=range(7))
def test_a_key_that_is_not_text_is_marked(key: Any) -> None:
    converted = json_value({"a": 1, key: 2})
    (name,) = converted.keys() - {"a"}
    assert converted[name].what == f"a value at a key that is a Python {type(key).__name__}, not text"


def test_what_never_ends_is_marked_where_it_would_go_on() -> None:
    cycle: dict[str, Any] = {"a": 1}
    cycle["in"] = [cycle]
    assert str(json_value(cycle)) == "{'a': 1, 'in': [<an object or a list that holds itself>]}"
    twice = [1]
    assert json_value([twice, twice]) == [[1], [1]]
    bomb: Any = [1]
    for _ in range(60):
        bomb = [bomb, bomb]
    assert "<an object or a list of more than 10,000,000 values>" in str(json_value(bomb))


def test_nesting_ends_at_a_fixed_depth() -> None:
    for levels in (MOST_LEVELS, 100_000):
        value: Any = {"leaf": 1}
        for _ in range(levels):
            value = [value]
        converted = json_value(value)
        for _ in range(MOST_LEVELS):
            (converted,) = converted
        assert type(converted) is NotJson
        assert converted.what == "a value nested more than 1,000 levels deep"
    value = 1
    for _ in range(MOST_LEVELS):
        value = {"in": value}
    converted = json_value(value)
    for _ in range(MOST_LEVELS):
        converted = converted["in"]
    assert converted == 1


@settings(max_examples=300, deadline=None)
@given(odd_values)
def test_a_converted_value_is_plain_but_for_what_is_marked(value: Any) -> None:
    before = repr(value)
    converted = json_value(value)
    assert repr(value) == before
    assert json_value(converted) == converted or "nan" in repr(converted).lower()
    pending = [converted]
    for part in pending:
        assert type(part) in (str, int, float, bool, type(None), list, dict, NotJson)
        pending += part.values() if type(part) is dict else part if type(part) is list else []
