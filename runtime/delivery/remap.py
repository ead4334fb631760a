"""Maps dead letters again with corrected rules: each becomes requests, or stays with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..mapping.lines import MapsLines
from ..mapping.selected_mappings import selected
from ..outcome import Outcome
from .adapter import Adapter
from .clock import Clock, SystemClock
from .input.ingest import Ingest
from .store.former_letters import Remapped
from .store.lease import Lease
from .store.queue import Queue
from .store.queue_status import DeadLetter, dead_letters, opened_to_read
from .store.transaction import Transaction

CHUNK_LETTERS = 500
CHUNK_BYTES = 4_000_000
"""Dead letters that are mapped in one transaction, at most."""


class RemapChange(NamedTuple):
    """What became of dead letters with the same code, reason and mapping."""

    code: str
    reason: str
    mapping: str | None
    result: str
    """`pending`, `failed`, `unmatched`, `dropped`, `opted_out`, `no_mapping` or `incomplete`."""
    now: str | None
    """The reasons of its new dead letters; None if there are none, or if it fails for the same reason as before."""


@dataclass(slots=True)
class Remapping:
    """The result of mapping dead letters again."""

    changes: Counter[RemapChange] = field(default_factory=Counter)
    parts: int = 0
    """Parts that are pending now."""


def remap(
    path: Path,
    mapper: MapsLines,
    adapter: Adapter,
    names: Collection[str],
    code: str | None,
    clock: Clock | None = None,
) -> Remapping:
    """Map the events of dead letters again, and put their requests into the queue, behind all that is pending.

    `names` are the names of the mapper's mappings; `code` selects the dead letters with one code. A dead letter of a
    mapping is mapped only by the mapping of that name, because the others have sent the event. A letter that no mapping
    takes now stays, and so does one that was refused by the destination, which has no event to map. Raises QueueInUse
    while a sender works, and QueueProblem.
    """
    clock = clock or SystemClock()
    opened_to_read(path).close()
    remapping = Remapping()
    with Lease(path), closing(Queue(path, adapter.name)) as queue:
        again = _Again(mapper, adapter, names, queue)
        for letters in _chunks(letter for letter in dead_letters(path, code) if letter.route is None):
            change = Transaction()
            remapping.changes.update(again.map(letter, change) for letter in letters)
            if change:
                queue.apply(change, clock.wall())
            remapping.parts += len(change.parts)
    return remapping


def _chunks(letters: Iterator[DeadLetter]) -> Iterator[list[DeadLetter]]:
    chunk: list[DeadLetter] = []
    size = 0
    for letter in letters:
        chunk.append(letter)
        size += len(letter.body)
        if len(chunk) == CHUNK_LETTERS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class _Again:
    def __init__(self, mapper: MapsLines, adapter: Adapter, names: Collection[str], queue: Queue) -> None:
        self._mapper = mapper
        self._adapter = adapter
        self._names = names
        self._queue = queue
        self._ingests: dict[str | None, Ingest] = {}

    def map(self, letter: DeadLetter, change: Transaction) -> RemapChange:
        """Add what the letter becomes, or nothing if it stays as it is."""
        before = letter.code, letter.reason, letter.mapping
        if letter.code == "line_too_long":
            return RemapChange(*before, "incomplete", None)
        if letter.mapping is not None and letter.mapping not in self._names:
            return RemapChange(*before, "no_mapping", None)
        parts, unsent = len(change.parts), len(change.unsent)
        transaction = Transaction()
        self._ingest(letter.mapping).admit_one(letter.body, transaction, self._queue.next_seq + parts)
        if not transaction.parts and not transaction.unsent:
            result = "opted_out" if transaction.opted_out else "dropped" if transaction.dropped else "unmatched"
            return RemapChange(*before, result, None)
        reasons = [(*failure.reason, failure.mapping) for failure in transaction.unsent]
        if not transaction.parts and reasons == [before]:
            return RemapChange(*before, "failed", None)
        change.parts += transaction.parts
        change.unsent += transaction.unsent
        change.repairs += transaction.repairs
        change.remapped.append(Remapped(letter.seq, parts, len(transaction.parts), unsent, len(transaction.unsent)))
        now = "; ".join(failure.reason.message for failure in transaction.unsent) or None
        return RemapChange(*before, "pending" if transaction.parts else "failed", now)

    def _ingest(self, mapping: str | None) -> Ingest:
        if mapping not in self._ingests:
            names = frozenset[str]() if mapping is None else frozenset({mapping})
            mapper = _TextMapper(selected(self._mapper, names))
            self._ingests[mapping] = Ingest(mapper, self._adapter, self._queue.name)
        return self._ingests[mapping]


class _TextMapper:
    """What intake asks of a mapper, for events that are text."""

    def __init__(self, mapper: MapsLines) -> None:
        self.map_bytes = mapper.map_bytes

    def __call__(self, event: object) -> Outcome:
        raise TypeError("a dead letter is kept as text")
