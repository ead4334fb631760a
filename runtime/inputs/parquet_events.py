"""Events of a Parquet file, a group of rows at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, BinaryIO

from .columns import TableRows
from .problem import InputRefused

ROWS_AT_ONCE = 1_000


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
        self._damage = (ArrowException, OSError)
        try:
            self._file = ParquetFile(file)
            names = self._file.schema_arrow.names
            first = next(self._file.iter_batches(1), None)
        except self._damage as error:
            raise _damaged(error) from None
        cells = [] if first is None or not first.num_rows else list(first.to_pylist()[0].values())
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
            for row in batch.to_pylist():
                number += 1
                cells = row.values()
                yield self.rows.event(cells if self.rows.json is not None else map(_value, cells)), number


def _damaged(error: Exception) -> InputRefused:
    return InputRefused(f"the Parquet file is damaged ({str(error).splitlines()[0]})", "copy the file again")


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
