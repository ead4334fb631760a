"""Opens an input: decompresses it, recognizes its format, and gives its events with positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from ..counted import counted
from .compression import Peekable, blocks_of, decompressed
from .csv_events import CsvEvents
from .json_values import JsonValues
from .line_splitter import LineSplitter, size_of_all
from .locations import Location
from .parquet_events import ParquetEvents
from .problem import InputRefused
from .recognition import Format, recognize

ROWS_AT_ONCE = 500
HEAD_BYTES = 1_024
"""Bytes of a file by which it is known again."""


class Piece(NamedTuple):
    """Events that were read together: their JSON texts, and the offset behind the last of them.

    An empty text is a blank line, which counts as a line and not as an event. The offset is in decompressed bytes; of
    a Parquet file, in rows.
    """

    events: list[bytes]
    offset: int


@dataclass(slots=True)
class EventSource:
    """An open input, recognized."""

    location: Location
    format: Format
    compressions: list[str]
    _pieces: Iterator[Piece] = field(repr=False)
    detail: str = ""
    head: bytes = b""
    """The first bytes of a file, decompressed; empty for other inputs."""

    @property
    def description(self) -> str:
        """The format for a person: `JSON lines, compressed with gzip`."""
        detail = f", {self.detail}" if self.detail else ""
        return f"{self.format.value}{detail}" + "".join(f", compressed with {name}" for name in self.compressions)

    @property
    def is_plain(self) -> bool:
        """Whether the input is uncompressed JSON lines, which can be read from any offset."""
        return not self.compressions and self.format in (Format.LINES, Format.EMPTY, Format.TEXT)

    @property
    def unit(self) -> str:
        """The noun for what the number of an event counts, such as `line`."""
        return "line" if self.format in (Format.LINES, Format.EMPTY, Format.TEXT) else "event"

    def pieces(self) -> Iterator[Piece]:
        """The events; they can be read once. Raises InputRefused, with the name of the input, for damaged data."""
        try:
            yield from self._pieces
        except InputRefused as refused:
            raise _named(refused, self.location) from None

    def lines(self) -> Iterator[bytes]:
        """The events one by one."""
        for piece in self.pieces():
            yield from piece.events


@contextmanager
def open_events(location: Location, *, any_text: bool = False) -> Iterator[EventSource]:
    """An input whose format is recognized, while its file is open.

    With `any_text`, text without any JSON is read as lines too, none of them an event. Raises InputRefused.
    """
    try:
        with location.open() as file:
            stream, compressions = decompressed(file)
            head = stream.peek(HEAD_BYTES) if location.path is not None and location.path.is_file() else b""
            format_ = recognize(stream, any_text=any_text)
            if format_ is Format.TEXT and not any_text:
                raise _not_events(stream)
            with stream.read_in_thread() if compressions else nullcontext():
                source = _source(location, format_, compressions, stream, file)
                source.head = head
                yield source
    except InputRefused as refused:
        raise _named(refused, location) from None


def _source(
    location: Location, format_: Format, compressions: list[str], stream: Peekable, file: BinaryIO
) -> EventSource:
    match format_:
        case Format.ARRAY | Format.VALUES | Format.BATCH:
            return EventSource(location, format_, compressions, _values(stream))
        case Format.CSV:
            table = CsvEvents(stream)
            return EventSource(location, format_, compressions, _grouped(table.events()), table.rows.description)
        case Format.PARQUET:
            if compressions or not file.seekable():
                cause = "Parquet is read from a file, which it is not"
                raise InputRefused(cause, "write it to a file, and name that")
            file.seek(0)
            rows = ParquetEvents(file)
            return EventSource(location, format_, compressions, _grouped(rows.events()), rows.rows.description)
        case _:
            return EventSource(location, format_, compressions, _lines(stream))


def _lines(stream: Peekable) -> Iterator[Piece]:
    splitter, offset = LineSplitter(), 0
    for block in blocks_of(stream):
        lines = splitter.feed(block)
        offset += size_of_all(lines) + len(lines)
        if lines:
            yield Piece(lines, offset)
    if splitter.pending:
        offset += splitter.pending
        yield Piece([splitter.take()], offset)


def _values(stream: Peekable) -> Iterator[Piece]:
    values = JsonValues()
    for block in blocks_of(stream):
        events = values.feed(block)
        if events:
            yield Piece(events, values.offset)
    if events := values.finish():
        yield Piece(events, values.offset)


def _grouped(rows: Iterable[tuple[bytes, int]]) -> Iterator[Piece]:
    events: list[bytes] = []
    end = 0
    try:
        for event, end in rows:
            events.append(event)
            if len(events) == ROWS_AT_ONCE:
                yield Piece(events, end)
                events = []
    except InputRefused:
        # The events before the damage are yielded first.
        if events:
            yield Piece(events, end)
        raise
    if events:
        yield Piece(events, end)


def _not_events(stream: Peekable) -> InputRefused:
    first = stream.ahead.lstrip()[:60].partition(b"\n")[0].decode("utf-8", "replace")
    return InputRefused(
        f"no line of it is a JSON object; it begins with `{first}`",
        "write one JSON event a line, a JSON array, or a table with a column for each path",
    )


def _named(refused: InputRefused, location: Location) -> InputRefused:
    """The same with the name of the input, once."""
    if refused.cause.startswith("`") and location.name in refused.cause:
        return refused
    return InputRefused(f"`{location.name}` cannot be read: {refused.cause}", refused.help)


def nth_event(name: str, locations: Sequence[Location], number: int | None, option: str) -> bytes:
    """The event with this number; without a number, the only event. Messages name the `option` that gives a number.

    Numbers count from 1, blank lines too, and continue from one location to the next. The text need not be an event.
    Raises InputRefused if there is no such event or, without a number, more than one.
    """
    count, events, first_text = 0, 0, b""
    units = set()
    for location in locations:
        with open_events(location, any_text=True) as source:
            units.add(source.unit)
            for text in source.lines():
                count += 1
                if count == number:
                    return text
                if text and not text.isspace():
                    events += 1
                    first_text = first_text or text
    if number is not None:
        unit = units.pop() if len(units) == 1 else "event"
        raise InputRefused(f"`{name}` has {counted(count, unit)}, and none of number {number:,}")
    if events > 1:
        raise InputRefused(f"`{name}` holds {events:,} events: say which one with {option}")
    if not events:
        raise InputRefused(f"`{name}` holds no event")
    return first_text
