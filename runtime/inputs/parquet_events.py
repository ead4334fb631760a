"""Events of a Parquet file, a group of rows at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, BinaryIO

from .columns import TableRows
from .problem import InputRefused

ROWS_AT_ONCE = 1_000
_NOT_IN_PYTHON = (ValueError, OverflowError, LookupError)
"""What pyarrow raises for text that is not UTF-8, a date after the year 9999, and an unknown time zone."""


class ParquetEvents:
    """Rows of a Parquet file as events, with the number of rows up to each."""

    def __init__(self, file: BinaryIO) -> None:
        """Reads the schema and the first row. Raises InputRefused."""
        try:
            from pyarrow import ArrowException
            from pyarrow.parquet import ParquetFile
        except ImportError:
            cause = "it is Parquet, which pyarrow reads, and that is not installed"
            raise InputRefused(cause, "install it with `pip install 'rulewright[tables]'`") from None
        self._damage = (ArrowException, OSError, *_NOT_IN_PYTHON)
        try:
            self._file = ParquetFile(file)
            names = self._file.schema_arrow.names
            first = next(self._file.iter_batches(1), None)
        except self._damage as error:
            raise _damaged(error) from None
        cells = [] if first is None or not first.num_rows else list(_rows(first)[0].values())
        self.rows = TableRows(names, cells)

    def events(self) -> Iterator[tuple[bytes, int]]:
        """The JSON text of each row, with its number. Raises InputRefused for data that is damaged."""
        number = 0
        batches = self._file.iter_batches(ROWS_AT_ONCE)
        while True:
            try:
                batch = next(batches, None)
            except self._damage as error:
                raise _damaged(error) from None
            if batch is None:
                return
            for row in _rows(batch):
                number += 1
                cells = row.values()
                yield self.rows.event(cells if self.rows.json is not None else map(_value, cells)), number


def _rows(batch: Any) -> list[dict[str, Any]]:
    """The rows of a pyarrow.RecordBatch. Raises InputRefused with the column of a value that Python cannot hold."""
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except _NOT_IN_PYTHON as error:
        names = [name for name, column in zip(batch.schema.names, batch.columns, strict=True) if not _is_read(column)]
        cause = f"column `{', '.join(names)}` has a value that cannot be read ({_first_line(error)})"
        raise InputRefused(cause, "write the column as strings") from None
    return rows


def _is_read(column: Any) -> bool:
    try:
        column.to_pylist()
    except _NOT_IN_PYTHON:
        return False
    return True


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _damaged(error: Exception) -> InputRefused:
    return InputRefused(f"the Parquet file is damaged ({_first_line(error)})", "copy the file again")


def _value(cell: Any) -> Any:
    """A cell as a JSON value. A column does not distinguish null from missing, so a null is left out."""
    if isinstance(cell, dict):
        return {name: _value(inner) for name, inner in cell.items() if inner is not None}
    if isinstance(cell, list):
        if cell and all(isinstance(item, tuple) and len(item) == 2 for item in cell):
            return {str(name): _value(inner) for name, inner in cell}
        return [_value(item) for item in cell]
    if isinstance(cell, datetime.datetime):
        return cell.isoformat() if cell.tzinfo else f"{cell.isoformat()}Z"
    return cell
