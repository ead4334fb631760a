"""A process that sends, for tests that kill it: `python -m tests.runtime.delivery.sending INPUT QUEUE URL [BATCH]`."""

from __future__ import annotations

import sys
from pathlib import Path

from rulewright.runtime.delivery.deliver import Options, deliver
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery

from .simulation import KEY, track


def main(source: str, queue: str, url: str, batch: str = "50") -> int:
    """0 when everything is settled."""
    adapter = AmplitudeDelivery(Keys(KEY), url, paced=False)
    report = deliver(track, Path(source), queue=queue, adapter=adapter, options=Options(batch_events=int(batch)))
    return 0 if report.stopped is None and report.problem is None else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
