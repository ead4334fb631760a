"""IDs that many events share: which values are reported of the field by which a destination recognizes repeats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rulewright.checking import check
from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler.analysis.findings.shared_ids import shared_id_findings
from rulewright.loading.pipeline import check_files, read
from rulewright.loading.rule_files import read_rules_text

from .cases import TRACK, Case, assert_found, findings_of, mapping

SHARED = [
    '"x"',
    "7",
    "true",
    "userId",
    "anonymousId",
    "type",
    "event",
    "name",
    "category",
    "groupId",
    "context.device.id",
    "context.page.url",
    "context.sessionId",
    "context.campaign.custom",
    "traits.email",
    "traits.seats",
    "context.traits.seats",
    'coalesce(userId, anonymousId, "x")',
    'coalesce("x", messageId)',
    'coalesce(null, " ", userId)',
    'default(userId, "x")',
    '"{{userId}}-{{event}}"',
    "lowercase(userId)",
    "uuid5(userId, event)",
    "concat(type, name)",
    'sha256("{{userId}}{{traits.plan}}")',
    "timestamp_ms(traits.createdAt)",
    'first(split(context.page.path, "/"))',
    'if(type = "track", "x", omit)',
    'if(context.network.wifi, userId, "x")',
    "if(true, userId, messageId)",
    "[id for id in context.traits.ids]",
]
NOT_SHARED = [
    "omit",
    "null",
    '""',
    '" "',
    "coalesce(null, omit_me)",
    "messageId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
    "properties.order_id",
    "properties.name",
    "previousId",
    "clientEventId",
    "integrations.Amplitude.insert_id",
    "context.requestId",
    "context.protocols.event_id",
    "context",
    "json_encode(context)",
    "md5(json_encode(traits))",
    "sha256(json_encode($))",
    'liquid("\\{{ messageId }}", $)',
    "coalesce(messageId, userId)",
    'coalesce(" ", messageId)',
    "default(messageId, userId)",
    '"{{userId}}-{{timestamp}}"',
    "lowercase(messageId)",
    "if(properties.first, userId, omit)",
    'if(type = "track", messageId, userId)',
    "[product.sku for product in properties.products]",
]


@pytest.mark.parametrize("value", SHARED)
def test_a_value_that_many_events_share_is_reported_as_an_id(value: str) -> None:
    line = f"insert_id = {value}"
    rules = mapping("A", TRACK, line)
    assert_found(Case(value, rules, "RW0317", line, None, "write `insert_id = messageId`"))


@pytest.mark.parametrize("value", NOT_SHARED)
def test_a_value_that_may_differ_from_event_to_event_is_not(value: str) -> None:
    assert_found(Case(value, mapping("A", TRACK, f"insert_id = {value}"), "RW0317", None))


def test_the_defaults_of_an_action_and_other_fields_are_not_reported() -> None:
    assert findings_of(mapping("A", TRACK, "device_id = userId"), "RW0317") == []


@pytest.mark.parametrize("action", ["logEvent", "logEventV2", "logPurchase", "identifyUser", "groupIdentifyUser"])
def test_each_action_with_an_insert_id_is_looked_at(action: str) -> None:
    of_group = ("group_type = type", "group_value = type") if action == "groupIdentifyUser" else ()
    (finding,) = findings_of(mapping("A", TRACK, *of_group, "insert_id = userId", action=action), "RW0317")
    assert (
        finding.message == "`insert_id` is the same for many events, and Amplitude drops all but the first as repeats"
    )


def test_a_comment_with_a_reason_suppresses_the_finding() -> None:
    lines = ("user_properties = omit", "# allow RW0317: counts once a week", 'insert_id = "seen-{{anonymousId}}"')
    checked = check(read_rules_text(f"destination amplitude\n{mapping('A', TRACK, *lines)}", "shop.rules"))
    assert [finding.code for finding, _ in checked.suppressed] == ["RW0317"]
    assert not any(finding.code in ("RW0317", "RW0602") for finding in checked.findings)


def test_the_destination_says_which_field_it_recognizes_repeats_by() -> None:
    program, _ = check_files(read(f"destination amplitude\n{mapping('A', TRACK, 'device_id = userId')}"))
    (rule,), destination = program.mappings, program.destination
    assert destination is not None
    by_device, by_nothing = (replace(destination, deduplicates_by=name) for name in ("device_id", None))
    (finding,) = shared_id_findings(rule, by_device, analysis_context())
    assert finding.help == ("write `device_id = messageId`",)
    assert list(shared_id_findings(rule, by_nothing, analysis_context())) == []
