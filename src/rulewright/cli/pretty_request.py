"""Formats a request for reading: the address, then the body over several lines."""

from __future__ import annotations

import json
from typing import Any

from ..printable import printable, printable_json
from ..runtime.outcome import Request


def pretty_request(line: int, request: Request) -> bytes:
    """The request of an event's line, ending with an empty line; JSON inside a form is shown as JSON."""
    lines = [printable(f'line {line:,}  "{request.mapping}" -> {request.action}'), f"{request.method} {request.url}"]
    lines += [printable(f"{name}: {value}") for name, value in (request.added_headers or {}).items()]
    body = (
        json.loads(request.body) if request.form is None else {key: _read(text) for key, text in request.form.items()}
    )
    lines.append(printable_json(json.dumps(body, ensure_ascii=False, indent=2)))
    return "\n".join([*lines, "", ""]).encode()


def _read(text: str) -> Any:
    try:
        return json.loads(text) if text.startswith(("{", "[")) else text
    except ValueError:
        return text
