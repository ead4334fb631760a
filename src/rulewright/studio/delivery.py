"""The content of a queue for the page: its counts, and some dead letters of each reason. It changes nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..event_fates import as_lines
from ..runtime.delivery.store.fates import fates
from ..runtime.delivery.store.queue_status import DeadLetter, dead_letters, status

MOST_SAMPLES = 10
"""Dead letters of one reason."""


def delivery(queue: Path) -> dict[str, Any]:
    """The accounts and samples of the dead letters. Raises QueueProblem.

    An event that never became a request is given as it came in; the body of a refused request is not, because it may
    hold what only the destination should see.
    """
    counts = status(queue, time.time())
    accounts = {**counts._asdict(), "balanced": counts.balanced}
    return {"queue": str(queue), "accounts": accounts, "letters": list(_samples(queue))}


def fate(queue: Path, message_id: str) -> dict[str, Any]:
    """What became of the events with a message ID, as lines of text. Raises QueueProblem."""
    return {"id": message_id, "fates": [list(as_lines(fate)) for fate in fates(queue, message_id)]}


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
