"""The bytes of an event that a dead letter keeps; no event can make this raise an exception."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec

MOST_VALUES = 1_000_000
"""Values that are written of an event that no encoder takes; what follows is left out, and says so."""


def event_bytes(event: object) -> bytes:
    """The bytes of the event if it arrived as text, else the event as JSON.

    What JSON cannot hold is replaced by text that describes it: a cycle, an integer of more than 4,300 digits, an
    object of another class. A float that is not finite becomes null, or its name. Raises only MemoryError.
    """
    try:
        if isinstance(event, (str, bytes, bytearray)):
            return event.encode("utf-8", "surrogatepass") if isinstance(event, str) else bytes(event)
        return msgspec.json.encode(event, enc_hook=described)
    except MemoryError:
        raise
    except Exception:
        return "".join(_pieces(event)).encode("ascii")


def described(value: object) -> str:
    """The `repr` of an object, or the name of its class where that raises."""
    try:
        return repr(value)
    except MemoryError:
        raise
    except Exception:
        return f"<{type.__getattribute__(type(value), '__name__')}>"


def _pieces(event: object) -> list[str]:
    """JSON text in ASCII, without recursion, so that no depth is too deep and a lone surrogate is an escape."""
    pieces: list[str] = []
    within: set[int] = set()
    stack: list[tuple[str, Any]] = [("value", event)]
    left = MOST_VALUES
    while stack:
        kind, value = stack.pop()
        if kind == "text":
            pieces.append(str(value))
        elif kind == "leave":
            within.discard(id(value))
        elif not issubclass(type(value), (dict, list, tuple)):
            left -= 1
            pieces.append(_scalar(value))
        elif id(value) in within:
            pieces.append('"<cycle>"')
        elif left <= 0:
            pieces.append('"<left out>"')
        else:
            left -= 1
            within.add(id(value))
            stack += _opened(value)
    return pieces


def _opened(value: Any) -> list[tuple[str, Any]]:
    """The steps that write a container, in reverse."""
    steps: list[tuple[str, Any]] = []
    if issubclass(type(value), dict):
        steps.append(("text", "{"))
        for number, (key, item) in enumerate(list(dict.items(value))):
            name = key if issubclass(type(key), str) else described(key)
            steps += [("text", f"{',' if number else ''}{json.dumps(name)}:"), ("value", item)]
        steps.append(("text", "}"))
    else:
        steps.append(("text", "["))
        for number, item in enumerate(list.__iter__(value) if issubclass(type(value), list) else tuple.__iter__(value)):
            steps += [("text", "," if number else ""), ("value", item)]
        steps.append(("text", "]"))
    steps.append(("leave", value))
    return steps[::-1]


def _scalar(value: Any) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    kind = type(value)  # what an object says of its own class may raise
    if issubclass(kind, str):
        return json.dumps(str.__str__(value))
    if issubclass(kind, float) and math.isfinite(float.__float__(value)):
        return float.__repr__(value)
    if issubclass(kind, int):
        try:
            return int.__repr__(value)
        except ValueError:  # more digits than Python converts
            return json.dumps(f"<integer of {int.bit_length(value):,} bits: {int.__format__(value, '#x')}>")
    return json.dumps(described(value))
