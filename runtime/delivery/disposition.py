"""Dispositions: what an answer means for a batch, and what the sender does next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple


class Reason(NamedTuple):
    """Why something is a dead letter, is held back, or is tried again: a stable code and one sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """Everything in the request was taken."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Send the same bytes again, later."""

    reason: Reason
    maybe_accepted: bool = True
    """The other side may have taken it: only insert ids keep the next attempt from counting twice."""
    after: float | None = None
    """Seconds that the other side asked to wait."""
    overload: bool = False
    """The other side asked for less: use fewer connections, and pause the endpoint rather than the batch alone."""
    suspect: bool = False
    """Something inside the batch may be the cause: when others pass and this does not, divide it."""
    fatal: bool = False
    """The whole endpoint says no: several of these, and nothing taken in between, and the sender stops."""


@dataclass(frozen=True, slots=True)
class Refused:
    """These parts, by their index in the request, will never be taken; the others were not taken yet."""

    reasons: Mapping[int, Reason]


class Hold(NamedTuple):
    """For how long an id is held back: so many seconds, and each time in a row twice as many, up to the longest."""

    seconds: float
    longest: float


@dataclass(frozen=True, slots=True)
class Throttled:
    """These parts, by index, are for an id that is throttled; nothing was taken."""

    holds: Mapping[int, Hold]
    reason: Reason


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Halve it; one part alone can never be sent."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Refused without saying which part is to blame, or whether it is one: find it by dividing."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing can be sent until a person acts: a wrong key, a request that is wrong as a whole."""

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
