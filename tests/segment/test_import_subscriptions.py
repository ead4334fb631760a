"""Segment subscriptions become the rule file that a person would have written, and send what Segment sends."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

import rulewright
from rulewright import import_subscriptions
from rulewright.segment.import_subscriptions import import_file
from tests.long_cases import long_cases
from tests.runtime.destinations.amplitude.reference_requests import PRESETS, ROWS, expected, plain

from .subscriptions import Row, subscription
from .vectors import DATA


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
    for key in ("subscription", "destinationSubscription"):
        assert import_subscriptions({"data": {key: subscription()}}) == import_subscriptions([subscription()])
    assert import_subscriptions({"data": {"data": {"subscriptions": PRESETS}}}) == text


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


def test_a_trigger_that_is_not_fql_is_what_segment_makes_of_it() -> None:
    assert mapping_of(subscribe='type = "track" )').splitlines()[:4] == [
        '# This trigger is not FQL: type = "track" )',
        "# The condition below is what Segment makes of it.",
        'mapping "Track" -> logEventV2 {',
        '  when type = "track"',
    ]
    assert mapping_of(subscribe="((").splitlines()[:4] == [
        "# This trigger is not FQL: ((",
        "# Segment sends nothing for it.",
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


@pytest.mark.parametrize("field", ["event_properties", "products", "price", "time", "carrier"])
@pytest.mark.parametrize("value", ["", None])
def test_an_empty_constant_leaves_its_field_out(field: str, value: str | None) -> None:
    imported = import_file([subscription(mapping={"event_type": "x", "user_id": {"@path": "$.userId"}, field: value})])
    assert imported.findings == ()
    (request,) = rulewright.load(imported.text)({"type": "track", "userId": "u-12345"}).requests
    assert request.json is not None
    assert request.json["events"] == [{"user_id": "u-12345", "event_type": "x", "library": "segment"}]


def test_a_mapping_may_be_the_json_text_of_one() -> None:
    text = json.dumps(subscription()["mapping"])
    assert import_subscriptions([subscription(mapping=text)]) == import_subscriptions([subscription()])


def test_a_trigger_that_segment_throws_on_becomes_one_that_sends_nothing() -> None:
    assert mapping_of(subscribe='() or type = "track"').splitlines()[:4] == [
        '# This trigger is not FQL: () or type = "track"',
        "# Segment sends nothing for it.",
        'disabled mapping "Track" -> logEventV2 {',
        "  when false",
    ]
    # Segment looks at one condition after the other, and comes to the parentheses only where the first is false.
    assert '  when type = "track"' in mapping_of(subscribe='type = "track" or ()').splitlines()


def test_a_name_or_key_with_a_line_break_stays_on_its_line() -> None:
    text = import_subscriptions([subscription(name="a\nb", mapping={"event_type": "x", "no\npe\u2028": 1})])
    assert 'mapping "a\\\\nb" -> logEventV2 {' in text.splitlines()
    assert "# logEventV2 has no field `no\\npe\\u2028`, so Segment leaves it out." in text.splitlines()


def test_a_key_that_hides_another_only_in_segment_is_named() -> None:
    flat = {"@flatten": {"value": {"plan": {"@path": "$.properties.plan"}}, "separator": "."}}
    merge = {"@merge": {"objects": [{"@path": "$.traits"}, flat], "direction": "right"}}
    imported = import_file([subscription(mapping={"event_type": "x", "user_properties": merge})])
    assert [finding.sentence for finding in imported.findings] == [
        "[0].mapping.user_properties.@merge: in Segment a key that turns out undefined hides the same key of the "
        "objects before it; here it does not"
    ]
    assert 'mapping "Track" -> logEventV2 {' in imported.text.splitlines()


USED = "Segment and the rules use north_america"


@pytest.mark.parametrize(
    ("settings", "written", "sentences"),
    [
        ({"endpoint": "europe", "apiKey": "secret"}, 'settings { endpoint = "europe" }\n', []),
        ({"endpoint": "north_america"}, "", []),
        ({"endpoint": None}, "", []),
        ({"endpoint": ""}, "", []),
        (
            {"endpoint": "NONE"},
            "",
            [f'settings.endpoint: expected "north_america" or "europe", found "NONE"; {USED}'],
        ),
        (
            {"endpoint": ["europe"]},
            "",
            [f'settings.endpoint: expected "north_america" or "europe", found a list; {USED}'],
        ),
        ({"region": "eu"}, "", ["settings.region: Amplitude has no such setting here"]),
    ],
)
def test_settings_are_taken_over_or_named(settings: Row, written: str, sentences: list[str]) -> None:
    imported = import_file({"settings": settings, "subscriptions": [subscription()]})
    assert [finding.sentence for finding in imported.findings] == sentences
    assert imported.text.split("destination amplitude\n\n")[1].startswith(written or "mapping")
    assert "secret" not in imported.text
    rulewright.load(imported.text)


CUSTOM = [row for row in ROWS if "subscriptions" in row]
OF_PRESETS = [row for row in ROWS if "subscriptions" not in row]


@cache
def mapper(subscriptions: str, settings: str) -> rulewright.Mapper:
    return rulewright.load(import_subscriptions(subscriptions), settings=json.loads(settings), checks=False)


@pytest.mark.parametrize("step", [24, *long_cases(6)])
def test_imported_subscriptions_send_what_segment_sends(step: int) -> None:
    """Rows with subscriptions of their own cost a compilation each, so that only some of them are run here."""
    wrong = []
    for row in OF_PRESETS + CUSTOM[::step]:
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
