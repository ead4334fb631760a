"""The ledger of the fake: each event once by its insert ID and device, and each form call, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec


class LedgerEntry(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An event or a form call that was taken."""

    kind: str
    """The endpoint."""
    user_id: str | None = None
    device_id: str | None = None
    insert_id: str | None = None
    event_type: str | None = None
    time: int | None = None
    call: msgspec.Raw | None = None
    """The whole identification or mapping of a form endpoint."""


class FakeLedger:
    """The entries in the order in which they were first taken, and the number of repeated events."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []
        self.duplicates = 0
        self._known: set[tuple[str | None, str]] = set()
        self.by_kind: Counter[str] = Counter()

    def take_event(self, kind: str, event: dict[str, Any]) -> bool:
        """Add an event, unless the device has sent its insert ID before; return whether it was added.

        Source: Amplitude, "HTTP V2 API", event deduplication: by insert_id and device_id, for seven days. A fake does
        not run as long.
        """
        insert_id = event.get("insert_id")
        device = event.get("device_id")
        if insert_id is not None:
            known = (device, insert_id)
            if known in self._known:
                self.duplicates += 1
                return False
            self._known.add(known)
        self.entries.append(
            LedgerEntry(kind, event.get("user_id"), device, insert_id, event.get("event_type"), event.get("time"))
        )
        self.by_kind[kind] += 1
        return True

    def take_call(self, kind: str, call: dict[str, Any]) -> None:
        """Add a call of a form endpoint."""
        raw = msgspec.Raw(msgspec.json.encode(call))
        self.entries.append(LedgerEntry(kind, call.get("user_id"), call.get("device_id"), call=raw))
        self.by_kind[kind] += 1

    def restore(self, lines: Iterable[bytes]) -> None:
        """Add the entries of an earlier fake, from the lines that its `lines` gave."""
        for line in lines:
            entry = msgspec.json.decode(line, type=LedgerEntry)
            self.entries.append(entry)
            self.by_kind[entry.kind] += 1
            if entry.insert_id is not None:
                self._known.add((entry.device_id, entry.insert_id))

    def lines(self) -> Iterator[bytes]:
        """The entries as JSON lines."""
        for entry in self.entries:
            yield msgspec.json.encode(entry) + b"\n"
