"""Rules that are mapped and sent on Spark, and lines of events for them."""

from __future__ import annotations

from tests.paths import ROOT

SENT_RULES = """
destination amplitude

mapping "Events" -> logEventV2 {
  when type = "track"
  use defaults
}

mapping "Users" -> identifyUser {
  when type = "identify"
  use defaults
}
"""
RULES = ROOT / "examples" / "shop.rules"
LINES = [
    *(ROOT / "examples" / "events.jsonl").read_bytes().splitlines(),
    b"",
    b"no JSON",
    b"[]",
    b'{"type": "track"}',
    b'{"type": "track", "event": "Seen", "userId": "user-42", "properties": {"bio": "%s"}}' % (b"x" * 2000),
    b'{"type": "track", "event": "\\ud800", "userId": "user-42"}',
    b'{"type": "track", "event": "Seen", "userId": "user-42", "integrations": {"All": false}}',
]
