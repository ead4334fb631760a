"""Writes a time by a format of percent signs; not strftime, whose answers depend on the machine and its locale.

Source: the strftime of liquidjs 10, with its flags (`%-d`, `%^a`, `%_d`) and widths; weeks and names are English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from ..counted import ordinal_suffix
from .failure import ValueFailure

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WIDEST = 100
_PART = re.compile(r"%([-_0^#:]*)([0-9]*)(.?)", re.DOTALL)
_WIDTHS = {**dict.fromkeys("CdeHIklmMSUWy", 2), "j": 3, "L": 3, "Y": 4}
_PADDED_WITH_SPACE = frozenset("aAbBceklpP")


def _week(time: datetime, first_day: int) -> int:
    """The week of the year; days before the first Monday (0) or Sunday (6) are in week 0."""
    return (time.timetuple().tm_yday - 1 - (time.weekday() - first_day) % 7 + 7) // 7


def _offset(time: datetime, colon: str = "") -> str:
    minutes = int((time.utcoffset() or time - time).total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


def _date(time: datetime) -> str:
    return f"{time.month}/{time.day}/{time.year}"


def _clock(time: datetime) -> str:
    return f"{_hour(time)}:{time.minute:02}:{time.second:02} {'AM' if time.hour < 12 else 'PM'}"


def _hour(time: datetime) -> int:
    return time.hour % 12 or 12


def _milliseconds(time: datetime) -> int:
    return time.microsecond // 1000


_PARTS: dict[str, Callable[[datetime], str | int]] = {
    "a": lambda time: _DAYS[time.weekday()][:3],
    "A": lambda time: _DAYS[time.weekday()],
    "b": lambda time: _MONTHS[time.month - 1][:3],
    "B": lambda time: _MONTHS[time.month - 1],
    "c": lambda time: f"{_date(time)}, {_clock(time)}",
    "C": lambda time: time.year // 100,
    "d": lambda time: time.day,
    "e": lambda time: time.day,
    "h": lambda time: _MONTHS[time.month - 1][:3],
    "H": lambda time: time.hour,
    "I": _hour,
    "j": lambda time: time.timetuple().tm_yday,
    "k": lambda time: time.hour,
    "l": _hour,
    "L": _milliseconds,
    "m": lambda time: time.month,
    "M": lambda time: time.minute,
    "p": lambda time: "AM" if time.hour < 12 else "PM",
    "P": lambda time: "am" if time.hour < 12 else "pm",
    "q": lambda time: ordinal_suffix(time.day),
    "s": lambda time: int(time.timestamp() // 1),
    "S": lambda time: time.second,
    "u": lambda time: time.isoweekday(),
    "U": lambda time: _week(time, 6),
    "w": lambda time: time.isoweekday() % 7,
    "W": lambda time: _week(time, 0),
    "x": _date,
    "X": _clock,
    "y": lambda time: time.year % 100,
    "Y": lambda time: time.year,
    "z": _offset,
    "Z": lambda time: time.tzname() or _offset(time),
    "t": lambda time: "\t",
    "n": lambda time: "\n",
    "%": lambda time: "%",
}


def unknown_part(format: str) -> str | None:
    """The first part of a format that says nothing, or None."""
    for match in _PART.finditer(format):
        if match[3] not in _PARTS and match[3] != "N":
            return match[0]
    return None


def time_text(time: datetime, format: str) -> str:
    """The time as the format says, in its own time zone; an unknown part is not changed.

    Raises ValueFailure for a part that is to be wider than a hundred characters.
    """
    return _PART.sub(lambda match: _part(time, match), format)


def _part(time: datetime, match: re.Match[str]) -> str:
    flags, width, letter = match.groups()
    if len(width) > 3 or int(width or 0) > _WIDEST:
        raise ValueFailure(f"`{match[0]}` is wider than {_WIDEST} characters")
    if letter == "N":
        return f"{_milliseconds(time):03}"[: int(width or 9)].ljust(int(width or 9), "0")
    if letter not in _PARTS:
        return match[0]
    text = _offset(time, ":") if letter == "z" and ":" in flags else str(_PARTS[letter](time))
    if "^" in flags:
        text = text.upper()
    elif "#" in flags:
        text = text.lower() if text == text.upper() else text.upper()
    if "-" in flags:
        return text
    space = "_" in flags or (letter in _PADDED_WITH_SPACE and "0" not in flags)
    return text.rjust(int(width or _WIDTHS.get(letter, 0)), " " if space else "0")
