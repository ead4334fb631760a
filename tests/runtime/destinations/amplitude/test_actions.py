"""What each action makes of its fields: platforms, times, revenue and its lines, groups, users that are one."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.action import Binding
from rulewright.runtime.destinations import DESTINATIONS
from tests.paths import ROOT
from tests.runtime.destinations.amplitude.action_requests import event, people, refusal, send
from tests.runtime.destinations.amplitude.test_conformance import DATA

ACTIONS = DESTINATIONS["amplitude"].actions
FIELDS: dict[str, Any] = json.loads((DATA / "fields.json").read_text())
ORDER = {"user_id": "user-1", "event_type": "Order Completed"}


def orders(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a purchase, each with its revenue alone."""
    (request,) = send("logPurchase", {**ORDER, **values})
    assert request.json is not None
    names = ("revenue", "revenueType", "price", "quantity", "productId")
    return [{name: sent[name] for name in names if name in sent} for sent in request.json["events"]]


def test_all_actions_of_segment_are_here_with_their_titles_and_triggers() -> None:
    assert {name: (action.title, action.trigger) for name, action in ACTIONS.items()} == {
        name: (described["title"], described["trigger"]) for name, described in FIELDS.items()
    }


@pytest.mark.parametrize("name", FIELDS)
def test_an_action_has_segments_fields(name: str) -> None:
    def facts(fields: Any) -> dict[str, Any]:
        return {
            key: (
                field["type"],
                bool(field.get("required")),
                bool(field.get("allowNull")),
                bool(field.get("multiple")),
                tuple(choice["value"] for choice in field.get("choices", ())),
                facts(field.get("properties", {})),
            )
            for key, field in fields.items()
        }

    def declared(fields: Any) -> dict[str, Any]:
        return {
            field.name: (
                field.type,
                field.required,
                field.nullable,
                field.multiple,
                field.choices,
                declared(field.fields),
            )
            for field in fields
        }

    own = [field for field in ACTIONS[name].fields if not field.ours]
    segments = facts(FIELDS[name]["fields"])
    if name == "groupIdentifyUser":
        # Segment declares text, and then reads milliseconds as a year; every time here is a time.
        segments["time"] = ("datetime", *segments["time"][1:])
    assert declared(own) == segments
    for field in own:
        described = FIELDS[name]["fields"][field.name]
        assert field.label == described["label"].removeprefix("HIDDEN: ")
        assert field.description
        if field.fields:
            assert field.open == bool(described.get("additionalProperties"))


def test_the_fields_that_segment_does_not_have_are_marked_as_ours() -> None:
    ours = [(name, field.name) for name, action in ACTIONS.items() for field in action.fields if field.ours]
    assert ours == [("identifyUser", "setOnce"), ("identifyUser", "setAlways"), ("identifyUser", "add")]
    assert not any(field in FIELDS[name]["fields"] for name, field in ours)


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("logEvent", {"event_type": "Test"}),
        ("logEventV2", {"event_type": "Test"}),
        ("logPurchase", {"event_type": "Test", "products": [{"price": 1}]}),
        ("identifyUser", {"user_properties": {"a": 1}}),
        ("groupIdentifyUser", {"group_type": "team", "group_value": "red", "group_properties": {"a": 1}}),
        ("mapUser", {"global_user_id": "user-2"}),
    ],
)
def test_a_request_names_its_mapping_and_its_action(action: str, values: dict[str, Any]) -> None:
    requests = send(action, {"user_id": "user-1", **values})
    assert {(request.mapping, request.action, request.method) for request in requests} == {("mapping", action, "POST")}


@pytest.mark.parametrize(
    ("values", "platform"),
    [
        ({"platform": "ios"}, "iOS"),
        ({"platform": "my IOS and android app, ios"}, "my iOS and Android app, ios"),
        ({"platform": "ANDROID", "library": "analytics.js"}, "Android"),
        ({"platform": "Android-TV; ios 17"}, "Android-TV; iOS 17"),
        ({"platform": "kiosk"}, "kiosk"),
        ({"platform": "nagios"}, "nagios"),
        ({"platform": "kiosk on ios"}, "kiosk on iOS"),
        ({"platform": "paranoid androids"}, "paranoid androids"),
        ({"platform": "niños"}, "niños"),
        ({"platform": "io\u017f"}, "io\u017f"),
        ({"library": "analytics.js"}, "Web"),
        ({"library": "analytics-ios"}, None),
    ],
)
def test_platforms_are_written_as_amplitude_writes_them(values: dict[str, Any], platform: str | None) -> None:
    assert event(values).get("platform") == platform
    for action in ("logEvent", "logPurchase"):
        (request,) = send(action, {"user_id": "user-1", "event_type": "Test", **values})
        assert request.json is not None
        assert request.json["events"][0].get("platform") == platform
    (request,) = send("identifyUser", {"user_id": "user-1", **values})
    assert people(request).get("platform") == platform


@given(st.text(max_size=4), st.sampled_from(("ios", "IOS", "android", "Android")), st.text(max_size=4))
def test_a_system_within_a_longer_word_stays_as_it_is(before: str, system: str, after: str) -> None:
    platform = before + system + after
    words = {word.lower() for word in re.findall(r"\w+", platform)}
    rewritten = event({"platform": platform})["platform"]
    assert rewritten.lower() == platform.lower()
    if not words & {"ios", "android"}:
        assert rewritten == platform


@pytest.mark.parametrize(
    ("given_id", "sent"),
    [
        ("1714566896789", 1714566896789),
        (1714566896789, 1714566896789),
        ("2024-05-01T00:00:00Z", 1714521600000),
        ("1714566896789.0", 1714566896789),
        (-1, -1),
        ("-1", -1),
        (0, None),
        ("", None),
    ],
)
def test_a_session_is_the_milliseconds_of_its_start(given_id: Any, sent: int | None) -> None:
    assert event({"session_id": given_id}).get("session_id") == sent


