"""Mapping over several processes: output in the order of input, and few blocks in memory at a time."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from .file_access import FileAccess
from .flow.results import Results
from .loader import load_by
from .runtime.inputs.ranges import Block, Range
from .runtime.mapping.account import Account
from .runtime.mapping.lines import MapsLines, map_lines
from .selected_mappings import selected

_mapper: MapsLines
"""Of this process, once `_start` has run in it."""


def map_in_processes(
    rules: Path,
    access: FileAccess,
    options: dict[str, Any],
    parts: Iterable[Range | Block],
    write: Callable[[bytes], Any],
    account: Account,
    workers: int,
    results: Results | None = None,
    only: frozenset[str] = frozenset(),
) -> None:
    """As `map_lines` of the parts, with as many mappers as there are workers, loaded from the rules with the options.

    With `results`, those of all parts are added to it; with `only`, mappings of other names are left out.

    `access` has read the rules already, so that all processes have the same, whatever is in the files by then.

    A process that dies raises BrokenProcessPool; what was written until then is whole, and in order.
    """
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(access, rules, options, only)
    )
    waiting: deque[Future[tuple[bytes, Account, Results | None]]] = deque()

    def take() -> None:
        output, part, its_results = waiting.popleft().result()
        write(output)
        account.merge(part)
        if results is not None and its_results is not None:
            results.merge(its_results)

    try:
        for part in parts:
            waiting.append(pool.submit(_map_part, part, results is not None))
            if len(waiting) > 2 * workers:
                take()
        while waiting:
            take()
    finally:
        pool.shutdown(cancel_futures=True)


def _start(access: FileAccess, rules: Path, options: dict[str, Any], only: frozenset[str]) -> None:
    """Makes a process ready; an interrupt is for the first process, which then ends the others."""
    global _mapper
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mapper = selected(load_by(access, rules, **options), only)


def _map_part(part: Range | Block, with_results: bool) -> tuple[bytes, Account, Results | None]:
    written: list[bytes] = []
    account = Account()
    results = Results() if with_results else None
    observe = None if results is None else results.add
    map_lines(_mapper, part.lines(), written.append, account, part.first, observe)
    return b"".join(written), account, results
