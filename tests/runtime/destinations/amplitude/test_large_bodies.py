"""Requests that are too large: an order goes out in several, and an event goes to the batch endpoint."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.destinations.amplitude.action_requests import EVENT, properties, refusal, repaired


def products(count: int, size: int) -> dict[str, Any]:
    return {**EVENT, "insert_id": "i-1", "products": [{"text": ["x" * 1000] * size} for _ in range(count)]}


@pytest.mark.parametrize(
    ("count", "size", "requests"), [(1999, 0, 1), (2000, 0, 2), (5000, 0, 3), (10, 90, 1), (30, 90, 3)]
)
def test_an_order_that_is_too_large_goes_out_in_several_requests(count: int, size: int, requests: int) -> None:
    sent, repairs = repaired("logPurchase", products(count, size))
    assert len(sent) == requests
    assert [code for _, code, _ in repairs] == ["body_too_large"] * (requests > 1)
    bodies = [json.loads(request.body) for request in sent]
    assert bodies == [request.json for request in sent]
    assert max(len(request.body) for request in sent) <= 1_000_000
    assert max(len(body["events"]) for body in bodies) <= 2000
    assert [event["insert_id"] for body in bodies for event in body["events"]] == [
        "i-1",
        *(f"i-1-{number}" for number in range(2, count + 2)),
    ]


def test_an_order_is_sent_as_it_is_with_checks_off() -> None:
    sent, repairs = repaired("logPurchase", products(2500, 0), checks=False)
    assert (len(sent), repairs) == (1, [])


@pytest.mark.parametrize(("size", "address"), [(980, "2/httpapi"), (1010, "batch")])
def test_an_event_that_is_too_large_alone_goes_to_the_batch_endpoint(size: int, address: str) -> None:
    values = {**EVENT, **properties({"l": ["x" * 1000] * size})}
    (request,), repairs = repaired("logEventV2", values)
    assert request.url == f"https://api2.amplitude.com/{address}"
    assert ["sent to the batch endpoint" in message for _, _, message in repairs] == [True] * (address == "batch")
    path = request.url.removeprefix("https://api2.amplitude.com")
    assert FakeAmplitude().handle(path, {"content-type": "application/json"}, request.body).status == 200


@pytest.mark.parametrize(
    ("action", "values", "field"),
    [
        ("logEventV2", properties({"a": 1, "l": ["x" * 1000] * 20_000}), "event_properties.l"),
        ("identifyUser", {"user_properties": {"l": ["x" * 1000] * 1000}}, "user_properties.l"),
        ("logPurchase", {"event_properties": {"l": ["x" * 1000] * 20_000}, "products": [{}]}, "event_properties.l"),
    ],
)
def test_what_no_endpoint_takes_is_refused_with_its_size_and_largest_value(
    action: str, values: dict[str, Any], field: str
) -> None:
    failure = refusal(action, {**EVENT, **values})
    assert (failure.code, failure.field) == ("body_too_large", field)
    assert "of them are [" in failure.message


def test_a_large_order_is_refused_where_that_is_the_setting() -> None:
    failure = refusal("logPurchase", products(2000, 0), settings={"largeBodies": "refuse"})
    assert failure.message == "the body has 2,001 events and may have 2,000"
    failure = refusal("logPurchase", products(30, 90), settings={"largeBodies": "refuse"})
    assert failure.message.endswith("and may have 1,000,000; they are of 31 events")


@pytest.mark.parametrize(("lines", "requests"), [(40, 1), (400, 2)])
def test_all_lines_count_for_the_size_of_a_body(lines: int, requests: int) -> None:
    order = {**EVENT, "user_properties": {"bio": "b" * 1_000, "more": ["m" * 1_000] * 3}}
    made, _ = repaired("logPurchase", {**order, "products": [{"price": 1}] * lines})
    assert len(made) == requests
    assert all(len(request.body) <= 1_000_000 for request in made)
    assert sum(len((request.json or {})["events"]) for request in made) == lines + 1
