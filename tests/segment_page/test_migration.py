"""The page's "Migration from Amplitude Classic", Log Revenue v2, and each line of our page on moving from Classic."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.pages.blocks import blocks_of
from tests.paths import ROOT

from .sending import Row, event, mapper, mapping, objects, presets

PAGE = ("use defaults", "on conflict fold")


# --- events of pages -------------------------------------------------------------------------------------------------


def page(**more: Any) -> Row:
    return {"type": "page", "userId": "user-42", "name": "Home", **more}


def test_a_page_is_viewed_by_its_name() -> None:
    (sent,) = objects(presets(), page())
    assert sent["event_type"] == "Viewed Home"


def test_a_page_is_viewed_as_classic_called_it() -> None:
    (sent,) = objects(mapping("logEventV2", *PAGE, 'event_type = "Viewed {{name}} Page"'), page())
    assert sent["event_type"] == "Viewed Home Page"


CATEGORIZED = mapping(
    "logEventV2", *PAGE, 'event_type = "Viewed {{category}} Page"', when='type = "page" and category != null'
)
NAMED = mapping("logEventV2", *PAGE, 'event_type = "Viewed {{name}} Page"', when='type = "page" and name != null')
ALL = mapping("logEventV2", *PAGE, 'event_type = "Loaded a Page"', when='type = "page"')


@pytest.mark.parametrize(
    ("rules", "given", "event_type"),
    [
        (CATEGORIZED, page(category="Docs"), "Viewed Docs Page"),
        (CATEGORIZED, page(), None),
        (NAMED, page(), "Viewed Home Page"),
        (NAMED, page(name=None), None),
        (ALL, page(), "Loaded a Page"),
        (ALL, page(name=None), "Loaded a Page"),
    ],
)
def test_pages_are_tracked_by_name_by_category_or_all(rules: str, given: Row, event_type: str | None) -> None:
    assert [sent_object["event_type"] for sent_object in objects(rules, given)] == ([event_type] if event_type else [])


# --- revenue ---------------------------------------------------------------------------------------------------------

CLASSIC = "docs/moving-from-amplitude-classic.md"
BLOCKS = blocks_of(CLASSIC, (ROOT / CLASSIC).read_text(encoding="utf-8"))
LOG_REVENUE = "destination amplitude\n" + next(block.text for block in BLOCKS if '"Revenue"' in block.text)
"""The mapping that the page on moving from Classic shows."""


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        # productId, and product_id as the iOS library has it
        ({"price": 10, "productId": "p-1"}, {"productId": "p-1"}),
        ({"price": 10, "product_id": "p-1"}, {"productId": "p-1"}),
        # quantity: revenue = quantity * price
        ({"price": 10, "quantity": 3}, {"price": 10, "quantity": 3, "revenue": 30}),
        ({"price": 10}, {"revenue": 10}),
        # price, or revenue, or total; it can be negative
        ({"revenue": 30, "quantity": 3}, {"revenue": 30}),
        ({"total": 129.9}, {"revenue": 129.9}),
        ({"price": -10, "quantity": 2}, {"revenue": -20}),
        ({"price": 10, "revenue": 99, "total": 98}, {"price": 10, "revenue": 10}),
        # revenueType, and revenue_type as the iOS library has it
        ({"price": 10, "revenueType": "refund"}, {"revenueType": "refund"}),
        ({"price": 10, "revenue_type": "tax"}, {"revenueType": "tax"}),
        # receipt and receiptSignature have no field in Amplitude's HTTP API, and stay properties
        (
            {"price": 10, "receipt": "r", "receiptSignature": "s"},
            {"event_properties": {"receipt": "r", "receiptSignature": "s"}},
        ),
        # any remaining properties
        ({"price": 10, "productId": "p-1", "color": "red"}, {"event_properties": {"color": "red"}}),
    ],
    ids=str,
)
def test_log_revenue_v2_maps_each_property(properties: Row, expected: Row) -> None:
    (sent, *_) = objects(LOG_REVENUE, event(properties=properties))
    assert {key: sent.get(key) for key in expected} == expected


def test_track_revenue_per_product_is_a_field() -> None:
    order = event(event="Order Completed", properties={"revenue": 20, "products": [{"price": 10, "quantity": 2}]})
    whole, line = objects(mapping("logPurchase", *PAGE, "trackRevenuePerProduct = true"), order)
    assert "revenue" not in whole
    assert line["revenue"] == 20


# --- user properties -------------------------------------------------------------------------------------------------


def test_plain_properties_beside_set_once_or_set_always_are_refused() -> None:
    for operation in ("setOnce", "setAlways"):
        lines = ("user_id = userId", "event_type = event", "user_properties = traits", f"{operation} = {{ a: 1 }}")
        outcome = mapper(mapping("logEventV2", *lines))(event(traits={"plan": "pro"}))
        assert [failure.code for failure in outcome.failures] == ["mixed_user_properties"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("user_properties = traits",), {"plan": "pro"}),
        (("setOnce = { first_plan: traits.plan }",), {"$setOnce": {"first_plan": "pro"}}),
        (("setAlways = { plan: traits.plan }",), {"$set": {"plan": "pro"}}),
        (
            ("setOnce = { first_plan: traits.plan }", "setAlways = { plan: traits.plan }"),
            {"$setOnce": {"first_plan": "pro"}, "$set": {"plan": "pro"}},
        ),
    ],
)
def test_one_of_the_two_is_sent(lines: tuple[str, ...], expected: Row) -> None:
    rules = mapping("logEventV2", "user_id = userId", "event_type = event", *lines)
    (sent,) = objects(rules, event(traits={"plan": "pro"}))
    assert sent["user_properties"] == expected


def test_traits_to_set_once_are_two_fields() -> None:
    rules = mapping(
        "logEventV2", "use defaults", "on conflict fold", 'setOnce = pick(traits, "first_plan")',
        'user_properties = without(traits, "first_plan")',
    )  # fmt: skip
    (sent,) = objects(rules, event(traits={"first_plan": "free", "plan": "pro"}))
    assert sent["user_properties"] == {"$setOnce": {"first_plan": "free"}, "$set": {"plan": "pro"}}


def test_traits_to_increment_are_a_field() -> None:
    rules = mapping("logEventV2", "use defaults", "on conflict fold", "add = { friendCount: traits.friendCount }")
    (sent,) = objects(rules, event(traits={"friendCount": 3, "plan": "pro"}))
    assert sent["user_properties"] == {"$add": {"friendCount": 3}, "$set": {"plan": "pro"}}


def test_three_and_one_are_four() -> None:
    """The page's example, held against a fake Amplitude that keeps user properties."""
    fake = FakeAmplitude()
    for count in (3, 1):
        (request,) = presets()(event(type="identify", traits={"$add": {"friendCount": count}})).requests
        body = urlencode(request.form or {}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        assert fake.handle("/identify", headers, body).status == 200
    assert fake.profiles.of("user-42") == {"friendCount": 4}


def test_what_is_incremented_is_a_number() -> None:
    outcome = presets()(event(type="identify", traits={"$add": {"friendCount": "three"}}))
    assert [failure.code for failure in outcome.failures] == ["bad_operation"]


# --- the other settings of Classic -----------------------------------------------------------------------------------


def test_the_group_traits_are_two_fields() -> None:
    rules = mapping("groupIdentifyUser", "use defaults", "group_type = traits.type", "group_value = traits.value")
    _, group = objects(rules, event(type="group", traits={"type": "company", "value": "acme"}))
    assert (group["group_type"], group["group_value"]) == ("company", "acme")


def test_the_batch_endpoint_is_a_field() -> None:
    (request,) = mapper(mapping("logEventV2", *PAGE, "use_batch_endpoint = true"))(event()).requests
    assert request.url == "https://api2.amplitude.com/batch"


def test_the_anonymous_id_can_be_the_device_id() -> None:
    rules = mapping("logEventV2", *PAGE, "device_id = coalesce(anonymousId, context.device.id)")
    (sent,) = objects(rules, event(anonymousId="anon-1", context={"device": {"id": "phone-1"}}))
    assert sent["device_id"] == "anon-1"


def test_the_endpoint_is_a_setting_of_the_file() -> None:
    rules = mapping("logEventV2", *PAGE).replace("amplitude\n", 'amplitude\nsettings { endpoint = "europe" }\n')
    (request,) = mapper(rules)(event()).requests
    assert request.url == "https://api.eu.amplitude.com/2/httpapi"


def test_answers_are_those_of_http_api_v2() -> None:
    (request,) = presets()(event()).requests
    reply = FakeAmplitude().handle("/2/httpapi", {"content-type": "application/json"}, request.body)
    assert (reply.status, json.loads(reply.body)["events_ingested"]) == (200, 1)


def test_an_order_is_not_sent_twice() -> None:
    requests = presets()(event(event="Order Completed", properties={"revenue": 5})).requests
    assert [request.mapping for request in requests] == ["Order Completed Calls"]
