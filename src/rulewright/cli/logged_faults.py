"""Reports faults that a library catches and only logs, as a server does with those of one request."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ..printable import printable
from ..runtime.standard_streams import say
from .faults import fault_message


class FaultHandler(logging.Handler):
    """Says faults without a traceback, and of any other record the first line: what follows it may be a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        """Says a record on standard error."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not _is_diagnosed(error):
            say(fault_message(error))
        else:
            first = record.getMessage().partition("\n")[0] if error is None else str(error)
            say(printable(f"{record.levelname.lower()}: {first}"))


@contextmanager
def logged_faults_said() -> Iterator[None]:
    """Says warnings and faults that no other handler takes, in place of Python's handler, which shows tracebacks."""
    before = logging.lastResort
    logging.lastResort = FaultHandler(logging.WARNING)
    try:
        yield
    finally:
        logging.lastResort = before


def _is_diagnosed(error: BaseException) -> bool:
    """Whether an exception is not a fault: an error of the system, or the language server's for a wrong request."""
    return isinstance(error, OSError) or type(error).__module__.startswith("pygls.")
