"""Small rules to explain and to test, and the way to run them."""

from __future__ import annotations

from rulewright.loading.rule_files import read_rules_text
from rulewright.trace.traced_rules import TracedRules

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
