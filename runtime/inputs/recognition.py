"""Recognizes the format of an input by its content, because a name says little and is often wrong."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from enum import Enum

from ..mapping.event_text import read_event
from .compression import Peekable
from .json_values import is_batch
from .problem import InputRefused

HEAD_BYTES = 1 << 16
"""How much of an input is looked at, unless its first line is longer."""
MOST_LINES = 1_000
_ROOTS = frozenset(
    "type event userId anonymousId messageId timestamp originalTimestamp sentAt receivedAt name groupId previousId"
    " properties traits context integrations category channel version".split()
)
"""Keys of Segment's events, which the columns of a table begin with."""
_DELIMITERS = ",\t;|"
_ONE_A_LINE = "write one JSON event a line, in UTF-8"


class Format(Enum):
    """The format of events; the value is shown to a person."""

    LINES = "JSON lines"
    VALUES = "JSON documents"
    ARRAY = "a JSON array"
    BATCH = "a batch of Segment's API"
    CSV = "CSV"
    PARQUET = "Parquet"
    EMPTY = "an empty file"
    TEXT = "text that is not JSON"
    """Every line of it is not an event."""


_MAGIC = (
    (b"\xff\xfe\x00\x00", "UTF-32 text", "convert it: `iconv -f UTF-32 -t UTF-8`"),
    (b"\x00\x00\xfe\xff", "UTF-32 text", "convert it: `iconv -f UTF-32 -t UTF-8`"),
    (BOM_UTF16_LE, "UTF-16 text", "convert it: `iconv -f UTF-16 -t UTF-8`"),
    (BOM_UTF16_BE, "UTF-16 text", "convert it: `iconv -f UTF-16 -t UTF-8`"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it: `unzip -p FILE | rulewright … -`"),
    (b"Obj\x01", "Avro", _ONE_A_LINE),
    (b"ORC", "ORC", _ONE_A_LINE),
    (b"SQLite format 3\x00", "an SQLite database", _ONE_A_LINE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it: `7z x -so FILE | rulewright … -`"),
    (b"\x04\x22\x4d\x18", "compressed with lz4", "decompress it: `lz4 -dc FILE | rulewright … -`"),
    (b"\xff\x06\x00\x00sNaPpY", "compressed with snappy", "decompress it, or compress it with gzip"),
    (b"%PDF", "a PDF document", _ONE_A_LINE),
)


def recognize(stream: Peekable, *, any_text: bool = False) -> Format:
    """The format of a stream, found without consuming it. Raises InputRefused for a format that cannot be read.

    With `any_text`, lines of any text are a format, and only the first line is waited for if it is not JSON.
    """
    stream.peek(1)
    head = stream.ahead
    while True:
        if head.startswith(b"PAR1"):
            return Format.PARQUET
        _refuse_other(head)
        recognized = _by_text(head, ended=stream.ended or (any_text and _is_lines(head)))
        if recognized is not None:
            return recognized
        stream.more()
        head = stream.ahead


def _by_text(head: bytes, *, ended: bool) -> Format | None:
    """The format of text, or None where more of it must be seen."""
    text = head.removeprefix(BOM_UTF8).lstrip()
    first, line_break, _ = text.partition(b"\n")
    if line_break or ended:
        if not text:
            return Format.EMPTY
        if _is_object(first):
            return Format.BATCH if is_batch(first) else Format.LINES
    if not ended and (len(head) < HEAD_BYTES or (not line_break and len(head) < 16 * HEAD_BYTES)):
        return None
    if any(map(_is_object, _event_lines(text, ended=ended))):
        return Format.LINES
    if text.startswith(b"["):
        return Format.ARRAY
    if text.startswith(b"{"):
        if b'"batch"' in text[:200]:
            return Format.BATCH
        # Without a line break: a long line, or half an event, to which a program may be about to write the rest.
        return Format.VALUES if line_break else Format.LINES
    return Format.CSV if _is_table(text) else Format.TEXT


def _is_lines(head: bytes) -> bool:
    """Whether the first line is whole, and neither JSON nor the header of a table."""
    first, line_break, _ = head.lstrip().partition(b"\n")
    return bool(line_break) and not first.startswith((b"{", b"[")) and delimiter_of(first) is None


def _event_lines(text: bytes, *, ended: bool) -> Iterator[bytes]:
    """The lines that begin as an event, but for items of an array or object that began before them."""
    lines = text.split(b"\n", MOST_LINES)
    before = b""
    for line in lines if ended else lines[:-1]:
        if line.startswith(b"{") and not before.endswith((b"[", b",", b":")):
            yield line
        before = line.rstrip() or before


def _is_object(line: bytes) -> bool:
    try:
        read_event(line)
    except ValueError:
        return False
    return True


def _is_table(text: bytes) -> bool:
    """Whether text begins as a table whose columns are paths of an event, or that has a column of JSON."""
    delimiter = delimiter_of(text)
    if delimiter is None:
        return False
    rows = csv.reader(text.decode("utf-8", "replace").splitlines(), delimiter=delimiter)
    try:
        header = next(rows)
        first = next(rows, [])
    except csv.Error:
        return False
    return any(is_path(name) for name in header) or any(cell.lstrip().startswith("{") for cell in first)


def is_path(column: str) -> bool:
    """Whether the name of a column is a path of an event, such as `context.device.id`."""
    return column.strip().partition(".")[0] in _ROOTS


def delimiter_of(text: bytes) -> str | None:
    """The delimiter of a table, by its first line: a comma for one column that is a path; None if it is not a table."""
    header = text.partition(b"\n")[0].decode("utf-8", "replace")
    delimiter = max(_DELIMITERS, key=header.count)
    if header.count(delimiter):
        return delimiter
    return "," if is_path(header.strip().strip('"')) else None


def _refuse_other(head: bytes) -> None:
    for magic, description, help_ in _MAGIC:
        if head.startswith(magic):
            raise InputRefused(f"it is {description}, and events are JSON in UTF-8", help_)
    if head[257:262] == b"ustar":
        raise InputRefused("it is a tar archive", "unpack it: `tar -xOf FILE | rulewright … -`")
    if b"\0" in head[:1024]:
        if (head[:1] == b"\0") != (head[1:2] == b"\0"):
            description = "it is UTF-16 text, and events are JSON in UTF-8"
            raise InputRefused(description, "convert it: `iconv -f UTF-16 -t UTF-8`")
        raise InputRefused("it is a binary file", _ONE_A_LINE)
