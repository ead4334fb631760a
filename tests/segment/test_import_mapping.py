"""Each directive becomes the expression that a person would write for it, and what Segment refuses is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rulewright import MISSING, compile_expression, import_mapping
from rulewright.segment.problems import SegmentFormatError

READ: tuple[tuple[Any, str], ...] = (
    # paths
    ({"@path": "$.context.device.id"}, "context.device.id"),
    ({"@path": "properties.products[0]['odd key']"}, 'properties.products[0]."odd key"'),
    ({"@path": "$.integrations.Actions Amplitude.session_id"}, 'integrations."Actions Amplitude".session_id'),
    ({"@path": "a.$.b"}, "a.b"),
    ({"@path": "$."}, "$"),
    ({"@path": "$"}, "\\$"),
    # values
    (["plain {{ text }}"], '["plain \\{{ text }}"]'),
    ({"a": 1, "b": [None, True, 2.0, 1.5]}, "{ a: 1, b: [null, true, 2, 1.5] }"),
    ({"@literal": {"a": {"@path": "$.type"}}}, "{ a: type }"),
    # templates
    ({"@template": "Viewed {{name}}"}, '"Viewed {{name}}"'),
    ({"@template": "{{{ event }}}!"}, '"{{event}}!"'),
    ({"@template": "no holes"}, '"no holes"'),
    ({"@template": "{{ a.b[0] }} and {{ c"}, '"{{a.b[0]}} and \\{{ c"'),
    # conditions
    (
        {"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}, "else": {"@path": "$.b"}}},
        "coalesce(a, b)",
    ),
    (
        {"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}, "else": {
            "@if": {"exists": {"@path": "$.b"}, "then": {"@path": "$.b"}, "else": "none"}}}},
        'coalesce(a, b, "none")',
    ),
    ({"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}}}, "coalesce(a, omit)"),
    ({"@if": {"exists": {"@path": "$.a"}, "then": 1, "else": 2}}, "if(exists(a), 1, 2)"),
    ({"@if": {"blank": {"@path": "$.a"}, "then": 1, "else": 2}}, "if(blank(a), 2, 1)"),
    ({"@if": {"exists": {"@path": "$.a"}, "then": 1, "else": 0}}, "if(exists(a), 1, omit)"),
    ({"@if": {"exists": {"@path": "$.a"}, "else": None}}, "if(exists(a), omit, omit)"),
    # text
    ({"@case": {"operator": "upper", "value": {"@path": "$.a"}}}, "uppercase(a)"),
    ({"@case": {"operator": "lower", "value": ""}}, "omit"),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": " ", "replacement": "_"}}, 'replace(a, " ", "_")'),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": "x", "ignorecase": True}}, 'replace(a, "x", "", true)'),
    (
        {"@replace": {
            "value": {"@path": "$.a"}, "pattern": "x", "global": False, "pattern2": "y", "replacement2": "z"}},
        'replace(replace(a, "x", "", false, false), "y", "z", false, false)',
    ),
    ({"@liquid": "{{ event | upcase }}"}, 'liquid("\\{{ event | upcase }}", $)'),
    # lists and objects
    ({"@arrayPath": ["$.properties.products"]}, "properties.products"),
    (
        {"@arrayPath": ["$.properties.products", {"price": {"@path": "price"}, "id": {"@path": "$.productId"}}]},
        "[ { price: product.price, id: product.productId } for product in properties.products ]",
    ),
    (
        {"@arrayPath": ["$.list", {"@path": "$.price"}]},
        "[ coalesce(item.price, null) for item in list ]",
    ),
    (
        {"@arrayPath": ["$.orders", {"lines": {"@arrayPath": ["lines", {"sku": {"@path": "sku"}}]}}]},
        "[ { lines: [ { sku: line.sku } for line in order.lines ] } for order in orders ]",
    ),
    ({"@flatten": {"value": {"@path": "$.a"}, "separator": "."}}, "flatten(a)"),
    ({"@flatten": {"value": {"@path": "$.a"}, "separator": "_", "omitArrays": True}}, 'flatten(a, "_", true)'),
    ({"@json": {"mode": "encode", "value": {"@path": "$.a"}}}, "json_encode(a)"),
    ({"@json": {"mode": "decode", "value": "[1]"}}, 'json_decode("[1]")'),
    (
        {"@merge": {"objects": [{"@path": "$.a"}, {"plan": "pro"}], "direction": "right"}},
        'merge(a, { plan: "pro" })',
    ),
    ({"@merge": {"objects": [{"@path": "$.a"}, {"@path": "$.b"}], "direction": "left"}}, "merge(b, a)"),
    (
        {"@merge": {"objects": [{"@path": "$.a"}, {"plan": {"@path": "$.b"}}], "direction": "right"}},
        'merge(without(merge(a), "plan"), { plan: b })',
    ),
    (
        {"@merge": {
            "objects": [{"@path": "$.a"}, {"k": {"@case": {"operator": "upper", "value": ""}}}], "direction": "right"}},
        'without(merge(a), "k")',
    ),
    ({"@excludeWhenNull": {"@path": "$.a"}}, "compact(a)"),
    # transformations are put where they are used
    (
        {"@transform": {"apply": {"t": {"@path": "$.traits"}}, "mapping": {"@path": "$.t.plan"}}},
        "traits.plan",
    ),
    (
        {"@transform": {
            "apply": {"t": {"@merge": {"objects": [{"@path": "$.a"}], "direction": "right"}}},
            "mapping": {"x": {"@path": "$.t.plan"}, "y": {"@path": "$.nope"}, "z": {"@template": "{{t.id}}!"}}}},
        '{ x: merge(a).plan, z: "{{merge(a).id}}!" }',
    ),
    (
        {"@transform": {"apply": {"a": {"@path": "$.b"}}, "mapping": {"@liquid": "{{ a }}"}}},
        'liquid("\\{{ a }}", { a: b })',
    ),
    (
        {"__segment_internal_directive": {"@transform": {"apply": {"u": {"@path": "$.userId"}}}},
         "f": {"@path": "$.u"}},
        "{ f: userId }",
    ),
    ({"@path": "$.a", "_metadata": {"label": "A"}}, "a"),
)  # fmt: skip


@pytest.mark.parametrize(("mapping", "text"), READ, ids=[text for _, text in READ])
def test_it_reads_as_a_person_would_write_it(mapping: Any, text: str) -> None:
    assert import_mapping(mapping) == text
    assert import_mapping(json.dumps(mapping)) == text


UNREADABLE = "the document cannot be read"
REFUSED: tuple[tuple[Any, str], ...] = (
    ({"a": {"@nope": 1}}, "a.@nope: Segment has no directive `@nope`"),
    ({"a": {"@path": "$.b", "c": 1}}, "a: beside a directive an object has no other key but `_metadata`"),
    ({"@path": 5}, "@path: this must be text, and is a number"),
    ({"@path": {"@path": "$.a"}}, "@path: text that comes out of the event has no form in the language here"),
    ({"@template": "{{ {{{a}}} }}"},
     "@template: a hole whose path comes out of another hole has no form in the language"),
    ({"a": float("inf")}, "a: this is larger than any number can be, or none"),
    ({"a": [10**400]}, "a[0]: this is larger than any number can be, or none"),
    ({"@if": {"then": 1}}, "@if: `@if` needs `exists` or `blank`"),
    ({"@if": 1}, "@if: this must be an object, and is a number"),
    ({"@case": {"operator": "title", "value": "x"}}, '@case.operator: the operator of `@case` is "lower" or "upper"'),
    ({"@case": {"operator": "upper", "value": 5}}, "@case.value: this must be text or a directive, and is a number"),
    (
        {"@replace": {"value": "x", "pattern": "12345678901"}},
        "@replace.pattern: Segment takes 1 to 10 characters here, not 11",
    ),
    ({"@replace": {"value": "x", "pattern": "a", "global": 1}},
     "@replace.global: `global` is true or false, and this is a number"),
    ({"@arrayPath": "$.a"}, "@arrayPath: `@arrayPath` is a list of a path and a shape, and this is text"),
    ({"@arrayPath": [["$.a"]]}, "@arrayPath[0]: this must be text or a directive, and is a list"),
    ({"@flatten": {"value": 1, "separator": ""}},
     "@flatten.separator: this must be text, and is empty"),
    ({"@json": {"mode": "encode", "value": 0}}, "@json: `@json` needs a value"),
    ({"@json": {"mode": "x", "value": 1}}, '@json.mode: the mode of `@json` is "encode" or "decode"'),
    ({"@merge": {"objects": []}}, '@merge.direction: the direction of `@merge` is "left" or "right"'),
    ({"@merge": {"objects": [1], "direction": "left"}},
     "@merge.objects: `@merge` takes a list of objects and directives"),
    ({"@transform": {"apply": 1, "mapping": {}}},
     "@transform.apply: `apply` of `@transform` is an object, and this is a number"),
    ({"@liquid": 5}, "@liquid: a Liquid template is text, and this is a number"),
    ({"@liquid": "x" * 1001}, "@liquid: Segment takes Liquid templates of up to 1000 characters"),
    ({"__segment_internal_directive": {}, "a": 1},
     "__segment_internal_directive: the root mapping is a single directive"),
    ({"__segment_internal_directive": {"@merge": 1}},
     "__segment_internal_directive.@merge: the root directive is an object"),
    ({"a": [{"@path": []}]}, "a[0].@path: this must be text, and is a list"),
    ("{", f"{UNREADABLE}: it is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ({"a": {1, 2}}, "a: a mapping is JSON, and this is set"),
)  # fmt: skip


@pytest.mark.parametrize(("mapping", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_segment_refuses_is_refused_with_its_place(mapping: Any, message: str) -> None:
    with pytest.raises(SegmentFormatError) as caught:
        import_mapping(mapping)
    assert str(caught.value) == message


@pytest.mark.parametrize("depth", [120, 5000])
@pytest.mark.parametrize(
    "deeper",
    [lambda deep: {"@case": {"operator": "lower", "value": deep}}, lambda deep: [deep], lambda deep: {"k": deep}],
)
def test_what_the_language_cannot_nest_is_refused(depth: int, deeper: Callable[[Any], Any]) -> None:
    deep: Any = {"@path": "$.a"}
    for _ in range(depth):
        deep = deeper(deep)
    with pytest.raises(SegmentFormatError, match="nested so deep that it has no form in the language"):
        import_mapping(deep)


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
