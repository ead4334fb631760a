"""Orders for tests: rules of one mapping for purchases, and what their requests sell."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import rulewright
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.outcome import Outcome

Values = dict[str, Any]


def rules(*fields: str) -> str:
    body = "\n".join(f"  {field}" for field in fields)
    head = 'destination amplitude\nmapping "Orders" -> logPurchase {\n  when type = "track"\n  use defaults\n'
    return f"{head}{body}\n}}\n"


def order_of(properties: Values) -> Values:
    return {"type": "track", "event": "Order Completed", "userId": "user-1", "properties": properties}


@cache
def mappers(text: str) -> tuple[Mapper, Mapper]:
    """Of loaded rules, and of their module as `rulewright compile` writes it."""
    module: Values = {"__name__": "orders"}
    exec(rulewright.compile_source(text), module)  # noqa: S102 -- the text of a test, compiled
    key = {"apiKey": "KEY"}
    return rulewright.load(text, settings=key), Mapper(module["PROGRAM"], settings=key)


def outcome_of(text: str, properties: Values) -> Outcome:
    """The outcome of an order, the same for an object, for text, and from the module that stands alone."""
    event = order_of(properties)
    mapper, alone = mappers(text)
    outcome = mapper(event)
    for other in (mapper.map_bytes(json.dumps(event)), alone(event), alone.map_bytes(json.dumps(event))):
        assert (other.requests, other.warnings) == (outcome.requests, outcome.warnings)
    return outcome


def sold(outcome: Outcome) -> list[Values]:
    """Price, quantity and revenue of the order and of each line."""
    assert not outcome.failures, outcome.failures
    (request,) = outcome.requests
    assert request.json is not None
    return [
        {name: event[name] for name in ("price", "quantity", "revenue") if name in event}
        for event in request.json["events"]
    ]
