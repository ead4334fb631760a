"""What a source of events gives to its reader, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rulewright.runtime.delivery.input.ingest import RawEvent
from rulewright.runtime.delivery.input.reader import Chunk, EndOfInput, InputReader
from rulewright.runtime.delivery.mailbox import ThreadMailbox

Source = Callable[[InputReader], Iterable[Chunk]]


def read(
    source: Source, *, ahead: int = 2, on_chunk: Callable[[InputReader, Chunk], None] | None = None
) -> list[Chunk]:
    """Everything that a source gives, in a thread as in life; raises what the source raised."""
    mailbox = ThreadMailbox()
    reader = InputReader(source, mailbox, ahead=ahead)
    reader.start()
    chunks: list[Chunk] = []
    while True:
        for message in mailbox.take(5.0):
            if isinstance(message, EndOfInput):
                if message.problem is not None:
                    raise message.problem
                return chunks
            assert isinstance(message, Chunk)
            chunks.append(message)
            if on_chunk is not None:
                on_chunk(reader, message)
            reader.committed()


def left_by(source: Source) -> str | None:
    """What a source leaves for the next run."""
    mailbox = ThreadMailbox()
    reader = InputReader(source, mailbox, ahead=99)
    reader.start()
    while True:
        for message in mailbox.take(5.0):
            if isinstance(message, EndOfInput):
                return message.left


def events_of(chunks: list[Chunk]) -> list[RawEvent]:
    return [event for chunk in chunks for event in chunk.events]
