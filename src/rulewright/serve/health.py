"""The health of a server: what its health checks and its metrics show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..runtime.delivery.acceptance.acceptor import Acceptor
from ..runtime.delivery.background import BackgroundSender
from ..runtime.delivery.metrics import Metrics
from ..runtime.delivery.store.queue import Queue
from .traffic import sample


@dataclass(slots=True)
class Health:
    """The state of the parts of a server."""

    acceptor: Acceptor
    sender: BackgroundSender | None
    """None where another process sends."""
    queue: Queue
    """The acceptor's, for totals."""
    rules_problem: str | None = None
    """Why newer rules are not used, if so."""
    _none: Metrics = field(default_factory=Metrics)

    def sick(self) -> str | None:
        """Why the process should be restarted; None if it should not."""
        if not self.acceptor.alive:
            return "the thread that writes events has ended"
        if self.sender is not None and not self.sender.alive:
            return "the thread that sends has ended"
        return None

    def as_json(self) -> dict[str, Any]:
        """The state of acceptance and sending, and the version of the rules."""
        shown: dict[str, Any] = {"rules": self.acceptor.rules.version, "waiting": self.acceptor.waiting}
        if self.rules_problem is not None:
            shown["rules_problem"] = self.rules_problem
        if self.sender is None or self.sender.elsewhere:
            shown["sending"] = "another process"
        else:
            shown["sending"] = self.sender.trouble is None
            if self.sender.trouble is not None:
                shown["sending_problem"] = self.sender.trouble
        return shown

    def as_prometheus(self) -> str:
        """The metrics of the queue, the sender and the acceptor, in Prometheus' format."""
        sender, counts = self.sender, self.acceptor.counts
        metrics = sender.metrics if sender is not None and sender.metrics is not None else self._none
        totals = sender.totals if sender is not None and sender.totals is not None else self.queue.totals
        accepting = self.acceptor.closed_for is None
        sending = sender is not None and not sender.elsewhere and sender.trouble is None
        version = self.acceptor.rules.version
        lines = [
            *sample("received_events_total", "counter", "events that were accepted over HTTP", counts.accepted),
            *sample("repeated_events_total", "counter", "events whose ID had been accepted before", counts.repeated),
            *sample("refused_events_total", "counter", "events that clients were told to bring again", counts.refused),
            *sample("commits_total", "counter", "groups of events that were written together", counts.commits),
            *sample("waiting_events", "gauge", "events in memory that are not on disk yet", self.acceptor.waiting),
            *sample("accepting", "gauge", "1 while events are accepted", int(accepting)),
            *sample("sending", "gauge", "1 while this process sends", int(sending)),
            *sample("rules_problem", "gauge", "1 while newer rules are not used", int(self.rules_problem is not None)),
            "# HELP rulewright_rules_info the version of the rules that map events",
            "# TYPE rulewright_rules_info gauge",
            f'rulewright_rules_info{{version="{version}"}} 1',
        ]
        return metrics.as_prometheus(totals) + "\n".join(lines) + "\n"
