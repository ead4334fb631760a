"""The commands that read events, with the rules that they are given."""

from __future__ import annotations

RULES = """
destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track"
  event_type = event
  user_id = userId
  insert_id = messageId
  event_properties = { total: properties.total }
}
"""

COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "RULES", "EVENTS"),
    "diff": ("diff", "RULES", "EDITED", "--events", "EVENTS"),
    "check": ("check", "RULES", "--events", "EVENTS"),
    "test": ("test", "RULES", "--events", "EVENTS", "--laws", "5", "--seed", "1"),
    "explain": ("explain", "RULES", "EVENTS", "--line", "40"),
    "lineage": ("lineage", "RULES", "--events", "EVENTS"),
    "profile": ("profile", "EVENTS"),
    "init": ("init", "EVENTS"),
    "send": ("send", "RULES", "--input", "EVENTS", "--dry-run", "--batch-events", "1"),
}
