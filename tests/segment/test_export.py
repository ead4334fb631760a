"""Rules go back to Segment where Segment can say them, and are named where it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from rulewright import RuleError, import_mapping, import_subscriptions
from rulewright.loading.pipeline import read
from rulewright.runtime.action import ActionPages
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.segment.export import Exported, export_items, export_mapping
from rulewright.segment.problems import NoSegmentForm
from rulewright.segment.triggers.export_trigger import write_trigger
from rulewright.segment.triggers.import_trigger import import_trigger
from tests.runtime.destinations.amplitude.reference_requests import PRESETS

from .directives import READ


def exported(text: str) -> Exported:
    return export_items(read(text).items)


def test_the_presets_come_back_as_they_were() -> None:
    back = exported(import_subscriptions(PRESETS))
    assert back.unsaid == ()
    keys = ("name", "subscribe", "partnerAction", "mapping")
    assert [{key: row[key] for key in keys} for row in back.subscriptions] == [
        {key: row[key] for key in keys} for row in PRESETS
    ]


def test_import_export_import_of_the_presets_is_a_fixed_point() -> None:
    text = import_subscriptions(PRESETS)
    assert import_subscriptions(exported(text).subscriptions) == text


NOT_FOR_EXPORT = ("omit", 'without(merge(a), "k")')
"""What a mapping that names nothing comes to: Segment has no directive for nothing."""


@pytest.mark.parametrize("text", [text for _, text in READ if text not in NOT_FOR_EXPORT])
def test_import_export_import_of_a_mapping_is_a_fixed_point(text: str) -> None:
    assert import_mapping(json.dumps(export_mapping(text))) == text


WRITTEN: tuple[tuple[str, Any], ...] = (
    ("omit_me.a", {"@path": "$.omit_me.a"}),
    ("$", {"@path": "$."}),
    ("60000 * 5", 300_000),
    ("{ a: -5 }", {"a": -5}),
    ('"Viewed {{ name }}"', {"@template": "Viewed {{name}}"}),
    (
        "coalesce(a, b, false)",
        {"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}, "else": {
            "@if": {"exists": {"@path": "$.b"}, "then": {"@path": "$.b"}, "else": {"@literal": False}}}}},
    ),
    (
        '"{{ lowercase(a) }} {{ b }}"',
        {"@transform": {
            "apply": {"part1": {"@case": {"operator": "lower", "value": {"@path": "$.a"}}}, "part2": {"@path": "$.b"}},
            "mapping": {"@template": "{{part1}} {{part2}}"}}},
    ),
    ("coalesce(a)", {"@path": "$.a"}),
    ("if(a != null, 1, omit)", {"@if": {"exists": {"@path": "$.a"}, "then": 1}}),
    ("if(a = null, omit, 1)", {"@if": {"exists": {"@path": "$.a"}, "then": 1}}),
    ("if(!blank(a), 1, 2)", {"@if": {"blank": {"@path": "$.a"}, "then": 1, "else": 2}}),
    ("exists(a)", {"@if": {"exists": {"@path": "$.a"}, "then": True, "else": {"@literal": False}}}),
    ('lowercase("")', {"@case": {"operator": "lower", "value": {"@literal": ""}}}),
    ("{ a: omit, b: [omit, c] }", {"b": [None, {"@path": "$.c"}]}),
    ("[ { id: p.id } for p in list ]", {"@arrayPath": ["$.list", {"id": {"@path": "id"}}]}),
    ("[ coalesce(p.id, null) for p in list ]", {"@arrayPath": ["$.list", {"@path": "id"}]}),
    ("[ 5 for p in list ]", {"@arrayPath": ["$.list", {"@literal": 5}]}),
    ("json_decode(a).b", {"@transform": {
        "apply": {"value": {"@json": {"mode": "decode", "value": {"@path": "$.a"}}}},
        "mapping": {"@path": "$.value.b"}}}),
    ("merge({ a: 1 })", {"@merge": {"objects": [{"a": 1}], "direction": "right"}}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "mapping"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_an_expression_is_the_directive_that_means_it(text: str, mapping: Any) -> None:
    assert export_mapping(text) == mapping


UNSAID = (
    ("trim(a)", "Segment has no function `trim`"),
    ("a + 1", "Segment's mappings have nothing like `a + 1`"),
    ('a."b.c"', 'Segment\'s paths have no way to write `a."b.c"`'),
    ('"{{ trim(a) }}"', "Segment has no function `trim`"),
    ('"\\{{ a }}{{ b }}"', 'Segment\'s templates cannot hold the braces of "\\{{ a }}{{b}}"'),
    ('if(a = "x", 1, 2)', '`@if` asks `exists` or `blank`, not `a = "x"`'),
    ("[ { a: p.a } for p in list if p.a > 1 ]", "Segment has no condition for the items of a list"),
    (
        "[ { a: userId } for p in list ]",
        "inside a list Segment sees nothing but the item, and `userId` is not part of it",
    ),
    ("[ p.a for p in list ]", "an item without a value is left out here, and is null in Segment's list"),
    ('replace(a, "12345678901", "")', "`@replace` takes texts of up to 10 characters, and a pattern of one"),
    ("replace(a, b, c)", "`@replace` takes its options as they are written, not `b`"),
    ('flatten(a, "")', "`@flatten` needs a separator"),
    ("merge(a, { k: b })", "a key that is missing in the later object would hide the same key of the earlier ones"),
    ('{ "@path": 1 }', "the key `@path` is one of Segment's own"),
    ('liquid("x", "y")', "a Liquid template reads an object"),
    ('json_decode(a)."b.c"', "Segment's paths have no way to write one of these keys"),
)


@pytest.mark.parametrize(("text", "sentence"), UNSAID, ids=[text for text, _ in UNSAID])
def test_what_segment_cannot_say_is_said(text: str, sentence: str) -> None:
    with pytest.raises(NoSegmentForm) as caught:
        export_mapping(text)
    assert str(caught.value) == sentence


def test_a_text_that_is_not_an_expression_is_an_error() -> None:
    with pytest.raises(RuleError):
        export_mapping("(")


@pytest.mark.parametrize(
    ("trigger", "fql"),
    [
        ("type = 'track'", 'type = "track"'),
        ('type = "track" or type = "page" and event = "x"', 'type = "track" or (type = "page" and event = "x")'),
        ('!(event = "x") and type in ["track", "page"]', 'event != "x" and (type = "track" or type = "page")'),
        ("properties.'a b' = 5", "properties.a\\ b = 5"),
        ('!contains(event, "x")', '!contains(event, "x")'),
        ('type in ["track"]', 'type = "track"'),
        ("!(userId = null)", "userId != null"),
    ],
)
def test_a_trigger_is_written_as_segment_reads_it(trigger: str, fql: str) -> None:
    assert write_trigger(import_trigger(trigger).condition) == fql
    assert import_trigger(fql).misreading is None


@pytest.mark.parametrize(
    ("trigger", "sentence"),
    [
        ('groupId = "x" and type = "track"', 'Segment would read the trigger as `type = "track"`'),
        ('match(event, "a*b")', 'Segment would read the trigger as `match(event, "*\\*b")`'),
        ('lowercase(event) = "x"', 'Segment cannot read `lowercase(event) = "x"`'),
        ('(a = "x" or (b = "y" and c = "z")) and type = "track"', "Segment cannot read `"),
        ('event = "say \\"hi\\""', "Segment "),
        ('type = "track" and (contains(event, "x") or event = "y")', "Segment would read the trigger as `"),
    ],
)
def test_a_trigger_that_segment_would_misread_is_not_written(trigger: str, sentence: str) -> None:
    with pytest.raises(NoSegmentForm) as caught:
        write_trigger(import_trigger(trigger).condition)
    assert str(caught.value).startswith(sentence)


def test_a_file_says_what_segment_cannot() -> None:
    back = exported(
        """destination amplitude
