"""Each form of an input is read on exactly where it was left, whatever it is and however it ended."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from rulewright.runtime.delivery.input import stored_input
from rulewright.runtime.delivery.input.pipe_input import PipeInput
from rulewright.runtime.delivery.input.reader import Chunk, InputProblem, InputReader
from rulewright.runtime.delivery.input.stored_input import StoredInput, name_of, require_readable
from rulewright.runtime.delivery.store.transaction import InputPosition
from rulewright.runtime.inputs import event_source
from rulewright.runtime.inputs.locations import locate
from rulewright.runtime.inputs.problem import InputRefused
from tests.runtime.inputs.forms import COMPRESSIONS, EVENTS, FORMS, LINES, TEXTS

from .reading import left_by, read

pytestmark = pytest.mark.usefixtures("quick_polls")

ALL = {
    **FORMS,
    **{
        f"{form} in {name}": pack(FORMS[form])
        for form in ("lines", "array", "CSV of JSON")
        for name, pack in COMPRESSIONS.items()
    },
}


def stored(path: Path, positions: Mapping[str, InputPosition] | None = None) -> StoredInput:
    return StoredInput(locate(str(path)), positions or {})


def positions_of(chunks: list[Chunk]) -> dict[str, InputPosition]:
    return {chunk.position.name: chunk.position for chunk in chunks if chunk.position is not None}


def numbers(chunks: list[Chunk]) -> list[int]:
    texts = [event for chunk in chunks for event in chunk.events]
    return [
        int(json.loads(bytes(text).decode("utf-8-sig"))["messageId"][2:]) for text in texts if isinstance(text, bytes)
    ]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_input, "STORED_CHUNK_EVENTS", 7)
    monkeypatch.setattr("rulewright.runtime.delivery.input.file_input.STORED_CHUNK_EVENTS", 7)
    monkeypatch.setattr(event_source, "ROWS_AT_ONCE", 9)
    monkeypatch.setattr("rulewright.runtime.inputs.compression.BLOCK_BYTES", 600)


@pytest.mark.parametrize("name", ALL)
def test_every_position_is_one_to_go_on_from(tmp_path: Path, name: str) -> None:
    path = tmp_path / "events"
    path.write_bytes(ALL[name])
    chunks = read(stored(path))
    assert numbers(chunks) == list(range(40))
    assert len(chunks) > 5
    for number in range(len(chunks)):
        rest = numbers(read(stored(path, positions_of(chunks[: number + 1]))))
        assert rest == numbers(chunks[number + 1 :])


def test_an_archive_that_was_read_to_its_end_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(LINES))
    positions = positions_of(read(stored(path)))
    with monkeypatch.context() as patch:
        patch.setattr(stored_input, "open_events", None)
        assert read(stored(path, positions)) == []
    with path.open("ab") as file:
        file.write(gzip.compress(LINES[: len(TEXTS[0]) + 1]))
    assert numbers(read(stored(path, positions))) == [0]


def test_another_file_of_the_same_name_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(LINES))
    positions = positions_of(read(stored(path)))
    path.write_bytes(gzip.compress(LINES[len(TEXTS[0]) + 1 :]))
    assert numbers(read(stored(path, positions))) == list(range(1, 40))


def test_a_file_with_fewer_events_than_were_read_of_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(LINES))
    positions = positions_of(read(stored(path)))
    path.write_bytes(gzip.compress(b"".join(LINES.splitlines(keepends=True)[:20])))
    with pytest.raises(InputProblem, match="has 20 lines, and 40 were read of it before"):
        read(stored(path, positions))


def test_a_folder_goes_on_in_the_file_where_it_was_left_and_takes_new_files(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.gz").write_bytes(gzip.compress(LINES))
    (folder / "b.json").write_bytes(FORMS["array"])
    chunks = read(stored(folder))
    assert numbers(chunks) == [*range(40), *range(40)]
    half = positions_of(chunks[: len(chunks) // 2 + 2])
    rest = numbers(read(stored(folder, half)))
    assert rest == numbers(chunks[len(chunks) // 2 + 2 :])
    (folder / "c.jsonl").write_bytes(LINES)
    assert numbers(read(stored(folder, positions_of(chunks)))) == list(range(40))


def test_what_cannot_be_read_is_found_before_anything_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b.json").write_bytes(FORMS["array"])
    assert require_readable(locate(str(tmp_path))) == [f"reading `{tmp_path / 'b.json'}`: a JSON array"]
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputRefused, match="a zip archive"):
        require_readable(locate(str(tmp_path)))


def test_an_archive_that_is_cut_off_gives_what_it_has_and_goes_on_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    content = gzip.compress(LINES * 20)
    path.write_bytes(content[: len(content) // 2])
    chunks: list[Chunk] = []
    with pytest.raises(InputRefused, match="cut off"):
        read(stored(path), on_chunk=lambda _, chunk: chunks.append(chunk))
    path.write_bytes(content)
    rest = read(stored(path, positions_of(chunks)))
    assert numbers(chunks) + numbers(rest) == list(range(40)) * 20


def test_an_archive_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(LINES))
    with pytest.raises(InputProblem, match="only plain JSON lines can be followed"):
        read(StoredInput(locate(str(path)), {}, follow=True))


@pytest.mark.parametrize("name", ["array", "batch", "CSV of JSON", "lines in gzip"])
def test_a_pipe_may_be_of_any_form(name: str) -> None:
    out, into = os.pipe()
    os.write(into, ALL[name])
    os.close(into)
    assert numbers(read(PipeInput(out))) == list(range(len(EVENTS)))
    os.close(out)


@pytest.mark.parametrize("name", [name for name in FORMS if "Parquet" in name])
def test_parquet_in_a_pipe_is_refused_with_a_way_out(name: str) -> None:
    out, into = os.pipe()
    os.write(into, FORMS[name])
    os.close(into)
    with pytest.raises(InputRefused, match="Parquet is read from a file, which it is not; write it to a file"):
        read(PipeInput(out))
    os.close(out)


def test_stopping_while_a_pipe_sends_an_array_is_not_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.runtime.inputs.recognition.HEAD_BYTES", 100)
    out, into = os.pipe()
    os.write(into, FORMS["array"][:-1])
    readers: list[InputReader] = []

    def stop(reader: InputReader, chunk: Chunk) -> None:
        readers.append(reader)
        reader.stop()

    read_numbers = numbers(read(PipeInput(out), on_chunk=stop))
    assert read_numbers == list(range(len(read_numbers)))
    assert readers[0].left == "standard input was stopped within a value, whose beginning is lost"
    os.close(into)
    os.close(out)


def test_half_an_event_of_a_plain_file_is_left_as_before(tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes(LINES + b'{"cut')
    assert "ends in the middle of an event" in (left_by(stored(tmp_path / "events")) or "")


def test_the_name_of_a_position_is_the_whole_path(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "events")
    (tmp_path / "events").write_bytes(LINES)
    assert name_of(locate(str(tmp_path / "link"))[0]) == str(tmp_path / "events")
