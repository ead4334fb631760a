"""The differences of requests from Segment's that are meant; docs/divergences.md says why."""

from __future__ import annotations

import json
import re
from math import isclose
from typing import Any

from rulewright.runtime.destinations.amplitude.user_properties import FIRST_TOUCH, LAST_TOUCH
from rulewright.runtime.semantics.blank import is_blank
from rulewright.runtime.semantics.dates import read_time

from .divergences import DIGITS, HALVES, OWN_MEMBERS, has_half, rounded

OPERATIONS = "operations on user properties"
TIMES = "text and numbers that are not times"
NO_TIME = "the time of a group call without a timestamp"
BLANK = "blank IDs, names, referrers and campaigns"
BLANK_NUMBERS = "blank text in place of a number"
NULL_IN_PRODUCTS = "null and empty text in a product"
ONE_UNIT = "a price without a quantity"
WORDS_OF_PLATFORMS = "`ios` and `android` within a word of a platform"

_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?Z)?")
"""Text that both sides read as the same time, if it is a time."""
_PLACE = re.compile(r"\[\d+\]\.(json|form)\.(events|identification|mapping)(\[(?P<item>\d+)\])?\.(?P<name>[^.\[]+)")
"""A value of a request, by the item and the field that it is in."""
_TOUCHES = frozenset((*LAST_TOUCH, *FIRST_TOUCH))
_LONG_NUMBER = re.compile(r"\.-?\d{16,}")
"""A key that was a whole number."""
_NUMBERS = ("price", "quantity", "revenue")
_READ = ("time", "session_id", "event_id", "location_lat", "location_lng", "min_id_length", *_NUMBERS)
"""Fields in which text is read as a number or a time."""
_REVENUE = (*_NUMBERS, "revenueType", "productId")


def as_amplitude_takes(request: dict[str, Any]) -> dict[str, Any]:
    """A request of Segment's without its switch, and with plain properties beside operations in `$set`."""
    body = request.get("json") or request["form"]
    items = next(body[part] for part in ("events", "identification", "mapping") if part in body)
    for item in items if isinstance(items, list) else [items]:
        item.pop("use_batch_endpoint", None)
        for field in ("user_properties", "group_properties"):
            if properties := item.get(field):
                item[field] = _folded(properties)
                if not item[field]:
                    del item[field]
    return request


def _folded(properties: dict[str, Any]) -> dict[str, Any]:
    operations = {name: _visible(changes) for name, changes in properties.items() if name.startswith("$")}
    operations = {name: changes for name, changes in operations.items() if changes != {}}
    plain = {name: value for name, value in properties.items() if not name.startswith("$")}
    if not operations or not plain:
        return operations or plain
    in_operation = {key for name, changes in operations.items() if isinstance(changes, dict) for key in changes}
    kept = {name: value for name, value in plain.items() if name not in in_operation}
    together = {**kept, **operations.get("$set", {})}
    return {**operations, "$set": together} if together else operations


def _visible(changes: Any) -> Any:
    """An operation without the touches that are blank, which nothing is set to."""
    if not isinstance(changes, dict):
        return changes
    return {name: value for name, value in changes.items() if not (name in _TOUCHES and is_blank(value))}


def explain_request(payload: Any, path: str, segment: Any, ours: Any) -> str | None:
    """The name of the divergence that one different value belongs to; None for one that nobody has explained.

    `payload` is what Segment's mapping gave its action, and an empty path is that of all requests.
    """
    payload = payload if isinstance(payload, dict) else {}
    if json.dumps(rounded(segment)) == json.dumps(rounded(ours)) or _LONG_NUMBER.search(path):
        return DIGITS
    if isinstance(segment, int) and isinstance(ours, int) and isclose(segment, ours, rel_tol=1e-15):
        return DIGITS
    if segment == "absent" and path.endswith(".__proto__"):
        return OWN_MEMBERS
    if (isinstance(segment, str) and has_half(segment)) or has_half(path) or "\ufffd" in path:
        return HALVES
    place = _PLACE.match(path)
    if place is None:
        return _explain_refusal(payload, segment, ours)
    name, item = place["name"], int(place["item"] or 0)
    given = payload.get(name)
    if name in ("time", "session_id"):
        return NO_TIME if given is None else TIMES if _is_inexact(given) else None
    if name == "platform" and isinstance(segment, str) and segment.lower() == str(ours).lower():
        return WORDS_OF_PLATFORMS
    if name == "user_properties" and _has_operations(given):
        return OPERATIONS
    if _is_empty(segment) or (segment == "absent" and _has_empty(payload, name)):
        return BLANK
    if segment == 0 and _has_empty(payload, name) and name not in _REVENUE:
        return BLANK_NUMBERS
    return _explain_revenue(payload, item) if name in _REVENUE or name == "products" or item else None


def _explain_refusal(payload: dict[str, Any], segment: Any, ours: Any) -> str | None:
    """The same where one side refuses the event, or makes another number of requests."""
    message = ours["error"] if isinstance(ours, dict) else ""
    field = message.partition(":")[0]
    given = payload.get(field)
    if field in ("time", "session_id"):
        return TIMES if _is_inexact(given) else None
    if "is not an operation" in message:
        return OPERATIONS
    if message.endswith("is required and has no value") and _is_empty(given):
        return BLANK
    if message:
        return None
    if isinstance(segment, dict):
        if _has_empty(payload, *_READ):
            return BLANK_NUMBERS
        return NULL_IN_PRODUCTS if any(_has_empty(product, *_REVENUE) for product in _products(payload)) else None
    return BLANK if _has_empty(payload, "user_id", "device_id") else None


def _explain_revenue(payload: dict[str, Any], item: int) -> str | None:
    """The same for the revenue of an order, whose items are the order itself and its products."""
    products = _products(payload)
    if any(_has_empty(product, *_REVENUE) for product in products):
        return NULL_IN_PRODUCTS
    sold = payload if item == 0 else products[item - 1]
    if sold.get("quantity") is None and sold.get("revenue") is None and sold.get("price") is not None:
        return ONE_UNIT
    return BLANK_NUMBERS if _has_empty(sold, *_NUMBERS) else None


def _products(payload: dict[str, Any]) -> list[dict[str, Any]]:
    products = payload.get("products")
    return [product for product in (products if isinstance(products, list) else []) if isinstance(product, dict)]


def _has_empty(values: dict[str, Any], *names: str) -> bool:
    return any(name in values and _is_empty(values[name]) for name in names)


def _has_operations(properties: Any) -> bool:
    return isinstance(properties, dict) and any(name.startswith("$") for name in properties)


def _is_inexact(time: Any) -> bool:
    """Whether one of the two sides reads a time in its own way: anything but ISO 8601 in UTC."""
    return not (isinstance(time, str) and _ISO.fullmatch(time) and read_time(time).form == "exact")


def _is_empty(value: Any) -> bool:
    """Null or text in which nothing is seen, also as the one item of a list."""
    return value is None or is_blank(value)
