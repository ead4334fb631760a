"""`rulewright.deliver`: events through a mapper to Amplitude; `rulewright send` is the same as a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from types import NoneType

from .argument_types import require
from .runtime.delivery.deliver import Options, Stopper, check_types
from .runtime.delivery.deliver import deliver as deliver_to
from .runtime.delivery.input.ingest import Event, Mapper
from .runtime.delivery.metrics import Metrics
from .runtime.delivery.sender import Report
from .runtime.delivery.store.queue import Totals
from .runtime.destinations.amplitude.delivery.keys import Keys
from .runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from .runtime.destinations.amplitude.settings import PLACEHOLDER, Settings


def deliver(
    mapper: Mapper,
    events: Iterable[Event] | PathLike[str] | int | None,
    *,
    queue: Path | str,
    base_url: str | None = None,
    insecure: bool = False,
    options: Options | None = None,
    follow: bool = False,
    stopper: Stopper | None = None,
    progress: Callable[[Totals, Metrics], None] | None = None,
) -> Report:
    """Map events, put what they come to on disk, send it to Amplitude, and return when nothing is pending.

    `mapper` is what `load` gives, or any function from an event to an Outcome. `events`: objects or JSON lines, in
    any iterable; the path of a JSONL file, which a later call reads on from where this one was left; the descriptor
    of a pipe; or None to send what is pending. `base_url` puts every endpoint under another host; one that begins with
    `http://` is refused beyond this machine unless `insecure` allows it. The keys are those of the mapper's settings,
    else AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY of the environment.

    Returns the totals and, if it ended before everything was settled, why. Raises TypeError for events of another type
    (a text is a TypeError: is it a path or an event?), KeysMissing, QueueInUse, QueueProblem (a full disk, a damaged
    file), OSError for a file that is not there; what was accepted is safe in each case, and the same call goes on with
    it.
    """
    require(queue, (str, PathLike), "the queue as a path (str or Path)")
    require(base_url, (str, NoneType), "base_url as text (str)")
    require(options, (Options, NoneType), "options as Options")
    check_types(mapper, events)
    receiver = AmplitudeDelivery(_keys(mapper), base_url, insecure=insecure)
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


def _keys(mapper: Mapper) -> Keys:
    """The keys that the mapper was loaded with, else those of the environment. Raises KeysMissing."""
    settings = getattr(mapper, "settings", None)
    if isinstance(settings, Settings) and (key := settings.key.strip()) and key != PLACEHOLDER:
        secret = settings.secretKey
        return Keys(key, None if secret is None else secret.get_secret_value())
    return Keys.from_environment()
