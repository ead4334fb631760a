"""A long module is compiled in parts, and every line keeps the number that it has in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import CodeType

import pytest

import rulewright
from rulewright.loading import python_loader as python_to_mapper

RULES = """destination amplitude
mapping "One" -> logEvent {
  when type = "track"
  user_id = userId
  event_type = event
  products = [ { price: number(p.price) } for p in properties.products ]
}
mapping "Two" -> logEvent {
  when type = "track" and properties.two
  user_id = userId
  event_type = event
  revenue = number(properties.total)
}
"""


def test_each_line_has_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rulewright.compile_source(RULES)
    whole = compile(text, "whole", "exec")
    monkeypatch.setattr(python_to_mapper, "_LEAST", 1)
    half = text.index("\n\nPROGRAM = ") + 1
    parts = [part for code in python_to_mapper.codes_of([text[:half], text[half:]], "a.rules") for part in code]
    assert len(parts) > 3
    assert sorted(_functions([whole])) == sorted(_functions(parts))


def test_a_failure_names_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_to_mapper, "_LEAST", 1)
    mapper = rulewright.load(RULES, settings={})
    outcome = mapper(
        {"type": "track", "event": "A", "userId": "u-12345", "properties": {"two": True, "total": "12,50"}}
    )
    (failure,) = outcome.failures
    assert failure.span is not None
    assert (failure.mapping, failure.span.line) == ("Two", RULES[: RULES.index("revenue")].count("\n") + 1)


def _functions(parts: Iterable[CodeType]) -> Iterator[tuple[str, int, list[int | None]]]:
    """Every function in the code, with its first line and the lines of its instructions."""
    for part in parts:
        for constant in part.co_consts:
            if isinstance(constant, CodeType):
                yield constant.co_qualname, constant.co_firstlineno, [line for _, _, line in constant.co_lines()]
                yield from _functions([constant])
