"""Calls that describe people and groups: which requests they become, and what their forms hold."""

from __future__ import annotations

import json

import pytest

from tests.runtime.destinations.amplitude.action_requests import people, refusal, send


def test_a_group_call_associates_the_user_and_then_describes_the_group() -> None:
    values = {"group_type": "company", "group_value": "acme", "user_id": "user-1", "time": "2024-05-01"}
    association, description = send("groupIdentifyUser", {**values, "group_properties": {"plan": "pro"}})
    assert association.url.endswith("/identify")
    assert people(association) == [
        {
            "user_id": "user-1",
            "groups": {"company": "acme"},
            "user_properties": {"company": "acme"},
            "library": "segment",
            "time": 1714521600000,
        }
    ]
    assert description.url.endswith("/groupidentify")
    assert people(description) == [
        {"group_type": "company", "group_value": "acme", "group_properties": {"plan": "pro"}, "library": "segment"}
    ]


def test_a_group_call_without_a_user_describes_the_group_alone() -> None:
    requests = send("groupIdentifyUser", {"group_type": "company", "group_value": "acme"})
    assert [request.url for request in requests] == ["https://api2.amplitude.com/groupidentify"]


@pytest.mark.parametrize("checks", [True, False])
def test_a_group_call_whose_time_is_not_one_is_refused(checks: bool) -> None:
    values = {"group_type": "company", "group_value": "acme", "user_id": "user-1", "time": "soon"}
    refused = refusal("groupIdentifyUser", values, checks=checks)
    assert (refused.code, refused.field) == ("wrong_type", "time")


def test_two_users_are_mapped_to_one() -> None:
    values = {"user_id": "old-1", "global_user_id": "new", "min_id_length": 3}
    (request,) = send("mapUser", values)
    assert request.url == "https://api.amplitude.com/usermap"
    assert people(request) == [values]
    assert request.form is not None
    assert json.loads(request.form["options"]) == {"min_id_length": 3}


def test_a_minimum_length_without_effect_is_not_sent_as_an_option() -> None:
    for value in (None, 0, -1):
        (request,) = send("identifyUser", {"user_id": "user-1", "min_id_length": value})
        assert request.form is not None
        assert "options" not in request.form


def test_a_value_outside_json_is_refused_within_a_form() -> None:
    failure = refusal("identifyUser", {"user_id": "user-1", "user_properties": {"a": object()}}, checks=False)
    assert failure.code == "not_json"
