"""Python code made by the compiler: the only text that may become part of a module."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import final

from ...dsl.source import Span

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_WORDS = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)
_TAKEN = _WORDS | frozenset(dir(builtins))


@final
class Python(str):
    """Python code: made from literals in this package, from `literal` and from other code, never from author's text."""

    __slots__ = ()


def code(pattern: str, *parts: Python) -> Python:
    """The pattern with code in place of each `{}`.

    Raises TypeError for a part that is not of the class `Python`, and ValueError for too many or too few parts.
    """
    for part in parts:
        only_code(part)
    around = _around_placeholders(pattern)
    if len(around) != len(parts) + 1:
        more, fewer = ("code", "placeholders") if len(parts) >= len(around) else ("placeholders", "code")
        raise ValueError(f"more {more} than {fewer} in {pattern!r}")
    pieces = [""] * (len(around) + len(parts))
    pieces[::2] = around
    pieces[1::2] = parts
    return Python("".join(pieces))


@lru_cache(maxsize=1024)
def _around_placeholders(pattern: str) -> list[str]:
    return pattern.split("{}")


def only_code(part: Python) -> Python:
    """The same piece. Raises TypeError for what is not code: an author's text becomes a literal or a comment before."""
    if part.__class__ is not Python:
        raise TypeError(f"{part!r} is text, not code")
    return part


def join(separator: str, parts: Iterable[Python]) -> Python:
    """Pieces of code with a separator between them, which is a literal of this package."""
    return Python(separator.join(map(only_code, parts)))


def literal(value: object) -> Python:
    """The literal of text, a number, true, false, null or a tuple of these. Raises TypeError for other values."""
    if isinstance(value, tuple):
        inner = join(", ", (literal(item) for item in value))
        return code("({},)", inner) if len(value) == 1 else code("({})", inner)
    if isinstance(value, float) and not math.isfinite(value):
        return Python(f"float({str(value)!r})")
    if value is None or isinstance(value, bool | int | float):
        return Python(repr(value))
    if isinstance(value, str):
        return Python(ascii(str(value)) if not value.isprintable() else repr(str(value)))
    raise TypeError(f"{type(value).__name__} has no literal")


def literal_object(entries: Iterable[tuple[str, object]]) -> Python:
    """A dict of literals."""
    pairs = [code("{}: {}", literal(key), literal(value)) for key, value in entries]
    return code("{{}}", join(", ", pairs)) if pairs else Python("{}")


def comment(text: str) -> Python:
    """A comment of one line; characters of the text that could end the line or reverse its direction become dots."""
    shown = " ".join(text.split())
    if not shown.isprintable():
        shown = "".join(character if character.isprintable() else "·" for character in shown)
    return Python(f"# {shown[:150]}…" if len(shown) > 150 else f"# {shown}")


_LITERALS = re.compile(r"""^ *#.*$|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.MULTILINE)
"""Texts and comments."""
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")


def names_in(text: str) -> set[str]:
    """The names that code refers to; those of attributes are not among them."""
    return set(_NAME.findall(_LITERALS.sub("''", text)))


class Names:
    """Identifiers for one function: readable where the hint allows, never a word of Python, never given twice."""

    def __init__(self, taken: Iterable[str] = (), *, attributes: bool = False) -> None:
        """Attributes may be named as a builtin is."""
        self._taken = {*(_WORDS if attributes else _TAKEN), *taken}
        self._counts: dict[str, int] = {}
        self.given: set[str] = set()

    def fresh(self, hint: str) -> Python:
        """A new name of lower-case letters, digits and underscores, whatever the hint holds."""
        split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", hint)
        base = _NOT_IN_NAMES.sub("_", split.lower()).strip("_")[:40].rstrip("_") or "value"
        if not base[0].isalpha():
            base = f"value_{base}"
        name, count = base, self._counts.get(base, 1)
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._counts[base] = count
        self._taken.add(name)
        self.given.add(name)
        return Python(name)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a function, with the rule text that it came from."""

    depth: int
    text: Python
    span: Span | None
    field: str | None = None
    """The field that it sets, by path."""


@dataclass(slots=True)
class Body:
    """The lines of a function, as they are written."""

    lines: list[Line] = field(default_factory=list)
    depth: int = 1
    span: Span | None = None
    """The rule text that the next lines come from."""
    field: str | None = None
    """The field that the next lines set, by path."""

    def add(self, pattern: str, *parts: Python) -> None:
        """One line, by `code`."""
        self.lines.append(Line(self.depth, code(pattern, *parts), self.span, self.field))

    def note(self, text: str) -> None:
        """A comment that quotes the author."""
        self.lines.append(Line(self.depth, comment(text), self.span, self.field))

    @contextmanager
    def block(self, pattern: str, *parts: Python) -> Iterator[None]:
        """A line that ends in a colon, and everything written inside of it."""
        self.add(pattern, *parts)
        self.depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.add("pass")
        self.depth -= 1
