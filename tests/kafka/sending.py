"""A process that sends a topic, for tests that kill it: `python -m tests.kafka.sending TOPIC QUEUE URL`."""

from __future__ import annotations

import sys

from rulewright.runtime.delivery.deliver import Options, deliver
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.inputs.kafka_topic import topic_of

from ..runtime.delivery.simulation import KEY, track


def main(topic: str, queue: str, url: str) -> int:
    """0 when everything is settled."""
    adapter = AmplitudeDelivery(Keys(KEY), url, paced=False)
    report = deliver(track, topic_of(topic), queue=queue, adapter=adapter, options=Options(batch_events=200))
    return 0 if report.stopped is None and report.problem is None else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
