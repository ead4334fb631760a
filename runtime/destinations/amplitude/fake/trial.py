"""A dry run of `send`: the adapter without pauses, and the fake that answers it in memory."""

from __future__ import annotations

from collections.abc import Iterator

from ..delivery.keys import Keys
from ..delivery.routes import AmplitudeDelivery
from .exchange import FakeExchange
from .service import FakeAmplitude


class FakeTrial:
    """A dry run against the fake in memory."""

    def __init__(self) -> None:
        self._fake = FakeAmplitude()
        self.adapter = AmplitudeDelivery(Keys("dry-run", "dry-run"), paced=False)
        self.exchange = FakeExchange(self._fake)

    @property
    def requests(self) -> int:
        """Requests that were answered."""
        return self._fake.requests["none"]

    def taken(self) -> Iterator[tuple[int, str]]:
        """How many events and calls of each endpoint would count, and how many events would not."""
        ledger = self._fake.ledger
        yield from ((count, kind) for kind, count in sorted(ledger.by_kind.items()))
        if ledger.duplicates:
            yield ledger.duplicates, "would not count, because their insert_id was there before"
