"""A part of an input, and what mapping it gives."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable
from mmap import mmap
from typing import Any, NamedTuple, TypeAlias

from ..flow.event_outcomes import Results
from ..runtime.inputs.ranges import Block, LineRange
from ..runtime.mapping.account import Account
from ..runtime.mapping.lines import MapsLines, map_lines

InputPart: TypeAlias = LineRange | Block
Output: TypeAlias = bytes | mmap
"""Request lines, which may be in memory of another process: they are there until the next ones are asked for."""


class MappedPart(NamedTuple):
    """The output of a part, its account, and its results if they were asked for."""

    output: Output
    account: Account
    results: Results | None


MapsParts: TypeAlias = Callable[[Iterable[InputPart]], Generator[MappedPart, None, None]]
"""Maps parts in several processes, and gives them in order."""


class WorkerEnded(Exception):
    """A process was ended from outside, for example by the system because memory ran out."""


class TracebackOfWorker(Exception):
    """The traceback of an exception in a worker, as a text: it becomes the cause of the exception in this process."""


def portable(error: Exception) -> Exception:
    """The exception, or a RuntimeError with its name and text if it cannot be passed to another process."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def map_part(
    mapper: MapsLines, part: InputPart, write: Callable[[bytes], Any], *, with_results: bool
) -> tuple[Account, Results | None]:
    """Writes the request lines of a part, and returns its account and results."""
    account = Account()
    results = Results() if with_results else None
    map_lines(mapper, part.lines(), write, account, part.first, None if results is None else results.add)
    return account, results
