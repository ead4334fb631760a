"""What the page says of sessions: IDs that come with events, and IDs that are given to those without."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.destinations.amplitude.sessions.session_ids import MOBILE, SessionMapper, SessionRules, Sessions

from .sending import body_of, event, mapper, mapping, objects, presets

START = 1767323045000
MINUTE = 60_000


def at(milliseconds: int, **more: Any) -> dict[str, Any]:
    return event(timestamp=milliseconds, **more)


def test_the_session_id_that_a_page_sets_is_sent() -> None:
    (sent,) = objects(presets(), event(integrations={"Actions Amplitude": {"session_id": str(START)}}))
    assert sent["session_id"] == START


def test_an_event_without_a_session_has_no_session_id() -> None:
    (sent,) = objects(presets(), event())
    assert "session_id" not in sent


@pytest.mark.parametrize(("minutes", "is_new"), [(29, False), (30, True), (31, True)])
def test_a_session_ends_after_thirty_minutes(minutes: int, is_new: bool) -> None:
    stage = Sessions.of(presets())
    assert stage is not None
    with_sessions = SessionMapper(presets(), stage)
    ids = []
    for time in (START, START + minutes * MINUTE):
        (request,) = with_sessions(at(time)).requests
        ids.append(body_of(request)["events"][0]["session_id"])
    assert ids == [START, START + minutes * MINUTE if is_new else START]


@pytest.mark.parametrize(("minutes", "is_new"), [(9, False), (11, True)])
def test_the_session_length_is_a_field_of_the_session_plugin(minutes: int, is_new: bool) -> None:
    rules = mapping("sessionId", "sessionLength = 600000") + mapping(
        "logEventV2", "user_id = userId", "event_type = event", "time = timestamp",
        'session_id = integrations."Actions Amplitude".session_id',
    ).replace("destination amplitude\n", "").replace('"M"', '"N"')  # fmt: skip
    stage = Sessions.of(mapper(rules))
    assert stage is not None
    with_sessions = SessionMapper(mapper(rules), stage)
    sessions = []
    for time in (START, START + minutes * MINUTE):
        (request,) = with_sessions(at(time)).requests
        sessions.append(body_of(request)["events"][0]["session_id"])
    assert (sessions[0] != sessions[1]) is is_new


@pytest.mark.parametrize(("minutes", "is_new"), [(4, False), (6, True)])
def test_sessions_of_mobile_libraries_end_after_five_minutes(minutes: int, is_new: bool) -> None:
    assert session_ids(MOBILE, minutes) == [START, START + minutes * MINUTE if is_new else START]


def session_ids(rules: SessionRules, minutes: int) -> list[int]:
    stage = Sessions(rules)
    enriched = [stage.enrich(at(time))[-1] for time in (START, START + minutes * MINUTE)]
    return [enriched_event["integrations"]["Actions Amplitude"]["session_id"] for enriched_event in enriched]
