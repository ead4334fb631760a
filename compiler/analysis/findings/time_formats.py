"""Findings on formats of a time in the letters of another language: `format_time(timestamp, "YYYY-MM-DD")`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.strings import quote_as
from ... import ir

_PARTS = {
    "YYYY": "%Y", "yyyy": "%Y", "YY": "%y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "DD": "%d", "dd": "%d",
    "dddd": "%A", "EEEE": "%A", "ddd": "%a", "EEE": "%a", "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S", "SSS": "%L",
    "A": "%p", "a": "%p",
}  # fmt: skip
"""The letters of moment.js and of Java for what a format of `format_time` has after `%`."""
_LETTERS = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))


def time_format_findings(written: Iterable[ir.Node]) -> Iterator[Diagnostic]:
    """RW0312 of formats without `%`, which are the same text for every time."""
    for node in written:
        match node:
            case ir.Call("format_time", (_, ir.Constant(str(format_)) as constant)) if "%" not in format_:
                message = f"`{constant.span.text}` has no `%`, so it is given as it is written"
                translated = _LETTERS.sub(lambda letters: _PARTS[letters[0]], format_)
                help_ = "write the parts of a time as in `%Y-%m-%d %H:%M:%S`"
                if re.search("[A-Za-z]{2}", _LETTERS.sub("", format_)) is None and "%" in translated:
                    help_ = f"write `{quote_as(constant.span.text, translated)}`"
                yield Diagnostic("RW0312", message, constant.span, help=(help_,))
            case _:
                pass
