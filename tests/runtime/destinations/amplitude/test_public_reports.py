"""Events of public bug reports: each is sent right, repaired and said, or refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

import rulewright
from rulewright.runtime.outcome import Outcome
from tests.paths import ROOT
from tests.runtime.destinations.amplitude.public_reports import COMMON, MAPPED, REFUSED, REPAIRED, SENT, TRACK, Values

MAPPER = rulewright.load(ROOT / "rules" / "amplitude" / "presets.rules")


def sent(outcome: Outcome) -> Values:
    """The first event or user of the only request."""
    (request,) = outcome.requests
    if request.json is not None:
        first: Values = request.json["events"][0]
        return first
    assert request.form is not None
    person: Values = json.loads(request.form["identification"])
    return person


def outcomes(event: Values) -> list[Outcome]:
    """As an object, and as text."""
    return [MAPPER(event), MAPPER.map_bytes(json.dumps(event))]


@pytest.mark.parametrize(("event", "values"), SENT.values(), ids=SENT)
def test_the_event_of_a_report_is_sent_right(event: Values, values: Values) -> None:
    for outcome in outcomes(event):
        assert (outcome.failures, outcome.warnings) == ([], [])
        person = sent(outcome)
        assert {name: person.get(name) for name in values} == values


@pytest.mark.parametrize(("event", "field", "code"), REFUSED.values(), ids=REFUSED)
def test_the_event_of_a_report_is_refused_with_its_field(event: Values, field: str, code: str) -> None:
    for outcome in outcomes(event):
        assert outcome.requests == []
        assert [(failure.field, failure.code) for failure in outcome.failures] == [(field, code)]


@pytest.mark.parametrize(("event", "values", "field", "code"), REPAIRED.values(), ids=REPAIRED)
def test_the_event_of_a_report_is_repaired_and_said(event: Values, values: Values, field: str, code: str) -> None:
    for outcome in outcomes(event):
        assert (outcome.failures, [(warning.field, warning.code) for warning in outcome.warnings]) == (
            [],
            [(field, code)],
        )
        person = sent(outcome)
        assert {name: person.get(name) for name in values} == values


@pytest.mark.parametrize(("fields", "event", "values"), MAPPED.values(), ids=MAPPED)
def test_a_mapping_of_its_own_sends_the_event_of_a_report_right(fields: str, event: Values, values: Values) -> None:
    rules = (
        f'destination amplitude\nmapping "M" -> logEventV2 {{\n  when type = "track"\n  use defaults\n  {fields}\n}}\n'
    )
    outcome = rulewright.load(rules)(event)
    assert (outcome.failures, outcome.warnings) == ([], [])
    person = sent(outcome)
    assert {name: person.get(name) for name in values} == values


def test_the_group_of_a_report_is_identified_with_its_user() -> None:
    """segment-integrations/analytics-ios-integration-amplitude#90: the type and the value are traits."""
    fields = "group_type = traits.group_type\n  group_value = traits.group_value"
    head = 'destination amplitude\nmapping "M" -> groupIdentifyUser {\n  when type = "group"\n  use defaults'
    rules = f"{head}\n  {fields}\n}}\n"
    group = {**COMMON, "type": "group", "traits": {"group_type": "orgId", "group_value": 15, "company": "C"}}
    forms = [json.loads((request.form or {})["identification"]) for request in rulewright.load(rules)(group).requests]
    [[person], [properties_of_group]] = forms
    assert (person["groups"], person["user_properties"]) == ({"orgId": "15"}, {"orgId": "15"})
    assert (properties_of_group["group_type"], properties_of_group["group_value"]) == ("orgId", "15")


def test_a_date_of_python_in_a_report_is_sent_as_text() -> None:
    """amplitude/Amplitude-Python#59: the library lost the event without a word."""
    at = datetime(2024, 5, 1, tzinfo=UTC)
    outcome = MAPPER({**TRACK, "properties": {"at": at, "score": float("nan")}})
    assert sent(outcome)["event_properties"] == {"at": "2024-05-01T00:00:00+00:00", "score": None}
    assert [(warning.field, warning.code) for warning in outcome.warnings] == [("event_properties.score", "not_finite")]
