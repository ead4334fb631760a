"""Files of events as a DataFrame: every input that `run` reads, a file for each task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from ..runtime.inputs.event_source import open_events
from ..runtime.inputs.locations import locate

FIRST_OF_FILE = 1 << 40
"""The most lines of a file, so that one number identifies file and line of an event."""
_ROWS = pa.schema([("file", pa.string()), ("line", pa.int64()), ("event_number", pa.int64()), ("event", pa.binary())])


def read_events(session: SparkSession, name: str) -> DataFrame:
    """The events of a file, a folder, a glob or a URL, in every format that `rulewright run` reads.

    Columns: `file`; `line`, the line of JSON lines, or else the number of the event in its file; `event_number`, the
    index of the file times 2**40, plus the line; and `event`, the JSON text. One task reads a file, on a node where it
    must have the same path or URL. Raises InputRefused if there is nothing to read.
    """
    names = file_names(name)
    schema = "file string, line long, event_number long, event binary"
    return session.range(0, len(names), 1, len(names)).mapInArrow(EventFiles(tuple(names)), schema)


def file_names(name: str) -> list[str]:
    """The files of a name, in the order of their paths. Raises InputRefused if there are none."""
    return [location.name for location in locate(name)]


def place_of(number: int, names: list[str]) -> str:
    """The line of an event, by its `event_number`, and its file if there are several."""
    file, line = divmod(number, FIRST_OF_FILE)
    where = f" of `{names[file]}`" if len(names) > 1 else ""
    return f"line {line:,}{where}"


@dataclass(frozen=True, slots=True)
class EventFiles:
    """Reads the files whose numbers a task is given; it is pickled for executors."""

    names: tuple[str, ...]

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The events of each file."""
        for batch in batches:
            for at in batch.column("id").to_pylist():
                yield from _events_of(at, self.names[at])


def _events_of(at: int, name: str) -> Iterator[Any]:
    (location,) = locate(name)
    line = 0
    with open_events(location, any_text=True) as source:
        for piece in source.pieces():
            numbered = [(line + before, text) for before, text in enumerate(piece.events, 1) if text.strip()]
            line += len(piece.events)
            if numbered:
                lines = [number for number, _ in numbered]
                columns = [
                    pa.array([name] * len(lines), pa.string()),
                    pa.array(lines, pa.int64()),
                    pa.array([at * FIRST_OF_FILE + number for number in lines], pa.int64()),
                    pa.array([text for _, text in numbered], pa.binary()),
                ]
                yield pa.RecordBatch.from_arrays(columns, schema=_ROWS)
