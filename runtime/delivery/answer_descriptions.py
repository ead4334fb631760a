"""Describes an answer that delivered nothing, or not everything: a sentence, a log level and a code."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ..counted import counted
from .disposition import Disposition, Hold, Reason, Retry, Stop, Throttled, TooLarge, Unexplained
from .schedule.partitions import QueuedPart


def sentence(disposition: Disposition, dead: list[tuple[QueuedPart, Reason]]) -> str:
    """One sentence with the answer and what the sender does after it."""
    if dead:
        return f"{dead[0][1].message}; {counted(len(dead), 'dead letter')}"
    match disposition:
        case Retry(reason):
            return f"{reason.message}; the same bytes are sent again"
        case Throttled(holds, reason):
            return f"{reason.message}; {_longest(holds)}, and all others continue"
        case TooLarge(reason) | Unexplained(reason):
            return f"{reason.message}; sent again in parts, or what is a part alone as it is"
        case Stop(reason):
            return f"{reason.message}; nothing more is sent"
    return "nothing was taken"


def level(disposition: Disposition, dead: list[tuple[QueuedPart, Reason]]) -> int:
    """The level of the log entry: INFO for an answer after which the same parts are sent again soon, else WARNING."""
    match disposition:
        case Retry() if not dead:
            return logging.INFO
        case Throttled(holds) if all(hold.longest == hold.seconds for hold in holds.values()):
            return logging.INFO
    return logging.WARNING


def code(disposition: Disposition, dead: list[tuple[QueuedPart, Reason]]) -> str | None:
    """The stable code of the reason; None if there is no reason."""
    if dead:
        return dead[0][1].code
    match disposition:
        case Retry(reason) | TooLarge(reason) | Unexplained(reason) | Stop(reason) | Throttled(_, reason):
            return reason.code
    return None


def _longest(holds: Mapping[int, Hold]) -> str:
    seconds = max(hold.seconds for hold in holds.values())
    return f"{counted(len(holds), 'part')} held back for {counted(round(seconds), 'second')} or more"
