"""The state of a route: its limits, what its recent answers show, and when it may be asked again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..adapter import Limits
from ..disposition import Reason
from .batch import Batch
from .rates import Bucket

STOP_AFTER_DOUBTS = 3
"""After this many parts that are each refused several times alone while nothing passes, the sender stops, because it
and not the parts must be the cause."""
STOP_AFTER = 25
"""After this many refusals in a row of single parts while nothing passes, it stops too."""


@dataclass(slots=True)
class Endpoint:
    """The state of the endpoint that a route leads to."""

    limits: Limits
    requests: Bucket | None = None
    largest_taken: int = 0
    """The bytes of the largest request that it took."""
    most_taken: int = 0
    """The most parts of a request that it took."""
    passed_at: float = float("-inf")
    """When the latest request that it took was sent."""
    failures: int = 0
    """Failed rounds since it last took a request: requests that were in flight together count as one round."""
    failed_at: float = float("-inf")
    closed: int = 0
    """Rounds in a row in which it refused everything."""
    ready_at: float = 0.0
    shrunk: Limits | None = None
    """Smaller limits, for a while after it found a request too large."""
    refused_alone: int = 0
    """Refusals of single parts since it last took a request."""
    doubts: dict[int, Reason] = field(default_factory=dict)
    """Parts that were refused alone since it last took a request, so that either the part or the sender is at fault."""

    @property
    def present_limits(self) -> Limits:
        """The current limits."""
        return self.shrunk or self.limits

    @property
    def open_at(self) -> float:
        """When the next request may be sent."""
        return self.ready_at if self.requests is None else max(self.ready_at, self.requests.ready_at())

    def may_send(self, now: float) -> bool:
        """Whether a request may be sent now."""
        return self.ready_at <= now and (self.requests is None or self.requests.ready(now))

    def took(self, batch: Batch) -> None:
        """Note that it took the current segment of a batch."""
        self.passed_at = max(self.passed_at, batch.sent_at)
        self.largest_taken = max(self.largest_taken, batch.size)
        self.most_taken = max(self.most_taken, len(batch.items))
        self.failures = self.refused_alone = 0
        self.doubts.clear()
        self._grow()

    def works_without(self, batch: Batch) -> bool:
        """Whether it took a request that was sent after it refused this batch, so that it works for others."""
        return self.passed_at > batch.refused_at

    def took_larger_than(self, batch: Batch) -> bool:
        """Whether it has taken as large a request, so that the size cannot be the cause."""
        return batch.size <= self.largest_taken and len(batch.items) <= self.most_taken

    def shrink(self, batch: Batch) -> None:
        """Send smaller requests for a while, because a batch was too large."""
        limits = self.present_limits
        count = min(limits.count, (len(batch.items) + 1) // 2)
        self.shrunk = replace(limits, size=min(limits.size, batch.size // 2 + 1), count=count)

    def _grow(self) -> None:
        shrunk, limits = self.shrunk, self.limits
        if shrunk is None:
            return
        grown = replace(shrunk, size=shrunk.size + limits.size // 50, count=shrunk.count + max(1, limits.count // 50))
        self.shrunk = None if grown.size >= limits.size and grown.count >= limits.count else grown
