"""`rulewright.deliver`: events through a mapper to its destination; `rulewright send` is the same as a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from types import NoneType

from .argument_types import require
from .runtime.delivery.adapter import Adapter
from .runtime.delivery.deliver import Options, Stopper, check_types
from .runtime.delivery.deliver import deliver as deliver_to
from .runtime.delivery.input.ingest import MapEvent, RawEvent
from .runtime.delivery.metrics import Metrics
from .runtime.delivery.sender import Report
from .runtime.delivery.store.transaction import Totals
from .runtime.destinations import DEFAULT, DESTINATIONS
from .runtime.inputs.kafka_topic import KafkaTopic
from .runtime.inputs.locations import Inputs


def deliver(
    mapper: MapEvent,
    events: Iterable[RawEvent] | PathLike[str] | Inputs | KafkaTopic | int | None,
    *,
    queue: Path | str,
    base_url: str | None = None,
    insecure: bool = False,
    options: Options | None = None,
    follow: bool = False,
    stopper: Stopper | None = None,
    progress: Callable[[Totals, Metrics], None] | None = None,
    destination: str | None = None,
) -> Report:
    """Map events, store the requests in a queue on disk, send them, and return when nothing is pending.

    `mapper` is a mapper from `load`, whose rules name the destination, or any function from an event to an Outcome,
    whose requests go to `destination` (by default, the first destination that ships).

    `events` is one of: an iterable of events, each an object or JSON text; a PathLike of a file or folder, or a Kafka
    topic (`topic_of`), where a later call resumes; the file descriptor of a pipe; None, to send what is pending.

    `queue` is the path of the queue's file, created if it does not exist. `base_url` puts every endpoint under another
    host; outside this machine, `http://` is refused unless `insecure` is true. Keys come from the mapper's settings,
    or else from the environment; the page of the destination names the variables. `follow` waits for more events of a
    file or a topic or, without events, for what other processes add to the queue. `stopper` ends the call from another
    thread or a signal handler. `progress` is called about twice a second, and at the end.

    Returns a Report: the totals and, if it stopped before everything was settled, the reason. Raises TypeError for an
    argument of another type (also for `events` as text, because it could be a path or an event), ValueError for a
    missing key, a base URL that is refused or a destination that cannot be sent to, QueueInUse if another sender uses
    the queue, QueueProblem for a full disk or a damaged queue, OSError for a file that does not exist, and InputRefused
    for one that cannot be read as events. Accepted events are safe in each case; the same call resumes.
    """
    require(queue, (str, PathLike), "the queue as a path (str or Path)")
    require(base_url, (str, NoneType), "base_url as text (str)")
    require(destination, (str, NoneType), "destination as text (str)")
    require(options, (Options, NoneType), "options as Options")
    check_types(mapper, events)
    adapter = adapter_of(mapper, destination, base_url, insecure=insecure)
    return deliver_to(
        mapper,
        events,
        queue=queue,
        adapter=adapter,
        options=options or Options(),
        follow=follow,
        stopper=stopper,
        progress=progress,
    )


def adapter_of(mapper: MapEvent, name: str | None, base_url: str | None, *, insecure: bool) -> Adapter:
    """The adapter for a mapper's destination and settings; `name` is the destination of a mapper that is a function.

    Raises ValueError for a missing key, a base URL that is refused, a destination that cannot be sent to, and a name
    that is not the destination of the mapper's rules.
    """
    program = getattr(mapper, "program", None)
    own = DEFAULT if program is None else program.destination
    if program is not None and name not in (None, own):
        raise ValueError(f"the rules of the mapper are for `{own}`, not for `{name}`")
    return DESTINATIONS.delivery(name or own).adapter(getattr(mapper, "settings", None), base_url, insecure=insecure)
