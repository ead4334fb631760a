"""What Segment's own code sends for 1,200 events, and the documented differences from it."""

from __future__ import annotations

import gzip
import json
from typing import Any

from rulewright.runtime.action import Binding
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.outcome import Request
from rulewright.runtime.repairs import take_repairs
from tests.paths import ROOT
from tests.reference.mapping_kit import coerced, transform

DATA = ROOT / "tests" / "data" / "amplitude"
Row = dict[str, Any]


def rows() -> list[Row]:
    with gzip.open(DATA / "requests.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


PRESETS = json.loads((DATA / "presets.json").read_text())
ROWS = rows()
GROUP = 50
"""Rows of one test: a test of its own for each would take longer than the row."""
LAST_TOUCH = ("referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
TOUCHES = (*LAST_TOUCH, *(f"initial_{name}" for name in LAST_TOUCH))
OPERATIONS = ("$set", "$setOnce", "$add")


def payload_of(row: Row, subscription: Row) -> Row:
    """The fields of a subscription, of their own types, for the event of a row. Raises Refused."""
    action = DESTINATIONS["amplitude"].actions[subscription["partnerAction"]]
    return coerced(action.fields, transform(subscription["mapping"], row["event"]))


def requests_of(row: Row, subscription: Row) -> list[Request]:
    """What the action of a subscription makes of the event of a row."""
    action = DESTINATIONS["amplitude"].actions[subscription["partnerAction"]]
    payload = payload_of(row, subscription)
    control = {field.name for field in action.fields if field.role == "control"}
    binding = Binding(
        mapping=subscription["name"],
        settings=DESTINATIONS["amplitude"].settings(row.get("settings", {})),
        conflict="fold",
        checks=False,
    )
    requests = action.bind(binding)(
        {name: value for name, value in payload.items() if name not in control},
        **{name: value for name, value in payload.items() if name in action.control_fields},
    )
    take_repairs(binding.mapping)
    return requests


def plain(request: Request) -> Row:
    """A request as the vectors write it, with the JSON inside a form read."""
    body = json.loads(request.body) if request.json is not None else read_form(request.form or {})
    return {"url": request.url, "method": request.method, "json" if request.json is not None else "form": body}


def read_form(form: Row) -> Row:
    return {key: json.loads(value) if key != "api_key" else value for key, value in form.items()}


def corrected(expected: Row, payload: Row) -> Row:
    """A request of the reference, which it made from a payload, after the documented differences."""
    if "form" in expected:
        form = {key: value for key, value in expected["form"].items() if value != "undefined"}  # 1: no options
        form = read_form(form)
        identifications = form.get("identification", [])
        for person in identifications if isinstance(identifications, list) else [identifications]:
            leave_out_empty_touches(person, payload)
            fold(person)
        return {**expected, "form": form}
    for event in expected["json"]["events"]:
        event.pop("use_batch_endpoint", None)  # 2: a switch, not a field
        leave_out_empty_touches(event, payload)
        fold(event)
    return expected


def leave_out_empty_touches(event: Row, payload: Row) -> None:
    """9: an empty referrer or UTM value is left out, and an operation that holds nothing else."""
    properties = event.get("user_properties") or {}
    for operation in ("$set", "$setOnce"):
        if operation in properties:
            kept = {key: value for key, value in properties[operation].items() if key not in TOUCHES or value != ""}
            properties[operation] = kept
            if not kept:
                del properties[operation]
    if not properties and "user_properties" in event and "user_properties" not in payload:
        del event["user_properties"]


def fold(event: Row) -> None:
    """3: plain properties beside operations move into $set, where an explicit value wins."""
    properties = event.get("user_properties") or {}
    operations = {key: value for key, value in properties.items() if key in OPERATIONS}
    others = {key: value for key, value in properties.items() if key not in OPERATIONS}
    if operations and others:
        event["user_properties"] = {**operations, "$set": {**others, **operations.get("$set", {})}}


def with_single_units(requests: list[Row], subscription: Row, payload: Row) -> list[Row]:
    """13: of a purchase, a price without a quantity and without a revenue is the price of one unit."""
    if subscription["partnerAction"] == "logPurchase" and requests:
        order, *lines = requests[-1]["json"]["events"]
        per_product = lines and payload.get("trackRevenuePerProduct")
        for event, values in zip(lines, payload["products"], strict=True) if per_product else [(order, payload)]:
            sell_one(event, values)
    return requests


def sell_one(event: Row, values: Row) -> None:
    price = values.get("price")
    if price and values.get("quantity") is None and values.get("revenue") is None:
        event |= {"price": price, "revenue": price, "revenueType": values.get("revenueType", "Purchase")}
        event |= {name: values[name] for name in ("productId",) if name in values}


def expected(row: Row, result: Row) -> list[Row]:
    """The requests that the reference made for a row and a subscription, after the documented differences."""
    subscription = next(
        subscription
        for subscription in row.get("subscriptions", PRESETS)
        if subscription["name"] == result["subscription"]
    )
    payload = payload_of(row, subscription)
    requests = [corrected(request, payload) for request in json.loads(json.dumps(result["requests"]))]
    with_single_units(requests, subscription, payload)
    timestamp = row["event"].get("timestamp")
    if timestamp is None:
        forget_the_clock(requests)
    elif isinstance(timestamp, int):
        read_milliseconds(requests, timestamp)
    return requests


def read_milliseconds(requests: list[Row], timestamp: int) -> None:
    """7: the reference turns a group call's milliseconds into text, and reads that as a day of the 18th century."""
    for request in requests:
        for person in request.get("form", {}).get("identification", []):
            if isinstance(person, dict) and "time" in person:
                assert person["time"] < 0
                person["time"] = timestamp


def forget_the_clock(requests: list[Row]) -> None:
    """The reference sends the current time for a group call without a timestamp. A rule sends nothing."""
    for request in requests:
        for person in request.get("form", {}).get("identification", []):
            if isinstance(person, dict):
                person.pop("time", None)
