"""Maps events in several processes: output in the order of input, with few parts in memory."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from ..flow.event_outcomes import Results
from ..runtime.mapping.account import Account
from ..runtime.mapping.lines import MapsLines
from .mapped_part import InputPart, MapsParts, Output, WorkerEnded

__all__ = ["Output", "WorkerEnded", "map_parts", "worker_processes"]


@contextmanager
def worker_processes(
    mapper: MapsLines, load: Callable[[], MapsLines], count: int, *, with_results: bool = False
) -> Iterator[MapsParts]:
    """A function that maps parts of an input in `count` processes, which end with the block.

    A process gets the mapper by being forked, or else from `load`, which must be picklable. Forked processes must start
    before anything with threads is opened: a progress bar, a reader, a client of Kafka.

    If a process dies, the block raises WorkerEnded; the parts that were mapped before are complete and in order.
    """
    if _can_fork():
        from .forked import forked

        started = forked(mapper, count, with_results=with_results)
    else:
        from .spawned import spawned

        started = spawned(load, count, with_results=with_results)
    with started as maps_parts:
        yield maps_parts


def map_parts(
    maps_parts: MapsParts,
    parts: Iterable[InputPart],
    write: Callable[[Output], Any],
    account: Account,
    results: Results | None = None,
) -> None:
    """As `map_lines` for all parts, in processes. The results of all parts are added to `results`."""
    readable = _Readable(parts)
    with closing(maps_parts(readable)) as mapped:
        for output, part, its_results in mapped:
            write(output)
            account.merge(part)
            if results is not None and its_results is not None:
                results.merge(its_results)
    if readable.problem is not None:
        raise readable.problem


class _Readable:
    """Parts up to one that cannot be read: those before it are mapped and written, as by one process."""

    def __init__(self, parts: Iterable[InputPart]) -> None:
        self._parts = parts
        self.problem: Exception | None = None

    def __iter__(self) -> Iterator[InputPart]:
        try:
            yield from self._parts
        except Exception as problem:
            self.problem = problem


def _can_fork() -> bool:
    """Whether a copy of this process would work: on Linux, when no other thread runs.

    A copy has the mapper at once, where a new process loads it.
    """
    return sys.platform == "linux" and threading.active_count() == 1
