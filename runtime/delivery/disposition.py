"""Dispositions: what the sender does with the parts of a request after its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple


class Reason(NamedTuple):
    """Why a part is a dead letter, held back or tried again: a stable code and one sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination took every part of the request."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Send the same bytes again, later."""

    reason: Reason
    maybe_accepted: bool = True
    """The destination may have taken the parts: only their insert IDs keep the next attempt from counting twice."""
    after: float | None = None
    """Seconds to wait, if the destination asked for it."""
    overload: bool = False
    """The destination is overloaded: use fewer connections, and pause the whole endpoint, not only the batch."""
    suspect: bool = False
    """A part of the batch may be the cause: divide the batch if others pass and it does not."""
    fatal: bool = False
    """The endpoint refuses everything: after several such answers with nothing taken in between, the sender stops."""


@dataclass(frozen=True, slots=True)
class Refused:
    """These parts, by their index in the request, will never be taken; the other parts were not taken yet."""

    reasons: Mapping[int, Reason]


class Hold(NamedTuple):
    """How long the parts of a user are held back: `seconds`, doubled for each time in a row, up to `longest`."""

    seconds: float
    longest: float


@dataclass(frozen=True, slots=True)
class Throttled:
    """These parts, by index, are of users that the destination throttles; no part was taken."""

    holds: Mapping[int, Hold]
    reason: Reason


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The request is too large: halve it. A single part that is too large becomes a dead letter."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The request was refused, and the answer names no part: divide it to find the cause."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing can be sent until a person acts, for example because of a wrong key."""

    reason: Reason


Disposition = Delivered | Retry | Refused | Throttled | TooLarge | Unexplained | Stop


def with_messages(disposition: Disposition, change: Callable[[str], str]) -> Disposition:
    """The same disposition, with the messages of its reasons changed."""

    def changed(reason: Reason) -> Reason:
        return Reason(reason.code, change(reason.message))

    match disposition:
        case Refused(reasons):
            return Refused({index: changed(reason) for index, reason in reasons.items()})
        case Delivered():
            return disposition
        case _:
            return replace(disposition, reason=changed(disposition.reason))
