"""A sender in its own thread: it reports why it ended, and restarts until it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from .adapter import Adapter, Exchange
from .deliver import Options, Stopper, deliver
from .input.ingest import MapEvent
from .metrics import Metrics
from .reporter import log
from .store.lease import QueueInUse
from .store.problems import QueueProblem
from .store.transaction import Totals

AGAIN_SECONDS = 60.0
"""Seconds before a sender that stopped tries again: a person has to correct a wrong key or a damaged file."""
TURN_SECONDS = 2.0
"""Seconds between two questions whether the process that sends from the queue has ended."""


class BackgroundSender:
    """Sends what is in a queue until it is stopped. While another process sends from the queue, it waits."""

    def __init__(
        self,
        mapper: MapEvent,
        queue: Path,
        adapter: Adapter,
        options: Options | None = None,
        *,
        exchange: Callable[[], Exchange] | None = None,
        again: float = AGAIN_SECONDS,
    ) -> None:
        self._mapper = mapper
        self._queue = queue
        self._adapter = adapter
        self._options = options or Options()
        self._exchange = exchange
        self._again = again
        self._stopping = threading.Event()
        self._wake = threading.Event()
        """Ends a pause."""
        self._turns = 0
        """Times that another process was found sending."""
        self._stopper = Stopper()
        self.trouble: str | None = None
        """Why nothing can be sent now; None while sending works."""
        self.elsewhere = False
        """Another process sends from the queue."""
        self.totals: Totals | None = None
        self.metrics: Metrics | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="rulewright-sender", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def more(self) -> None:
        """Say that something was added to the queue."""
        self._stopper.more()

    def drain(self, accounts: Totals, deadline: float) -> None:
        """Wait until everything that these totals count as accepted is settled, or cannot be, or until `deadline`.

        The deadline is a time of the monotonic clock, in seconds.
        """
        turns = self._turns

        def settled() -> bool:
            if self.trouble is not None or (self.elsewhere and self._turns > turns):
                return True
            totals = self.totals
            return totals is not None and totals.accepted >= accounts.accepted and not totals.pending

        self.more()
        self._wake.set()  # the process that sent may have ended meanwhile
        with self._changed:
            self._changed.wait_for(settled, max(0.0, deadline - time.monotonic()))

    def stop(self) -> None:
        """Ask the sender to wait for requests in flight and end; the rest stays in the queue."""
        self._stopping.set()
        self._wake.set()
        self._stopper.stop()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread to end, at most `timeout` seconds, and return whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = self._send()
            with self._changed:
                self._changed.notify_all()
            if not self._stopping.is_set():
                self._wake.wait(pause)
                self._wake.clear()
                self._stopper = Stopper()
                if self._stopping.is_set():
                    return

    def _send(self) -> float:
        """Send until something ends it; seconds to wait before the next attempt."""
        self.trouble = None
        fault: Exception | None = None
        try:
            report = deliver(
                self._mapper,
                None,
                queue=self._queue,
                adapter=self._adapter,
                options=self._options,
                follow=True,
                stopper=self._stopper,
                progress=self._note,
                exchange=None if self._exchange is None else self._exchange(),
            )
        except QueueInUse:
            self.elsewhere = True
            self._turns += 1
            return TURN_SECONDS
        except (QueueProblem, OSError, MemoryError) as problem:
            self.trouble = str(problem) or type(problem).__name__
        except Exception as problem:
            # Events go on being accepted; that none is sent must not go unsaid.
            fault = problem
            self.trouble = f"a fault of Rulewright: {type(problem).__name__}: {problem}"
        else:
            if report.stopped is not None and report.stopped.code != "asked":
                self.trouble = report.stopped.message
        if self.trouble is not None and not self._stopping.is_set():
            log.error("nothing is sent: %s; tried again in %.0f seconds", self.trouble, self._again, exc_info=fault)
        return self._again

    def _note(self, totals: Totals, metrics: Metrics) -> None:
        self.elsewhere = False
        with self._changed:
            self.totals, self.metrics = totals, metrics
            self._changed.notify_all()
