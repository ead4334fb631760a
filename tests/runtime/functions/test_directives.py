"""Functions that stand for a directive of Segment's mapping-kit give what mapping-kit gave on Node."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright.runtime.functions import FUNCTIONS
from rulewright.runtime.semantics.missing import MISSING
from tests.paths import DATA

_ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "directives.jsonl").read_text(encoding="utf-8").split("\n") if line
]
_NAMES = sorted({row["name"] for row in _ROWS})


def arguments(row: dict[str, Any]) -> list[Any]:
    """The value, what else the row names, and for `merge` the second object."""
    event = row["event"]
    value = event.get("v", MISSING)
    return [value, event.get("w", MISSING)] if row["name"] == "merge" else [value, *row["args"]]


def answered(row: dict[str, Any]) -> Any:
    if "missing" in row:
        return MISSING
    return row["value"] == "yes" if row["name"] in ("blank", "exists") else row["value"]


@pytest.mark.parametrize("name", _NAMES)
def test_mapping_kit_agrees(name: str) -> None:
    rows = [row for row in _ROWS if row["name"] == name]
    differences = []
    for row in rows:
        given = arguments(row)
        result = FUNCTIONS[name].call(*given)
        expected = answered(row)
        if result != expected or isinstance(result, bool) != isinstance(expected, bool):
            differences.append((given, result, expected))
    assert rows
    assert differences == []


def test_every_directive_with_a_function_is_held_to_it() -> None:
    held = {name for name, function in FUNCTIONS.items() if "mapping-kit, @" in function.source}
    # `liquid` has a table of its own, and `coalesce` is `@if` without a condition of its own.
    assert held - set(_NAMES) == {"coalesce", "liquid"}


@pytest.mark.parametrize(("ignore_case", "replacement"), [(False, "b"), (True, "b"), (False, "$$b")])
def test_replace_takes_the_first_alone_where_all_is_false(ignore_case: bool, replacement: str) -> None:
    replaced = FUNCTIONS["replace"].call("a, a, a", "a", replacement, ignore_case, False)
    assert replaced == f"{replacement.replace('$$', '$')}, a, a"
