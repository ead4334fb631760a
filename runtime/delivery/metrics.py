"""The counters of a running sender, as JSON and in Prometheus' text format."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from ..private_files import replace_file
from .disposition import Delivered, Disposition, Refused, Retry, Stop, Throttled, TooLarge, Unexplained
from .store.transaction import Totals

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds, in seconds, of the latency histogram."""

OUTCOMES: dict[type, str] = {
    Delivered: "delivered",
    Retry: "retry",
    Refused: "refused",
    Throttled: "held",
    TooLarge: "too_large",
    Unexplained: "unexplained",
    Stop: "stop",
}

HELP = {
    "accepted_total": "parts (events and calls of the destination) that are safely on disk",
    "delivered_total": "of these, taken by the destination",
    "dead_total": "of these, dead letters",
    "forgotten_total": "of these, dead letters that were removed by hand",
    "pending": "of these, neither delivered nor dead nor forgotten",
    "events_total": "input events read",
    "unmatched_total": "input events that no mapping takes",
    "dropped_total": "input events that a filter took",
    "opted_out_total": "input events that opted out of the destination",
    "repairs_total": "values that were repaired so that the rest could be sent, by code",
    "in_flight": "requests that wait for an answer",
    "connections": "requests that may be in flight now",
    "oldest_seconds": "age of the oldest pending part",
    "requests_total": "answers by endpoint, status and what they asked for",
    "request_seconds": "time from a request to its whole answer",
    "sent_bytes_total": "bytes of request bodies",
}
GAUGES = frozenset({"pending", "in_flight", "connections", "oldest_seconds"})


class Metrics:
    """The counters of a sender since it started, which complement the totals of the queue."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()
        self.sent_bytes = 0
        self._latencies = [0] * (len(BUCKETS) + 1)
        self._latency_sum = 0.0
        self.gauges: dict[str, float] = {"in_flight": 0, "connections": 0, "oldest_seconds": 0.0}

    def answered(self, endpoint: str, status: str, disposition: Disposition, seconds: float, size: int) -> None:
        """Count one answer."""
        self.requests[endpoint, status, OUTCOMES[type(disposition)]] += 1
        self._latencies[bisect_left(BUCKETS, seconds)] += 1
        self._latency_sum += seconds
        self.sent_bytes += size

    @property
    def retries(self) -> int:
        """Answers after which the same bytes are sent again."""
        return sum(count for (_, _, outcome), count in self.requests.items() if outcome == "retry")

    def as_json(self, totals: Totals) -> dict[str, Any]:
        """All numbers as one object."""
        return {
            **self._numbers(totals),
            "retries_total": self.retries,
            "repairs_total": [{"code": code, "count": count} for code, count in sorted(totals.repairs.items())],
            "requests_total": [
                {"endpoint": endpoint, "status": status, "outcome": outcome, "count": count}
                for (endpoint, status, outcome), count in sorted(self.requests.items())
            ],
            "request_seconds": {
                "buckets": dict(zip([*map(str, BUCKETS), "+Inf"], self._cumulated(), strict=True)),
                "sum": round(self._latency_sum, 6),
                "count": sum(self._latencies),
            },
        }

    def as_prometheus(self, totals: Totals) -> str:
        """Prometheus' text exposition format, version 0.0.4."""
        lines: list[str] = []
        for name, value in self._numbers(totals).items():
            lines += [*_head(name, "gauge" if name in GAUGES else "counter"), f"rulewright_{name} {value}"]
        lines += _head("repairs_total", "counter")
        for code, count in sorted(totals.repairs.items()):
            lines.append(f'rulewright_repairs_total{{code="{code}"}} {count}')
        lines += _head("requests_total", "counter")
        for (endpoint, status, outcome), count in sorted(self.requests.items()):
            labels = f'endpoint="{endpoint}",status="{status}",outcome="{outcome}"'
            lines.append(f"rulewright_requests_total{{{labels}}} {count}")
        lines += _head("request_seconds", "histogram")
        for bound, count in zip([*map(str, BUCKETS), "+Inf"], self._cumulated(), strict=True):
            lines.append(f'rulewright_request_seconds_bucket{{le="{bound}"}} {count}')
        lines.append(f"rulewright_request_seconds_sum {self._latency_sum:.6f}")
        lines.append(f"rulewright_request_seconds_count {sum(self._latencies)}")
        return "\n".join(lines) + "\n"

    def write(self, path: Path, totals: Totals) -> None:
        """Replace a file atomically: with JSON if its name ends in `.json`, else as Prometheus text. Raises OSError."""
        if path.suffix == ".json":
            content = msgspec.json.format(msgspec.json.encode(self.as_json(totals))) + b"\n"
        else:
            content = self.as_prometheus(totals).encode()
        replace_file(path, content)

    def _numbers(self, totals: Totals) -> dict[str, float]:
        return {
            "accepted_total": totals.accepted,
            "delivered_total": totals.delivered,
            "dead_total": totals.dead,
            "forgotten_total": totals.forgotten,
            "pending": totals.pending,
            "events_total": totals.events,
            "unmatched_total": totals.unmatched,
            "dropped_total": totals.dropped,
            "opted_out_total": totals.opted_out,
            "sent_bytes_total": self.sent_bytes,
            **{name: round(value, 3) for name, value in self.gauges.items()},
        }

    def _cumulated(self) -> list[int]:
        total = 0
        sums: list[int] = []
        for count in self._latencies:
            total += count
            sums.append(total)
        return sums


def _head(name: str, kind: str) -> list[str]:
    return [f"# HELP rulewright_{name} {HELP[name]}", f"# TYPE rulewright_{name} {kind}"]
