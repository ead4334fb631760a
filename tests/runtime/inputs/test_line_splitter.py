"""Lines out of blocks: the same however they are cut, in linear time, with a limit that is said."""

from __future__ import annotations

import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.input.ingest import Ingest
from rulewright.runtime.delivery.input.pipe_input import PipeInput
from rulewright.runtime.delivery.store.transaction import Transaction
from rulewright.runtime.inputs import line_splitter
from rulewright.runtime.inputs.line_splitter import LineSplitter, Overlong, size_of, size_of_all
from tests.runtime.delivery.input.reading import events_of, read
from tests.runtime.delivery.simulation import ADAPTER, track


def split(blocks: list[bytes], limit: int = 1_000) -> list[bytes]:
    splitter = LineSplitter(limit)
    lines = [line for block in blocks for line in splitter.feed(block)]
    return [*lines, splitter.take()]


@given(st.lists(st.text("ab\n", max_size=9).map(str.encode)))
def test_lines_do_not_depend_on_blocks(blocks: list[bytes]) -> None:
    assert split(blocks) == b"".join(blocks).split(b"\n")


@given(st.lists(st.sampled_from([b"a", b"bb", b"\n", b"c\nd"])), st.integers(1, 5))
def test_no_byte_is_miscounted(blocks: list[bytes], limit: int) -> None:
    lines = split(blocks, limit)
    assert size_of_all(lines) + len(lines) - 1 == len(b"".join(blocks))
    for line, whole in zip(lines, b"".join(blocks).split(b"\n"), strict=True):
        assert size_of(line) == len(whole)
        assert whole.startswith(line)


@pytest.mark.parametrize(("size", "overlong"), [(7, False), (8, True), (800, True)])
def test_a_line_beyond_the_limit_keeps_its_beginning(
    monkeypatch: pytest.MonkeyPatch, size: int, overlong: bool
) -> None:
    monkeypatch.setattr(line_splitter, "KEPT_OF_OVERLONG", 5)
    line, after = split([b"x"] * size + [b"\n", b"y"], limit=7)
    assert isinstance(line, Overlong) is overlong
    assert (len(line), size_of(line), after) == (5 if overlong else 7, size, b"y")


def test_an_overlong_line_is_a_dead_letter_that_says_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_splitter, "KEPT_OF_OVERLONG", 5)
    change = Transaction()
    Ingest(track, ADAPTER, "queue").admit(split([b"123456", b"7890"], limit=7), change, 1)
    (unsent,) = change.unsent
    assert unsent.reason == (
        "line_too_long",
        "the line has 10 bytes, and the limit is 64,000,000; its first 5 are kept",
    )
    assert unsent.event == b"12345"


def test_the_work_for_a_long_line_is_linear() -> None:
    """Counted in bytes that are copied, not in time: a buffer that is rebuilt for each block copies n²/2 of them."""
    copied = 0

    class Counting(list[bytes]):
        def append(self, piece: bytes) -> None:
            nonlocal copied
            copied += len(piece)
            super().append(piece)

    splitter = LineSplitter()
    splitter._pieces = Counting()
    for _ in range(1_000):
        splitter.feed(b"x" * 100)
    assert copied == 100_000
    assert len(splitter.take()) == 100_000


def test_a_pipe_gives_a_line_of_40_mb_whole() -> None:
    out, into = os.pipe()
    line = b'{"a":"' + b"x" * 40_000_000 + b'"}'

    def write() -> None:
        with os.fdopen(into, "wb") as pipe:
            pipe.write(line + b"\n1\n")

    writer = threading.Thread(target=write)
    writer.start()
    assert events_of(read(PipeInput(out))) == [line, b"1"]
    writer.join()
    os.close(out)
