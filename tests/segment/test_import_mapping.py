"""Each directive becomes the expression that a person would write for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright import MISSING, compile_expression, import_mapping

from .directives import READ


@pytest.mark.parametrize(("mapping", "text"), READ, ids=[text for _, text in READ])
def test_it_reads_as_a_person_would_write_it(mapping: Any, text: str) -> None:
    assert import_mapping(mapping) == text
    assert import_mapping(json.dumps(mapping)) == text


@pytest.mark.parametrize(
    ("mapping", "event", "value"),
    [
        (
            {"@merge": {"objects": [{"@path": "$.a"}, {"k": {"@path": "$.b"}}], "direction": "right"}},
            {"a": {"k": 1}},
            {},
        ),
        ({"@path": "$.a.b.c"}, {"a": {"b": 0}}, 0),
        ({"@path": "$.a.b.c"}, {"a": {"b": 1}}, MISSING),
        ({"@arrayPath": ["$.a", {"@path": "b"}]}, {"a": [{"b": 1}, {}, None]}, [1, None, None]),
        ({"@arrayPath": ["$.a", {"k": {"@path": "b"}}]}, {"a": {"b": 1}}, [{"k": 1}]),
        ({"@arrayPath": ["$.a", {"k": {"@path": "b"}}]}, {"a": "x"}, "x"),
        ({"@template": "{{a}}|{{b}}|{{c}}"}, {"a": [1, None, "x"], "b": {}, "c": 1e21}, "1,,x|[object Object]|1e+21"),
    ],
)
def test_it_does_with_odd_values_what_segment_does(mapping: Any, event: Any, value: Any) -> None:
    assert compile_expression(import_mapping(mapping))(event) == value
