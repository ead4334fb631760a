"""On an executor: splits requests into parts, each with its ordering key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec
import pyarrow as pa

from ..runtime.delivery.adapter import Adapter, Part, Route
from ..runtime.outcome import Request
from .outcome_rows import ID_BYTES

PARTS = pa.schema(
    [
        ("order", pa.string()),
        ("time", pa.int64()),
        ("position", pa.int64()),
        ("place", pa.int32()),
        ("key", pa.binary()),
        ("route", pa.string()),
        ("body", pa.binary()),
    ]
)
_PLACE_BITS = 16
"""Of a place, which count the parts of one request; the rest is the number of the request."""


@dataclass(frozen=True, slots=True)
class PartRows:
    """Splits requests into parts as `send` does; it is pickled for executors."""

    adapter: Adapter

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The parts of each batch."""
        for batch in batches:
            rows = [part for row in batch.to_pylist() for part in self._parts(row)]
            if rows:
                columns = zip(zip(*rows, strict=True), PARTS.types, strict=True)
                arrays = [pa.array(list(column), type_) for column, type_ in columns]
                yield pa.RecordBatch.from_arrays(arrays, schema=PARTS)

    def _parts(self, row: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        event_id, number = row["event_id"], row["request_number"]
        # An insert ID that the rules did not give is the same in every attempt and every run.
        for index, part in enumerate(self.adapter.parts(_request(row), f"{event_id.hex()}-{number}")):
            place = (number << _PLACE_BITS) + index
            key = blake2b(event_id + place.to_bytes(8, "big"), digest_size=ID_BYTES).digest()
            order = part.order.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            yield order, row["time"], row["position"], place, key, msgspec.json.encode(part.route), part.body


def _request(row: dict[str, Any]) -> Request:
    form, json, headers = row["form"], row["json"], row["headers"]
    return Request(
        row["mapping"],
        row["action"],
        row["method"],
        row["url"],
        None if json is None else msgspec.json.decode(json),
        None if form is None else msgspec.json.decode(form),
        None if json is None else json.encode(),
        None if headers is None else msgspec.json.decode(headers),
        row["order"],
    )


def part_of(row: dict[str, Any], routes: dict[str, Route]) -> Part:
    """The part of a row; `routes` caches decoded routes."""
    text = row["route"]
    route = routes.get(text)
    if route is None:
        route = routes[text] = msgspec.json.decode(text, type=Route)
    return Part(route, row["order"], row["body"])
