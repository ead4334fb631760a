"""The shipped presets send what Segment's own code sends for 600 events, but for the documented differences."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

import rulewright
from rulewright.runtime.fields.coercion import string
from tests.paths import ROOT
from tests.runtime.destinations.amplitude.reference_requests import GROUP, ROWS, expected, plain

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
PRESET_ROWS = [row for row in ROWS if "subscriptions" not in row]
Row = dict[str, Any]


@cache
def mapper(settings: str) -> rulewright.Mapper:
    return rulewright.load(PRESETS, settings=json.loads(settings), checks=False)


def without_ours(request: Row, event: Row) -> Row:
    """What our defaults add: `insert_id` from messageId, and the product id by its other name."""
    body = request.get("json") or {"events": [request["form"].get("identification")]}
    for number, sent in enumerate(body["events"], 1):
        message = event.get("messageId")
        assert sent.pop("insert_id", None) == (message if number == 1 else message and f"{message}-{number}")
        if number == 1 and is_text_of(spec_name(event.get("properties")), sent.get("productId")):
            del sent["productId"]
        for product in [sent.get("event_properties") if number > 1 else None, *(sent.get("products") or [])]:
            if isinstance(product, dict) and product.get("productId") in spec_names(event):
                del product["productId"]
    return request


def corrected_results(row: Row, result: Row) -> list[Row]:
    """What a preset of the reference sends, after the documented differences."""
    return [] if "error" in result else expected(row, result)


def spec_names(event: Row) -> list[Any]:
    products = (event.get("properties") or {}).get("products") or []
    return [spec_name(line) for line in products if spec_name(line) is not None]


def spec_name(properties: Any) -> Any:
    """The product ID that only the other name gives."""
    is_used = isinstance(properties, dict) and properties.get("productId") is None
    return properties.get("product_id") if is_used else None


def is_unnamed_page(event: Row) -> bool:
    """9: the reference names the event "Viewed "; none of its pages has a title or a path that could name it."""
    return event["type"] in ("page", "screen") and event.get("name") in (None, "")


def is_no_text(value: Any) -> bool:
    return isinstance(value, dict | list)


def is_text_of(value: Any, text: str | None) -> bool:
    return value is not None and text is not None and text == string(value, "productId")


@pytest.mark.parametrize("kind", ["page", "screen"])
@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"name": "Home", "properties": {"title": "Title"}}, "Viewed Home"),
        ({"name": 5}, "Viewed 5"),
        ({"name": "", "properties": {"title": "Title", "path": "/a"}}, "Viewed Title"),
        ({"name": None, "properties": {"title": " ", "path": "/a"}}, "Viewed /a"),
        ({"name": " \t", "properties": {"title": [""], "path": "/a"}}, "Viewed /a"),
        ({"properties": {"path": "/a"}}, "Viewed /a"),
        ({"properties": {"title": ""}}, None),
        ({"name": "\u200b"}, None),
        ({}, None),
    ],
)
def test_a_page_without_a_name_is_named_after_its_title_or_path(kind: str, event: Row, name: str | None) -> None:
    event = {"type": kind, "userId": "user-1", **event}
    for outcome in (mapper("{}")(event), mapper("{}").map_bytes(json.dumps(event))):
        if name is None:
            assert [(failure.field, failure.code) for failure in outcome.failures] == [("event_type", "missing_field")]
        else:
            assert [request.json["events"][0]["event_type"] for request in outcome.requests if request.json] == [name]


@pytest.mark.parametrize("first", range(0, len(PRESET_ROWS), GROUP))
def test_the_presets_send_what_the_reference_sends(first: int) -> None:
    for row in PRESET_ROWS[first : first + GROUP]:
        assert_sends_what_the_reference_sends(row)


def assert_sends_what_the_reference_sends(row: Row) -> None:
    outcome = mapper(json.dumps(row.get("settings") or {}))(row["event"])
    if "Order Completed Calls" in outcome.matched and is_no_text(spec_name(row["event"].get("properties"))):
        assert [failure.field for failure in outcome.failures] == ["productId"], row["id"]
        return
    if is_unnamed_page(row["event"]):
        fields = [(failure.field, failure.code) for failure in outcome.failures]
        assert fields == [("event_type", "missing_field")], row["id"]
        return
    expected = [request for result in row["results"] for request in corrected_results(row, result)]
    assert [without_ours(plain(request), row["event"]) for request in outcome.requests] == expected, row["id"]
    refused = [result["subscription"] for result in row["results"] if "error" in result]
    assert [failure.mapping for failure in outcome.failures] == refused, row["id"]
