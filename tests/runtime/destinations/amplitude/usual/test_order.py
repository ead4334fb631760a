"""The request of an order that C makes is the one that Python makes, and C leaves to Python what is not usual."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude.actions import log_purchase
from rulewright.runtime.destinations.amplitude.limits import LONGEST_STRING
from rulewright.runtime.destinations.amplitude.user_properties import LAST_TOUCH
from rulewright.runtime.native import native
from rulewright.runtime.semantics.dates import FIRST_NUMBER, LAST_NUMBER
from tests.native_part import needs_native

from .usual_requests import PHONE, TEXTS, VALUES, Odd, UsualCalls, constants_of

pytestmark = needs_native

NAMES = (
    "payload session_id time price quantity revenue productId revenueType library library2 use_batch_endpoint "
    "userAgent userAgentParsing includeRawUserAgent userAgentData min_id_length trackRevenuePerProduct products "
    "utm_properties referrer"
).split()
"""As in the enum of usual/order.c."""
USUAL: dict[str, Any] = {
    "payload": {
        "user_id": "user-12345",
        "event_type": "Order Completed",
        "platform": "ios",
        "insert_id": "message-1",
        "event_properties": {"order_id": "o-1", "tags": ["a", "b"], "é": 1.5, "deep": {"a": None}},
    },
    "session_id": 1715755003106,
    "time": "2024-05-20T23:42:03.123Z",
    "price": None,
    "quantity": None,
    "revenue": 39.5,
    "productId": None,
    "revenueType": None,
    "library": "analytics.js",
    "library2": {"behavior": "use_mapping", "mapping": "analytics.js"},
    "use_batch_endpoint": False,
    "userAgent": PHONE,
    "userAgentParsing": True,
    "includeRawUserAgent": False,
    "userAgentData": {},
    "min_id_length": None,
    "trackRevenuePerProduct": False,
    "products": [{"price": 10, "quantity": 2, "productId": "p-1"}, {"revenue": 19.5}],
    "utm_properties": {"utm_source": "google", "utm_campaign": "spring"},
    "referrer": "https://a.example",
}
CALLS = UsualCalls(log_purchase.ACTION, NAMES, USUAL)

CASES: dict[str, tuple[bool, Odd]] = {
    "usual": (False, {}),
    "no products": (False, {"products": None}),
    "empty list of products": (False, {"products": []}),
    "product with a field": (False, {"products": [{"price": 1}]}),
    "product without fields": (True, {"products": [{"price": 1}, {}]}),
    "no revenue": (False, {"revenue": None}),
    "no revenue and no products": (False, {"revenue": None, "products": None}),
    "zero": (False, {"revenue": 0}),
    "refund": (False, {"revenue": -5}),
    "price": (False, {"price": 2.5, "revenue": None}),
    "price and quantity": (False, {"price": 2.5, "quantity": 4, "revenue": None}),
    "price and quantity win": (False, {"price": 2.5, "quantity": 4, "revenue": 7}),
    "price beside revenue": (False, {"price": 2.5, "revenue": 7}),
    "quantity beside revenue": (False, {"quantity": 3, "revenue": 7}),
    "quantity alone": (False, {"quantity": 3, "revenue": None}),
    "free": (False, {"price": 0, "quantity": 4, "revenue": None}),
    "free beside zero": (False, {"price": 0.0, "quantity": 4, "revenue": 0}),
    "product and type": (False, {"productId": "p-9", "revenueType": "refund"}),
    "empty product and type": (False, {"productId": "", "revenueType": ""}),
    "no insert ID": (False, {"payload": {"insert_id": None}}),
    "empty insert ID": (False, {"payload": {"insert_id": ""}}),
    "no touches": (False, {"utm_properties": {}, "referrer": None}),
    "plain properties": (
        False,
        {"payload": {"user_properties": {"plan": "pro"}}, "utm_properties": None, "referrer": ""},
    ),
    "empty properties": (False, {"payload": {"user_properties": {}}}),
    "batch": (False, {"use_batch_endpoint": True}),
    "no user agent": (False, {"userAgent": None}),
    "client hints": (False, {"userAgentData": {"platformVersion": "14", "model": "Pixel"}}),
    "neither session nor time": (False, {"session_id": None, "time": None}),
    "longest insert ID": (False, {"payload": {"insert_id": "x" * (LONGEST_STRING - 4)}}),
    "insert ID of the longest line": (True, {"payload": {"insert_id": "x" * (LONGEST_STRING - 2)}}),
    "insert ID that is too long for a line": (True, {"payload": {"insert_id": "x" * (LONGEST_STRING - 1)}}),
    "many lines": (False, {"products": [{"revenue": 1}] * 100}),
    "too many lines to be sure": (True, {"products": [{"revenue": 1}] * 990}),
    "lines without room": (True, {"payload": {"event_properties": {"a": ["x" * 900] * 30}}, "products": [{}] * 40}),
    "revenue of each product": (True, {"trackRevenuePerProduct": True}),
    "revenue that a price of zero hides": (True, {"price": 0, "quantity": 4, "revenue": 7}),
    "quantity that is not whole": (True, {"quantity": 1.5}),
    "large quantity": (True, {"quantity": 2**64, "price": 1, "revenue": None}),
    "large amount": (True, {"quantity": 2**62, "price": 4, "revenue": None}),
    "infinite amount": (True, {"quantity": 100, "price": 1e308, "revenue": None}),
    "not a number": (True, {"revenue": float("nan")}),
    "too long type": (True, {"revenueType": "x" * (LONGEST_STRING + 1)}),
    "too long product": (True, {"products": [{"productId": "x" * (LONGEST_STRING + 1)}]}),
    "product with a list in a list": (True, {"products": [{"a": [[1]]}]}),
    "properties beside touches": (True, {"payload": {"user_properties": {"plan": "pro"}}}),
    "operation": (True, {"payload": {"user_properties": {"$set": {"a": 1}}}, "utm_properties": {}, "referrer": None}),
    "reserved name": (True, {"payload": {"event_type": "[Amplitude] Revenue"}}),
    "group": (True, {"payload": {"groups": {"company": "a"}}}),
    "short ID": (True, {"payload": {"user_id": "1234"}}),
    "no ID": (True, {"payload": {"user_id": None}}),
    "shortest ID": (True, {"min_id_length": 1}),
    "library of its own": (True, {"library2": {"behavior": "auto"}}),
}


@pytest.mark.parametrize("name", CASES)
def test_what_c_makes_is_what_python_makes(name: str) -> None:
    is_odd, odd = CASES[name]
    CALLS.assert_alike(odd, is_odd)


def test_the_positions_in_c_are_those_of_build() -> None:
    CALLS.assert_positions()


def test_without_checks_any_amount_is_sent_as_it_is() -> None:
    build = CALLS.build_of(checks=False)
    for odd in ({}, {"revenue": float("inf")}, {"quantity": 2**64, "price": 1}, {"payload": {"user_id": "1"}}):
        requests, expected = build(*CALLS.arguments(odd)), build.__wrapped__(*CALLS.arguments(odd))
        assert repr([request.json for request in requests]) == repr([request.json for request in expected])
        assert not CALLS.is_left_to_python(build, odd)


def test_an_unknown_request_is_refused() -> None:
    for number in (-1, 3):
        with pytest.raises(ValueError, match="no usual request"):
            native.UsualRequest(print, (number, *constants_of(CALLS.build_of())[1:]))


def test_nothing_is_kept_longer_than_its_order() -> None:
    CALLS.assert_nothing_is_kept(odd for _, odd in CASES.values())


NUMBERS = st.none() | st.integers(-3, 9) | st.integers() | st.floats() | st.sampled_from([2.5, 1e308])
TOUCHES = st.sampled_from([*LAST_TOUCH, "plan", "$x"])
PRODUCT = st.dictionaries(st.sampled_from(["price", "quantity", "revenue", "productId", "own"]), VALUES, max_size=4)
ODD = st.fixed_dictionaries(
    {
        "payload": st.fixed_dictionaries(
            {},
            optional={
                "user_id": st.none() | TEXTS,
                "device_id": TEXTS,
                "platform": st.sampled_from(["ios", "an Android", "Web", "", "x" * 1025]),
                "user_properties": st.none() | st.dictionaries(TEXTS, VALUES, max_size=3),
                "event_properties": st.dictionaries(TEXTS, VALUES, max_size=3),
                "insert_id": st.none() | TEXTS | st.integers(1016, 1025).map("x".__mul__),
                "event_type": st.sampled_from(["[Amplitude] Revenue", "a"]) | TEXTS.filter(bool),
                "revenue": st.just("own"),
            },
        )
    },
    optional={
        "session_id": st.none() | st.integers() | st.integers(FIRST_NUMBER, LAST_NUMBER),
        "time": st.none() | st.integers() | TEXTS,
        "price": NUMBERS,
        "quantity": st.none() | st.integers(-3, 9) | st.integers(),
        "revenue": NUMBERS,
        "productId": st.none() | TEXTS,
        "revenueType": st.none() | TEXTS,
        "library": st.none() | TEXTS | st.just("analytics.js"),
        "use_batch_endpoint": st.none() | st.booleans(),
        "userAgent": st.none() | TEXTS | st.just(PHONE),
        "userAgentData": st.none()
        | st.dictionaries(st.sampled_from(["model", "platformVersion", "mobile"]), TEXTS | st.none()),
        "min_id_length": st.none() | st.integers(-1, 9),
        "trackRevenuePerProduct": st.none() | st.booleans(),
        "products": st.none() | st.lists(PRODUCT, max_size=4),
        "utm_properties": st.none() | st.dictionaries(TOUCHES, TEXTS | st.none() | st.integers(), max_size=3),
        "referrer": st.none() | TEXTS,
    },
)


@given(ODD, st.booleans(), st.sampled_from(["reject", "fold", "split"]))
@example({"payload": {"insert_id": "x" * 1023}}, True, "fold")
def test_any_order_is_sent_as_python_sends_it(odd: Odd, checks: bool, conflict: str) -> None:
    CALLS.assert_raises_alike(odd, checks=checks, conflict=conflict)
