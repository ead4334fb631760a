"""Each way in which Segment misreads a trigger is named, shown by an event, and put right."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from rulewright import RuleError, compile_trigger
from rulewright.segment.triggers.fql import SegmentFailure, read_as_segment
from rulewright.segment.triggers.import_trigger import import_trigger, sends


class Misread(NamedTuple):
    trigger: str
    reason: str
    segment: str | None
    event: dict[str, Any]
    meant: bool


TRACK = {"type": "track"}

MISREAD = (
    Misread('!(type = "track")', "`!` before parentheses is ignored", 'type = "track"', TRACK, False),
    Misread(
        'groupId != null and type = "track"', "a condition on `groupId` is silently dropped", 'type = "track"',
        TRACK, False,
    ),
    Misread(
        'type = "track" or type = "page" and event = "x"',
        "of `and` beside `or` the last one, here `and`, is taken for all",
        'type = "track" and type = "page" and event = "x"', TRACK, True,
    ),
    Misread(
        "event = 'Foo'", "text in single quotes is compared with its quotes, and so never matches",
        "event = \"'Foo'\"", {"type": "track", "event": "Foo"}, True,
    ),
    Misread(
        'match(event, "abc")', '`match` knows one `*`, at one end, and misreads "abc"', 'match(event, "*bc")',
        {"type": "track", "event": "bc"}, False,
    ),
    Misread(
        'match(event, "A*B")', '`match` knows one `*`, at one end, and misreads "A*B"', r'match(event, "*\*B")',
        {"type": "track", "event": "AB"}, True,
    ),
    Misread(
        '((type = "track") and event = "x") or type = "page"', "parentheses inside parentheses cannot be read", None,
        {"type": "page"}, True,
    ),
    Misread(
        '(contains(event, "x") or name = "y") and type = "track"',
        "`contains(…)` inside parentheses closes them too early",
        'contains(event, "x") and name = "y" and type = "track"', {"event": "x", "type": "track"}, True,
    ),
    Misread("event = null", "`event` is compared with the text `null`", 'event = "null"', TRACK, True),
    Misread("event = 5", "`event` is compared with the text `5`", 'event = "5"', {"type": "track", "event": 5}, True),
    Misread(
        'type = "track" OR type = "page"', "`OR` in capitals is ignored, which leaves `and`",
        'type = "track" and type = "page"', TRACK, True,
    ),
    Misread(
        "properties.a != true", "`!= true` compares with the text `true`", 'properties.a != "true"',
        {"type": "track", "properties": {"a": "true"}}, True,
    ),
    Misread('event!="x"', "it wants a blank after `!=`", None, TRACK, True),
    Misread(
        "properties.x <=5", "`<=` wants a blank after it", "false", {"type": "track", "properties": {"x": 1}}, True
    ),
    Misread(
        'lowercase(event) = "x"', "`lowercase` is unknown to Segment", None, {"type": "track", "event": "x"}, True
    ),
    Misread('type in ["track"]', "`in` is unknown to Segment", "false", TRACK, True),
    # a path without a comparison
    Misread(
        'type = "track" and properties.vip', "Segment expects an operator and a value after `properties.vip`", None,
        {"type": "track", "properties": {"vip": True}}, True,
    ),
    Misread(
        'properties.vip and type = "track"', "Segment expects an operator and a value after `properties.vip`", "false",
        {"type": "track", "properties": {"vip": True}}, True,
    ),
    Misread(
        'type = "track" and (properties.vip or event = "x")',
        "Segment expects an operator and a value after `properties.vip`", 'type = "track" and false',
        {"type": "track", "properties": {"vip": True}}, True,
    ),
    Misread(
        'type = "track" and !traits.vip', "Segment expects an operator and a value after `traits.vip`", None, TRACK,
        True,
    ),
    Misread(
        "userId", "Segment expects an operator and a value after `userId`", None,
        {"type": "track", "userId": True}, True,
    ),
    Misread("type", "Segment expects an operator and a value after `type`", None, {"type": True}, True),
    Misread(
        "context", "Segment expects an operator and a value after `context`", None,
        {"type": "track", "context": True}, True,
    ),
    Misread(
        'type = "track" and groupId', "a condition on `groupId` is silently dropped", 'type = "track"', TRACK,
        False,
    ),
    Misread("true", "Segment ignores `true` without a path before it", None, TRACK, True),
    Misread(
        'type = "track" and 5', "Segment ignores `5` without a path before it", 'type = "track"', TRACK, False
    ),
    # what is compared
    Misread(
        "properties.a = properties.b",
        "Segment compares with the text `properties.b`, not with what `properties.b` holds",
        'properties.a = "properties.b"', TRACK, True,
    ),
    Misread('"track" = type', 'Segment does not read a comparison that begins with `"track"`', None, TRACK, True),
    Misread(
        "properties = null", "`properties` alone means `properties.properties` to Segment",
        "properties.properties = null", {"type": "track", "properties": {}}, False,
    ),
    Misread(
        'type.x = "track"', "`type.x` means `type` to Segment", 'type = "track"', TRACK, False
    ),
    Misread(
        "properties.x + 1 = 2", "Segment does not calculate", "false", {"type": "track", "properties": {"x": 1}}, True
    ),
    Misread(
        "properties.x < true", "`<` takes `true` as a number", "properties.x < 1",
        {"type": "track", "properties": {"x": 0.9999999999999999}}, False,
    ),
    Misread(
        "match(event, 5)", "`match` reads `5` as a text without its first character", 'match(event, "*")',
        {"type": "track", "event": "x"}, False,
    ),
    # what Segment throws on
    Misread(
        'type = "track" and properties.\\[ = null', "Segment splits the key in `properties.\"[\"` at `.`, `[` and `]`",
        'false', TRACK, True,
    ),
    Misread('contains(type, "track")', "`contains(type, …)` is silently dropped", None, TRACK, True),
)  # fmt: skip


@pytest.mark.parametrize("case", MISREAD, ids=[case.trigger for case in MISREAD])
def test_it_is_named_with_an_event_on_which_both_were_run(case: Misread) -> None:
    imported = import_trigger(case.trigger)
    misreading = imported.misreading
    assert misreading is not None
    assert misreading.event is not None
    assert case.reason in misreading.reasons
    assert misreading.segment == case.segment
    assert (misreading.event, misreading.meant) == (case.event, case.meant)
    assert compile_trigger(imported.text)(misreading.event) is misreading.meant
    assert segment_sends(case.trigger, misreading.event) is not misreading.meant


@pytest.mark.parametrize("case", [case for case in MISREAD if case.segment], ids=lambda case: case.trigger)
def test_what_segment_reads_is_what_its_parser_does(case: Misread) -> None:
    assert case.segment is not None
    reading = compile_trigger(case.segment)
    for event in ({}, TRACK, {"type": "page"}, case.event, {"type": "track", "event": "x"}, {"event": "null"}):
        assert reading(event) is segment_sends(case.trigger, event)


def segment_sends(trigger: str, event: dict[str, Any]) -> bool:
    try:
        return sends(read_as_segment(trigger), event) is True
    except SegmentFailure:
        return False


def test_a_difference_that_nobody_can_decide_is_named_without_an_event() -> None:
    misreading = import_trigger("$").misreading
    assert misreading is not None
    assert misreading.reasons == ("it cannot read the character `$`",)
    assert misreading.event is None


@pytest.mark.parametrize(
    ("trigger", "meant"),
    [
        ("type = track", 'type = "track"'),
        ("event != Order and userId = null", 'event != "Order" and userId = null'),
        ("userId = anonymousId", "userId = anonymousId"),
        ("event = 'Foo'", 'event = "Foo"'),
        ('type = "track" OR type = "page"', 'type = "track" or type = "page"'),
        ("properties.a\\ b = 'x'", 'properties."a b" = "x"'),
    ],
)
def test_the_trigger_that_was_meant_is_written(trigger: str, meant: str) -> None:
    assert import_trigger(trigger).text == meant


@pytest.mark.parametrize(
    "trigger",
    [
        'type = "track"',
        "type = track",
        'type = "track" and (event = "a" or event = "b")',
        'match(event, "a*") and !contains(properties.a, "b")',
        "properties.a = true and properties.b > 5 and traits.c != null",
        'type = "track" and true',
        'type = "track" and length(event)',
        "null",
    ],
)
def test_a_trigger_that_segment_reads_as_meant_is_not_named(trigger: str) -> None:
    assert import_trigger(trigger).misreading is None


@pytest.mark.parametrize("trigger", ["type =", "", "((", 'type = "track" and', "contains(event)"])
def test_text_that_is_not_a_trigger_is_an_error(trigger: str) -> None:
    with pytest.raises(RuleError):
        import_trigger(trigger)


def test_segment_compares_with_the_text_of_the_double() -> None:
    tree = read_as_segment("userId = 157963456373623809")
    assert sends(tree, {"userId": "157963456373623800"})
    assert not sends(tree, {"userId": "157963456373623809"})


@pytest.mark.parametrize(
    ("value", "name"),
    [("true", "bool"), ("false", "bool"), ("1", "number"), ('"a"', "string"), ("null", "null"), ("[true]", "list"),
     ("properties.gone", "null"), ("properties.flag", "bool")],
)  # fmt: skip
def test_typeof_is_what_fql_documents_and_segment_cannot_read(value: str, name: str) -> None:
    event = {"type": "track", "properties": {"flag": True}}
    assert compile_trigger(f'typeof({value}) = "{name}"')(event) is True
    assert compile_trigger(f'typeof({value}) = "boolean"')(event) is False
    misreading = import_trigger(f'typeof({value}) = "{name}"').misreading
    assert misreading is not None
    assert misreading.reasons == ("`typeof` is unknown to Segment",)
    assert misreading.segment is None
