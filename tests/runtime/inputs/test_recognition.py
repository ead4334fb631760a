"""Each form of an input is recognized by its content, read whole, and said; all else is refused with a way out."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import threading
from pathlib import Path
from typing import ClassVar, cast

import pytest
from backports import zstd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.runtime.inputs.compression import BLOCK_BYTES
from rulewright.runtime.inputs.event_source import EventSource, Piece, open_events
from rulewright.runtime.inputs.locations import Location
from rulewright.runtime.inputs.problem import InputRefused

from .forms import COMPRESSIONS, EVENTS, FORMS, LINES, TEXTS, csv_of


def location(content: bytes) -> Location:
    return Location("events", lambda: io.BytesIO(content))


def read(content: bytes) -> list[bytes]:
    with open_events(location(content)) as source:
        return [event for event in source.lines() if event.strip()]


def refusal(content: bytes) -> str:
    with pytest.raises(InputRefused) as refused:
        read(content)
    return str(refused.value)


PACKED_FOUR_TIMES = LINES
for _ in range(4):
    PACKED_FOUR_TIMES = gzip.compress(PACKED_FOUR_TIMES, mtime=0)  # a time stamp would be in the names of tests


@pytest.mark.parametrize("name", FORMS)
def test_each_form_gives_the_same_events(name: str) -> None:
    assert [json.loads(event.decode("utf-8-sig")) for event in read(FORMS[name])] == EVENTS


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("name", [name for name in FORMS if "Parquet" not in name])
def test_each_form_is_read_in_each_compression(name: str, compression: str) -> None:
    content = COMPRESSIONS[compression](FORMS[name])
    assert len(read(content)) == len(EVENTS)


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (LINES, "JSON lines"),
        (gzip.compress(LINES, mtime=0), "JSON lines, compressed with gzip"),
        (
            gzip.compress(bz2.compress(FORMS["array"]), mtime=0),
            "a JSON array, compressed with gzip, compressed with bzip2",
        ),
        (FORMS["batch"], "a batch of Segment's API"),
        (FORMS["documents, pretty"], "JSON documents"),
        (FORMS["CSV of JSON"], "CSV, events in column `payload`"),
        (FORMS["Parquet of paths"], "Parquet, a column for each path"),
        (b'{"type": "tr', "JSON lines"),
        (b'no event\n{"type": "page"}\n', "JSON lines"),
        (b'{"cut": \n{"type": "page"}\n{"type": "page"}\n', "JSON lines"),
        (b'[1]\n{"type": "page"}\n', "JSON lines"),
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (gzip.compress(b"", mtime=0), "an empty file, compressed with gzip"),
    ],
)
def test_the_format_is_said(content: bytes, description: str) -> None:
    with open_events(location(content)) as source:
        assert source.description == description


@pytest.mark.parametrize(
    ("content", "cause", "help_"),
    [
        (LINES.decode().encode("utf-16"), "UTF-16", "iconv -f UTF-16"),
        (LINES.decode().encode("utf-16-be"), "UTF-16", "iconv -f UTF-16"),
        (LINES.decode().encode("utf-16-le"), "UTF-16", "iconv -f UTF-16"),
        (LINES.decode().encode("utf-32"), "UTF-32", "iconv -f UTF-32"),
        (b"\x7fELF" + bytes(60), "it is a binary file", "write one JSON event a line"),
        (b"PK\x03\x04" + bytes(60), "a zip archive", "unzip -p"),
        (b"a" * 257 + b"ustar" + bytes(250), "a tar archive", "tar -xOf"),
        (gzip.compress(b"a" * 257 + b"ustar" + bytes(250), mtime=0), "a tar archive", "tar -xOf"),
        (b"hello\nworld\n", "no line of it is a JSON object; it begins with `hello`", "write one JSON event a line"),
        (b"id,total\n1,2\n", "no line of it is a JSON object; it begins with `id,total`", "a column for each path"),
        (PACKED_FOUR_TIMES, "more than 3 times", "decompress it first"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(content: bytes, cause: str, help_: str) -> None:
    message = refusal(content)
    assert message.startswith("`events` cannot be read: ")
    assert cause in message
    assert help_ in message


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_compressed_file_that_is_cut_off_gives_what_it_has_and_says_so(compression: str) -> None:
    content = COMPRESSIONS[compression](LINES * 50)
    count = 0
    with pytest.raises(InputRefused) as refused, open_events(location(content[: len(content) // 2])) as source:
        for piece in source.pieces():
            count += len(piece.events)
    assert count < 2_000
    assert "the file again" in str(refused.value)
    assert f"the {compression} data is cut off before its end" in str(refused.value)


@pytest.mark.parametrize("compression", ["gzip", "bzip2", "xz"])  # zstd has no checksum unless asked for one
def test_a_damaged_compressed_file_is_refused(compression: str) -> None:
    content = bytearray(COMPRESSIONS[compression](LINES * 50))
    content[len(content) // 2 : len(content) // 2 + 8] = b"\xff" * 8
    assert f"the {compression} data is " in refusal(bytes(content))


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_compressed_files_one_after_the_other_are_one(compression: str) -> None:
    compress = COMPRESSIONS[compression]
    assert len(read(compress(LINES) + compress(LINES[:-1]) + compress(b""))) == 80


def test_zeros_pad_gzip_and_other_bytes_behind_it_are_damage() -> None:
    assert len(read(gzip.compress(LINES) + bytes(600_000))) == 40
    assert "the gzip data is damaged" in refusal(gzip.compress(LINES) + b"garbage")


@pytest.mark.parametrize("packed", [gzip.compress, zstd.compress])
def test_what_a_bomb_unpacks_to_is_read_in_bounded_blocks(packed: object) -> None:
    compress = packed
    assert callable(compress)
    content = cast(bytes, compress(b'{"a":"' + b"x" * 66_000_000 + b'"}\n' + LINES))
    with open_events(location(content)) as source:
        sizes = [max(map(len, piece.events)) for piece in source.pieces()]
    assert max(sizes) <= 1_000_000  # the beginning of the line, which is a dead letter
    assert BLOCK_BYTES < 1_000_000


def test_half_a_line_of_a_pipe_is_not_waited_for_once_the_first_event_is_there() -> None:
    """Lines are given out as they come: a reader of a pipe that stays open sees them."""

    class Pipe(io.RawIOBase):
        pieces: ClassVar = [TEXTS[0][:10].encode(), TEXTS[0][10:].encode() + b"\n" + b'{"half', b'":1}\n']

        def read(self, size: int = -1, /) -> bytes:
            return self.pieces.pop(0) if self.pieces else b""

    pipe = Pipe()
    with open_events(Location("pipe", lambda: contextlib.nullcontext(cast(io.BytesIO, pipe)))) as source:
        assert next(source.lines()) == TEXTS[0].encode()
        assert pipe.pieces == [b'":1}\n']


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for compressed in (
        content,
        gzip.compress(content),
        b"\x1f\x8b\x08" + content,
        b"PAR1" + content,
        b"type,a\n" + content,
    ):
        with contextlib.suppress(InputRefused):
            read(compressed)


@settings(max_examples=100)
@given(st.sampled_from([*FORMS]), st.floats(0, 1), st.integers(0, 30), st.binary(max_size=9), st.booleans())
@example("CSV of JSON", 0.0, 10, b"", False)
def test_each_form_is_read_or_refused_wherever_it_is_damaged(
    name: str, place: float, length: int, put: bytes, packed: bool
) -> None:
    content = FORMS[name]
    at = int(place * len(content))
    damaged = content[:at] + put + content[at + length :]
    with contextlib.suppress(InputRefused):
        read(gzip.compress(damaged) if packed else damaged)


def test_leaving_early_ends_the_thread_that_reads_ahead() -> None:
    before = threading.active_count()
    with open_events(location(gzip.compress(LINES * 2_000))) as source:
        next(source.pieces())
    assert threading.active_count() == before


def pieces(source: EventSource) -> list[Piece]:
    return list(source.pieces())


@pytest.mark.parametrize("name", FORMS)
def test_offsets_grow_and_end_at_the_end(name: str) -> None:
    with open_events(location(FORMS[name])) as source:
        whole = pieces(source)
    offsets = [piece.offset for piece in whole]
    assert offsets == sorted(offsets)
    assert offsets[-1] in (len(EVENTS), *range(len(FORMS[name]) - 60, len(FORMS[name]) + 1))


CSV_CASES = [
    (csv_of(["type", "traits.zip"], [["identify", "01234"]]), {"type": "identify", "traits": {"zip": "01234"}}),
    (csv_of(["type", "userId"], [["track", "42"]]), {"type": "track", "userId": "42"}),
    (
        csv_of(["type", "properties.total", "properties.ok", "properties.note"], [["track", "1.5", "true", ""]]),
        {"type": "track", "properties": {"total": 1.5, "ok": True}},
    ),
    (
        csv_of(["type", "properties", "properties.total"], [["track", '{"a":1}', "2"]]),
        {"type": "track", "properties": {"a": 1, "total": 2}},
    ),
    (csv_of(["type", "properties.id"], [["track", '"42"']]), {"type": "track", "properties": {"id": "42"}}),
    (
        csv_of(["type", "event"], [["track", "two\nlines, one cell"]]),
        {"type": "track", "event": "two\nlines, one cell"},
    ),
    (b"\xef\xbb\xbftype;event\r\ntrack;x\r\n", {"type": "track", "event": "x"}),
    (b"type\npage\n", {"type": "page"}),
    (b"type,context.device.id\npage,d-1", {"type": "page", "context": {"device": {"id": "d-1"}}}),
]


@pytest.mark.parametrize(("content", "event"), CSV_CASES)
def test_cells_become_values(content: bytes, event: dict[str, object]) -> None:
    (text,) = read(content)
    assert json.loads(text) == event


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"type,event\ntrack\n", "row 2 has 1 cells, and the header has 2"),
        (b"type,type\ntrack,x\n", "the table has two columns `type`"),
        (b"type,event\ntrack,caf\xe9\n", "row 2 is not UTF-8 text"),
    ],
)
def test_a_table_with_damage_is_refused_with_its_place(content: bytes, message: str) -> None:
    assert message in refusal(content)


def test_parquet_in_a_pipe_or_compressed_is_refused() -> None:
    assert "write it to a file" in refusal(gzip.compress(FORMS["Parquet of paths"]))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    from rulewright.runtime.inputs.locations import locate

    with pytest.raises(InputRefused, match="no such file"), open_events(*locate(str(tmp_path / "gone.jsonl"))):
        pass
