"""When two values, and two lists of requests, are the same."""

from __future__ import annotations

import json
from typing import Any

from rulewright.runtime.outcome import Request


def same(first: Any, second: Any) -> bool:
    """Equal in kind as well, for true is 1 in Python."""
    return repr(first) == repr(second)


def sent(requests: list[Request]) -> Any:
    """What requests say: code may fill the keys of an object in another order than the rules name them."""
    return json.loads(
        json.dumps(
            [
                (request.url, request.json or {key: read_part(part) for key, part in (request.form or {}).items()})
                for request in requests
            ],
            sort_keys=True,
        )
    )


def read_part(part: str) -> Any:
    """A part of a form, which may be JSON text."""
    return json.loads(part) if part[:1] in ("[", "{") else part
