"""What a function that copies an event gives, in a form that tells every difference."""

from __future__ import annotations

from typing import Any

from rulewright.runtime.mapping.copy_table import Copy
from rulewright.runtime.outcome import Refused


def said(copy: Copy, event: Any, *build: Any) -> tuple[str, Any]:
    """What is copied, down to the order of keys and the classes of numbers."""
    try:
        return "gives", repr(copy(event, *build))
    except Refused as refused:
        return "refuses", (refused.field, refused.code, refused.message)


def arguments(*given: Any) -> tuple[Any, ...]:
    """A `build` that gives back what it is called with."""
    return given
