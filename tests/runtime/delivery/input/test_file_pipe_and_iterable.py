"""Inputs: files that are read on, pipes that cannot be asked again, and iterables."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rulewright.runtime.delivery.input.file_input import FINAL_AFTER, FileInput, resume_at
from rulewright.runtime.delivery.input.ingest import RawEvent
from rulewright.runtime.delivery.input.iterable_input import IterableInput
from rulewright.runtime.delivery.input.pipe_input import PipeInput
from rulewright.runtime.delivery.input.reader import Chunk, InputProblem, InputReader
from rulewright.runtime.delivery.store.transaction import InputPosition

from .reading import events_of, left_by, read

pytestmark = pytest.mark.usefixtures("quick_polls")


def file_input(path: Path, known: InputPosition | None = None, *, follow: bool = False) -> FileInput:
    return FileInput(path, resume_at(path, known), follow=follow)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@pytest.mark.parametrize(
    ("content", "events"),
    [
        (b"", []),
        (b"1\n2\n", [b"1", b"2"]),
        (b"1\n\n  \n2", [b"1", b"2"]),
        (b"\n", []),
        (b"1\r\n2\r\n", [b"1\r", b"2\r"]),
        # a last line without a line break, to which nothing can be added that makes it an event or another one
        (b'1\n{"a":1}', [b"1", b'{"a":1}']),
        (b'{"a":"cut \\ud83d"} \r', [b'{"a":"cut \\ud83d"} \r']),
        (b"1\nno json", [b"1", b"no json"]),
        (b"[1", [b"[1"]),
    ],
)
def test_lines_of_a_file(path: Path, content: bytes, events: list[bytes]) -> None:
    path.write_bytes(content)
    assert events_of(read(file_input(path))) == events


HALVES = [
    b"{",
    b'{"a":',
    b'  {"a":{}',
    b'{"a":"}',
    b'{"a":"\xf0\x9f',
    b'{"a":"\\ud83d',
    b'{"a":-',
    b"\xef\xbb",
    b'\xef\xbb\xbf{"a',
    b" ",
]


@pytest.mark.parametrize("half", HALVES)
def test_half_an_event_is_left_for_the_next_run_and_read_whole_then(path: Path, half: bytes) -> None:
    path.write_bytes(b"1\n" + half)
    first = read(file_input(path))
    assert events_of(first) == [b"1"]
    with path.open("ab") as file:
        file.write(b"more\n2\n")
    assert events_of(read(file_input(path, first[-1].position))) == [half + b"more", b"2"]


def test_half_an_event_is_said(path: Path) -> None:
    path.write_bytes(b'1\n{"a":1')
    assert left_by(file_input(path)) == (
        f"the last line of `{path}` ends in the middle of an event: its 6 bytes are left for the next run;"
        " end the file with a line break if nothing is to follow"
    )
    path.write_bytes(b'1\n{"a":1}')
    assert left_by(file_input(path)) is None


@pytest.mark.parametrize(("age", "events"), [(FINAL_AFTER - 1, []), (FINAL_AFTER, [b"{"]), (-100.0, [])])
def test_half_an_event_is_taken_when_the_file_does_not_change_any_more(
    path: Path, age: float, events: list[RawEvent]
) -> None:
    path.write_bytes(b"{")
    source = FileInput(path, resume_at(path, None), now=lambda: path.stat().st_mtime + age)
    assert events_of(read(source)) == events


def test_the_end_of_a_line_is_waited_for_while_the_file_grows(path: Path) -> None:
    path.write_bytes(b'1\n{"a":')

    def grow(reader: InputReader) -> bool:
        with path.open("ab") as file:
            file.write(next(pieces, b""))
        return False

    pieces = iter([b"[1,", b"", b"2]", b"}\n3\n"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InputReader, "poll", grow)
        assert events_of(read(file_input(path))) == [b"1", b'{"a":[1,2]}', b"3"]


def test_every_position_is_one_to_go_on_from(path: Path) -> None:
    lines = [b'{"n":%d}' % number for number in range(10_000)]
    path.write_bytes(b"\n".join(lines))
    chunks = read(file_input(path))
    assert len(chunks) == 4
    for number, chunk in enumerate(chunks):
        rest = events_of(read(file_input(path, chunk.position)))
        assert rest == events_of(chunks[number + 1 :])
    last = chunks[-1].position
    assert last is not None
    assert (last.offset, last.lines) == (path.stat().st_size, 10_000)


def test_a_file_that_grew_is_read_on_and_another_file_is_read_anew(path: Path) -> None:
    path.write_bytes(b"1\n2\n")
    position = read(file_input(path))[-1].position
    path.write_bytes(b"1\n2\n3\n")
    assert events_of(read(file_input(path, position))) == [b"3"]
    path.write_bytes(b"7\n8\n9\n")
    assert events_of(read(file_input(path, position))) == [b"7", b"8", b"9"]
    path.write_bytes(b"1\n")
    assert events_of(read(file_input(path, position))) == [b"1"]


def test_following_waits_for_whole_lines_until_it_is_stopped(path: Path) -> None:
    path.write_bytes(b'1\n{"half":')

    def grow(reader: InputReader, chunk: Chunk) -> None:
        if chunk.events == [b"1"]:
            with path.open("ab") as file:
                file.write(b"1}\n3")
        else:
            reader.stop()

    chunks = read(file_input(path, follow=True), on_chunk=grow)
    assert events_of(chunks) == [b"1", b'{"half":1}']
    assert events_of(read(file_input(path, chunks[-1].position))) == [b"3"]


def test_a_followed_file_is_read_to_its_end_before_the_one_that_takes_its_place(path: Path) -> None:
    path.write_bytes(b"1\n")

    def rotate(reader: InputReader, chunk: Chunk) -> None:
        if chunk.events == [b"1"]:
            with path.open("ab") as file:
                file.write(b"2\nlast")
            path.rename(path.with_suffix(".1"))
            path.write_bytes(b"longer than the one before\n")
        elif chunk.events != [b"2"] and chunk.events != [b"last"]:
            reader.stop()

    chunks = read(file_input(path, follow=True), on_chunk=rotate)
    assert events_of(chunks) == [b"1", b"2", b"last", b"longer than the one before"]
    assert events_of(read(file_input(path, chunks[-1].position))) == []
    with path.open("ab") as file:
        file.write(b"more\n")
    assert events_of(read(file_input(path, chunks[-1].position))) == [b"more"]


def test_a_followed_file_that_becomes_shorter_is_said(path: Path) -> None:
    path.write_bytes(b"1\n2\n")

    def empty(reader: InputReader, chunk: Chunk) -> None:
        path.write_bytes(b"")

    with pytest.raises(InputProblem, match="became shorter"):
        read(file_input(path, follow=True), on_chunk=empty)


def test_a_pipe_gives_its_lines_as_they_come_and_the_last_one_too() -> None:
    out, into = os.pipe()
    os.write(into, b"1\n2\n3")
    os.close(into)
    chunks = read(PipeInput(out))
    assert events_of(chunks) == [b"1", b"2", b"3"]
    assert all(chunk.position is None for chunk in chunks)
    os.close(out)


def test_a_pipe_that_is_stopped_loses_nothing_that_it_gave() -> None:
    out, into = os.pipe()
    os.write(into, b"1\nhalf")
    chunks = read(PipeInput(out), on_chunk=lambda reader, chunk: reader.stop())
    os.write(into, b" a line\n")
    assert events_of(chunks) == [b"1", b"half"]
    assert os.read(out, 99) == b" a line\n"
    os.close(into)
    os.close(out)


def test_asking_for_the_next_event_says_that_the_last_is_on_disk() -> None:
    committed: list[int] = []
    asked: list[tuple[int, int]] = []

    def events() -> Iterator[RawEvent]:
        for number in range(5):
            asked.append((number, len(committed)))
            yield {"n": number}

    read(IterableInput(events(), group=1), ahead=0, on_chunk=lambda reader, chunk: committed.append(1))
    assert asked == [(number, number) for number in range(5)]


def test_an_iterable_is_grouped_while_the_disk_is_busy() -> None:
    release = threading.Event()

    def events() -> Iterator[RawEvent]:
        for number in range(25):
            yield {"n": number}
        release.set()

    def wait(reader: InputReader, chunk: Chunk) -> None:
        assert release.wait(5)

    chunks = read(IterableInput(events(), group=10), ahead=9, on_chunk=wait)
    assert len(events_of(chunks)) == 25
    assert max(len(chunk.events) for chunk in chunks) == 10


def test_an_iterable_that_is_stopped_ends_with_what_it_gave() -> None:
    def events() -> Iterator[RawEvent]:
        number = 0
        while True:
            number += 1
            yield {"n": number}

    chunks = read(IterableInput(events(), group=10), on_chunk=lambda reader, chunk: reader.stop())
    numbers = [event["n"] for event in events_of(chunks) if isinstance(event, dict)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_an_iterable_raises_is_handed_on() -> None:
    def events() -> Iterator[RawEvent]:
        yield {"n": 1}
        raise RuntimeError("the source is gone")

    with pytest.raises(RuntimeError, match="the source is gone"):
        read(IterableInput(events()))