drop when context.page.path = "/healthz"
drop properties.email
mapping "Good" -> mapUser {
  when type = "alias"
  user_id = previousId
}
mapping "Bad" -> mapUser {
  when match(event, "a*b")
  user_id = trim(previousId)
}
mapping "Split" -> logEventV2 {
  when type = "track"
  event_type = event
  on conflict split
}
mapping "Ours" -> identifyUser {
  when type = "identify"
  user_id = userId
  add = { visits: 1 }
}
"""
    )
    assert [row["name"] for row in back.subscriptions] == ["Good"]
    assert back.subscriptions[0] == {
        "name": "Good",
        "partnerAction": "mapUser",
        "subscribe": 'type = "alias"',
        "enabled": True,
        "mapping": {"user_id": {"@path": "$.previousId"}},
    }
    assert [(unsaid.span.line, unsaid.sentence) for unsaid in back.unsaid] == [
        (2, "Segment has no filter (`drop when`)"),
        (3, "Segment has no filter (`drop`)"),
        (9, 'the trigger of `Bad`: Segment would read the trigger as `match(event, "*\\*b")`'),
        (10, "`user_id` of `Bad`: Segment has no function `trim`"),
        (15, "`Split`: Segment has no `on conflict split`"),
        (20, "`add` of `Ours`: Segment's identifyUser has no such field"),
    ]


def test_a_mapping_to_an_action_that_segment_does_not_have_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = replace(DESTINATIONS["amplitude"].actions["mapUser"], ours=True)
    action_of = ActionPages.__getitem__
    monkeypatch.setattr(
        ActionPages, "__getitem__", lambda pages, name: ours if name == ours.name else action_of(pages, name)
    )
    mapping = 'mapping "{0}" -> {0} {{\n  when type = "alias"\n  user_id = userId\n  {1}\n}}\n'
    back = exported(
        f"destination amplitude\n{mapping.format('mapUser', '')}{mapping.format('logEvent', 'event_type = type')}"
    )
    assert [row["name"] for row in back.subscriptions] == ["logEvent"]
    assert [(each.span.text, each.sentence) for each in back.unsaid] == [
        ("mapUser", "`mapUser`: Segment has no action `mapUser`")
    ]


def test_a_mapping_to_a_webhook_is_not_written() -> None:
    """Segment's webhook has an action of that name with other fields, so it could not run what was written."""
    back = exported('destination webhook\nmapping "Orders" -> send {\n  when type = "track"\n  use defaults\n}\n')
    assert back.subscriptions == []
    assert [unsaid.sentence for unsaid in back.unsaid] == ["`Orders`: Segment has no action `send`"]


