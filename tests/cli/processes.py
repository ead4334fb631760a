"""Starts the command line in a process of its own, for what only a process has: signals, workers, streams of a shell.

The processes of one run share a cache of compiled rules, because most of their time went into compiling the same rules.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

COMMAND = [sys.executable, "-m", "rulewright"]
_SHARED = TemporaryDirectory(prefix="rulewright-tests-")


def environment(**more: str) -> dict[str, str]:
    """What a process finds around it: everything that is here, the shared cache, and `more`."""
    return {**os.environ, "RULEWRIGHT_CACHE": _SHARED.name, **more}


def shared_rules(text: str) -> Path:
    """A file of these rules, at one path for all tests: the cache knows rules by their path, too."""
    path = Path(_SHARED.name, f"{sha256(text.encode()).hexdigest()}.rules")
    if not path.exists():
        path.write_text(text)
    return path


@contextmanager
def interruptible() -> Iterator[None]:
    """A process that is started here takes an interrupt, even where this one ignores it.

    A shell without job control has what it starts in the background ignore interrupts, and all that those start.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
