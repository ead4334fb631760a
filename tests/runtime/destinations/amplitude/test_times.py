"""Times and session IDs: one reading for every action, in both forms of an event, and each change is said."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.repairs import Repair
from rulewright.runtime.semantics.dates import NO_TIME, read_time
from tests.runtime.destinations.amplitude.action_requests import people

RULES = """destination amplitude
mapping "logEvent" -> logEvent {
  when type = "track"
  use defaults
}
mapping "logEventV2" -> logEventV2 {
  when type = "track"
  use defaults
}
mapping "logPurchase" -> logPurchase {
  when type = "track"
  use defaults
}
mapping "groupIdentifyUser" -> groupIdentifyUser {
  when type = "track"
  use defaults
  group_type = "company"
  group_value = "acme"
}
"""
ACTIONS = ("logEvent", "logEventV2", "logPurchase", "groupIdentifyUser")
WITH_CHECKS, WITHOUT = (rulewright.load(RULES, settings={"apiKey": "KEY"}, checks=checks) for checks in (True, False))
MOMENT = 1714566896789
REFUSED = object()


def outcomes(mapper: rulewright.Mapper, event: dict[str, Any]) -> list[rulewright.Outcome]:
    try:
        return [mapper(event), mapper.map_bytes(json.dumps(event, allow_nan=False))]
    except (TypeError, ValueError):  # Python's own dates, and NaN, are not JSON
        return [mapper(event)]


def event_of(time: Any, session: Any = None) -> dict[str, Any]:
    integrations = {"Actions Amplitude": {"session_id": session}}
    common = {"type": "track", "event": "Test", "userId": "user-1", "integrations": integrations}
    return common if time is None else {**common, "timestamp": time}


def sent(outcome: rulewright.Outcome, field: str) -> dict[str, Any]:
    """By action: the value of a field, REFUSED where the mapping failed because of that field."""
    by_mapping: dict[str, Any] = {failure.mapping: REFUSED for failure in outcome.failures if failure.field == field}
    for request in outcome.requests:
        body = json.loads(request.body)["events"] if request.form is None else people(request)
        by_mapping.setdefault(request.mapping, body[0].get(field))
    return by_mapping


TIMES: list[tuple[Any, Any]] = [
    ("2024-05-01T12:34:56.789Z", MOMENT),
    ("2024-05-01T14:34:56.789+02:00", MOMENT),
    (MOMENT, MOMENT),
    (str(MOMENT), MOMENT),
    (f"{MOMENT}.0", MOMENT),
    (float(MOMENT), MOMENT),
    ([MOMENT], MOMENT),
    (["2024-05-01T12:34:56.789Z"], MOMENT),
    (datetime(2024, 5, 1, 12, 34, 56, 789_000, UTC), MOMENT),
    (datetime(2024, 5, 1, 12, 34, 56, 789_000), MOMENT),
    (date(2024, 5, 1), 1714521600000),
    (1714566896, 1714566896000),
    ("1714566896", 1714566896000),
    ("", None),
    (" ", None),
    ([""], None),
    ([None], None),
    (0, None),
    ("0", None),
    (-1, None),
    ("-1", None),
    (5, REFUSED),
    ("5", REFUSED),
    (946_684_799_999, REFUSED),
    ("s-5", REFUSED),
    ("build 7", REFUSED),
    ("yesterday", REFUSED),
    ("5 March 2024 10:00 GMT", REFUSED),
    (True, REFUSED),
    ({"at": MOMENT}, REFUSED),
    (float("nan"), REFUSED),
]


@pytest.mark.parametrize(("value", "expected"), TIMES, ids=[repr(value) for value, _ in TIMES])
@pytest.mark.parametrize("mapper", [WITH_CHECKS, WITHOUT], ids=["checks", "no checks"])
def test_a_time_is_read_the_same_by_every_action(mapper: rulewright.Mapper, value: Any, expected: Any) -> None:
    for outcome in outcomes(mapper, event_of(value)):
        assert sent(outcome, "time") == dict.fromkeys(ACTIONS, expected)


@pytest.mark.parametrize(("value", "expected"), TIMES, ids=[repr(value) for value, _ in TIMES])
def test_a_session_is_read_as_a_time_is(value: Any, expected: Any) -> None:
    if value in (-1, "-1"):
        expected = NO_TIME
    for outcome in outcomes(WITH_CHECKS, event_of(None, value)):
        sent_value = sent(outcome, "session_id")
        assert [sent_value[action] for action in ACTIONS[:3]] == [expected] * 3


SAID: list[tuple[Any, str, str]] = [
    (1714566896, "time_in_seconds", "1714566896 is read as seconds since 1970: 2024-05-01T12:34:56.000Z"),
    ("1714566896.5", "time_in_seconds", '"1714566896.5" is read as seconds since 1970: 2024-05-01T12:34:56.500Z'),
    (MOMENT * 1000, "time_in_microseconds", "1714566896789000 is read as microseconds since 1970: 2024-05-01T12:34"),
    (MOMENT * 10**6, "time_in_nanoseconds", "1714566896789000000 is read as nanoseconds since 1970: 2024-05-01T12"),
    (0, "no_time", "0 marks a missing time and is left out"),
    ("-1", "no_time", '"-1" marks a missing time and is left out'),
    (" ", "blank_text", '" " is blank and is left out'),
    (["\u200b"], "blank_text", '["\u200b"] is blank and is left out'),
]


@pytest.mark.parametrize(("value", "code", "message"), SAID)
def test_a_reading_that_changes_a_time_is_said(value: Any, code: str, message: str) -> None:
    for outcome in outcomes(WITH_CHECKS, event_of(value)):
        assert [(repair.mapping, repair.field, repair.code) for repair in outcome.warnings] == [
            (a, "time", code) for a in ACTIONS
        ]
        assert all(repair.message.startswith(message) for repair in outcome.warnings)


def test_a_time_that_is_read_exactly_is_not_said() -> None:
    for value in (MOMENT, str(MOMENT), "2024-05-01", "", None, [""]):
        assert all(outcome.warnings == [] for outcome in outcomes(WITH_CHECKS, event_of(value, value)))
    (outcome,) = {repr(outcome.warnings) for outcome in outcomes(WITH_CHECKS, event_of(None, -1))}
    assert outcome == "[]"


def test_a_session_of_seconds_is_said_by_its_field() -> None:
    outcome = WITH_CHECKS(event_of(None, 1714566896))
    message = "1714566896 is read as seconds since 1970: 2024-05-01T12:34:56.000Z"
    assert outcome.warnings[0] == Repair("logEvent", "session_id", "time_in_seconds", message)


@pytest.mark.parametrize(("value", "session"), [("1969-12-31T12:00:00Z", None), (None, "1969-12-31T12:00:00.000Z")])
def test_a_time_before_1970_breaks_a_limit_of_amplitude(value: Any, session: Any) -> None:
    for outcome in outcomes(WITH_CHECKS, event_of(value, session)):
        assert {failure.code for failure in outcome.failures} == {"not_a_time"}
    field = "time" if value else "session_id"
    for outcome in outcomes(WITHOUT, event_of(value, session)):
        assert sent(outcome, field)["logEventV2"] == -43_200_000


values = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(),
    st.integers(0, 10**13) | st.integers(0, 10**13).map(str) | st.integers(-10, 10).map(str),
    st.text(max_size=8),
    st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
)


@given(values, values)
@example("-1", "-1")
@example("s-5", 5)
def test_nothing_is_sent_as_a_time_that_is_not_one(time: Any, session: Any) -> None:
    expected = {"time": read_time(time), "session_id": read_time(session)}
    for outcome in outcomes(WITHOUT, event_of(time, session)):
        for field, reading in expected.items():
            sent_value = sent(outcome, field).get("logEventV2")
            if reading.form == "not a time":
                assert sent_value is REFUSED or outcome.failures
            elif sent_value is not REFUSED and not outcome.failures:
                is_left_out = field == "time" and reading.milliseconds == NO_TIME
                assert sent_value == (None if is_left_out else reading.milliseconds)
