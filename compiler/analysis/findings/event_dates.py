"""The dates of an event, which are texts, and how they are compared."""

from __future__ import annotations

from ....dsl.syntax.strings import quote
from ....runtime.semantics.dates import FIRST_NUMBER, milliseconds, milliseconds_of_iso
from ... import ir
from .comparison_text import comparison_text

_DATES = ("timestamp", "originalTimestamp", "sentAt", "receivedAt")
"""The parts that Segment fills with an ISO 8601 text (Segment, "Spec: Common Fields")."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
"""A whole number from the first to the last is taken for a year."""
_FIRST_DAY = 19_700_101
"""A whole number from here on is taken for a day, as in 20240501, if it is one."""


def is_event_date(value: ir.Node) -> bool:
    """Whether a value is read from a part of the event that is a date."""
    return isinstance(value, ir.Read) and value.root == ir.EVENT and len(value.steps) == 1 and value.steps[0] in _DATES


def date_help(node: ir.Compare, side: ir.Constant) -> str:
    """The help for comparing a date with the time that a number, or a text of one, stands for."""
    time = _time(side.value)
    if node.operator in ("=", "!=") and _is_year(side.value):
        year = quote(side.span.text)
        written = comparison_text(
            node, lambda operand: year if operand is side else f'format_time({operand.span.text}, "%Y")'
        )
        return f"write `{written}`"
    if time is None:
        return "compare `timestamp_ms(…)` of the date, a number of milliseconds since 1970"
    written = comparison_text(node, lambda operand: time if operand is side else f"timestamp_ms({operand.span.text})")
    return f"write `{written}`"


def is_time(value: object) -> bool:
    """Whether a number, or a text of one, is a time in seconds or milliseconds since 1970, or finer, by its size."""
    number = _number(value)
    time = None if number is None else milliseconds(number)
    return time is not None and time >= FIRST_NUMBER


def _is_year(value: object) -> bool:
    number = _number(value)
    return number is not None and number.is_integer() and _FIRST_YEAR <= number <= _LAST_YEAR


def _number(value: object) -> float | None:
    try:
        return 0.0 if isinstance(value, bool) else float(str(value))
    except ValueError:
        return None


def _time(value: object) -> str | None:
    """The time that a number, or a text of one, stands for, as an expression in milliseconds; else None."""
    number = _number(value)
    if number is None:
        return None
    if _is_year(value):
        return f'timestamp_ms("{int(number)}-01-01")'
    if number.is_integer() and number >= _FIRST_DAY and milliseconds_of_iso(day := str(int(number))) is not None:
        return f'timestamp_ms("{day[:4]}-{day[4:6]}-{day[6:]}")'
    time = milliseconds(number)
    return str(time) if time is not None and time >= FIRST_NUMBER else None
