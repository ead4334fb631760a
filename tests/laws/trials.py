"""Laws of a text, tried as `rulewright test` tries them, without a limit of time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rulewright.laws.options import LawOptions
from rulewright.laws.trying import LawTrial
from rulewright.testing.law_results import LawResult
from rulewright.testing.suite.suite import read_suite

LONG = 10_000.0
"""Seconds that no trial takes."""
HEAD = "destination amplitude\n"
ORDERS = """
mapping "Orders" -> logEvent {
  when type = "track" and event = "Order Completed"
  user_id          = userId
  device_id        = anonymousId
  event_type       = event
  insert_id        = messageId
  event_properties = { total: properties.total, city: traits.address.city }
}
"""


def tried(
    folder: Path, text: str, *, count: int = 60, seed: int = 0, recorded: Iterable[dict[str, Any]] = ()
) -> list[LawResult]:
    """What comes of the laws that are written in a text of rules."""
    path = folder / "shop.rules"
    path.write_text(text, encoding="utf-8")
    suite = read_suite(path)
    return list(
        LawTrial(suite, LawOptions(count, seed, LONG), recorded).results({law.name for law in suite.laws}.__contains__)
    )


def law(body: str, name: str = "it holds") -> str:
    return f'\nlaw "{name}" {{\n  {body}\n}}\n'
