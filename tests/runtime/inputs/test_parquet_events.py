"""Columns of Parquet become values of events, and a value that Python cannot hold is refused with its column."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from rulewright.runtime.inputs.parquet_events import ParquetEvents
from rulewright.runtime.inputs.problem import InputRefused


def values(column: pa.Array) -> list[Any]:
    """What events have at `properties.x`."""
    out = io.BytesIO()
    parquet.write_table(pa.table({"type": ["track"] * len(column), "properties.x": column}), out)
    events = ParquetEvents(io.BytesIO(out.getvalue())).events()
    return [json.loads(event)["properties"]["x"] for event, _ in events]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([1.5], pa.float16()), 1.5),
        (pa.array([Decimal("1.50")]), 1.5),
        (pa.array([2**64 - 1], pa.uint64()), 2**64 - 1),
        (pa.array(["a"]).dictionary_encode(), "a"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), {"a": 1}),
        (pa.array([[{"a": 1}, None]]), [{"a": 1}, None]),
        (pa.array([19_844], pa.date32()), "2024-05-01"),
        (pa.array([1_714_566_896_789], pa.timestamp("ms")), "2024-05-01T12:34:56.789000Z"),
        (pa.array([1_714_566_896], pa.timestamp("s", tz="Europe/Paris")), "2024-05-01T14:34:56+02:00"),
    ],
    ids=lambda part: str(part.type) if isinstance(part, pa.Array) else "",
)
def test_a_column_gives_its_values(column: pa.Array, expected: Any) -> None:
    assert values(column) == [expected]


TEXT = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff"))


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2**31 - 1], pa.date32()),
        pa.array([10**13], pa.timestamp("s")),
        pa.array([1], pa.timestamp("ns")),
        pa.array([1], pa.timestamp("us", tz="Mars/Olympus")),
        pa.array([2**62], pa.duration("s")),
        pa.array([{"day": 2**31 - 1}], pa.struct([("day", pa.date32())])),
        pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]),
        TEXT,
    ],
    ids=lambda column: str(column.type),
)
def test_a_value_that_python_cannot_hold_is_refused_with_its_column(column: pa.Array) -> None:
    with pytest.raises(InputRefused, match=r"^column `properties\.x` has a value that cannot be read \(.+\); write"):
        values(column)


def test_a_name_that_is_not_utf_8_is_damage() -> None:
    out = io.BytesIO()
    parquet.write_table(pa.table({"type": ["track"], "event": ["Order"]}), out, store_schema=False)
    with pytest.raises(InputRefused, match="the Parquet file is damaged"):
        ParquetEvents(io.BytesIO(out.getvalue().replace(b"event", b"even\xe1")))


def test_such_a_value_behind_others_is_refused_when_it_is_reached() -> None:
    column = pa.array([1] * 2_000 + [10**13], pa.timestamp("s"))
    out = io.BytesIO()
    parquet.write_table(pa.table({"type": ["track"] * len(column), "timestamp": column}), out)
    events = ParquetEvents(io.BytesIO(out.getvalue())).events()
    assert [number for _, (_, number) in zip(range(1_000), events, strict=False)] == list(range(1, 1_001))
    with pytest.raises(InputRefused, match="column `timestamp`"):
        list(events)
