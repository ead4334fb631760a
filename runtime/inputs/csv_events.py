"""Events of a CSV file, a row at a time."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from .columns import TableRows
from .compression import Peekable, blocks_of
from .line_splitter import LINE_LIMIT, LineSplitter, size_of
from .problem import InputRefused
from .recognition import delimiter_of

_FREE = re.compile(r"(properties|traits|integrations|context\.traits)\.")
"""Columns whose values have a type of their own; all others of an event are text."""
_OBJECT = re.compile(r"(properties|traits|context|integrations)(\.|$)")
_decode = msgspec.json.Decoder().decode


class CsvEvents:
    """Rows of a CSV file as events, with the offset behind each."""

    def __init__(self, stream: Peekable) -> None:
        """Reads the header and the first row. Raises InputRefused."""
        self.offset = 0
        delimiter = delimiter_of(stream.ahead.removeprefix(codecs.BOM_UTF8).lstrip()) or ","
        csv.field_size_limit(LINE_LIMIT)
        self._rows = csv.reader(self._lines(stream), delimiter=delimiter)
        self._number = 0
        self._header = self._row() or []
        self._first = self._row()
        self._after_first = self.offset
        self.rows = TableRows(self._header, self._first or [])

    def events(self) -> Iterator[tuple[bytes, int]]:
        """The JSON text of each row, with the offset behind it. Raises InputRefused for a row that cannot be read."""
        row, offset = self._first, self._after_first
        while row is not None:
            yield self._event(row), offset
            row, offset = self._row(), self.offset

    def _event(self, row: list[str]) -> bytes:
        if not row:
            return b""
        if len(row) != len(self._header):
            cause = f"row {self._number:,} has {len(row):,} cells, and the header has {len(self._header):,}"
            raise InputRefused(cause, "put cells that hold the separator or a line break into double quotes")
        if self.rows.json is not None:
            return self.rows.event(row)
        return self.rows.event(map(_value, self._header, row))

    def _row(self) -> list[str] | None:
        try:
            row = next(self._rows, None)
        except csv.Error as error:
            raise InputRefused(f"row {self._number + 1:,} cannot be read: {error}", "close its double quotes") from None
        self._number += row is not None
        return row

    def _lines(self, stream: Peekable) -> Iterator[str]:
        splitter = LineSplitter()
        for block in blocks_of(stream):
            for line in splitter.feed(block):
                yield self._text(line, 1)
        if splitter.pending:
            yield self._text(splitter.take(), 0)

    def _text(self, line: bytes, line_break: int) -> str:
        content = line.removeprefix(codecs.BOM_UTF8) if not self.offset else line
        self.offset += size_of(line) + line_break
        try:
            return content.decode() + "\n" * line_break
        except UnicodeDecodeError:
            cause = f"row {self._number + 1:,} is not UTF-8 text"
            raise InputRefused(cause, "convert it: `iconv -f WINDOWS-1252 -t UTF-8`") from None


def _value(column: str, cell: str) -> Any:
    """The value of a cell: JSON where the column may hold any type, else text; None for an empty cell."""
    if not cell:
        return None
    typed = _FREE.match(column) or (_OBJECT.match(column) and cell.startswith(("{", "[")))
    if not typed or not (cell[0] in '{["-' or cell[0].isdecimal() or cell in ("true", "false", "null")):
        return cell
    try:
        return _decode(cell)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return cell
