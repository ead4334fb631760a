"""What the page says of presets and actions: which calls they take, and what each sends where."""

from __future__ import annotations

import json
from typing import Any

import pytest

import rulewright
from rulewright import compile_trigger
from rulewright.loading.catalog import catalog
from rulewright.runtime.destinations import DESTINATIONS
from tests.cli.running import rulewright as command

from .sending import body_of, event, mapper, mapping, objects, presets, sent

TYPES = ("track", "identify", "group", "page", "screen", "alias")
TAKEN_BY: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "Track Calls": ("logEventV2", {("track", "Seen")}),
    "Order Completed Calls": ("logPurchase", {("track", "Order Completed")}),
    "Identify Calls": ("identifyUser", {("identify", "Seen"), ("identify", "Order Completed")}),
    "Screen Calls": ("logEventV2", {("screen", "Seen"), ("screen", "Order Completed")}),
    "Page Calls": ("logEventV2", {("page", "Seen"), ("page", "Order Completed")}),
    "Browser Session Tracking": (
        "sessionId",
        {(type_, name) for type_ in TYPES if type_ != "screen" for name in ("Seen", "Order Completed")},
    ),
}


@pytest.mark.parametrize("preset", TAKEN_BY)
def test_a_preset_takes_the_calls_of_the_page(preset: str) -> None:
    action, taken = TAKEN_BY[preset]
    for type_ in TYPES:
        for name in ("Seen", "Order Completed"):
            outcome = presets()(event(type=type_, event=name, name="Home"))
            assert (preset in outcome.matched) is ((type_, name) in taken)
            assert {request.action for request in outcome.requests if request.mapping == preset} <= {action}


TRIGGERS = {
    "mapUser": {"alias"},
    "identifyUser": {"identify"},
    "logEvent": {"track"},
    "logEventV2": {"track"},
    "logPurchase": {"track"},
    "groupIdentifyUser": {"group"},
    "sessionId": {"track", "identify", "group", "page", "alias"},
}


@pytest.mark.parametrize("action", TRIGGERS)
def test_an_action_has_the_default_trigger_of_the_page(action: str) -> None:
    assert {name for name, action in DESTINATIONS["amplitude"].actions.items() if not action.ours} == set(TRIGGERS)
    defaults = catalog().destinations["amplitude"].defaults(action)
    assert defaults is not None
    holds = compile_trigger(DESTINATIONS["amplitude"].actions[action].trigger)
    assert {type_ for type_ in TYPES if holds({"type": type_})} == TRIGGERS[action]


@pytest.mark.parametrize(("count", "code"), [(50, 0), (51, 1)])
def test_a_destination_of_segment_has_at_most_fifty_mappings(count: int, code: int) -> None:
    pattern = 'mapping "{}" -> logEventV2 {{\n  when type = "track"\n  user_id = userId\n  event_type = event\n}}\n'
    rules = "destination amplitude\n" + "".join(pattern.format(number) for number in range(count))
    done = command("export", "-", given=rules.replace("}\n", "  on conflict fold\n}\n"))
    assert done.returncode == code
    assert ("RW0503" in done.stderr) is (code == 1)


# --- users and groups ------------------------------------------------------------------------------------------------


def test_two_users_are_merged() -> None:
    rules = mapping("mapUser", "use defaults", when='type = "alias"')
    (request,) = mapper(rules)({"type": "alias", "userId": "user-42", "previousId": "user-41"}).requests
    assert request.url == "https://api.amplitude.com/usermap"
    assert body_of(request)["mapping"] == [{"user_id": "user-41", "global_user_id": "user-42"}]


def test_a_user_is_updated_without_an_event() -> None:
    (request,) = presets()(event(type="identify", traits={"plan": "pro"})).requests
    assert request.url == "https://api2.amplitude.com/identify"
    assert body_of(request)["identification"]["user_properties"] == {"plan": "pro"}


@pytest.mark.parametrize(("ids", "code"), [({"anonymousId": "device-1"}, None), ({}, "no_id")])
def test_an_identify_call_needs_a_user_or_a_device(ids: dict[str, Any], code: str | None) -> None:
    outcome = presets()({"type": "identify", "traits": {"plan": "pro"}, **ids})
    assert [failure.code for failure in outcome.failures] == ([code] if code else [])


GROUP = mapping(
    "groupIdentifyUser", "use defaults", "group_type = traits.group_type", "group_value = traits.group_value",
    when='type = "group"',
)  # fmt: skip


def test_the_traits_of_a_group_call_say_its_type_and_value() -> None:
    traits = {"group_type": "company", "group_value": "acme", "size": 5}
    user, group = objects(GROUP, event(type="group", traits=traits))
    assert (group["group_type"], group["group_value"], group["group_properties"]) == ("company", "acme", traits)
    assert user["groups"] == {"company": "acme"}


