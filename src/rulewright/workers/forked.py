"""Processes that are copies of this one, on Linux: they have the mapper at once, and hand over their output in memory.

A few places pass parts to the copies. A place is a file in memory: it takes a part to a copy, and
brings back the output of that part. Pipes only say which place is ready, by messages so short that each is read whole.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import struct
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from mmap import ACCESS_READ, mmap
from traceback import format_exc
from typing import Final

from ..runtime.mapping.lines import MapsLines
from .mapped_part import (
    InputPart,
    MappedPart,
    MapsParts,
    TracebackOfWorker,
    WorkerEnded,
    map_part,
    portable,
)

_PLACES_FOR_EACH: Final = 3
"""One that is worked on, one that waits for it, and one whose output waits for those before it."""
_READY: Final = struct.Struct("=H")
"""A place that holds a part."""
_DONE: Final = struct.Struct("=HQ")
"""A place, and its bytes of output; after them are the account and the results, or the exception and its traceback."""
_BUFFER_BYTES: Final = 1 << 18


@contextmanager
def forked(mapper: MapsLines, count: int, *, with_results: bool) -> Iterator[MapsParts]:
    """A function that maps parts in `count` copies of this process, which end with the block."""
    with ExitStack() as opened:
        places = [_place(opened) for _ in range(_PLACES_FOR_EACH * count)]
        tasks, ready = _pipe(opened)

        def work(done: int) -> None:
            os.close(ready)  # so that the last task is followed by the end of the pipe
            _work(mapper, places, tasks, done, with_results=with_results)

        answers = select.poll()
        for _ in range(count):
            answers.register(opened.enter_context(_copy(work)))
        yield _Places(places, ready, answers).map


class _Places:
    """The side of the first process."""

    def __init__(self, places: list[int], ready: int, answers: select.poll) -> None:
        self._places = places
        self._ready = ready
        self._answers = answers
        self._done: dict[int, int] = {}
        """The bytes of output in places that no one has taken yet."""

    def map(self, parts: Iterable[InputPart]) -> Generator[MappedPart, None, None]:
        """The parts, mapped, in order."""
        given = taken = 0
        for part in parts:
            if given - taken == len(self._places):
                yield from self._take(taken)
                taken += 1
            self._give(given, part)
            given += 1
        for number in range(taken, given):
            yield from self._take(number)

    def _give(self, number: int, part: InputPart) -> None:
        place = number % len(self._places)
        with open(self._places[place], "wb", closefd=False) as file:
            file.seek(0)
            pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)
        os.write(self._ready, _READY.pack(place))

    def _take(self, number: int) -> Iterator[MappedPart]:
        place = number % len(self._places)
        while place not in self._done:
            for answer, _ in self._answers.poll():
                message = os.read(answer, _DONE.size)
                if not message:
                    raise WorkerEnded
                its_place, size = _DONE.unpack(message)
                self._done[its_place] = size
        size = self._done.pop(place)
        with open(self._places[place], "rb", closefd=False) as file:
            file.seek(size)
            account, results, problem, trace = pickle.load(file)
        if problem is not None:
            raise problem from TracebackOfWorker(trace)
        if not size:
            yield MappedPart(b"", account, results)
            return
        with mmap(self._places[place], size, access=ACCESS_READ) as output:
            yield MappedPart(output, account, results)


def _work(mapper: MapsLines, places: list[int], tasks: int, done: int, *, with_results: bool) -> None:
    """The side of a copy: maps parts as long as there are any."""
    while message := os.read(tasks, _READY.size):
        (place,) = _READY.unpack(message)
        with open(places[place], "rb", closefd=False) as file:
            file.seek(0)
            part: InputPart = pickle.load(file)
        with open(places[place], "wb", buffering=_BUFFER_BYTES, closefd=False) as file:
            file.seek(0)
            try:
                account, results = map_part(mapper, part, file.write, with_results=with_results)
                made = pickle.dumps((account, results, None, ""), pickle.HIGHEST_PROTOCOL)
            except Exception as error:
                file.seek(0)
                made = pickle.dumps((None, None, portable(error), format_exc()), pickle.HIGHEST_PROTOCOL)
            size = file.tell()
            file.write(made)
        os.write(done, _DONE.pack(place, size))


@contextmanager
def _copy(work: Callable[[int], None]) -> Iterator[int]:
    """A copy of this process that does the work with the end of a pipe; gives the other end.

    It holds nothing that could be lost, so it is killed at the end of the block. Where this process is killed, a copy
    finds the other ends of its pipes closed, and ends.
    """
    answers, done = os.pipe()
    # An interrupt is for the first process, also before the copy has said so.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    process = os.fork()
    if not process:
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            os.close(answers)
            gc.freeze()  # what is shared with the first process is not looked through, which would copy it
            work(done)
            code = 0
        finally:
            os._exit(code)
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    os.close(done)
    try:
        yield answers
    finally:
        os.close(answers)
        # Where this process takes no notice of the ends of others, the system does.
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _place(opened: ExitStack) -> int:
    memory = os.memfd_create("rulewright")
    opened.callback(os.close, memory)
    return memory


def _pipe(opened: ExitStack) -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        opened.callback(os.close, end)
    return ends
