"""What the tests of both usual requests ask of a `build` that C may answer for."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from rulewright.runtime.native import native
from rulewright.runtime.outcome import Refused
from rulewright.runtime.repairs import take_repairs


def told_of(build: Callable[..., Any], arguments: list[Any]) -> Any:
    """What comes of a call, to the order of keys, with what was noted and what was refused."""
    try:
        requests = build(*arguments)
    except Refused as refused:
        take_repairs("")
        return refused.field, refused.code, refused.message
    sent = [
        (request.mapping, request.action, request.method, request.url, repr(request.json), request.form, request.body)
        for request in requests
    ]
    return sent, take_repairs("")


def constants_of(build: Any) -> tuple[Any, ...]:
    """The constants that C was given for a `build`."""
    return next(referent for referent in gc.get_referents(build) if type(referent) is tuple)


def is_left_to_python(build: Any, arguments: list[Any]) -> bool:
    """Whether C calls the function behind it, which is recorded here."""
    calls = []
    native.UsualRequest(lambda *given: calls.append(given), constants_of(build))(*arguments)
    return calls != []
