"""Parts of requests, as a queue keeps them."""

from __future__ import annotations

from rulewright.runtime.delivery.adapter import Part, Route
from rulewright.runtime.delivery.disposition import Reason

ROUTE = Route("events", "POST", "https://api2.amplitude.com/2/httpapi")
WHY = Reason("why", "because")


def part(number: int) -> Part:
    return Part(ROUTE, f"u{number}", b'{"n":%d}' % number)
