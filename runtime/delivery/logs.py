"""The sender's log as JSON lines, for machines, or as plain lines; neither ever holds a key."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from traceback import format_exception
from typing import Any, TextIO

from ...printable import printable, printable_json
from .redaction import Redactor
from .reporter import log


class Formatter(logging.Formatter):
    """Writes a record on one line, with secrets redacted everywhere in it.

    `tracebacks`: a record of an exception has its traceback as well, on lines of its own or as a field of the JSON.
    """

    def __init__(self, *, as_json: bool, secrets: Iterable[str], tracebacks: bool = False) -> None:
        super().__init__()
        self._as_json = as_json
        self._redact = Redactor(secrets)
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """The line, and those of a traceback, without a final line end or characters that a terminal acts on."""
        if self._as_json:
            return printable_json(self._json(record))
        lines = [f"{record.levelname.lower()}: {record.getMessage()}", *self._traceback(record).splitlines()]
        return "\n".join(printable(self._redact(line)) for line in lines)

    def _json(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", {})
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage(), **fields}
        trace = self._traceback(record)
        if trace:
            entry["traceback"] = trace
        shown = {name: value if isinstance(value, int) else self._redact(str(value)) for name, value in entry.items()}
        return json.dumps(shown, ensure_ascii=False)

    def _traceback(self, record: logging.LogRecord) -> str:
        if not self._tracebacks or not record.exc_info or record.exc_info[1] is None:
            return ""
        return "".join(format_exception(record.exc_info[1]))


def log_to(
    stream: TextIO, *, as_json: bool, verbose: bool, secrets: Iterable[str], tracebacks: bool = False
) -> logging.Handler:
    """Write the log to a stream, with retries if `verbose` or `as_json`. Returns the handler, for its removal."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter(as_json=as_json, secrets=secrets, tracebacks=tracebacks))
    log.addHandler(handler)
    log.setLevel(logging.INFO if verbose or as_json else logging.WARNING)
    log.propagate = False
    return handler
