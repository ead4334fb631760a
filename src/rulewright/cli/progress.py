"""A line of progress for `send` on a terminal, and its metrics file."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ..runtime.delivery.metrics import Metrics
from ..runtime.delivery.reporter import log
from ..runtime.delivery.store.transaction import Totals
from ..runtime.private_files import remove_abandoned

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """Shows the totals on standard error when that is a terminal, and writes the metrics where they are wanted."""

    def __init__(self, metrics: Path | None) -> None:
        self._metrics = metrics
        if metrics is not None:
            remove_abandoned(metrics)
        self._status: Status | None = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("sending")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, totals: Totals, metrics: Metrics) -> None:
        """Called by the sender about twice a second, and at the end."""
        if self._metrics is not None:
            try:
                metrics.write(self._metrics, totals)
            except OSError as problem:
                # A problem with metrics does not end the delivery.
                log.warning("no more metrics: `%s`: %s", self._metrics, problem.strerror)
                self._metrics = None
        if self._status is not None:
            self._status.update(
                f"{totals.delivered:,} delivered, {totals.pending:,} pending, {totals.dead:,} dead,"
                f" {metrics.retries:,} retries, {metrics.gauges['in_flight']:.0f} in flight"
            )
