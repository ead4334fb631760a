"""What the page says of events: the IDs they need, their times, properties, groups, platform and addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from .sending import event, mapper, mapping, objects, presets, sent

DATE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EVENT = ("user_id = userId", "event_type = event")


def test_a_mapping_says_which_data_goes_where() -> None:
    (sent,) = objects(mapping("logEventV2", *EVENT, "city = properties.town"), event(properties={"town": "Utrecht"}))
    assert sent == {"user_id": "user-42", "event_type": "Seen", "city": "Utrecht", "library": "segment"}


@pytest.mark.parametrize("action", ["logEvent", "logEventV2", "logPurchase"])
def test_events_go_to_http_api_v2(action: str) -> None:
    (request,) = mapper(mapping(action, *EVENT))(event()).requests
    assert (request.method, request.url) == ("POST", "https://api2.amplitude.com/2/httpapi")


def test_the_api_key_is_in_the_body() -> None:
    (body,) = sent(mapping("logEventV2", *EVENT), event())
    assert body["api_key"] == "KEY"


@pytest.mark.parametrize(
    ("endpoint", "host"), [("north_america", "api2.amplitude.com"), ("europe", "api.eu.amplitude.com")]
)
def test_the_endpoint_region_decides_where_data_goes(endpoint: str, host: str) -> None:
    (request,) = mapper(mapping("logEventV2", *EVENT), endpoint=endpoint)(event()).requests
    assert request.url == f"https://{host}/2/httpapi"


def test_events_of_a_server_are_sent() -> None:
    (sent,) = objects(presets(), event(context={"library": {"name": "analytics-python"}}))
    assert "platform" not in sent
    assert sent["library"] == "analytics-python"


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"userId": "user-42", "anonymousId": None}, {"user_id": "user-42"}),
        ({"userId": None, "anonymousId": "device-1"}, {"user_id": None, "device_id": "device-1"}),
        ({"anonymousId": "device-1", "context": {"device": {"id": "phone-1"}}}, {"device_id": "phone-1"}),
        ({"anonymousId": "device-1"}, {"user_id": "user-42", "device_id": "device-1"}),
    ],
)
def test_a_device_id_is_the_devices_or_else_the_anonymous_id(given: dict[str, Any], expected: dict[str, Any]) -> None:
    (sent,) = objects(presets(), event(**given))
    assert {key: sent.get(key) for key in expected} == expected


def test_an_event_needs_a_device_id_or_a_user_id() -> None:
    outcome = presets()({"type": "track", "event": "Seen"})
    assert outcome.requests == []
    assert [failure.code for failure in outcome.failures] == ["no_id"]


@pytest.mark.parametrize(("user", "codes"), [("abcd", ["short_id"]), ("abcde", [])])
def test_a_user_id_has_at_least_five_characters(user: str, codes: list[str]) -> None:
    outcome = mapper(mapping("logEventV2", *EVENT))(event(userId=user))
    assert [failure.code for failure in outcome.failures] == codes


def test_without_a_device_id_none_is_made_up() -> None:
    (sent,) = objects(mapping("logEventV2", *EVENT, "device_id = anonymousId"), event())
    assert "device_id" not in sent


@pytest.mark.parametrize("name", [None, ""])
def test_an_event_needs_an_event_type(name: str | None) -> None:
    outcome = mapper(mapping("logEventV2", *EVENT))(event(event=name))
    assert [failure.field for failure in outcome.failures] == ["event_type"]


# --- when ------------------------------------------------------------------------------------------------------------


def test_without_a_time_amplitude_takes_that_of_the_upload() -> None:
    (sent,) = objects(presets(), event())
    assert "time" not in sent


@pytest.mark.parametrize("time", ["2026-01-02T03:04:05Z", 1767323045000, "1767323045000"])
def test_a_time_is_sent_in_milliseconds(time: object) -> None:
    (sent,) = objects(presets(), event(timestamp=time))
    assert sent["time"] == 1767323045000


# --- what ------------------------------------------------------------------------------------------------------------


def test_properties_hold_objects_and_lists() -> None:
    given = {"plan": "pro", "tags": ["a", "b"], "nested": {"at": "2026-01-02T03:04:05Z"}}
    rules = mapping("logEventV2", *EVENT, "event_properties = properties", "user_properties = traits")
    (sent,) = objects(rules, event(properties=given, traits=given))
    assert (sent["event_properties"], sent["user_properties"]) == (given, given)


def test_a_date_becomes_text() -> None:
    (sent,) = objects(mapping("logEventV2", *EVENT, "event_properties = properties"), event(properties={"at": DATE}))
    assert sent["event_properties"]["at"].startswith("2026-01-02")


@pytest.mark.parametrize(("setting", "codes"), [("repair", []), ("refuse", ["nested_list"])])
def test_lists_have_one_dimension(setting: str, codes: list[str]) -> None:
    rules = mapper(mapping("logEventV2", *EVENT, "event_properties = properties"), nestedLists=setting)
    outcome = rules(event(properties={"grid": [[1, 2], [3]]}))
    assert [failure.code for failure in outcome.failures] == codes
    for request in outcome.requests:
        assert request.json is not None
        assert request.json["events"][0]["event_properties"] == {"grid": ["[1,2]", "[3]"]}
        assert {warning.code for warning in outcome.warnings} == {"nested_list"}


@pytest.mark.parametrize(("depth", "codes"), [(40, []), (41, ["too_deep"])])
def test_objects_are_at_most_forty_deep(depth: int, codes: list[str]) -> None:
    deep: Any = 1
    for _ in range(depth):
        deep = {"a": deep}
    outcome = mapper(mapping("logEventV2", *EVENT, "event_properties = properties"), deepObjects="refuse")(
        event(properties=deep)
    )
    assert [failure.code for failure in outcome.failures] == codes


def test_groups_past_the_fifth_are_not_tracked() -> None:
    outcome = mapper(mapping("logEventV2", *EVENT, "groups = context.groups"))(
        event(context={"groups": {f"type{number}": "x" for number in range(6)}})
    )
    (request,) = outcome.requests
    assert request.json is not None
    assert list(request.json["events"][0]["groups"]) == ["type0", "type1", "type2", "type3", "type4"]
    assert [warning.code for warning in outcome.warnings] == ["too_many_groups"]


@pytest.mark.parametrize(
    ("library", "device", "platform"),
    [("analytics.js", None, "Web"), ("analytics.js", "android", "Android"), ("analytics-ios", "ios", "iOS")],
)
def test_the_platform_of_a_browser_is_web(library: str, device: str | None, platform: str) -> None:
    context = {"library": {"name": library}, "device": {"type": device}}
    (sent,) = objects(presets(), event(context=context))
    assert sent["platform"] == platform


def test_device_type_and_platform_come_from_the_user_agent_alone() -> None:
    """In cloud mode nothing is captured on the device: what the event does not say, its user agent may."""
    (bare,) = objects(presets(), event())
    assert not {"device_type", "os_name", "platform"} & bare.keys()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1"
    (sent,) = objects(presets(), event(context={"userAgent": agent}))
    assert (sent["device_type"], sent["os_name"], sent["device_model"]) == ("mobile", "iOS", "iPhone")


@pytest.mark.parametrize("action", ["logEvent", "logEventV2", "logPurchase"])
def test_the_batch_endpoint_is_used_where_it_is_asked_for(action: str) -> None:
    (request,) = mapper(mapping(action, *EVENT, "use_batch_endpoint = true"))(event()).requests
    assert request.url == "https://api2.amplitude.com/batch"
    (request,) = mapper(mapping(action, *EVENT, "use_batch_endpoint = false"))(event()).requests
    assert request.url == "https://api2.amplitude.com/2/httpapi"
