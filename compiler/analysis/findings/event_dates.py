"""The dates of an event, which are texts, and how they are compared."""

from __future__ import annotations

from ....runtime.semantics.dates import FIRST_NUMBER, milliseconds
from ... import ir

_DATES = ("timestamp", "originalTimestamp", "sentAt", "receivedAt")
"""The parts that Segment fills with an ISO 8601 text (Segment, "Spec: Common Fields")."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
"""A whole number from the first to the last is taken for a year."""


def is_event_date(value: ir.Node) -> bool:
    """Whether a value is read from a part of the event that is a date."""
    return isinstance(value, ir.Read) and value.root == ir.EVENT and len(value.steps) == 1 and value.steps[0] in _DATES


def date_help(node: ir.Compare, side: ir.Constant) -> str:
    """The help for comparing a date with the time that a number, or a text of one, stands for."""
    time = _time(side.value)
    if time is None:
        return "compare `timestamp_ms(…)` of the date, a number of milliseconds since 1970"
    left, right = (
        time if operand is side else f"timestamp_ms({operand.span.text})" for operand in (node.left, node.right)
    )
    return f"write `{left} {node.operator} {right}`"


def _time(value: object) -> str | None:
    """The time that a number, or a text of one, stands for, as an expression in milliseconds; else None."""
    try:
        number = 0.0 if isinstance(value, bool) else float(str(value))
    except ValueError:
        return None
    if number.is_integer() and _FIRST_YEAR <= number <= _LAST_YEAR:
        return f'timestamp_ms("{int(number)}-01-01")'
    time = milliseconds(number)
    return str(time) if time is not None and time >= FIRST_NUMBER else None
