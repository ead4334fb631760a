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
    """Map events, put what they come to on disk, send it, and return when nothing is pending.

    `mapper` is what `load` gives, whose rules name the destination, or any function from an event to an Outcome, whose
    requests are for `destination` (the first that ships if it is not given). `events`: objects or JSON lines, in
    any iterable; the path of a file or folder, or a topic of Kafka (`topic_of`), which a later call reads on from where
    this one was left; the descriptor of a pipe; or None to send what is pending. `base_url` puts every endpoint under
    another host; one that begins with `http://` is refused beyond this machine unless `insecure` allows it. The keys
    are those of the mapper's settings, else of the environment; the destination's page names the variables.

    Returns the totals and, if it ended before everything was settled, why. Raises TypeError for events of another type
    (a text is a TypeError: is it a path or an event?), ValueError where a key is missing, QueueInUse, QueueProblem (a
    full disk, a damaged file), OSError for a file that is not there; what was accepted is safe in each case, and the
    same call goes on with it.
    """
    require(queue, (str, PathLike), "the queue as a path (str or Path)")
    require(base_url, (str, NoneType), "base_url as text (str)")
    require(destination, (str, NoneType), "destination as text (str)")
    require(options, (Options, NoneType), "options as Options")
    check_types(mapper, events)
    receiver = adapter_of(mapper, destination, base_url, insecure=insecure)
    return deliver_to(
        mapper,
        events,
        queue=queue,
        receiver=receiver,
        options=options or Options(),
        follow=follow,
        stopper=stopper,
        progress=progress,
    )


def adapter_of(mapper: MapEvent, name: str | None, base_url: str | None, *, insecure: bool) -> Adapter:
    """The adapter for a mapper's destination and settings. Raises ValueError, as for a missing key."""
    program = getattr(mapper, "program", None)
    own = DEFAULT if program is None else program.destination
    if program is not None and name not in (None, own):
        raise ValueError(f"the rules of the mapper are for `{own}`, not for `{name}`")
    return DESTINATIONS.delivery(name or own).adapter(getattr(mapper, "settings", None), base_url, insecure=insecure)
