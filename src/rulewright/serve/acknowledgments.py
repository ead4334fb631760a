"""Passes acknowledgments from the acceptor's thread to the event loop that waits for them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from ..runtime.delivery.acceptance.acceptor import Acceptor, Arrival


class Acknowledgments:
    """Wakes the event loop once for all events that were committed together."""

    def __init__(self) -> None:
        self._done: deque[tuple[asyncio.Future[None], Exception | None]] = deque()

    async def accepted(self, acceptor: Acceptor, arrivals: Sequence[Arrival], size: int) -> None:
        """Return when the events are on disk. Raises NotAccepted or QueueProblem if none of them is.

        `size` is the number of their bytes.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()

        def done(problem: Exception | None) -> None:
            first = not self._done
            self._done.append((future, problem))
            if first:
                loop.call_soon_threadsafe(self._tell)

        acceptor.submit(arrivals, size, done)
        await future

    def _tell(self) -> None:
        while self._done:
            future, problem = self._done.popleft()
            if future.done():  # the caller that waited is gone
                continue
            if problem is None:
                future.set_result(None)
            else:
                future.set_exception(problem)
