"""The typed view of a request is the request, and what a mapper makes with checks on is what the fake takes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import rulewright
from rulewright.amplitude import (
    DeletionRequest,
    EventsRequest,
    GroupIdentifyRequest,
    IdentifyRequest,
    UserMapRequest,
    parse,
)
from rulewright.runtime.action import ConflictPolicy
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.outcome import Refused, Request
from tests.paths import ROOT
from tests.runtime.destinations.amplitude.action_requests import send
from tests.runtime.destinations.amplitude.user_properties.random_properties import PROPERTIES

EVENTS = (ROOT / "examples" / "events.jsonl").read_bytes().splitlines()
PERSON = {"user_id": "user-1", "device_id": "device-1", "event_type": "Test"}


def nested(depth: int) -> Any:
    """Objects in one another, so many."""
    return {"a": nested(depth - 1)} if depth else "leaf"


def content_of(request: Request) -> dict[str, Any]:
    """What a request says, with the JSON in a form read."""
    if request.form is None:
        return request.json or {}
    content = {name: value if name == "api_key" else json.loads(value) for name, value in request.form.items()}
    if isinstance(content.get("identification"), dict):
        content["identification"] = [content["identification"]]
    return content


@pytest.mark.parametrize("rules", ["rules/amplitude/presets.rules", "examples/shop.rules"])
def test_the_view_of_a_request_says_what_the_request_says(rules: str) -> None:
    mapper = rulewright.load(ROOT / rules, settings={"apiKey": "KEY"})
    requests = [request for line in EVENTS for request in mapper.map_bytes(line).requests]
    assert len(requests) > 500
    for request in requests:
        assert parse(request).model_dump(exclude_unset=True) == content_of(request)


def test_a_view_is_of_its_endpoint() -> None:
    (event,) = send("logEventV2", {**PERSON, "price": 1})
    (person,) = send("identifyUser", {**PERSON, "user_properties": {"plan": "pro"}})
    association, group = send("groupIdentifyUser", {**PERSON, "group_type": "team", "group_value": "a"})
    (users,) = send("mapUser", {"user_id": "old-1", "global_user_id": "new-1"})
    views = [parse(request) for request in (event, person, association, group, users)]
    assert [type(view) for view in views] == [
        EventsRequest,
        IdentifyRequest,
        IdentifyRequest,
        GroupIdentifyRequest,
        UserMapRequest,
    ]
    assert isinstance(views[0], EventsRequest)
    assert (views[0].events[0].event_type, views[0].events[0].user_id) == ("Test", "user-1")


def test_a_short_id_is_read_where_the_options_let_it_pass() -> None:
    (request,) = send("logEventV2", {"user_id": "ab", "event_type": "Test", "min_id_length": 2})
    view = parse(request)
    assert isinstance(view, EventsRequest)
    assert view.options is not None
    assert view.options.min_id_length == 2
    (request,) = send("logEventV2", {"user_id": "ab", "event_type": "Test"}, checks=False)
    with pytest.raises(ValueError, match="shorter than 5 characters"):
        parse(request)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": []}, "events"),
        ({"events": [{"event_type": "Test"}]}, "has neither `user_id` nor `device_id`"),
        ({"events": [{**PERSON, "time": "2026"}]}, "events.0.time"),
        ({"events": [{**PERSON, "quantity": 1.5}]}, "events.0.quantity"),
        (
            {"events": [{**PERSON, "user_properties": {"a": 1, "$set": {}}}]},
            "plain properties and operations are mixed",
        ),
        ({"events": [{**PERSON, "event_properties": {"a": [[1]]}}]}, "holds a list in a list"),
        ({"events": [{**PERSON, "event_properties": {"a": [{"b": [[1]]}]}}]}, "holds a list in a list"),
        ({"events": [{**PERSON, "event_properties": nested(41)}]}, "is more than 40 objects deep"),
        ({"events": [{**PERSON, "user_properties": {"$inc": {"a": 1}}}]}, "`\\$inc` is not an operation"),
        ({"events": [{**PERSON, "user_properties": {"$set": 5}}]}, "`\\$set` takes an object"),
        ({"events": [{**PERSON, "user_properties": {"$add": {"a": "x"}}}]}, "`\\$add` takes numbers"),
        ({"events": [{**PERSON, "user_properties": {"$set": {"$add": 1}}}]}, "there is an operation inside `\\$set`"),
        (
            {"events": [{**PERSON, "user_properties": {"$set": {"a": 1}, "$add": {"a": 1}}}]},
            "a property is in two operations",
        ),
        ({"events": [{**PERSON, "groups": dict.fromkeys("abcdef", "g")}]}, "has more than 5 types of groups"),
        ({"events": [{**PERSON, "groups": {"a": list("0123456789x")}}]}, "has more than 10 groups of one type"),
        ({"events": [{**PERSON, "groups": {"a": {"b": 1}}}]}, "events.0.groups.a"),
        ({"events": [{**PERSON, "user_id": "none"}]}, "identifies nobody"),
        ({"events": [{**PERSON, "session_id": -2}]}, "events.0.session_id"),
        ({"events": [{**PERSON, "time": -1}]}, "events.0.time"),
        ({"events": [{**PERSON, "event_type": ""}]}, "events.0.event_type"),
        ({"api_key": ""}, "api_key"),
        ({"options": {"min_id_length": 0}}, "options.min_id_length"),
    ],
)
def test_a_request_that_amplitude_would_refuse_has_no_view(change: dict[str, Any], message: str) -> None:
    content = {"api_key": "SECRET", "events": [PERSON], **change}
    url = "https://api2.amplitude.com/2/httpapi"
    with pytest.raises(ValidationError, match=message) as raised:
        parse(Request("M", "logEventV2", "POST", url, content, None))
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize(
    "change",
    [
        {"event_properties": nested(40)},
        {"event_properties": {"a": [{"b": [1]}]}},
        {"user_properties": {"$add": {"a": "2.5", "b": -1}, "$set": {"c": {"d": 1}}, "$clearAll": "-"}},
        {"groups": {"a": ["b", 1], "c": 2, "d": True, "e": None, "f": list("0123456789")}},
        {"session_id": -1, "time": 0},
        {"new_field_of_amplitude": {"any": [[1]]}},
    ],
)
def test_a_request_that_amplitude_takes_has_a_view_that_cannot_be_changed(change: dict[str, Any]) -> None:
    content = {"api_key": "SECRET", "events": [{**PERSON, **change}]}
    view = parse(Request("M", "logEventV2", "POST", "https://api2.amplitude.com/2/httpapi", content, None))
    assert isinstance(view, EventsRequest)
    for name, value in change.items():
        assert getattr(view.events[0], name) == value
    with pytest.raises(ValidationError, match="frozen"):
        view.events[0].event_type = "Other"


def test_a_view_does_not_show_the_key() -> None:
    assert "SECRET" not in repr(EventsRequest.model_validate({"api_key": "SECRET", "events": [PERSON]}))


@pytest.mark.parametrize("url", ["https://example.com/2/other", "https://amplitude.com/api/2/usersearch"])
def test_a_request_to_another_address_has_no_view(url: str) -> None:
    with pytest.raises(ValueError, match="is not an address of Amplitude that takes events or users"):
        parse(Request("M", "logEventV2", "POST", url, {}, None))


def test_a_deletion_names_at_most_100_users() -> None:
    assert DeletionRequest.model_validate({"user_ids": ["a"] * 100}).user_ids == ["a"] * 100
    for ids in (["a"] * 101, [], [1], [""]):
        with pytest.raises(ValidationError):
            DeletionRequest.model_validate({"user_ids": ids})


GROUPS = st.dictionaries(
    st.text(max_size=3), st.text(max_size=2) | st.none() | st.lists(st.text(max_size=2), max_size=12), max_size=7
)


@settings(max_examples=300, deadline=None)
@given(
    action=st.sampled_from(["logEvent", "logEventV2", "logPurchase", "identifyUser", "groupIdentifyUser"]),
    conflict=st.sampled_from(["reject", "fold", "split"]),
    values=st.fixed_dictionaries(
        {},
        optional={
            "user_properties": PROPERTIES,
            "group_properties": PROPERTIES,
            "event_properties": PROPERTIES,
            "setOnce": PROPERTIES,
            "setAlways": PROPERTIES,
            "add": PROPERTIES,
            "groups": GROUPS,
            "referrer": st.text(max_size=2),
            "products": st.lists(st.just({"price": 1.5, "quantity": 2}), max_size=2),
            "revenue": st.floats() | st.integers(),
            "time": st.integers() | st.just("2026-01-02"),
            "session_id": st.integers(-2, 10**14),
        },
    ),
)
def test_what_is_sent_with_checks_on_is_taken(action: str, conflict: ConflictPolicy, values: dict[str, Any]) -> None:
    whole = {**PERSON, "group_type": "team", "group_value": "a", **values}
    try:
        requests = send(action, whole, conflict=conflict)
    except Refused:
        return
    for request in requests:
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = FakeAmplitude().handle(urlsplit(request.url).path, headers, request.body)
        assert reply.status == 200, reply.body
