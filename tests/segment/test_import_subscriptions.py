"""Segment subscriptions become the rule file that a person would have written, and send what Segment sends."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

import rulewright
from rulewright import import_subscriptions
from rulewright.segment.import_subscriptions import import_file
from rulewright.segment.problems import SegmentFormatError
from tests.runtime.amplitude.test_conformance import PRESETS, ROWS, expected, plain

from .vectors import DATA

Row = dict[str, Any]


def subscription(**changes: Any) -> Row:
    """A subscription with a trigger that nobody misreads."""
    return {
        "name": "Track",
        "subscribe": 'type = "track"',
        "partnerAction": "logEventV2",
        "mapping": {"event_type": {"@path": "$.event"}},
        **changes,
    }


def mapping_of(**changes: Any) -> str:
    """The text of the one mapping, with the comments above it and without the head of the file."""
    return import_subscriptions([subscription(**changes)]).split("destination amplitude\n\n")[1].rstrip("\n")


def test_the_presets_read_as_if_a_person_wrote_them() -> None:
    assert import_subscriptions(PRESETS) == (DATA / "presets.rules").read_text(encoding="utf-8")


def test_text_and_the_shapes_people_have_are_read_alike() -> None:
    text = import_subscriptions(PRESETS)
    assert import_subscriptions(json.dumps(PRESETS)) == text
    assert import_subscriptions({"subscriptions": PRESETS}) == text
    assert import_subscriptions({"data": {"subscriptions": PRESETS}}) == text
    renamed = {"partnerAction": "actionSlug", "subscribe": "trigger", "mapping": "settings"}
    assert (
        import_subscriptions([{renamed.get(key, key): value for key, value in row.items()} for row in PRESETS]) == text
    )
    assert import_subscriptions(subscription()) == import_subscriptions([subscription()])


def test_few_fields_are_named_and_many_are_said_as_what_differs_from_the_defaults() -> None:
    assert mapping_of() == "\n".join([
        'mapping "Track" -> logEventV2 {',
        '  when type = "track"',
        "  event_type = event",
        "  on conflict fold",
        "}",
    ])  # fmt: skip
    identify = next(row for row in PRESETS if row["partnerAction"] == "identifyUser")
    fields = {name: value for name, value in identify["mapping"].items() if name != "carrier"}
    written = mapping_of(partnerAction="identifyUser", mapping=fields | {"country": "NL"})
    assert written == "\n".join([
        'mapping "Track" -> identifyUser {',
        '  when type = "track"',
        "  use defaults",
        '  country   = "NL"',
        "  carrier   = omit",
        "  insert_id = omit",
        "  on conflict fold",
        "}",
    ])  # fmt: skip


def test_what_was_switched_off_stays_off() -> None:
    assert mapping_of(enabled=False).startswith('disabled mapping "Track" -> logEventV2 {')


def test_names_that_stand_twice_get_a_number() -> None:
    text = import_subscriptions([subscription(), subscription(), subscription()])
    assert [line.split('"')[1] for line in text.splitlines() if line.startswith("mapping")] == [
        "Track", "Track (2)", "Track (3)",
    ]  # fmt: skip


def test_a_misread_trigger_is_told_above_the_mapping() -> None:
    assert mapping_of(subscribe='!(type = "track")').splitlines()[:5] == [
        "# Segment misreads this trigger: `!` before parentheses is ignored.",
        '# It reads: type = "track"',
        '# For example, this rule does not take {"type": "track"}, and Segment sends it.',
        'mapping "Track" -> logEventV2 {',
        '  when !(type = "track")',
    ]


def test_a_trigger_that_is_no_fql_is_what_segment_makes_of_it() -> None:
    assert mapping_of(subscribe='type = "track" )').splitlines()[:4] == [
        '# This trigger is no FQL: type = "track" )',
        "# What stands below is what Segment makes of it.",
        'mapping "Track" -> logEventV2 {',
        '  when type = "track"',
    ]
    assert mapping_of(subscribe="((").splitlines()[:4] == [
        "# This trigger is no FQL: ((",
        "# Segment cannot read it either, and sends nothing.",
        'disabled mapping "Track" -> logEventV2 {',
        "  when false",
    ]


def test_a_field_that_the_action_does_not_know_is_left_out_and_named() -> None:
    imported = import_file([subscription(mapping={"event_type": "x", "nope": 1})])
    assert "# logEventV2 has no field `nope`, so Segment leaves it out." in imported.text
    assert "nope =" not in imported.text
    assert [finding.sentence for finding in imported.findings] == ["logEventV2 has no field `nope`"]


def test_a_mapping_that_is_one_directive_is_split_by_the_fields_of_the_action() -> None:
    root = {"@merge": {"objects": [{"@path": "$.properties"}], "direction": "right"}}
    whole = {"@transform": {"apply": {"p": root}, "mapping": {"@path": "$.p"}}}
    written = mapping_of(partnerAction="mapUser", mapping=whole)
    assert "user_id        = merge(properties).user_id" in written


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (5, "subscriptions are a list, and this is a number"),
        ([5], "[0]: a subscription is an object, and this is a number"),
        ([subscription(partnerAction="nope")], "[0].partnerAction: Amplitude has no action `nope`"),
        ([subscription(partnerAction=5)], "[0].partnerAction: this must be text, and is a number"),
        ([{"partnerAction": "logEventV2"}], "[0]: a subscription needs `subscribe`"),
        ([subscription(mapping=[])], "[0].mapping: a mapping is an object, and this is a list"),
        ([subscription(enabled="no")], "[0].enabled: `enabled` is true or false, and this is text"),
        ([subscription(name=5)], "[0].name: a name is text, and this is a number"),
        ([subscription(mapping={"time": {"@nope": 1}})], "[0].mapping.time.@nope: Segment has no directive `@nope`"),
    ],
)
def test_what_is_no_subscription_is_refused_with_its_place(document: Any, message: str) -> None:
    with pytest.raises(SegmentFormatError) as caught:
        import_subscriptions(document)
    assert str(caught.value) == message


# --- what is sent ----------------------------------------------------------------------------------------------------

CUSTOM = [row for row in ROWS if "subscriptions" in row]
SOME_ROWS = [row for row in ROWS if "subscriptions" not in row] + CUSTOM[::6]
"""Rows with subscriptions of their own cost a compilation each, so every sixth of them is run here."""


@cache
def mapper(subscriptions: str, settings: str) -> rulewright.Mapper:
    return rulewright.load(import_subscriptions(subscriptions), settings=json.loads(settings), checks=False)


def test_imported_subscriptions_send_what_segment_sends() -> None:
    wrong = []
    for row in SOME_ROWS:
        outcome = mapper(json.dumps(row.get("subscriptions", PRESETS)), json.dumps(row.get("settings", {})))(
            row["event"]
        )
        for result in row["results"]:
            name = result["subscription"]
            sent = [plain(request) for request in outcome.requests if request.mapping == name]
            failed = any(failure.mapping == name for failure in outcome.failures)
            if failed != ("error" in result) or (not failed and sent != expected(row, result)):
                wrong.append((row["id"], name))
    assert wrong == []
