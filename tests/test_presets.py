"""The shipped presets send what Segment's own code sends for 600 events, but for the documented differences."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import rulewright
from tests.runtime.amplitude.test_conformance import ROWS, corrected, plain

PRESETS = Path(__file__).parents[1] / "rules" / "amplitude" / "presets.rules"
PRESET_ROWS = [row for row in ROWS if "subscriptions" not in row]
Row = dict[str, Any]


@cache
def mapper(settings: str) -> rulewright.Mapper:
    return rulewright.load(PRESETS, settings=json.loads(settings), checks=False)


def without_ours(request: Row, event: Row) -> Row:
    """What our defaults add: `insert_id` from messageId, and the product id by the name of the e-commerce spec."""
    body = request.get("json") or {"events": [request["form"].get("identification")]}
    for number, sent in enumerate(body["events"], 1):
        message = event.get("messageId")
        assert sent.pop("insert_id", None) == (message if number == 1 else message and f"{message}-{number}")
        for product in [sent.get("event_properties") if number > 1 else None, *(sent.get("products") or [])]:
            if isinstance(product, dict) and product.get("productId") in spec_names(event):
                del product["productId"]
    return request


def spec_names(event: Row) -> list[Any]:
    products = (event.get("properties") or {}).get("products") or []
    return [
        line["product_id"]
        for line in products
        if isinstance(line, dict) and line.get("productId") is None and "product_id" in line
    ]


@pytest.mark.parametrize("row", PRESET_ROWS, ids=lambda row: str(row["id"]))
def test_the_presets_send_what_the_reference_sends(row: Row) -> None:
    outcome = mapper(json.dumps(row.get("settings") or {}))(row["event"])
    expected = [request for result in row["results"] for request in result.get("requests", [])]
    assert [without_ours(plain(request), row["event"]) for request in outcome.requests] == [
        corrected(json.loads(json.dumps(request))) for request in expected
    ]
    assert [failure.mapping for failure in outcome.failures] == [
        result["subscription"] for result in row["results"] if "error" in result
    ]
