"""The dates that JavaScript reads beside dayjs's own form: ISO 8601 with an offset, "5 March 2024 10:00 GMT".

ECMAScript leaves all but its ISO form to the engine. The reference runs on Node, so this follows V8's date
parser: the ISO form as far as it goes, and from there a reader of words and numbers in nearly any order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

Parts = tuple[int, int, int, int, int, int, int, int]
"""Year, month, day, hour, minute, second, millisecond, and the offset from UTC in minutes."""

_TOKEN = re.compile(
    r"(?P<number>[0-9]+)|(?P<space>[\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+)"
    r"|(?P<word>[A-Z\[-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe"
    r"\uff00-\U0010ffff]+)|(?P<symbol>[:+.)-])|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_HALVES = {"am": 0, "pm": 12}
_ZONES = {"ut": 0, "utc": 0, "z": 0, "gmt": 0, "est": -5, "edt": -4}
_ZONES |= {"cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
_SIGNIFICANT_DIGITS = 9


class _NoDate(Exception):
    """The text cannot be read as a date."""


class _Token(NamedTuple):
    kind: str
    text: str
    number: int = 0

    def fixed(self, digits: int, low: int, high: int) -> bool:
        """Whether this is a number written with just so many digits, within bounds."""
        return self.kind == "number" and len(self.text) == digits and low <= self.number <= high


_END = _Token("end", "")


@dataclass(slots=True)
class _Reader:
    """What was read so far of one text."""

    tokens: list[_Token]
    """The tokens still to read, the next one last."""
    day: list[int] = field(default_factory=list)
    month: int = 0
    iso: bool = False
    time: list[int] = field(default_factory=list)
    half: int | None = None
    sign: int = 0
    zone_hour: int | None = None
    zone_minute: int | None = None

    def peek(self) -> _Token:
        return self.tokens[-1] if self.tokens else _END

    def next(self) -> _Token:
        return self.tokens.pop() if self.tokens else _END

    def skip(self, symbol: str) -> bool:
        if self.peek().text == symbol:
            self.tokens.pop()
            return True
        return False

    def number(self, low: int, high: int) -> int:
        """The next token as a number of two digits within bounds."""
        if not self.peek().fixed(2, low, high):
            raise _NoDate
        return self.next().number

    def set_zone(self, hour: int, minute: int | None = 0) -> None:
        self.zone_hour, self.zone_minute = hour, minute

    def iso_form(self) -> _Token:
        """Read the ISO form as far as it goes; gives the token where it stops, for the loose reader."""
        if self.peek().text in ("+", "-"):
            sign = self.next()
            if not self.peek().fixed(6, 0, 999_999) or (sign.text == "-" and self.peek().number == 0):
                return sign
            self.day.append(self.next().number * (-1 if sign.text == "-" else 1))
        elif self.peek().fixed(4, 0, 9999):
            self.day.append(self.next().number)
        else:
            return self.next()
        for highest in (12, 31):
            if not self.skip("-"):
                break
            if not self.peek().fixed(2, 1, highest):
                return self.next()
            self.day.append(self.next().number)
        if self.peek().text in ("T", "t"):
            self.next()
            self.iso_time()
        elif self.tokens:
            return self.next()
        if self.zone_hour is None and not self.time:
            self.sign = 1
            self.set_zone(0)
        self.iso = True
        return _END

    def iso_time(self) -> None:
        hour = self.number(0, 24)
        highest = 0 if hour == 24 else 59
        if not self.skip(":"):
            raise _NoDate
        self.time = [hour, self.number(0, highest)]
        if self.skip(":"):
            self.time.append(self.number(0, highest))
            if self.skip("."):
                if self.peek().kind != "number" or (hour == 24 and self.peek().number):
                    raise _NoDate
                self.time.append(_thousandths(self.next()))
        if self.peek().text in ("Z", "z"):
            self.next()
            self.sign = 1
            self.set_zone(0)
        elif self.peek().text in ("+", "-"):
            self.sign = 1 if self.next().text == "+" else -1
            if len(self.peek().text) == 4 and self.peek().kind == "number":
                hour, minute = divmod(self.next().number, 100)
                if hour > 23 or minute > 59:
                    raise _NoDate
            else:
                hour = self.number(0, 23)
                if not self.skip(":"):
                    raise _NoDate
                minute = self.number(0, 59)
            self.set_zone(hour, minute)
        if self.tokens:
            raise _NoDate

    def loose_form(self, token: _Token) -> None:
        """Read words and numbers in any order until the end, from the token where the ISO form stopped."""
        seen = bool(self.day)
        while token is not _END:
            if token.kind == "number":
                seen = True
                self.loose_number(token)
            elif token.kind == "word":
                seen = self.loose_word(token, seen)
            elif token.text in ("+", "-") and (self.time or (self.zone_hour == 0 and self.zone_minute == 0)):
                seen = True
                self.loose_offset(1 if token.text == "+" else -1)
            elif token.text in ("+", "-", ")") and seen:
                raise _NoDate
            token = self.next()

    def loose_number(self, token: _Token) -> None:
        number = token.number
        expects = (len(self.time) in (1, 2) and number < 60) or (len(self.time) == 3 and number < 1000)
        if self.skip(":"):
            if self.skip(":"):
                if self.time:
                    raise _NoDate
                self.time = [number, 0]
            else:
                self.add_time(number)
                self.skip(".")
        elif self.skip(".") and expects:
            self.time.append(number)
            if self.peek().kind != "number":
                raise _NoDate
            self.finish_time(_thousandths(self.next()))
        elif self.zone_hour is not None and self.zone_minute is None and number < 60:
            self.zone_minute = number
        elif expects:
            self.finish_time(number)
            after = self.peek()
            if after.kind not in ("end", "space") and after.text not in ("Z", "z", "+", "-"):
                raise _NoDate
        else:
            if len(self.day) == 3:
                raise _NoDate
            self.day.append(number)
            self.skip("-")

    def loose_word(self, token: _Token, seen: bool) -> bool:
        word = token.text.lower()
        if word in _HALVES and self.time:
            self.half = _HALVES[word]
        elif word[:3] in _MONTHS:
            self.month = _MONTHS[word[:3]]
            self.skip("-")
        elif word in _ZONES and seen:
            self.sign = -1 if _ZONES[word] < 0 else 1
            self.set_zone(abs(_ZONES[word]))
        elif seen or self.peek().kind == "number":
            raise _NoDate
        return seen

    def loose_offset(self, sign: int) -> None:
        self.sign = sign
        following = self.next() if self.peek().kind == "number" else _Token("number", "")
        if self.peek().text == ":":
            self.set_zone(following.number, None)
        elif len(following.text) in (1, 2):
            self.set_zone(following.number)
        elif len(following.text) in (3, 4):
            self.set_zone(*divmod(following.number, 100))
        else:
            raise _NoDate

    def add_time(self, number: int) -> None:
        if len(self.time) == 4:
            raise _NoDate
        self.time.append(number)

    def finish_time(self, number: int) -> None:
        self.time = [*self.time, number, 0, 0, 0][:4]

    def parts(self) -> Parts:
        offset = (self.zone_hour or 0) * 60 + (self.zone_minute or 0)
        return (*self.date_parts(), *self.time_parts(), self.sign * offset)

    def date_parts(self) -> tuple[int, int, int]:
        if not self.day:
            raise _NoDate
        first, second, third = (*self.day, 1, 1)[:3]
        if self.month:
            year, month, day = second, self.month, first
            if not 1 <= first <= 31:
                year, day = first, second
        elif self.iso or not 1 <= first <= 31:
            year, month, day = first, second, third
        else:
            year, month, day = third, first, second
        if not self.iso and 0 <= year <= 99:
            year += 2000 if year < 50 else 1900
        if not (1 <= month <= 12 and 1 <= day <= 31):
            raise _NoDate
        return year, month, day

    def time_parts(self) -> tuple[int, int, int, int]:
        hour, minute, second, millisecond = (*self.time, 0, 0, 0, 0)[:4]
        if self.half is not None:
            if hour > 12:
                raise _NoDate
            hour = hour % 12 + self.half
        if not (hour < 24 and minute < 60 and second < 60 and millisecond < 1000) and (
            (hour, minute, second, millisecond) != (24, 0, 0, 0)
        ):
            raise _NoDate
        return hour, minute, second, millisecond


def loose_parts(text: str) -> Parts | None:
    """What V8 reads in a text, local time taken as UTC; None where it reads no date."""
    reader = _Reader(_tokens(text)[::-1])
    try:
        reader.loose_form(reader.iso_form())
        return reader.parts()
    except _NoDate:
        return None


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    text = text.partition("\0")[0]
    at = 0
    while found := _TOKEN.match(text, at):
        at = found.end()
        kind, part = found.lastgroup or "other", found.group()
        if part == "(":
            at = _after_parentheses(text, at)
        number = int(part.lstrip("0")[:_SIGNIFICANT_DIGITS] or 0) if kind == "number" else 0
        tokens.append(_Token(kind, part, number))
    return tokens


def _after_parentheses(text: str, at: int) -> int:
    depth = 1
    while depth and at < len(text):
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return at


def _thousandths(token: _Token) -> int:
    """A fraction of a second in whole milliseconds, with V8's odd reading of more than nine digits."""
    digits = min(len(token.text), _SIGNIFICANT_DIGITS)
    return token.number * 1000 // int(10**digits)
