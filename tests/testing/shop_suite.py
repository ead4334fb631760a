"""Rules with a test below them, and the results of running it."""

from __future__ import annotations

from pathlib import Path

from rulewright.testing.runner import CaseResult, run_suite
from rulewright.testing.suite.suite import read_suite

RULES = """destination amplitude
drop when properties.test = true
mapping "Orders" -> logPurchase {
  when type = "track" and event = "Order Completed"
  use defaults
  revenue   = properties.total
  device_id = coalesce(context.device.id, anonymousId)
  user_properties = omit
  products  = [ { price: p.price, productId: coalesce(p.productId, p.product_id) } for p in properties.products ]
  trackRevenuePerProduct = false
}
mapping "People" -> identifyUser {
  when type = "identify"
  use defaults
  user_properties = { plan: traits.plan, level: if(traits.points > 10, "gold", "tin") }
}
disabled mapping "Old" -> logEventV2 {
  when type = "page"
  use defaults
}
"""
ORDER = """given {
  "type": "track", "event": "Order Completed", "userId": "user-0001", "messageId": "m-1",
  "properties": { "total": 10, "products": [ { "price": 5, "product_id": "p-1" } ] }
}
"""
PERSON = 'given { "type": "identify", "userId": "user-0001", "traits": { "plan": "pro", "points": 3 } }\n'
EVENT = "requests[0].json.events[0]"
USER = "json_decode(requests[0].form.identification).user_properties"
"""Paths of conditions to the event of an order, and to the properties of a person."""


def results(folder: Path, body: str, rules: str = RULES) -> list[CaseResult]:
    path = folder / "shop.rules"
    path.write_text(rules + f'\ntest "it" {{\n{body}\n}}\n')
    return run_suite(read_suite(path), lambda name: True).results
