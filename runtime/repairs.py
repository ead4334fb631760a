"""Repairs: values changed to fit what the destination takes, noted where they are made and collected by the mapper.

A repair is noted from deep inside coercion or an action, so it travels in a list of the current thread instead of
through every signature. `Mapper` takes the list after each mapping; a mapping that fails loses its repairs with its
requests.
"""

from __future__ import annotations

from threading import local

import msgspec


class Repair(msgspec.Struct, frozen=True, gc=False):
    """One value that was changed or left out so that the rest could be sent: `outcome.warnings` holds these."""

    mapping: str
    field: str | None
    """The path of the value in the request, for example `user_properties.bio`; None when it is not of one field."""
    code: str
    message: str
    """One sentence without the field's name: what was done, and the value as it came."""


class _Noted(local):
    """The repairs of the mapping that this thread is running: (code, message, field)."""

    def __init__(self) -> None:
        self.repairs: list[tuple[str, str, str | None]] = []


NOTED = _Noted()


def note_repair(code: str, message: str, field: str | None = None) -> None:
    """Note that a value was changed or left out; the codes are stable, as those of failures are."""
    NOTED.repairs.append((code, message, field))


def take_repairs(mapping: str) -> list[Repair]:
    """The repairs noted since the last call, as those of a mapping."""
    taken = [Repair(mapping, field, code, message) for code, message, field in NOTED.repairs]
    NOTED.repairs.clear()
    return taken
