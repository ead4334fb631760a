"""Mapping over several processes: output in the order of input, and few blocks in memory at a time."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from .file_access import FileAccess
from .loader import load_by
from .runtime.mapping.account import Account
from .runtime.mapping.lines import map_lines
from .runtime.mapping.mapper import Mapper

BLOCK_SIZE = 1 << 18
"""Bytes of lines that one process is given at a time."""

_mapper: Mapper
"""Of this process, once `_start` has run in it."""


def map_in_processes(
    rules: Path,
    access: FileAccess,
    options: dict[str, Any],
    lines: Iterable[bytes],
    write: Callable[[bytes], Any],
    account: Account,
    workers: int,
) -> None:
    """As `map_lines`, with as many mappers as there are workers, each loaded from the rules with the options.

    `access` has read the rules already, so that all processes have the same, whatever is in the files by then.

    A process that dies raises BrokenProcessPool; what was written until then is whole, and in order.
    """
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(access, rules, options)
    )
    waiting: deque[Future[tuple[bytes, Account]]] = deque()

    def take() -> None:
        output, part = waiting.popleft().result()
        write(output)
        account.merge(part)

    try:
        for first, block in blocks(lines):
            waiting.append(pool.submit(_map_block, first, block))
            if len(waiting) > 2 * workers:
                take()
        while waiting:
            take()
    finally:
        pool.shutdown(cancel_futures=True)


def blocks(lines: Iterable[bytes], size: int = BLOCK_SIZE) -> Iterator[tuple[int, list[bytes]]]:
    """Lines in blocks of about so many bytes, each with the number of its first line."""
    first, block, held = 1, list[bytes](), 0
    for line in lines:
        block.append(line)
        held += len(line)
        if held >= size:
            yield first, block
            first, block, held = first + len(block), [], 0
    if block:
        yield first, block


def _start(access: FileAccess, rules: Path, options: dict[str, Any]) -> None:
    """Makes a process ready; an interrupt is for the first process, which then ends the others."""
    global _mapper
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mapper = load_by(access, rules, **options)


def _map_block(first: int, block: list[bytes]) -> tuple[bytes, Account]:
    written: list[bytes] = []
    account = Account()
    map_lines(_mapper, block, written.append, account, first)
    return b"".join(written), account
