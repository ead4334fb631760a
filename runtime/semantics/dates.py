"""Texts and numbers to milliseconds since 1970, as Segment's destinations (dayjs in UTC) read them.

Source: the libraries that Segment's own code uses: dayjs 1.11 with its utc plugin, and what the ECMAScript
specification says of Date.UTC and of the date time string format. Local time is taken as UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from ..native import native
from .lenient_dates import loose_parts

FURTHEST = 8_640_000_000_000_000
"""The last millisecond, on either side of 1970, that a date can hold (ECMAScript, time values)."""

_SPACE = r"[\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_DAYJS = re.compile(
    rf"([0-9]{{4}})[-/]?([0-9]{{1,2}})?[-/]?([0-9]{{0,2}})(?:[Tt]|{_SPACE})*"
    r"([0-9]{1,2})?:?([0-9]{1,2})?:?([0-9]{1,2})?[.:]?([0-9]+)?\Z"
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_from_iso = datetime.fromisoformat


def milliseconds(value: Any) -> int | None:
    """Milliseconds since 1970 of a text, a number (milliseconds already) or a datetime; None for no time."""
    if value.__class__ is str:
        return milliseconds_of_text(value)
    if isinstance(value, int | float):
        return _within(value)
    if isinstance(value, datetime):
        return round((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp() * 1000)
    return None


def iso_text(time: int) -> str | int:
    """A time in milliseconds as `2024-05-01T12:00:00.000Z`; itself where the year has more than four digits."""
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
            return None  # for example 30 February, which a date of JavaScript takes for 1 March
        return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    return None


iso_milliseconds = _iso_milliseconds if native is None else native.iso_milliseconds


@lru_cache(maxsize=64)
def milliseconds_of_text(text: str) -> int | None:
    """Milliseconds since 1970 of a text, or None where dayjs finds no valid date in it.

    A field is first checked and then converted, which the small cache makes one parse.
    """
    if (exact := iso_milliseconds(text)) is not None:
        return exact
    if text[-1:] not in ("Z", "z") and (found := _DAYJS.match(text)):
        year, month, day, hour, minute, second, fraction = found.groups()
        # Date.UTC reads 0 to 99 as years of the last century
        clock = (int(year) + 1900 if int(year) <= 99 else int(year), int(month or 1), int(day or 1))
        return _within(
            _since_1970(*clock, int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "0")[:3]))
        )
    parts = loose_parts(text)
    if parts is None:
        return None
    *clock_parts, offset = parts
    return _within(_since_1970(*clock_parts) - offset * 60_000)


def _since_1970(year: int, month: int, day: int, hour: int, minute: int, second: int, millisecond: int) -> int:
    """Milliseconds since 1970 of parts that may overflow (month 14, day 0), as ECMAScript sums them."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    # 400 years are always 146,097 days, and Python knows the years 1 to 9999 only
    cycles, year = divmod(year - 1, 400)
    days = date(year + 1, month, 1).toordinal() - _EPOCH_DAY + cycles * 146_097 + day - 1
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millisecond


def _within(value: float) -> int | None:
    return int(value) if -FURTHEST <= value <= FURTHEST else None