@pytest.mark.parametrize(
    ("library2", "sent"),
    [
        ({"behavior": "use_mapping", "mapping": ""}, ""),
        (None, "segment"),
        ({"behavior": "auto", "mapping": "mine"}, "segment"),
        ({"behavior": "use_mapping", "mapping": "mine"}, "mine"),
        ({"behavior": "use_mapping"}, None),
    ],
)
def test_the_library_is_named_as_its_settings_say(library2: Any, sent: str | None) -> None:
    assert event({"library2": library2}).get("library") == sent


def test_batches_and_regions_have_addresses_of_their_own() -> None:
    def url(values: dict[str, Any], settings: dict[str, Any]) -> str:
        return send("logEventV2", {**ORDER, **values}, settings=settings)[0].url

    assert url({}, {}) == "https://api2.amplitude.com/2/httpapi"
    assert url({"use_batch_endpoint": True}, {}) == "https://api2.amplitude.com/batch"
    assert url({"use_batch_endpoint": "true"}, {"endpoint": "europe"}) == "https://api.eu.amplitude.com/batch"


@pytest.mark.parametrize(
    ("values", "revenue"),
    [
        ({"revenue": 5}, [{"revenue": 5, "revenueType": "Purchase"}]),
        (
            {"revenue": 5, "price": 2, "quantity": 3, "revenueType": "tax", "productId": "p"},
            [{"revenue": 6, "revenueType": "tax", "price": 2, "quantity": 3, "productId": "p"}],
        ),
        ({"price": 2, "revenue": 5}, [{"revenue": 5, "revenueType": "Purchase", "price": 2}]),
        (
            {"revenue": -9.5, "revenueType": "refund"},
            [{"revenue": -9.5, "revenueType": "refund"}],
        ),
        ({"price": -5, "quantity": 2}, [{"revenue": -10, "revenueType": "Purchase", "price": -5, "quantity": 2}]),
        ({"revenue": 0}, [{}]),
        ({"price": 5, "quantity": 0, "revenue": 9}, [{}]),
        ({}, [{}]),
    ],
)
def test_an_order_has_its_revenue(values: dict[str, Any], revenue: list[dict[str, Any]]) -> None:
    assert orders(values) == revenue


LINES = [{"price": 2, "quantity": 2}, {"revenue": 3, "productId": "b"}, {"name": "free"}]


def test_total_revenue_is_on_the_order_alone() -> None:
    assert orders({"revenue": 7, "products": LINES}) == [{"revenue": 7, "revenueType": "Purchase"}, {}, {}, {}]


def test_revenue_per_product_is_on_the_lines_alone() -> None:
    assert orders({"revenue": 7, "products": LINES, "trackRevenuePerProduct": True}) == [
        {},
        {"revenue": 4, "revenueType": "Purchase", "price": 2, "quantity": 2},
        {"revenue": 3, "revenueType": "Purchase", "productId": "b"},
        {},
    ]


def test_revenue_per_product_stays_on_an_order_without_products() -> None:
    assert orders({"revenue": 7, "trackRevenuePerProduct": True}) == [{"revenue": 7, "revenueType": "Purchase"}]


def test_a_line_is_an_event_with_an_insert_id_of_its_own() -> None:
    (request,) = send("logPurchase", {**ORDER, "insert_id": "m-1", "products": LINES, "city": "Rome"})
    assert request.json is not None
    order, *lines = request.json["events"]
    assert [line["insert_id"] for line in (order, *lines)] == ["m-1", "m-1-2", "m-1-3", "m-1-4"]
    assert {line["event_type"] for line in lines} == {"Product Purchased"}
    assert [line["event_properties"] for line in lines] == LINES
    assert all(line["city"] == "Rome" and line["user_id"] == "user-1" for line in lines)


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


def test_the_session_plugin_sends_nothing() -> None:
    assert send("sessionId", {"sessionLength": 1000}) == []


def test_a_value_outside_json_is_refused_within_a_form() -> None:
    failure = refusal("identifyUser", {"user_id": "user-1", "user_properties": {"a": object()}}, checks=False)
    assert failure.code == "not_json"


def test_the_action_that_contributing_shows_is_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    shown: dict[str, Any] = {"__name__": "rulewright.runtime.destinations.amplitude.actions.ping"}
    shown["__package__"] = "rulewright.runtime.destinations.amplitude.actions"
    exec(compile(code, "CONTRIBUTING.md", "exec"), shown)  # noqa: S102 -- our own page
    build = shown["ACTION"].bind(Binding("mapping", DESTINATIONS["amplitude"].settings({})))
    (request,) = build({"user_id": "user-1"})
    assert request.json["events"] == [{"user_id": "user-1", "event_type": "Ping", "library": "segment"}]
    (field,) = shown["ACTION"].fields
    assert (field.name, field.required) == ("user_id", True)


@pytest.mark.parametrize("name", ACTIONS)
def test_a_module_has_the_name_of_its_action(name: str) -> None:
    assert ACTIONS[name].name == name


def test_an_unknown_action_is_not_found() -> None:
    assert "unknown" not in ACTIONS
    with pytest.raises(KeyError):
        ACTIONS["unknown"]


@pytest.mark.parametrize("name", ACTIONS)
def test_control_fields_are_parameters_in_the_order_of_the_fields(name: str) -> None:
    action = ACTIONS[name]
    build = action.bind(Binding("mapping", DESTINATIONS["amplitude"].settings({})))
    assert tuple(inspect.signature(build).parameters) == ("payload", *action.control_fields)
