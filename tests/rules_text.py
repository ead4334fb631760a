"""Small rules to explain and to test, and the way to run them."""

from __future__ import annotations

from rulewright.loading.rule_files import read_rules_text
from rulewright.trace.traced_rules import TracedRules

SHOP = """destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track" and event = "Order"
  use defaults
  user_properties = omit
}
"""
SHOP_TEST = """
test "an order" {
  given { "type": "track", "event": "Order", "userId": "user-1" }
  expect "Orders"
}
"""
"""A whole file of rules in which nothing is wrong, and the test that it may end with."""
ORDERS = """mapping "Orders" -> logEvent {
  when type = "track" and event = "Order"
  user_id = userId
  event_type = event
  event_properties = properties
}
"""
"""A mapping that takes the track events with the name `Order`."""


def rules(body: str, action: str = "logEventV2") -> TracedRules:
    """One mapping `M` whose body is given; its first line is line 3 of shop.rules."""
    text = f'destination amplitude\nmapping "M" -> {action} {{ event_type = event\n{body}\n}}\n'
    return TracedRules.of(read_rules_text(text, "shop.rules"))
