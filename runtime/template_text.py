"""What a template writes for a value, and the note about an object, which has no text."""

from __future__ import annotations

from typing import Any

from .repairs import note_repair
from .semantics import javascript
from .semantics.description import shown

_OBJECT = "[object Object]"
"""JavaScript's text of every object, which nobody means to send."""


def template_text(value: Any) -> str:
    """What a template writes for `{{ value }}` (see `javascript.template_text`); an object in it is noted as a repair.

    Raises ValueFailure for a value that is not a JSON value.
    """
    if value.__class__ is str:
        return value  # as nearly all are
    written = javascript.template_text(value)
    if isinstance(value, (dict, list)) and _OBJECT in written:
        note_repair("object_as_text", f"{shown(value)} has no text, and is written as `{_OBJECT}`")
    return written
