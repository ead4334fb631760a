"""A batch: the parts of one request, divided as the answers demand until each part is settled."""

from __future__ import annotations

from collections.abc import Collection

from .partitions import QueuedPart


class Batch:
    """Parts that left their partitions together. The last segment is the request to send now; the others wait for it.

    Segments are kept in order and sent one after another, so that parts of one user never overtake each other.
    """

    __slots__ = ("attempts", "proofs", "ready_at", "refused_at", "route", "segments", "sent_at", "tries_alone")

    def __init__(self, route: int, items: list[QueuedPart], now: float) -> None:
        self.route = route
        self.segments = [items]
        self.sent_at = now
        self.ready_at = now
        self.attempts = 0
        """Attempts of the present segment that came to nothing."""
        self.tries_alone = 0
        """Refusals of the present segment, which is one part."""
        self.proofs = 0
        """How many of these came while other requests passed."""
        self.refused_at = float("inf")
        """When it was sent as the whole that was refused and divided, or for the first time in vain."""

    @property
    def items(self) -> list[QueuedPart]:
        """The parts of the request to send now."""
        return self.segments[-1]

    @property
    def size(self) -> int:
        """Bytes of the parts to send now, with one separator each."""
        return sum(len(item.body) + 1 for item in self.segments[-1])

    @property
    def bodies(self) -> list[bytes]:
        """The bytes of the parts to send now."""
        return [item.body for item in self.segments[-1]]

    def settle(self) -> list[QueuedPart]:
        """Remove the current segment, and return its parts."""
        self._begin()
        return self.segments.pop()

    def divide(self) -> Batch | None:
        """Keep the first half and, behind it, the other parts of its users; return the rest as a batch.

        None if there is no rest.
        """
        self._begin()
        items = self.segments.pop()
        middle = (len(items) + 1) // 2
        first = items[:middle]
        users = {item.partition for item in first}
        segments = [*self.segments, items[middle:]]
        bound = [[item for item in segment if item.partition in users] for segment in segments]
        free = [[item for item in segment if item.partition not in users] for segment in segments]
        self.segments = [segment for segment in [*bound, first] if segment]
        rest = Batch(self.route, [], self.sent_at)
        rest.refused_at = self.refused_at
        rest.segments = [segment for segment in free if segment]
        return rest if rest.segments else None

    def remove(self, indices: Collection[int]) -> list[QueuedPart]:
        """Remove parts, by their indices, from the current segment, and return them."""
        self._begin()
        items = self.segments.pop()
        rest = [item for index, item in enumerate(items) if index not in indices]
        if rest:
            self.segments.append(rest)
        return [items[index] for index in sorted(indices)]

    def withdraw(self, partitions: Collection[int]) -> list[QueuedPart]:
        """Remove the unsent parts of these partitions from all segments, and return them."""
        self._begin()
        withdrawn = [item for segment in self.segments for item in segment if item.partition in partitions]
        kept = [[item for item in segment if item.partition not in partitions] for segment in self.segments]
        self.segments = [segment for segment in kept if segment]
        return withdrawn

    def _begin(self) -> None:
        self.attempts = 0
        self.tries_alone = 0
        self.proofs = 0
