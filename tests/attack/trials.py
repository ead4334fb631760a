"""The loop that all parts of the attack share: cases from a seed for a time, and each failing one reduced.

A case comes from the seed and its number, so that `--only NUMBER` makes it again. Its number is written to the file of
`--progress` before it is tried: when the process dies, the number of the guilty case is there.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

Case = TypeVar("Case")

MOST_SECONDS = 20
"""Of processor time, for one case; the machine may be slow."""
MOST_MEMORY = 4 << 30
REDUCING_SECONDS = 20.0
SANITIZED = "libasan" in os.environ.get("LD_PRELOAD", "")


class Wrong(Exception):
    """What a case did that it must not do."""


class Kept(logging.Handler):
    """Keeps what is logged during a case, in place of writing it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


LOG = Kept()


@dataclass(frozen=True)
class Part(Generic[Case]):
    """One part of the attack."""

    tries: str
    """What it tries, as a plural noun."""
    make: Callable[[Random], Case]
    attack: Callable[[Case], str]
    """Tries a case in the current folder, which is empty; what came of it, in a word or two. Raises what is wrong."""
    smaller: Callable[[Case], Iterator[Case]]
    """Cases that are a step smaller."""
    show: Callable[[Case], str] = repr


@contextmanager
def bounded() -> Iterator[None]:
    """End what takes too much processor time as an error of the case."""

    def too_slow(*_: object) -> None:
        raise Wrong(f"more than {MOST_SECONDS} s of processor time")

    signal.signal(signal.SIGVTALRM, too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def tried(part: Part[Case], case: Case) -> tuple[str, Exception | None]:
    """What came of a case, and what is wrong with it."""
    LOG.lines.clear()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        try:
            with bounded():
                return part.attack(case), None
        except Exception as error:
            return "wrong", error


def reduced(part: Part[Case], case: Case, error: Exception) -> Case:
    """The smallest case found that fails in the same way."""
    end = time.monotonic() + REDUCING_SECONDS
    smaller = part.smaller(case)
    while time.monotonic() < end and (reduced := next(smaller, None)) is not None:
        _, other_error = tried(part, reduced)
        if type(other_error) is type(error) and _where(other_error) == _where(error):
            case, smaller = reduced, part.smaller(reduced)
    return case


def _where(error: BaseException) -> tuple[str, int | None]:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return last.filename, last.lineno


def main(part: Part[Case], arguments: list[str] | None = None) -> int:
    """Attack for a time, say what was tried and what was wrong; the exit code is 1 if anything was."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one case")
    parser.add_argument("--progress", type=Path, help="a file for the number of the case that is being tried")
    options = parser.parse_args(arguments)
    if options.only is None and not SANITIZED:  # whose shadow memory is larger than any bound
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    logging.getLogger().addHandler(LOG)
    end = time.monotonic() + options.seconds
    outcomes: Counter[str] = Counter()
    slowest = (0.0, -1)
    number = first = options.only or 0
    while number == first or (options.only is None and time.monotonic() < end):
        if options.progress is not None:
            options.progress.write_text(str(number))
        started = time.process_time()
        case = part.make(Random(f"{options.seed}/{number}"))
        outcome, error = tried(part, case)
        outcomes[outcome] += 1
        slowest = max(slowest, (time.process_time() - started, number))
        if error is not None:
            _tell(part, reduced(part, case, error), error, f"--seed {options.seed} --only {number}")
        number += 1
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    slow = f"the slowest, number {slowest[1]}, took {slowest[0]:.1f} s"
    sys.stdout.write(f"{outcomes.total()} {part.tries}: {counts}; {slow}\n")
    return 1 if outcomes["wrong"] else 0


def _tell(part: Part[Case], case: Case, error: Exception, number: str) -> None:
    lines = traceback.format_exception(error, limit=-6)
    sys.stdout.write(f"--- {number}\n{part.show(case)}\n{''.join(lines)}\n")
    sys.stdout.flush()