PURCHASE = """destination amplitude
mapping "Order" -> logPurchase {
  when type = "track"
  use defaults
  user_properties = omit
  %s
}
"""
MULTIPLIED = "Segment multiplies a total by the quantity"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("price = properties.price", []),
        ("price = coalesce(properties.price, properties.total)", ["price"]),
        ("price = properties.revenue", ["price"]),
        ("price = properties.total\n  quantity = omit", []),  # nothing to multiply by
        ("price = coalesce(properties.price, properties.amount)", []),
        ("products = [{ price: coalesce(p.price, p.total), quantity: p.quantity } for p in properties.products]",
         ["products"]),
        ("products = [{ price: p.price, quantity: p.quantity } for p in properties.products]", []),
        ("products = [{ price: p.total } for p in properties.products]", []),
    ],
)  # fmt: skip
def test_a_total_that_segment_multiplies_is_written_and_named(fields: str, named: list[str]) -> None:
    back = exported(PURCHASE % fields)
    assert [row["name"] for row in back.subscriptions] == ["Order"]
    assert back.unsaid == ()
    assert [(each.span.line, each.sentence) for each in back.differences] == [
        (6, f"`{name}` of `Order`: {MULTIPLIED}") for name in named
    ]


def test_a_mapping_that_is_left_out_is_not_compared_with_segment() -> None:
    back = exported(PURCHASE % "price = properties.total\n  city = trim(properties.city)")
    assert (back.subscriptions, back.differences) == ([], ())
    assert len(back.unsaid) == 1
