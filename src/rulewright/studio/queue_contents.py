"""What the page shows of a queue: its counts, a few dead letters for each code, and a retry of those letters."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..event_fates import as_lines
from ..retried_letters import counted_changes, pending_now
from ..runtime.delivery.remap import remap
from ..runtime.delivery.schedule.waits_file import read_waits
from ..runtime.delivery.store.fates import fates
from ..runtime.delivery.store.lease import QueueInUse
from ..runtime.delivery.store.queue_file import queue_file
from ..runtime.delivery.store.queue_status import DeadLetter, dead_letters, status
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapper import Mapper

MOST_SAMPLES = 10
"""The most dead letters shown of one code."""


class NotRetried(ValueError):
    """Why dead letters were not mapped again, in one sentence."""


def delivery(queue: Path, *, with_letters: bool) -> dict[str, Any]:
    """The counts of a queue and, with `with_letters`, samples of its dead letters. Raises QueueProblem.

    An event that never became a request is shown unchanged; the body of a refused request is not shown, because it may
    hold data for the destination alone.
    """
    now = time.time()
    counts = status(queue, now)
    waits = [wait._asdict() for wait in read_waits(queue_file(queue), now)]
    accounts = {**counts._asdict(), "balanced": counts.balanced}
    letters = list(_samples(queue)) if with_letters else []
    return {"queue": str(queue), "accounts": accounts, "waits": waits, "letters": letters}


def fate(queue: Path, message_id: str) -> dict[str, Any]:
    """The fate of the events with a message ID, as lines of text. Raises QueueProblem."""
    return {"id": message_id, "fates": [list(as_lines(fate)) for fate in fates(queue, message_id)]}


def retry(queue: Path, mapper: Mapper, code: str) -> dict[str, Any]:
    """Maps the events of dead letters with one code again, in the queue; returns the results as sentences.

    Nothing is sent, and requests that were refused stay. Raises QueueProblem and NotRetried.
    """
    destination = DESTINATIONS[mapper.program.destination]
    if destination.delivery is None:
        raise NotRetried(f"requests of {destination.name} cannot be sent: the destination declares no delivery")
    adapter = destination.delivery().trial(mapper.settings).adapter
    names = [mapping.name for mapping in mapper.program.mappings]
    try:
        done = remap(queue, mapper, adapter, names, code)
    except QueueInUse as error:
        raise NotRetried(str(error)) from None
    counts = [f"{count:,} {sentence}" for count, sentence in counted_changes(done)]
    return {"parts": done.parts, "sentences": [*counts, pending_now(done)]}


def _samples(queue: Path) -> Iterator[dict[str, Any]]:
    shown: Counter[str] = Counter()
    for letter in dead_letters(queue):
        shown[letter.code] += 1
        if shown[letter.code] <= MOST_SAMPLES:
            yield _sample(letter)


def _sample(letter: DeadLetter) -> dict[str, Any]:
    return {
        "number": letter.seq,
        "code": letter.code,
        "reason": letter.reason,
        "mapping": letter.mapping,
        "endpoint": None if letter.route is None else letter.route.url,
        "event": letter.body.decode("utf-8", "replace") if letter.route is None else None,
    }
