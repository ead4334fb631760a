"""The tables in this folder hold: what expressions give, and which events triggers take."""

from __future__ import annotations

import pytest

import rulewright
from rulewright import MISSING

from .tables import table, value

EVENT, EXPRESSIONS = table("expressions.txt", "event")
VALUES, COMPARISONS = table("comparisons.txt", "value")
TRIGGERS = table("triggers.txt", "event").rows


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_expressions(expression: str, expected: str) -> None:
    before = repr(EVENT)
    compiled = rulewright.compile_expression(expression)
    if expected.startswith("error "):
        with pytest.raises(rulewright.MappingError) as caught:
            compiled(EVENT)
        assert expected.removeprefix("error ") in str(caught.value)
        assert expression in str(caught.value)
    else:
        result, wanted = compiled(EVENT), EVENT if expected == "the event" else value(expected)
        assert result == wanted
        assert type(result) is type(wanted)
    assert repr(EVENT) == before


@pytest.mark.parametrize(("trigger", "expected"), COMPARISONS)
def test_comparisons(trigger: str, expected: str) -> None:
    holds = rulewright.compile_trigger(trigger)
    taken = {
        name for name, value in VALUES.items() if holds({"p": {"y": 5} if value is MISSING else {"x": value, "y": 5}})
    }
    _, all_but, names = expected.rpartition("all")
    named = {name.strip() for name in names.removeprefix(" but ").split(",")} - {"", "none"}
    assert named <= VALUES.keys()
    assert taken == (VALUES.keys() - named if all_but else named)


@pytest.mark.parametrize(("trigger", "expected"), TRIGGERS)
def test_triggers(trigger: str, expected: str) -> None:
    text, _, event = trigger.partition("<-")
    if expected == "error":
        with pytest.raises(rulewright.RuleError):
            rulewright.compile_trigger(text)
    else:
        assert rulewright.compile_trigger(text.strip())(value(event)) is value(expected)
