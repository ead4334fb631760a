"""A process that loads changed rules again and again holds nothing of the rules before."""

from __future__ import annotations

import gc
import linecache
import traceback
from collections.abc import Callable
from typing import Any

import pytest

import rulewright

EVENT: dict[str, Any] = {"type": "track", "event": "x", "userId": "user-1", "properties": {"total": "no", "name": "n"}}


def rules(number: int) -> str:
    return f"""
destination amplitude
mapping "Copies" -> identifyUser {{
  when type = "track" and event != "{number}"
  use defaults
  user_properties = {{ name: properties.name, number: {number} }}
}}
mapping "Computes" -> logEvent {{
  when type = "track" and event != "{number}"
  use defaults
  revenue = number(properties.total)
}}
"""


def shown(raises: Callable[[], object]) -> str:
    """The traceback of what a function raises, which reads the text of each line into `linecache`."""
    with pytest.raises(Exception) as caught:
        raises()
    return "".join(traceback.format_exception(caught.value))


def load_and_fail(number: int) -> None:
    """Has the text of all kinds of generated code read: of a program, its copies, a trigger, an expression."""
    mapper = rulewright.load(rules(number), settings={})
    assert mapper(EVENT).failures[0].mapping == "Computes"
    copies, computes = (mapping.map for mapping in mapper.program.mappings)
    assert copies is not None
    assert computes is not None
    assert "call_number(" in shown(lambda: computes(EVENT, list))
    shown(lambda: copies(5, list))
    holds = rulewright.compile_trigger(f'type = "{number}" and lowercase(event) = "x"')
    shown(lambda: holds(5))  # type: ignore[arg-type]
    value = rulewright.compile_expression(f'"{number}" + number(a)')
    shown(lambda: value({"a": "x"}))


def test_nothing_is_left_of_rules_that_went() -> None:
    for number in range(3):
        load_and_fail(number)
    gc.collect()
    files, objects = set(linecache.cache), len(gc.get_objects())
    for number in range(3, 23):
        load_and_fail(number)
    gc.collect()
    assert set(linecache.cache) == files
    assert len(gc.get_objects()) - objects < 100


def test_text_is_shown_while_its_code_lives() -> None:
    kept = rulewright.load(rules(-1), settings={})
    load_and_fail(-1)
    gc.collect()
    (_, computes) = (mapping.map for mapping in kept.program.mappings)
    assert computes is not None
    assert "call_number(" in shown(lambda: computes(EVENT, list))
