"""One transaction of a queue: what is written, and how the totals change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..adapter import Part
from ..disposition import Reason
from .former_letters import Remapped
from .receipts import Receipt


class InputPosition(NamedTuple):
    """How far an input was read: every line before `offset` is accepted, dead, or matched nothing."""

    name: str
    offset: int
    lines: int
    fingerprint: bytes


class Unsent(NamedTuple):
    """A dead letter that never became a request: the original event, and why."""

    reason: Reason
    mapping: str | None
    event: bytes


@dataclass(slots=True)
class Transaction:
    """Everything that one round of the sender writes, in one transaction."""

    parts: list[Part] = field(default_factory=list)
    unsent: list[Unsent] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    dead: list[tuple[int, Reason]] = field(default_factory=list)
    position: InputPosition | None = None
    events: int = 0
    unmatched: int = 0
    dropped: int = 0
    opted_out: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    """Values that were repaired so that the rest could be sent, by the code of the repair."""
    receipts: list[Receipt] = field(default_factory=list)
    """The result of each event with a message ID, where receipts are kept."""
    repeats: list[tuple[str, str]] = field(default_factory=list)
    """Message IDs, each with its source, that came again; their events are left out."""
    remapped: list[Remapped] = field(default_factory=list)
    """Dead letters that were mapped again, and are parts or other dead letters of this transaction from now on."""
    forgotten: list[int] = field(default_factory=list)
    """Dead letters that a person no longer wants."""

    def __bool__(self) -> bool:
        return bool(
            self.parts
            or self.unsent
            or self.delivered
            or self.dead
            or self.events
            or self.position is not None
            or self.repeats
            or self.remapped
            or self.forgotten
        )


class Totals(NamedTuple):
    """The accounts: `accepted == delivered + dead + pending + forgotten`, after every commit."""

    accepted: int
    delivered: int
    dead: int
    events: int
    unmatched: int
    dropped: int
    repairs: Mapping[str, int] = {}
    """Values that were repaired so that the rest could be sent, by the code of the repair."""
    opted_out: int = 0
    forgotten: int = 0
    """Dead letters that were removed by hand."""

    @property
    def pending(self) -> int:
        """Parts that are accepted, and neither delivered nor dead nor forgotten."""
        return self.accepted - self.delivered - self.dead - self.forgotten
