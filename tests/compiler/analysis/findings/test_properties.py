"""Plain properties beside operations, always or sometimes."""

from __future__ import annotations

import pytest

from .cases import TRACK, Case, assert_found, mapping

CASES = [
    Case(
        "properties that an event keeps apart, which only running shows, where the author says what happens",
        mapping(
            "A",
            TRACK,
            "user_properties = { a: if(contains(properties.x, properties.y), 1, omit) }",
            "setOnce = { b: 1 }",
            "on conflict reject",
        ),
        "RW0411",
        None,
    ),
    Case(
        "plain properties always beside operations",
        mapping(
            "A",
            TRACK,
            'user_properties = { plan: "pro" }',
            'setAlways = { source: "web" }',
            "setOnce = omit",
            "add = omit",
        ),
        "RW0501",
        'setAlways = { source: "web" }',
        {"type": "track"},
    ),
    Case(
        "operations written among plain properties",
        mapping("A", TRACK, 'user_properties = { plan: "pro", "$add": { visits: 1 } }'),
        "RW0501",
        'user_properties = { plan: "pro", "$add": { visits: 1 } }',
    ),
    Case(
        "plain properties sometimes beside operations",
        mapping("A", TRACK, "setOnce = { first_plan: traits.plan }", "setAlways = omit"),
        "RW0502",
        "setOnce = { first_plan: traits.plan }",
        {"type": "track", "traits": {"plan": "pro"}},
    ),
    Case(
        "plain properties of which the trigger forbids the usual one",
        mapping("A", f"{TRACK} and traits.plan = null", 'setOnce = { source: "web" }', "setAlways = omit"),
        "RW0502",
        'setOnce = { source: "web" }',
        {"type": "track", "traits": {"a": 1}},
    ),
    Case(
        "operations that cannot be followed",
        mapping("A", TRACK, "setAlways = { source: snakecase(traits.plan) }", "setOnce = omit"),
        "RW0502",
        "setAlways = { source: snakecase(traits.plan) }",
    ),
    Case(
        "operations within an object",
        mapping("A", TRACK, "setAlways = { source: { of: traits.plan } }", "setOnce = omit"),
        "RW0502",
        "setAlways = { source: { of: traits.plan } }",
    ),
    Case(
        "properties that exclude each other",
        mapping("A", f"{TRACK} and traits = null", "setOnce = { first_plan: properties.plan }", "setAlways = omit"),
        "RW0502",
        None,
    ),
    Case(
        "operations that a filter takes out",
        "drop traits.plan\n" + mapping("A", TRACK, "setOnce = { a: traits.plan }", "setAlways = omit", "add = omit"),
        "RW0502",
        None,
    ),
    Case("no plain properties", mapping("A", TRACK, "user_properties = omit"), "RW0502", None),
    Case("the conflict is settled", mapping("A", TRACK, "on conflict split"), "RW0502", None),
    Case("the author refuses it", mapping("A", TRACK, "on conflict reject"), "RW0502", None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.what}")
def test_findings(case: Case) -> None:
    assert_found(case)
