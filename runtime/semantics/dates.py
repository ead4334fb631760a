"""Times to milliseconds since 1970: ISO 8601, numbers by their size, and Python's own dates. Nothing is guessed.

Segment's destinations read whatever JavaScript's date parser makes of a text: `"-1"` is a day in 2001, and milliseconds
written as text are a day of the 18th century. This reader is strict, and agrees with theirs on every ISO 8601 text.
Source: ISO 8601-1:2019; a time without an offset is in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from ..native import native
from .blank import is_blank_text
from .javascript import exact_number

NO_TIME = -1
"""The value by which Amplitude knows an event without a session, and by which many libraries mark a missing time."""
FIRST_NUMBER = 946_684_800_000
"""The first millisecond of this century: a smaller number is not in milliseconds."""
LAST_NUMBER = 253_402_300_799_999
"""The last millisecond of the year 9999: a larger number is not in milliseconds either."""

_FIRST_SECOND, _LAST_SECOND = FIRST_NUMBER // 1000, 4_102_444_799
"""This century in seconds."""
_OTHER_UNITS = {"seconds": 1, "microseconds": 10**6, "nanoseconds": 10**9}
"""How many of each unit are one second. In this century, no number is a time in two units."""

Form: TypeAlias = Literal["exact", "seconds", "microseconds", "nanoseconds", "missing time", "empty", "not a time"]


class TimeReading(NamedTuple):
    """The time that a value means, and the form in which the value states it."""

    milliseconds: int | None
    """None for the forms "empty" and "not a time", and for 0, which marks a missing time; NO_TIME for -1."""
    form: Form


_NOT_A_TIME = TimeReading(None, "not a time")
_EMPTY = TimeReading(None, "empty")
_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|(?P<basic_month>[0-9]{2})(?P<basic_day>[0-9]{2}))"
    r"(?:[Tt ](?P<hour>[0-9]{2})(?::?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?)?"
    r"(?: ?(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,30})?")
_CLOCK = re.compile(r"((?:19[7-9]|20[0-9])[0-9]{5})([0-9]{6})")
"""A date and a time of day without the `T` between them. As milliseconds it would lie after the year 2590."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_from_iso = datetime.fromisoformat


def read_time(value: Any) -> TimeReading:
    """The time that a value of an event means: text, a number, Python's datetime or date, or a list of one of these.

    A datetime without a time zone, and a date, are in UTC. Any other value is "not a time"; nothing is raised.
    """
    if value.__class__ is list and len(value) == 1:
        value = value[0]
    if value is None:
        return _EMPTY
    if isinstance(value, str):
        return _EMPTY if is_blank_text(value) else _of_text(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return TimeReading(
            ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND, "exact"
        )
    return _NOT_A_TIME


def milliseconds(value: Any) -> int | None:
    """Milliseconds since 1970 of a time in any form; None for a value that marks a missing time, or is not a time."""
    read = read_time(value).milliseconds
    return None if read == NO_TIME else read


def _of_text(text: str) -> TimeReading:
    if (exact := milliseconds_of_iso(text)) is not None:
        return TimeReading(exact, "exact")
    if (clock := _CLOCK.fullmatch(text)) and (exact := milliseconds_of_iso(f"{clock[1]}T{clock[2]}")) is not None:
        return TimeReading(exact, "exact")
    return _of_number(exact_number(text)) if _NUMBER.fullmatch(text) else _NOT_A_TIME


def _of_number(number: float) -> TimeReading:
    if number in (0, NO_TIME):
        return TimeReading(NO_TIME if number else None, "missing time")
    if FIRST_NUMBER <= number < LAST_NUMBER + 1:
        return TimeReading(int(number), "exact")
    for unit, in_second in _OTHER_UNITS.items():
        if _FIRST_SECOND * in_second <= number < (_LAST_SECOND + 1) * in_second:
            return TimeReading(_in_milliseconds(number, in_second), unit)  # type: ignore[arg-type]
    return _NOT_A_TIME


def _in_milliseconds(number: float, in_second: int) -> int:
    return round(number * 1000) if in_second == 1 else int(number) * 1000 // in_second


def iso_text(time: int) -> str | int:
    """A time in milliseconds since 1970 as `2024-05-01T12:00:00.000Z`; the number outside the years 1 to 9999."""
    try:
        moment = datetime(1970, 1, 1) + timedelta(milliseconds=time)
    except OverflowError:
        return time
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def _iso_milliseconds(value: Any) -> int | None:
    """Milliseconds since 1970 of a text in the form that JavaScript writes, `2024-05-01T12:00:00.000Z`, else None."""
    if value.__class__ is str and len(value) == 24 and value[4:20:3] == "--T::." and value[23] == "Z":
        try:
            since = _from_iso(value) - _EPOCH
        except ValueError:
            return None  # for example 30 February
        return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    return None


iso_milliseconds = _iso_milliseconds if native is None else native.iso_milliseconds


@lru_cache(maxsize=64)
def milliseconds_of_iso(text: str) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 text, cut to whole milliseconds; None for any other text.

    The date may be a month (`2024-05`) or basic (`20240501`), with a time of day after a `T` or a blank; the time may
    end at the hour or the minute. Weeks, ordinal days and years of other than four digits are not read.
    """
    if (exact := iso_milliseconds(text)) is not None:
        return exact
    match = _ISO.fullmatch(text)
    offset = None if match is None else _minutes(match["zone"] or "")
    if match is None or offset is None:
        return None
    month, day = match["month"] or match["basic_month"], match["day"] or match["basic_day"] or "1"
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    fraction = int(f"{match['fraction'] or '':0<3}"[:3])
    is_midnight = (hour, minute, second, fraction) == (24, 0, 0, 0)
    if not is_midnight and (hour > 23 or minute > 59 or second > 59):
        return None
    try:
        days = date(int(match["year"]), int(month), int(day)).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + fraction


def _minutes(zone: str) -> int | None:
    """The minutes that a zone such as `+02:00` is ahead of UTC; None for one that does not exist."""
    if zone in ("", "Z", "z"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
