"""The events that a command reads from any input, with a progress bar on a terminal."""

from __future__ import annotations

import io
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from ..files.project import project
from ..printable import printable
from ..runtime.inputs.event_source import EventSource, open_events
from ..runtime.inputs.locations import Location, locate_or_text
from ..runtime.inputs.problem import InputRefused
from ..runtime.inputs.ranges import Block, LineRange, ranges_of
from ..runtime.inputs.recognition import Format
from ..runtime.mapping.unread_lines import UnreadLines
from ..runtime.semantics.event import Event
from ..runtime.standard_streams import say
from .reporting import tell

HELP = "a file, a folder, a glob, a URL, or - for standard input"


def say_unread(name: str, unread: UnreadLines) -> None:
    """Says which events could not be read, in a sentence for each reason."""
    for sentence in unread.sentences():
        say(printable(f"`{name}`: {sentence}"))


class EventInput:
    """The lines of all locations of a name, numbered across locations."""

    def __init__(self, name: str, locations: list[Location], *, any_text: bool = False) -> None:
        self.name = name
        self._locations = locations
        self._any_text = any_text
        self._firsts: list[int] = []
        self._sources: list[EventSource] = []
        self._told = ""
        self._read = 0

    def __iter__(self) -> Iterator[bytes]:
        """The JSON texts of the events, once; a blank line is blank text. Raises InputRefused, also for no event."""
        events = 0
        for source in self._opened():
            for piece in source.pieces():
                self._read += len(piece.events)
                events += sum(1 for event in piece.events if event and not event.isspace())
                yield from piece.events
        self.require(events)

    def read(self) -> Iterator[Event]:
        """The decoded events; other lines are skipped and reported. Raises UsageError if no line is an event."""
        count, unread = 0, UnreadLines()
        for _, event in unread.events(self):
            count += 1
            yield event
        say_unread(self.name, unread)
        if not count:
            raise click.UsageError(f"no line of `{self.name}` is an event")

    def divided(self) -> Iterator[LineRange | Block]:
        """The input in parts for several processes: line ranges of plain files, and blocks of events of all others."""
        for source in self._opened():
            path = source.location.path
            if source.is_plain and path is not None and path.is_file():
                for part, lines in ranges_of(path, self._read + 1):
                    self._read += lines
                    yield part
            else:
                for piece in source.pieces():
                    yield Block(self._read + 1, piece.events)
                    self._read += len(piece.events)

    @property
    def files(self) -> list[Path]:
        """The local files that are read."""
        return [location.path for location in self._locations if location.path is not None]

    def require(self, events: int) -> None:
        """Raises InputRefused if the number of events is zero."""
        if not events:
            raise InputRefused(f"`{self.name}` holds no events: {self._emptiness()}")

    def _opened(self) -> Iterator[EventSource]:
        for location in self._locations:
            with open_events(location, any_text=self._any_text) as source:
                self._firsts.append(self._read + 1)
                self._sources.append(source)
                self._tell(source)
                yield source

    def place(self, number: int) -> str:
        """The place of a line or an event, by its number."""
        at = bisect_right(self._firsts, number) - 1
        source = self._sources[at]
        of_file = f" of `{source.location.name}`" if len(self._locations) > 1 else ""
        return f"{source.unit} {number - self._firsts[at] + 1:,}{of_file}"

    def _tell(self, source: EventSource) -> None:
        """Says what is read, once for files of one kind; lines of JSON go without saying."""
        description = source.description
        if description != self._told and not source.is_plain:
            more = " and on" if len(self._locations) > 1 else ""
            tell(f"reading `{source.location.name}`{more}: {description}")
        self._told = description

    def _emptiness(self) -> str:
        if all(source.format is Format.EMPTY for source in self._sources):
            return "it is empty" if len(self._sources) == 1 else f"its {len(self._sources):,} files are empty"
        return "it has no rows" if self._sources[0].format in (Format.CSV, Format.PARQUET) else "its list is empty"


@contextmanager
def event_input(name: str, doing: str, *, any_text: bool = False) -> Iterator[EventInput]:
    """The events of an input by its name; `doing` is the text before the bar.

    Whatever cannot be read raises UsageError, here or while the events are read.
    """
    try:
        locations = locate_or_text(name)
        if len(locations) == 1 and locations[0].path is not None:
            locations[0].open().__enter__().close()  # a missing file is reported before anything else is done
        with _bar(locations, doing) if sys.stderr.isatty() else nullcontext(locations) as locations:
            yield EventInput(name, locations, any_text=any_text)
    except InputRefused as refused:
        named_by = f" (`events` in {project.get().file})" if name == project.get().events else ""
        raise click.UsageError(printable(f"{refused}{named_by}")) from None


@contextmanager
def _bar(locations: list[Location], doing: str) -> Iterator[list[Location]]:
    """The same places, with a bar that shows how many of their bytes are read; none where that is not known."""
    paths = [location.path for location in locations]
    size = sum(path.stat().st_size for path in paths if path is not None and path.is_file())
    if None in paths or not size:
        yield locations
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=size)

        def counted(location: Location) -> Location:
            return replace(location, open=lambda: _open_counted(location, lambda count: progress.advance(task, count)))

        yield [counted(location) for location in locations]


@contextmanager
def _open_counted(location: Location, tell: Callable[[int], None]) -> Iterator[BinaryIO]:
    with location.open() as file, io.FileIO(file.fileno(), closefd=False) as same:
        yield _Counted(same, tell)


class _Counted(io.BufferedReader):
    """A file that tells how many bytes were read."""

    def __init__(self, file: io.FileIO, tell: Callable[[int], None]) -> None:
        super().__init__(file)
        self._tell = tell

    def read1(self, size: int = -1, /) -> bytes:
        block = super().read1(size)
        self._tell(len(block))
        return block
