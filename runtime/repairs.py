"""Repairs: values changed to fit what the destination takes, noted where they are made and collected by the mapper.

A repair is noted from deep inside coercion or an action, so it travels in a list of the current thread instead of
through every signature. `Mapper` takes the list after each mapping; a mapping that fails loses its repairs with its
requests.
"""

from __future__ import annotations

from itertools import count
from threading import local
from typing import NamedTuple

import msgspec


class Repair(msgspec.Struct, frozen=True, gc=False):
    """One value that was changed or left out so that the rest could be sent: `outcome.warnings` holds these."""

    mapping: str
    field: str | None
    """The path of the value in the request, for example `user_properties.bio`; None if it is not about one field."""
    code: str
    """A code in snake case, which never changes its meaning."""
    message: str
    """One sentence without the field's name: what was changed, and the original value."""

    @property
    def sentence(self) -> str:
        """The field, if there is one, and the message."""
        return sentence_of(self.field, self.message)


def sentence_of(field: str | None, message: str) -> str:
    """A message with the field that it is about."""
    return f"{field}: {message}" if field else message


class _Note(NamedTuple):
    """A repair before a mapper has taken it; later notes have greater numbers, in all threads."""

    number: int
    code: str
    message: str
    field: str | None


class _Notes(local):
    """The repairs that were noted in this thread and not taken yet."""

    def __init__(self) -> None:
        self.untaken: list[_Note] = []


class _Latest:
    """The latest note of all threads: comparing it is cheaper than reading the notes of the current thread."""

    __slots__ = ("note",)

    def __init__(self) -> None:
        self.note = _Note(0, "", "", None)


LATEST = _Latest()
_NOTES = _Notes()
_NUMBERS = count(1)


def note_repair(code: str, message: str, field: str | None = None) -> None:
    """Note in the current thread that a value was changed or left out; a code never changes its meaning."""
    note = _Note(next(_NUMBERS), code, message, field)
    _NOTES.untaken.append(note)
    LATEST.note = note


def take_repairs(mapping: str, since: int = 0) -> list[Repair]:
    """The repairs that this thread noted after the note with the number `since`, as repairs of a mapping.

    Removes all notes of this thread, also earlier ones.
    """
    taken = [Repair(mapping, note.field, note.code, note.message) for note in _NOTES.untaken if note.number > since]
    _NOTES.untaken.clear()
    return taken
