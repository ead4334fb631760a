"""Dead letters as JSON lines: always valid JSON, with the bytes of each event or request as they were stored."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any, NoReturn

from .store.queue_status import DeadLetter


def letter_line(letter: DeadLetter) -> bytes:
    """One dead letter as a JSON object on one line, without a line end.

    Its `event` or `body` is the stored JSON byte for byte (line breaks between values become blanks). What is not
    JSON, or is nested too deep to be sure of that, is there as a text; what is not UTF-8 either is also in `base64`.
    """
    fields: dict[str, Any] = {
        "seq": letter.seq,
        "code": letter.code,
        "reason": letter.reason,
        "mapping": letter.mapping,
        "endpoint": None if letter.route is None else letter.route.url,
        "died_at": datetime.fromtimestamp(letter.died_at, UTC).isoformat(timespec="milliseconds"),
    }
    name = "event" if letter.route is None else "body"
    if _is_json(letter.body):
        head = json.dumps(fields, ensure_ascii=False).encode()
        return b'%s, "%s": %s}' % (head[:-1], name.encode(), event_line(letter))
    fields[name] = letter.body.decode("utf-8", "replace")
    if fields[name].encode() != letter.body:
        fields["base64"] = base64.b64encode(letter.body).decode()
    return json.dumps(fields, ensure_ascii=False).encode()


def event_line(letter: DeadLetter) -> bytes:
    """The stored bytes on one line: JSON has line breaks between values only, where blanks mean the same."""
    return letter.body.replace(b"\r", b" ").replace(b"\n", b" ")


def _is_json(body: bytes) -> bool:
    try:
        # Numbers are not computed: their digits are not limited in JSON, as they are in Python.
        json.loads(body.decode(), parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
