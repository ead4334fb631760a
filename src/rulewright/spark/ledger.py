"""The ledger of settled parts, in a folder or a bucket: a later job with it does not deliver them again."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet

VERSION = 1
DESCRIPTION = "_ledger.json"
"""Spark passes over names that begin in this way when it reads the entries."""
DELIVERED, DEAD = "delivered", "dead"
ENTRIES = pa.schema(
    [
        ("key", pa.binary()),
        ("state", pa.string()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("endpoint", pa.string()),
        ("body", pa.binary()),
    ]
)
"""Of a dead letter, the body is what was to be sent."""


class LedgerProblem(ValueError):
    """A ledger cannot be used; the text says why and what to do."""


class SettledPart(NamedTuple):
    """One part that is settled."""

    key: bytes
    state: str
    code: str | None = None
    reason: str | None = None
    endpoint: str | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class DeliveryLedger:
    """Entries in Parquet files, in a folder for each partition of the delivery; several processes may add files."""

    uri: str

    @classmethod
    def at(cls, place: str | Path) -> DeliveryLedger:
        """The ledger of a folder or a URL. Raises LedgerProblem for a URL that pyarrow does not know."""
        text = str(place)
        ledger = cls(text if "://" in text else str(Path(text).absolute()))
        ledger._open()
        return ledger

    def agree(self, destination: str, partitions: int | None, usual: int) -> int:
        """The number of partitions of the ledger: the given or usual one for a new ledger, else the one that it has.

        Raises LedgerProblem for a ledger of another version or destination, or if another number is given.
        """
        system, root = self._open()
        path = f"{root}/{DESCRIPTION}"
        if system.get_file_info(path).type == pa.fs.FileType.NotFound:
            number = partitions or usual
            system.create_dir(root, recursive=True)
            described = {"version": VERSION, "destination": destination, "partitions": number}
            with system.open_output_stream(path) as file:
                file.write(json.dumps(described).encode())
            return number
        with system.open_input_stream(path) as file:
            written = json.loads(file.read())
        if written["version"] != VERSION:
            raise LedgerProblem(f"the ledger `{self.uri}` has version {written['version']}, and this program {VERSION}")
        if written["destination"] != destination:
            cause = f"the ledger `{self.uri}` is for `{written['destination']}`, not for `{destination}`"
            raise LedgerProblem(f"{cause}; name another folder")
        number = int(written["partitions"])
        if partitions not in (None, number):
            raise LedgerProblem(f"the ledger `{self.uri}` was made for {number:,} partitions; leave the number out")
        return number

    def settled(self, partition: int) -> Counter[bytes]:
        """How often each key of a partition is settled."""
        system, root = self._open()
        selector = pa.fs.FileSelector(f"{root}/{_folder(partition)}", allow_not_found=True)
        counts: Counter[bytes] = Counter()
        for file in system.get_file_info(selector):
            if not file.base_name.startswith(("_", ".")):
                keys = pa.parquet.read_table(file.path, columns=["key"], filesystem=system).column("key")
                counts.update(keys.to_pylist())
        return counts

    def add(self, partition: int, entries: Sequence[SettledPart]) -> None:
        """Adds entries as one file, atomically."""
        system, root = self._open()
        folder = f"{root}/{_folder(partition)}"
        system.create_dir(folder, recursive=True)
        name = f"{uuid.uuid4().hex}.parquet"
        table = pa.Table.from_pylist([entry._asdict() for entry in entries], ENTRIES)
        pa.parquet.write_table(table, f"{folder}/_{name}", filesystem=system)
        system.move(f"{folder}/_{name}", f"{folder}/{name}")

    def _open(self) -> tuple[Any, str]:
        try:
            system, path = pa.fs.FileSystem.from_uri(self.uri)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as problem:
            raise LedgerProblem(f"`{self.uri}` is not a place for a ledger: {problem}") from None
        return system, path.rstrip("/")


def _folder(partition: int) -> str:
    return f"partition={partition:05}"
