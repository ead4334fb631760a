"""The same events in each form that an input may have."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from backports import zstd
from pyarrow import parquet

EVENTS: list[dict[str, Any]] = [
    {
        "type": "track",
        "event": f"Order {number}",
        "userId": f"user-{number % 7}",
        "messageId": f"m-{number:04}",
        "timestamp": "2024-03-01T12:00:00Z",
        "properties": {"total": number, "note": 'a "quoted", [odd] {text} \\'},
    }
    for number in range(40)
]
TEXTS = [json.dumps(event) for event in EVENTS]
LINES = "".join(f"{text}\n" for text in TEXTS).encode()


def parquet_of(columns: dict[str, list[Any]]) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out, row_group_size=16)
    return out.getvalue()


def csv_of(header: list[str], rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([header, *rows])
    return out.getvalue().encode()


_PATHS = ["type", "event", "userId", "messageId", "timestamp", "properties.total", "properties.note"]


def _cells(event: dict[str, Any]) -> list[Any]:
    return [event.get(path) or event["properties"].get(path.partition(".")[2]) or 0 for path in _PATHS]


FORMS: dict[str, bytes] = {
    "lines": LINES,
    "lines with a byte order mark": b"\xef\xbb\xbf" + LINES,
    "array": f"[{','.join(TEXTS)}]".encode(),
    "array, an event a line": "[\n{}\n]\n".format(",\n".join(TEXTS)).encode(),
    "array, pretty": json.dumps(EVENTS, indent=2).encode(),
    "batch": json.dumps({"batch": EVENTS, "sentAt": "2024-03-01T12:00:00Z"}).encode(),
    "batches, one a line": "\n".join(json.dumps({"batch": EVENTS[at : at + 9]}) for at in range(0, 40, 9)).encode(),
    "documents, pretty": "\n".join(json.dumps(event, indent=2) for event in EVENTS).encode(),
    "CSV of JSON": csv_of(["id", "payload"], [[str(number), text] for number, text in enumerate(TEXTS)]),
    "CSV of paths": csv_of(_PATHS, [list(map(str, _cells(event))) for event in EVENTS]),
    "tabs of paths": csv_of(_PATHS, [list(map(str, _cells(event))) for event in EVENTS], "\t"),
    "Parquet of JSON": parquet_of({"id": list(range(40)), "payload": TEXTS}),
    "Parquet of paths": parquet_of(
        {path: [_cells(event)[number] for event in EVENTS] for number, path in enumerate(_PATHS)}
    ),
    "Parquet of structs": parquet_of(
        {name: [event[name] for event in EVENTS] for name in EVENTS[0]},
    ),
}

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
