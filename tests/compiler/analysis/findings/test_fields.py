"""Required fields and identities that no event of a mapping fills."""

from __future__ import annotations

import pytest

from .cases import TRACK, Case, assert_found, mapping

CASES = [
    Case(
        "a required field that a filter takes out",
        "drop properties.name\n" + mapping("A", TRACK, "event_type = properties.name", "on conflict fold"),
        "RW0302",
        "event_type = properties.name",
    ),
    Case(
        "a required field that a filter takes out of some events",
        "drop properties.name when properties.secret = true\n"
        + mapping("A", TRACK, "event_type = properties.name", "on conflict fold"),
        "RW0302",
        None,
    ),
    Case(
        "a required field that is null for all events taken",
        mapping("A", 'type = "page" and event = null', "event_type = event"),
        "RW0302",
        "event_type = event",
    ),
    Case("a required field that may be there", mapping("A", 'type = "page"', "event_type = event"), "RW0302", None),
    Case(
        "no identity",
        mapping("A", TRACK, "user_id = omit", "device_id = omit"),
        "RW0304",
        'mapping "A" -> logEventV2',
    ),
    Case(
        "an identity that the trigger rules out",
        mapping("A", "userId = null", "device_id = userId"),
        "RW0304",
        'mapping "A" -> logEventV2',
    ),
    Case(
        "an identity that is left out",
        mapping("A", TRACK, "user_id = omit", "device_id = omit"),
        "RW0304",
        'mapping "A" -> logEventV2',
        None,
        "write `user_id = userId`",
    ),
    Case("one identity", mapping("A", TRACK, "user_id = omit"), "RW0304", None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.what}")
def test_findings(case: Case) -> None:
    assert_found(case)
