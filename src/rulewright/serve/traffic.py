"""Traffic: each request is counted and written to the access log, without its body, its query or a key."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections import Counter
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .calls import CALLS

log = logging.getLogger("rulewright.delivery.access")

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds, in seconds, of the latency histogram."""
_ENDPOINTS = frozenset({*(f"/v1/{call}" for call in CALLS), "/webhooks/segment", "/healthz", "/readyz", "/metrics"})


class Traffic:
    """Counts requests by endpoint and status, and measures the seconds until they are answered."""

    def __init__(self, *, access_log: bool = True) -> None:
        self._access_log = access_log
        log.setLevel(logging.INFO)
        self.requests: Counter[tuple[str, int]] = Counter()
        self._latencies = [0] * (len(BUCKETS) + 1)
        self._latency_sum = 0.0

    def counting(self, app: ASGIApp) -> ASGIApp:
        """The application, with every request counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return
            started = perf_counter()
            status = 0

            async def noted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, noted)
            finally:
                self._note(scope, status, perf_counter() - started)

        return counted

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        endpoint = endpoint_of(scope["path"])
        self.requests[endpoint, status] += 1
        self._latencies[bisect_left(BUCKETS, seconds)] += 1
        self._latency_sum += seconds
        if self._access_log:
            noted: dict[str, Any] = scope.get("state", {}).get("noted", {})
            client = scope.get("client") or ("",)
            fields = {
                "method": scope["method"],
                "endpoint": endpoint,
                "status": status,
                "ms": round(seconds * 1000),
                "client": client[0],
                **noted,
            }
            more = "".join(f" {name}={value}" for name, value in list(fields.items())[3:])
            log.info("%s %s %s%s", scope["method"], endpoint, status, more, extra={"fields": fields})

    def lines(self) -> list[str]:
        """The counts in Prometheus' text format."""
        lines = _head("http_requests_total", "counter", "requests by endpoint and status")
        for (endpoint, status), count in sorted(self.requests.items()):
            lines.append(f'rulewright_http_requests_total{{endpoint="{endpoint}",status="{status}"}} {count}')
        lines += _head("http_request_seconds", "histogram", "time from the head of a request to its answer")
        total = 0
        for bound, count in zip([*map(str, BUCKETS), "+Inf"], self._latencies, strict=True):
            total += count
            lines.append(f'rulewright_http_request_seconds_bucket{{le="{bound}"}} {total}')
        lines.append(f"rulewright_http_request_seconds_sum {self._latency_sum:.6f}")
        lines.append(f"rulewright_http_request_seconds_count {total}")
        return lines


def endpoint_of(path: str) -> str:
    """The endpoint of a path, without a write key; `other` for an unknown path, which may hold anything."""
    if path in _ENDPOINTS:
        return path
    return "/v1/projects/{key}/settings" if path.startswith("/v1/projects/") else "other"


def sample(name: str, kind: str, help_: str, value: float) -> list[str]:
    """One sample in Prometheus' format, with its help and type."""
    return [*_head(name, kind, help_), f"rulewright_{name} {value}"]


def _head(name: str, kind: str, help_: str) -> list[str]:
    return [f"# HELP rulewright_{name} {help_}", f"# TYPE rulewright_{name} {kind}"]
