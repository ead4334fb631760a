"""What the page on embedding a mapper says of copies and bodies; its code is run with that of all pages."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import rulewright

EVENT: dict[str, Any] = {"type": "track", "event": "Seen", "userId": "user-42", "properties": {}}


def mapper(**options: Any) -> rulewright.Mapper:
    return rulewright.load(
        """
destination amplitude
mapping "All" -> logPurchase {
  when type = "track"
  user_id = userId
  event_type = event
  event_properties = properties
  groups = context.groups
  products = properties.products
}
""",
        settings={"apiKey": "KEY"},
        **options,
    )


@pytest.mark.parametrize("checks", [True, False])
def test_a_copy_of_a_body_is_the_callers_own(checks: bool) -> None:
    event = {**EVENT, "properties": {"a": {"b": 2**70}, "products": [{"price": 1}, {"price": 2}]}}
    before = json.dumps(event)
    (request,) = mapper(checks=checks)(event).requests
    copied = request.copy_json()
    assert copied == request.json == json.loads(request.body)
    assert copied is not None
    for event_of_copy in copied["events"]:
        event_of_copy["event_properties"]["changed"] = event_of_copy["added"] = True
    copied["events"][0]["event_properties"]["a"]["b"] = 5
    assert json.dumps(event) == before
    assert request.copy_json() == request.json != copied


def test_a_body_is_made_when_it_is_read() -> None:
    event: dict[str, Any] = {**EVENT, "properties": {"a": 1}}
    (request,) = mapper()(event).requests
    before = request.body
    event["properties"]["a"] = 2
    assert json.loads(before)["events"][0]["event_properties"] == {"a": 1}
    assert json.loads(request.body)["events"][0]["event_properties"] == {"a": 2}


def test_without_checks_python_values_are_converted_in_the_body_alone() -> None:
    event: dict[str, Any] = {**EVENT, "properties": {"a": Decimal("1.5"), "b": date(2024, 3, 1), "c": (2**70,)}}
    (checked,), (trusted,) = mapper()(event).requests, mapper(checks=False)(event).requests
    assert trusted.body == checked.body
    assert checked.json is not None and trusted.json is not None
    assert checked.json["events"][0]["event_properties"] == {"a": 1.5, "b": "2024-03-01", "c": [2**70]}
    assert trusted.json["events"][0]["event_properties"] == event["properties"]
    (request,) = mapper(checks=False)({**event, "properties": {"a": {1}}}).requests
    with pytest.raises(ValueError, match="set"):
        _ = request.body


def test_a_form_has_no_body_of_json() -> None:
    mapping = 'mapping "M" -> mapUser { when type = "alias"\n  user_id = userId\n  global_user_id = previousId }'
    rules = f"destination amplitude\n{mapping}\n"
    (request,) = rulewright.load(rules)({"type": "alias", "userId": "user-42", "previousId": "user-43"}).requests
    assert request.copy_json() is None


def test_every_public_name_is_there() -> None:
    assert rulewright.Repair.__name__ == "Repair"
    for name in rulewright.__all__:
        assert getattr(rulewright, name) is not None
