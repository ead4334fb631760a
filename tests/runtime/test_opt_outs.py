"""An event that opts out of the destination is not mapped, in no form and by no way, unless a setting says so."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler.analysis.filter_chain import FilterChain
from rulewright.runtime.destinations.amplitude.sessions.session_ids import MOBILE, SessionMapper, Sessions
from rulewright.runtime.destinations.amplitude.settings import INTEGRATIONS
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.opt_outs import OptOuts
from rulewright.runtime.semantics.missing import MISSING

Values = dict[str, Any]
RULES = """destination amplitude
mapping "Track" -> logEventV2 { when type = "track" use defaults }
"""
TRACK: Values = {"type": "track", "event": "Seen", "userId": "user-1"}
NOON = 1_714_564_800_000


def read(integrations: str) -> str:
    """Rules that read `integrations` in an odd way, which changes what a view holds of it."""
    return RULES.replace("use defaults", f"use defaults event_properties = {{ read: {integrations} }}")


RULE_FILES = [
    RULES,
    read("integrations"),
    read('integrations."Actions Amplitude"'),
    read("integrations.Amplitude"),
    read("integrations.All"),
    read("length(integrations.Amplitude.name)"),
    RULES.replace('type = "track"', 'type = "track" and integrations.All != "x" and integrations.Amplitude != "x"'),
    RULES.replace("mapping", 'drop when event = "Ping"\nmapping', 1),
    RULES.replace("mapping", "drop context.ip\nmapping", 1),
    RULES.replace("use defaults", "event_type = event user_id = userId"),
]


@pytest.fixture(scope="module")
def mappers() -> list[Mapper]:
    """By all rule files, as loaded and as the module that stands alone."""
    loaded = []
    for text in RULE_FILES:
        loaded.append(rulewright.load(text, settings={"apiKey": "KEY"}))
        module: Values = {"__name__": "rules"}
        exec(rulewright.compile_source(text), module)  # noqa: S102 -- a module as `rulewright compile` writes it
        loaded.append(Mapper(module["PROGRAM"], settings={"apiKey": "KEY"}))
    return loaded


def outcomes(mapper: Mapper, event: Values) -> rulewright.Outcome:
    """The outcome of an event, which is the same for its text."""
    outcome = mapper(event)
    assert mapper.map_bytes(json.dumps(event)) == outcome
    return outcome


OUT: dict[str, tuple[Any, str]] = {
    "all": ({"All": False}, "integrations.All is false"),
    "all, and others by name": ({"All": False, "Mixpanel": True}, "integrations.All is false"),
    "by Segment's name": ({"Actions Amplitude": False}, 'integrations."Actions Amplitude" is false'),
    "by the catalog's name": ({"Amplitude (Actions)": False}, 'integrations."Amplitude (Actions)" is false'),
    "by the old name": ({"Amplitude": False}, "integrations.Amplitude is false"),
    "by name beside all": ({"All": True, "Amplitude": False}, "integrations.Amplitude is false"),
    "one name out, one in": (
        {"All": False, "Amplitude": True, "Actions Amplitude": False},
        'integrations."Actions Amplitude" is false',
    ),
    "neither true nor options": ({"All": False, "Actions Amplitude": "yes"}, "integrations.All is false"),
    "a number": ({"All": False, "Actions Amplitude": 1}, "integrations.All is false"),
    "null": ({"All": False, "Actions Amplitude": None}, "integrations.All is false"),
    "a list": ({"All": False, "Actions Amplitude": []}, "integrations.All is false"),
}
IN: dict[str, Any] = {
    "no integrations": None,
    "none in particular": {},
    "all": {"All": True},
    "in by name": {"All": False, "Actions Amplitude": True},
    "in by the old name": {"All": False, "Amplitude": True},
    "in by options": {"All": False, "Actions Amplitude": {"session_id": NOON}},
    "in by empty options": {"All": False, "Amplitude (Actions)": {}},
    "options alone": {"Actions Amplitude": {"session_id": NOON}},
    "another out": {"Mixpanel": False, "All": True},
    "names are spelled as they are": {"all": False, "amplitude": False},
    "null is not false": {"All": None, "Amplitude": None},
    "zero is not false": {"All": 0, "Amplitude": 0},
    "nor is a text": {"All": "false", "Amplitude": "false"},
    "false inside": {"Actions Amplitude": {"enabled": False}},
    "a list": [False],
    "a text": "All",
}


@pytest.mark.parametrize(("integrations", "reason"), OUT.values(), ids=OUT.keys())
def test_an_event_that_opts_out_is_dropped_and_says_why(mappers: list[Mapper], integrations: Any, reason: str) -> None:
    event = {**TRACK, "integrations": integrations}
    for mapper in mappers:
        outcome = outcomes(mapper, event)
        assert (outcome.requests, outcome.failures, outcome.matched) == ([], [], [])
        assert (outcome.dropped, outcome.opted_out) == (True, reason)
        assert mapper.opted_out(event) == reason


@pytest.mark.parametrize("integrations", IN.values(), ids=IN.keys())
def test_any_other_event_is_mapped(mappers: list[Mapper], integrations: Any) -> None:
    for mapper in mappers:
        outcome = outcomes(mapper, {**TRACK, "integrations": integrations})
        assert outcome.matched == ["Track"]
        assert (outcome.dropped, outcome.opted_out) == (False, None)


def test_an_object_of_a_class_of_its_own_opts_out_as_well() -> None:
    for checks in (True, False):
        mapper = rulewright.load(RULES, checks=checks)
        assert mapper(OrderedDict(TRACK, integrations=OrderedDict(All=False))).dropped
        options = OrderedDict({"All": False, "Amplitude": OrderedDict()})
        assert not mapper(OrderedDict(TRACK, integrations=options)).dropped


def test_opting_out_comes_before_all_filters() -> None:
    mapper = rulewright.load(RULES.replace("mapping", "drop integrations\nmapping", 1))
    assert mapper({**TRACK, "integrations": {"All": False}}).opted_out == "integrations.All is false"
    assert rulewright.load(RULES.replace("mapping", 'drop when event = "Seen"\nmapping', 1))(TRACK).opted_out is None


@pytest.mark.parametrize("checks", [True, False])
def test_opt_outs_apply_without_checks(checks: bool) -> None:
    mapper = rulewright.load(RULES, checks=checks)
    assert outcomes(mapper, {**TRACK, "integrations": {"All": False}}).dropped


@pytest.mark.parametrize(
    ("text", "given", "dropped"),
    [
        (RULES, {}, True),
        (RULES, {"optOuts": "ignore"}, False),
        (RULES.replace("mapping", 'settings { optOuts = "ignore" }\nmapping', 1), {}, False),
        (RULES.replace("mapping", 'settings { optOuts = "ignore" }\nmapping', 1), {"optOuts": "honor"}, True),
    ],
)
def test_a_setting_turns_opt_outs_off(text: str, given: Values, dropped: bool) -> None:
    mapper = rulewright.load(text, settings=given)
    outcome = outcomes(mapper, {**TRACK, "integrations": {"All": False}})
    assert outcome.dropped is dropped
    assert bool(outcome.requests) is not dropped


CONSENTS: list[tuple[Any, str | None]] = [
    (None, None),
    ({}, None),
    ({"consent": {}}, None),
    ({"consent": {"categoryPreferences": None}}, None),
    ({"consent": {"categoryPreferences": {}}}, "Analytics"),
    ({"consent": {"categoryPreferences": {"Analytics": True}}}, "Product"),
    ({"consent": {"categoryPreferences": {"Analytics": True, "Product": True, "Ads": False}}}, None),
    ({"consent": {"categoryPreferences": {"Analytics": False, "Product": True}}}, "Analytics"),
    ({"consent": {"categoryPreferences": {"Analytics": "true", "Product": True}}}, "Analytics"),
]


@pytest.mark.parametrize(("context", "refused"), CONSENTS)
def test_consent_is_needed_to_all_categories_of_the_destination(context: Any, refused: str | None) -> None:
    written = RULES.replace("mapping", 'settings { consentCategories = ["Analytics", "Product"] }\nmapping', 1)
    given = {"consentCategories": ["Analytics", "Product"]}
    reason = refused and f'there is no consent to "{refused}" in context.consent.categoryPreferences'
    for mapper in (rulewright.load(written), rulewright.load(RULES, settings=given)):
        outcome = outcomes(mapper, {**TRACK, "context": context})
        assert (outcome.opted_out, outcome.dropped) == (reason, refused is not None)
        assert bool(outcome.requests) is (refused is None)
    assert outcomes(rulewright.load(RULES), {**TRACK, "context": context}).opted_out is None
    assert outcomes(rulewright.load(written, settings={"optOuts": "ignore"}), {**TRACK, "context": context}).requests


def test_consent_and_integrations_are_both_needed() -> None:
    mapper = rulewright.load(RULES, settings={"consentCategories": ["Analytics"]})
    refused = {"consent": {"categoryPreferences": {"Analytics": False}}}
    agreed = {"consent": {"categoryPreferences": {"Analytics": True}}}
    assert outcomes(mapper, {**TRACK, "context": refused, "integrations": {"Amplitude": True}}).dropped
    assert outcomes(mapper, {**TRACK, "context": agreed, "integrations": {"Amplitude": False}}).dropped
    assert not outcomes(mapper, {**TRACK, "context": agreed, "integrations": {"Amplitude": True}}).dropped


ANY: st.SearchStrategy[Any] = st.sampled_from([True, False, None, 0, 1, "", "false", {}, {"session_id": 1}, []])
KEYS = st.sampled_from([*INTEGRATIONS, "All", "all", "Mixpanel"])
INTEGRATION_OBJECTS = st.none() | st.just("text") | st.dictionaries(KEYS, ANY, max_size=4)
PREFERENCES = st.none() | st.dictionaries(st.sampled_from(["A", "B", "C"]), ANY, max_size=3)


@settings(max_examples=150, deadline=None)
@given(INTEGRATION_OBJECTS, PREFERENCES)
def test_objects_texts_and_modules_agree(mappers: list[Mapper], integrations: Any, preferences: Any) -> None:
    event = {**TRACK, "integrations": integrations, "context": {"consent": {"categoryPreferences": preferences}}}
    expected = OptOuts(INTEGRATIONS).reason(event)
    for mapper in mappers:
        assert outcomes(mapper, event).opted_out == expected


@settings(max_examples=300, deadline=None)
@given(INTEGRATION_OBJECTS, PREFERENCES, st.sampled_from([(), ("A",), ("A", "B")]))
def test_the_proofs_know_exactly_what_opts_out(
    integrations: Any, preferences: Any, categories: tuple[str, ...]
) -> None:
    opt_outs = OptOuts(INTEGRATIONS, categories)
    event = {"integrations": integrations, "context": {"consent": {"categoryPreferences": preferences}}}
    (drop,) = FilterChain(analysis_context(), opt_outs).drops
    assert holds(drop.formula, event) is (opt_outs.reason(event) is not None)
    assert drop.holds(event) is (opt_outs.reason(event) is not None)


def holds(formula: Any, event: Values) -> bool:
    """Whether a formula of facts is true of an event, by hand."""
    match type(formula).__name__:
        case "And":
            return all(holds(part, event) for part in formula.parts)
        case "Or":
            return any(holds(part, event) for part in formula.parts)
    value: Any = event
    for step in formula.path:
        value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
    return value in formula.values


@pytest.mark.parametrize("integrations", [integrations for integrations, _ in OUT.values()], ids=OUT.keys())
def test_a_session_never_undoes_an_opt_out(integrations: Any) -> None:
    sessions = Sessions(MOBILE)
    mapper = SessionMapper(rulewright.load(RULES), sessions)
    event = {**TRACK, "timestamp": NOON, "integrations": integrations}
    outcome = mapper(event)
    assert mapper.map_bytes(json.dumps(event)) == outcome
    assert (outcome.requests, outcome.dropped) == ([], True)
    assert outcome.opted_out is not None
    # no session began with it: the next event of the user begins one, and tells of it
    later = mapper({**TRACK, "timestamp": NOON + 1000})
    assert [request.json["events"][0]["session_id"] for request in later.requests if request.json] == [NOON + 1000] * 2
