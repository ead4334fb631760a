"""Maps events in several processes: output in the order of input, with few blocks in memory."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import chain, cycle
from multiprocessing import get_context
from typing import Any, TypeAlias

from .flow.event_outcomes import Results
from .runtime.inputs.ranges import Block, Range
from .runtime.mapping.account import Account
from .runtime.mapping.lines import MapsLines, map_lines

_Mapped: TypeAlias = tuple[bytes | int, Account, Results | None]
"""The output of a part, or how many bytes of it are in the memory that was given for it; its account and results."""

_mapper: MapsLines
"""Of this process, once `_start` has run in it."""


def map_in_processes(
    mapper: MapsLines,
    load: Callable[[], MapsLines],
    parts: Iterable[Range | Block],
    write: Callable[[bytes], Any],
    account: Account,
    workers: int,
    results: Results | None = None,
) -> None:
    """As `map_lines` of the parts, by as many processes as there are workers.

    A process has the mapper by being forked, or else from `load`, which must be something that can be pickled. With
    `results`, those of all parts are added to it.

    A process that dies raises BrokenProcessPool; what was written until then is whole, and in order.
    """
    parts = iter(parts)
    first = next(parts, None)
    if first is None:
        return
    forked = _can_fork(first)
    waiting: deque[tuple[Future[_Mapped], int | None]] = deque()
    most = 2 * workers

    def take() -> None:
        future, memory = waiting.popleft()
        output, part, its_results = future.result()
        write(output if isinstance(output, bytes) else _taken(memory, output))
        account.merge(part)
        if results is not None and its_results is not None:
            results.merge(its_results)

    with _memories(most + 1 if forked else 0) as memories:
        places = cycle(memories or [None])
        pool = ProcessPoolExecutor(
            workers,
            mp_context=get_context("fork" if forked else "spawn"),
            initializer=_start,
            initargs=(mapper, None) if forked else (None, load),
        )
        try:
            for part in chain([first], parts):
                memory = next(places)
                waiting.append((pool.submit(_map_part, part, results is not None, memory), memory))
                if len(waiting) > most:
                    take()
            while waiting:
                take()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _memories(count: int) -> Iterator[list[int | None]]:
    """So many files in memory, by which forked processes hand over their output: a pipe takes five times as long."""
    with ExitStack() as opened:
        memories: list[int | None] = []
        for _ in range(count):
            memory = os.memfd_create("rulewright")
            opened.callback(os.close, memory)
            memories.append(memory)
        yield memories


def _taken(memory: int | None, size: int) -> bytes:
    assert memory is not None
    with open(memory, "rb", closefd=False) as file:
        file.seek(0)
        return file.read(size)


def _can_fork(first: Range | Block) -> bool:
    """Whether a copy of this process would work: on Linux, when no thread runs, not even one of a library that reads.

    A copy has the mapper at once, where a new process loads it.
    """
    return sys.platform == "linux" and isinstance(first, Range) and threading.active_count() == 1


def _start(mapper: MapsLines | None, load: Callable[[], MapsLines] | None) -> None:
    """Makes a process ready; an interrupt is for the first process, which then ends the others."""
    global _mapper
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if mapper is None and load is not None:
        mapper = load()
    assert mapper is not None
    _mapper = mapper


def _map_part(part: Range | Block, with_results: bool, memory: int | None) -> _Mapped:
    written: list[bytes] = []
    account = Account()
    results = Results() if with_results else None
    observe = None if results is None else results.add
    map_lines(_mapper, part.lines(), written.append, account, part.first, observe)
    output = b"".join(written)
    if memory is None:
        return output, account, results
    with open(memory, "wb", closefd=False) as file:
        file.seek(0)
        return file.write(output), account, results
