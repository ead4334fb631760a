"""The sender's log as JSON lines, for machines, or as plain lines; neither ever holds a key."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from ...printable import printable, printable_json
from .redaction import Redactor
from .reporter import log


class Formatter(logging.Formatter):
    """One line for a record; secrets are redacted everywhere in it."""

    def __init__(self, *, as_json: bool, secrets: Iterable[str]) -> None:
        super().__init__()
        self._as_json = as_json
        self._redact = Redactor(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end, and with nothing in it that could steer a terminal."""
        if self._as_json:
            return printable_json(self._json(record))
        return f"{record.levelname.lower()}: {printable(self._redact(record.getMessage()))}"

    def _json(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", {})
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage(), **fields}
        shown = {name: value if isinstance(value, int) else self._redact(str(value)) for name, value in entry.items()}
        return json.dumps(shown, ensure_ascii=False)


def log_to(stream: TextIO, *, as_json: bool, verbose: bool, secrets: Iterable[str]) -> logging.Handler:
    """Send the log there; retries are logged if verbose or for machines. Returns the handler, to be removed later."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter(as_json=as_json, secrets=secrets))
    log.addHandler(handler)
    log.setLevel(logging.INFO if verbose or as_json else logging.WARNING)
    log.propagate = False
    return handler
