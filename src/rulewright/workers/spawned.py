"""Processes that start anew, where this one cannot be copied: each loads the mapper."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from ..runtime.mapping.lines import MapsLines
from .mapped_part import InputPart, MappedPart, MapsParts, WorkerEnded, map_part, portable

_mapper: MapsLines | Exception
"""The mapper of this process once `_start` has run, or the exception of loading it, which the first part raises."""


@contextmanager
def spawned(load: Callable[[], MapsLines], count: int, *, with_results: bool) -> Iterator[MapsParts]:
    """A function that maps parts in `count` new processes, which end with the block.

    If one dies, the block raises WorkerEnded.
    """
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_start, initargs=(load,))

    def maps_parts(parts: Iterable[InputPart]) -> Generator[MappedPart, None, None]:
        waiting: deque[Future[MappedPart]] = deque()
        for part in parts:
            waiting.append(pool.submit(_map, part, with_results))
            if len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    try:
        yield maps_parts
    except BrokenProcessPool:
        raise WorkerEnded from None
    finally:
        pool.shutdown(cancel_futures=True)


def _start(load: Callable[[], MapsLines]) -> None:
    """Makes a process ready; an interrupt is for the first process, which then ends the others."""
    global _mapper
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _mapper = load()
    except Exception as error:  # the pool would log a traceback, and only say that a process ended
        _mapper = error


def _map(part: InputPart, with_results: bool) -> MappedPart:
    written: list[bytes] = []
    try:
        if isinstance(_mapper, Exception):
            raise _mapper
        account, results = map_part(_mapper, part, written.append, with_results=with_results)
    except Exception as error:
        raise portable(error) from error
    return MappedPart(b"".join(written), account, results)