def test_a_group_is_a_property_of_its_user_as_well() -> None:
    user, _ = objects(GROUP, event(type="group", traits={"group_type": "company", "group_value": "acme"}))
    assert user["user_properties"] == {"company": "acme"}


def test_a_group_is_updated_without_an_event() -> None:
    traits = {"group_type": "company", "group_value": "acme"}
    requests = mapper(GROUP)(event(type="group", traits=traits)).requests
    assert [request.url for request in requests] == [
        "https://api2.amplitude.com/identify",
        "https://api2.amplitude.com/groupidentify",
    ]


@pytest.mark.parametrize("missing", ["group_type", "group_value"])
def test_a_group_needs_its_type_and_value(missing: str) -> None:
    traits = {"group_type": "company", "group_value": "acme"}
    del traits[missing]
    outcome = mapper(GROUP)(event(type="group", traits=traits))
    assert [failure.field for failure in outcome.failures] == [missing]


# --- purchases -------------------------------------------------------------------------------------------------------

ORDER = event(
    event="Order Completed",
    messageId="m-1",
    properties={
        "revenue": 25,
        "products": [
            {"productId": "p-1", "price": 10, "quantity": 2, "revenue": 20},
            {"product_id": "p-2", "price": 5, "quantity": 1, "revenue": 5},
        ],
    },
)
PURCHASE = ("use defaults", "on conflict fold")
REVENUE = ("revenue", "price", "quantity", "productId", "revenueType")


def test_revenue_is_a_top_level_property() -> None:
    order, *_ = objects(presets(), ORDER)
    assert (order["revenue"], order["revenueType"]) == (25, "Purchase")


@pytest.mark.parametrize("action", ["logEvent", "logEventV2"])
def test_only_log_purchase_reports_purchases(action: str) -> None:
    (sent,) = objects(mapping(action, *PURCHASE), event(properties={"revenue": 5, "products": [{"price": 5}]}))
    assert not {"revenue", "price", "quantity"} & sent.keys()


def test_purchases_of_other_events_need_another_trigger_on_both_sides() -> None:
    rules = mapping(
        "logPurchase", *PURCHASE, when='type = "track" and event in ["Order Completed", "Subscribed"]'
    ) + mapping(
        "logEventV2", *PURCHASE, when='type = "track" and !(event in ["Order Completed", "Subscribed"])'
    ).replace("destination amplitude\n", "").replace('"M"', '"N"')
    for name, action in (("Subscribed", "logPurchase"), ("Order Completed", "logPurchase"), ("Seen", "logEventV2")):
        assert [request.action for request in mapper(rules)(event(event=name)).requests] == [action]


def test_per_product_off_the_order_has_the_revenue() -> None:
    order, *lines = objects(presets(), ORDER)
    assert order["revenue"] == 25
    assert [line["event_type"] for line in lines] == ["Product Purchased", "Product Purchased"]
    assert not any(key in line for line in lines for key in REVENUE)


def test_per_product_on_each_product_has_its_revenue() -> None:
    order, *lines = objects(mapping("logPurchase", *PURCHASE, "trackRevenuePerProduct = true"), ORDER)
    assert not any(key in order for key in REVENUE)
    assert [(line["productId"], line["revenue"], line["price"], line["quantity"]) for line in lines] == [
        ("p-1", 20, 10, 2),
        ("p-2", 5, 5, 1),
    ]


def test_per_product_a_product_without_revenue_is_named() -> None:
    rules = mapper(mapping("logPurchase", *PURCHASE, "trackRevenuePerProduct = true"))
    outcome = rules(event(event="Order Completed", properties={"revenue": 5, "products": [{"productId": "p-1"}]}))
    (warning,) = outcome.warnings
    assert (warning.field, warning.code) == ("products", "no_product_revenue")
    assert '`products[0]` ("p-1") needs `revenue`, or `price` and `quantity`' in warning.message


def test_currencies_are_not_converted() -> None:
    order, *_ = objects(presets(), event(event="Order Completed", properties={"revenue": 25, "currency": "JPY"}))
    assert order["revenue"] == 25
    assert order["event_properties"]["currency"] == "JPY"


def test_an_insert_id_is_the_same_at_each_try_and_another_for_each_line() -> None:
    first, second = objects(presets(), ORDER), objects(presets(), json.loads(json.dumps(ORDER)))
    assert [line["insert_id"] for line in first] == ["m-1", "m-1-2", "m-1-3"]
    assert first == second


def test_rules_are_checked_before_anything_is_sent() -> None:
    with pytest.raises(rulewright.RuleError, match="has no field `nope`"):
        sent(mapping("logEventV2", *PURCHASE, "nope = 1"), event())
