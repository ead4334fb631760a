"""What Segment refuses, and what the language cannot say, is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rulewright import import_mapping
from rulewright.segment.problems import SegmentFormatError

UNREADABLE = "the document cannot be read"
REFUSED: tuple[tuple[Any, str], ...] = (
    ({"a": {"@nope": 1}}, "a.@nope: Segment has no directive `@nope`"),
    ({"a": {"@path": "$.b", "c": 1}}, "a: expected no other key beside a directive but `_metadata`"),
    ({"@path": 5}, "@path: expected text or a directive, found a number"),
    ({"@path": {"@path": "$.a"}}, "@path: a text that comes out of the event has no form in the language here"),
    ({"@template": "{{ {{{a}}} }}"},
     "@template: a placeholder whose path comes out of another placeholder has no form in the language"),
    ({"a": float("inf")}, "a: this number has no form in the language: it is not finite"),
    ({"a": [10**400]}, "a[0]: this number has no form in the language: it is not finite"),
    ({"@if": {"then": 1}}, "@if: `@if` needs `exists` or `blank`"),
    ({"@if": 1}, "@if: expected an object, found a number"),
    ({"@case": {"operator": "title", "value": "x"}},
     '@case.operator: the operator of `@case` is "lower" or "upper", found "title"'),
    ({"@case": {"operator": "upper", "value": 5}}, "@case.value: expected text or a directive, found a number"),
    (
        {"@replace": {"value": "x", "pattern": "12345678901"}},
        "@replace.pattern: expected 1 to 10 characters, found 11",
    ),
    ({"@replace": {"value": "x", "pattern": "a", "global": 1}},
     "@replace.global: expected true or false, found a number"),
    ({"@arrayPath": "$.a"}, "@arrayPath: expected a list of a path and a shape, found text"),
    ({"@arrayPath": [["$.a"]]}, "@arrayPath[0]: expected text or a directive, found a list"),
    ({"@flatten": {"value": 1, "separator": ""}},
     "@flatten.separator: expected a separator, found an empty text"),
    ({"@json": {"mode": "encode", "value": 0}}, "@json: `@json` needs a `value` that is not empty"),
    ({"@json": {"mode": "x", "value": 1}}, '@json.mode: the mode of `@json` is "encode" or "decode", found "x"'),
    ({"@merge": {"objects": []}}, "@merge: `@merge` needs `direction`"),
    ({"@merge": {"objects": [1], "direction": "left"}},
     "@merge.objects: expected a list of objects and directives"),
    ({"@transform": {"apply": 1, "mapping": {}}},
     "@transform.apply: expected an object or a directive, found a number"),
    ({"@liquid": 5}, "@liquid: expected text, found a number"),
    ({"@liquid": "x" * 1001}, "@liquid: Segment takes Liquid templates of up to 1000 characters"),
    ({"__segment_internal_directive": {}, "a": 1},
     "__segment_internal_directive: expected a single directive"),
    ({"__segment_internal_directive": {"@merge": 1}},
     "__segment_internal_directive.@merge: expected an object, found a number"),
    ({"a": [{"@path": []}]}, "a[0].@path: expected text or a directive, found a list"),
    ("{", f"{UNREADABLE}: it is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ({"a": {1, 2}}, "a: expected JSON, found set"),
    ({"@path": "$.\ud800"}, f"{UNREADABLE}: a text holds half of a character, `\\ud800`"),
    # arguments that are missing, null, of another type, or one too many
    ({"@if": {"exists": None}}, "@if: `@if` needs `exists` or `blank`"),
    ({"@if": {"exists": 1, "@path": "$.a"}}, "@if: expected an argument, found the directive `@path`"),
    ({"@if": {"exists": 1, "extra": {"@nope": 1}}}, "@if.extra.@nope: Segment has no directive `@nope`"),
    ({"@if": {"exists": 1, "blank": {"@nope": 1}}}, "@if.blank.@nope: Segment has no directive `@nope`"),
    ({"@flatten": {"value": {"@path": "$.a"}, "separator": ".", "omitArrays": {"@nope": 1}}},
     "@flatten.omitArrays.@nope: Segment has no directive `@nope`"),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": "x", "pattern2": {"@nope": 1}}},
     "@replace.pattern2.@nope: Segment has no directive `@nope`"),
    ({"@case": {"value": {"@path": "$.a"}}}, "@case: `@case` needs `operator`"),
    ({"@case": {"operator": None, "value": "x"}}, "@case.operator: expected text, found null"),
    ({"@case": {"operator": "", "value": {"@path": "$.a"}}},
     '@case.operator: the operator of `@case` is "lower" or "upper", found ""'),
    ({"@case": {"operator": "lower", "value": None}}, "@case.value: expected text or a directive, found null"),
    ({"@case": {"operator": "title", "value": {"@path": "$.a"}}},
     '@case.operator: the operator of `@case` is "lower" or "upper", found "title": Segment fails where the value is '
     "text"),
    ({"@replace": {"pattern": "x"}}, "@replace: `@replace` needs `value`"),
    ({"@replace": {"value": "x"}}, "@replace: `@replace` needs `pattern`"),
    ({"@replace": {"value": "x", "pattern": ""}}, "@replace.pattern: expected 1 to 10 characters, found 0"),
    ({"@replace": {"value": "x", "pattern": "x", "replacement": None}},
     "@replace.replacement: expected text, found null"),
    ({"@replace": {"value": "x", "pattern": "x", "ignorecase": None}},
     "@replace.ignorecase: expected true or false, found null"),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": "x", "pattern2": "12345678901"}},
     "@replace.pattern2: expected 0 to 10 characters, found 11: Segment fails where the value is text"),
    ({"@arrayPath": []}, "@arrayPath: expected a list of a path and a shape, found an empty list"),
    ({"@arrayPath": [None]}, "@arrayPath[0]: expected text or a directive, found null"),
    ({"@flatten": {"separator": "."}}, "@flatten: `@flatten` needs `value`"),
    ({"@flatten": {"value": {"@path": "$.a"}}}, "@flatten: `@flatten` needs `separator`"),
    ({"@flatten": {"value": 1, "separator": {"@path": "$.a"}}},
     "@flatten.separator: expected text, found an object"),
    ({"@json": {"value": {"@path": "$.a"}}}, "@json: `@json` needs `mode`"),
    ({"@json": {"mode": "encode"}}, "@json: `@json` needs a `value` that is not empty"),
    ({"@merge": {"direction": "right"}}, "@merge: `@merge` needs `objects`"),
    ({"@merge": {"objects": None, "direction": "right"}},
     "@merge.objects: expected a list of objects and directives"),
    ({"@merge": {"objects": [], "direction": "up"}},
     '@merge.direction: the direction of `@merge` is "left" or "right", found "up"'),
    ({"@transform": {"mapping": {}}}, "@transform: `@transform` needs `apply`"),
    ({"@transform": {"apply": {}, "mapping": "x"}},
     "@transform.mapping: expected an object or a directive, found text"),
    ({"@excludeWhenNull": {"@nope": 1}}, "@excludeWhenNull.@nope: Segment has no directive `@nope`"),
    ({"@literal": {"@path": None}}, "@literal.@path: expected text or a directive, found null"),
    ({"@liquid": None}, "@liquid: expected text, found null"),
)  # fmt: skip


@pytest.mark.parametrize(("mapping", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_segment_refuses_is_refused_with_its_place(mapping: Any, message: str) -> None:
    with pytest.raises(SegmentFormatError) as caught:
        import_mapping(mapping)
    assert str(caught.value) == message


def test_all_problems_are_listed() -> None:
    mapping = {"a": {"@nope": 1}, "b": {"@path": "$.b"}, "c": {"@json": {"mode": "encode", "value": {"@path": 5}}}}
    with pytest.raises(SegmentFormatError) as caught:
        import_mapping(mapping)
    assert str(caught.value).split("\n") == [
        "a.@nope: Segment has no directive `@nope`",
        "c.@json.value.@path: expected text or a directive, found a number",
    ]


WRONG = {"@nope": 1}
"""A value with a problem of its own."""
NOPE = "Segment has no directive `@nope`"
SEVERAL: tuple[tuple[Any, list[str]], ...] = (
    (
        {"@case": {"operator": "title", "value": WRONG}},
        ['operator: the operator of `@case` is "lower" or "upper", found "title": '
         "Segment fails where the value is text",
         f"value.@nope: {NOPE}"],
    ),
    ({"@case": {"value": 5}}, [": `@case` needs `operator`", "value: expected text or a directive, found a number"]),
    (
        {"@if": {"then": WRONG, "else": WRONG}},
        [": `@if` needs `exists` or `blank`", f"then.@nope: {NOPE}", f"else.@nope: {NOPE}"],
    ),
    (
        {"@replace": {"global": 1, "ignorecase": 1, "value": 5, "pattern": "", "replacement": 5}},
        ["global: expected true or false, found a number",
         "ignorecase: expected true or false, found a number",
         "value: expected text or a directive, found a number",
         "pattern: expected 1 to 10 characters, found 0",
         "replacement: expected text, found a number"],
    ),
    ({"@replace": {}}, [": `@replace` needs `value`", ": `@replace` needs `pattern`"]),
    (
        {"@arrayPath": [5, {"sku": WRONG}]},
        ["[0]: expected text or a directive, found a number", f"[1].sku.@nope: {NOPE}"],
    ),
    ({"@flatten": {"separator": "", "value": WRONG}},
     ["separator: expected a separator, found an empty text", f"value.@nope: {NOPE}"]),
    ({"@flatten": {}}, [": `@flatten` needs `separator`", ": `@flatten` needs `value`"]),
    ({"@json": {"mode": "x", "value": WRONG}},
     ['mode: the mode of `@json` is "encode" or "decode", found "x"', f"value.@nope: {NOPE}"]),
    ({"@json": {}}, [": `@json` needs `mode`", ": `@json` needs a `value` that is not empty"]),
    (
        {"@merge": {"direction": "up", "objects": [WRONG, WRONG]}},
        ['direction: the direction of `@merge` is "left" or "right", found "up"',
         f"objects[0].@nope: {NOPE}", f"objects[1].@nope: {NOPE}"],
    ),
    ({"@merge": {}}, [": `@merge` needs `direction`", ": `@merge` needs `objects`"]),
    (
        {"@transform": {"apply": 1, "mapping": "x"}},
        ["apply: expected an object or a directive, found a number",
         "mapping: expected an object or a directive, found text"],
    ),
    ({"@if": {"exists": 1, "@path": "$.a", "then": WRONG}},
     [": expected an argument, found the directive `@path`", f"then.@nope: {NOPE}"]),
)  # fmt: skip


@pytest.mark.parametrize(("mapping", "messages"), SEVERAL, ids=[next(iter(mapping)) for mapping, _ in SEVERAL])
def test_a_problem_of_one_argument_hides_none_of_another(mapping: Any, messages: list[str]) -> None:
    [name] = mapping
    with pytest.raises(SegmentFormatError) as caught:
        import_mapping({"a": mapping})
    assert str(caught.value).split("\n") == [
        f"a.{name}{message if message[0] in ':[' else '.' + message}" for message in messages
    ]


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
