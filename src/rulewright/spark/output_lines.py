"""Outcomes as JSON lines: a request is the line that `rulewright run` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as pa

from ..runtime.encoding import json_bytes
from ..runtime.mapping.event_text import read_event
from .outcome_rows import ACCOUNT, REQUEST

SCHEMA = "kind string, text string"


@dataclass(frozen=True, slots=True)
class OutputLines:
    """Writes the lines of one task; it is pickled for executors."""

    several_files: bool
    """Each line says which file its event is in."""

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The kind and the text of each line."""
        for batch in batches:
            rows = batch.to_pylist()
            texts = [self._line(row) for row in rows]
            columns = [batch.column("kind"), pa.array(texts, pa.string())]
            yield pa.RecordBatch.from_arrays(columns, names=["kind", "text"])

    def _line(self, row: dict[str, Any]) -> bytes:
        if row["kind"] == ACCOUNT:
            return bytes(row["message"].encode())
        place = {"file": row["file"], "line": row["line"]} if self.several_files else {"line": row["line"]}
        return _joined(place, _request(row) if row["kind"] == REQUEST else _failure(row))


def _request(row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: row[name] for name in ("mapping", "action", "method", "url")}
    for name in ("headers", "json", "form"):
        if row[name] is not None:
            fields[name] = _Json(row[name].encode())
    return fields


def _failure(row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: row[name] for name in ("mapping", "field", "code", "message", "rule")}
    return {**fields, "event": _event(row["event"])}


class _Json(bytes):
    """JSON text that is written as it is."""


def _event(text: bytes) -> Any:
    """The original event if it is JSON in UTF-8, else its text as a string."""
    try:
        text.decode()
        read_event(text)
    except ValueError:
        return text.decode("utf-8", "replace")
    # A document over several lines becomes one line.
    return _Json(msgspec.json.format(text, indent=-1) if b"\n" in text or b"\r" in text else text)


def _joined(*parts: dict[str, Any]) -> bytes:
    """One object of several, without reading the JSON text in them again."""
    pieces = [
        json_bytes(name) + b":" + (value if isinstance(value, _Json) else json_bytes(value))
        for part in parts
        for name, value in part.items()
    ]
    return b"{" + b",".join(pieces) + b"}"
