"""Patterns of text as small machines that read one character at a time: globs, words, lengths, changes of case."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol, TypeAlias

Range: TypeAlias = tuple[int, int]
"""Code points from the first to the last."""
Characters: TypeAlias = tuple[Range, ...]

LAST = 0x10FFFF
ANY_CHARACTER: Characters = ((0, LAST),)


class TextPattern(Protocol):
    """A machine over characters; its states can be compared and kept in a set, and are few."""

    def start(self) -> Hashable: ...

    def step(self, state: Hashable, character: str) -> Hashable: ...

    def accepts(self, state: Hashable) -> bool: ...

    def edges(self) -> Iterator[int]:
        """Code points at which characters begin to be treated differently than those before."""
        ...

    def exceptions(self) -> Iterator[str]:
        """Characters that may be treated unlike their neighbours, whatever the edges say."""
        ...

    def kind(self, character: str) -> Hashable:
        """Characters of one kind are treated alike in every state."""
        ...

    def __hash__(self) -> int: ...


class Hole:
    """`*` in a glob: any run of characters."""


STAR = Hole()


@dataclass(frozen=True)
class Glob:
    """Text of one of some characters at each place, with stars between; a state is a set of places, as bits."""

    parts: tuple[Characters | Hole, ...]

    def start(self) -> Hashable:
        return self._past_stars(1)

    def step(self, state: Hashable, character: str) -> Hashable:
        known = self._steps.get((state, character))
        if known is None:
            assert isinstance(state, int)
            known = self._steps[state, character] = self._reached(state, ord(character))
        return known

    @cached_property
    def _steps(self) -> dict[tuple[Hashable, str], int]:
        """Steps that were taken before; a search takes each of them many times."""
        return {}

    def _reached(self, state: int, point: int) -> int:
        reached = 0
        place = 0
        while state >> place:
            if state >> place & 1 and place < len(self.parts):
                part = self.parts[place]
                if isinstance(part, Hole):
                    reached |= 1 << place
                elif any(low <= point <= high for low, high in part):
                    reached |= 1 << place + 1
            place += 1
        return self._past_stars(reached)

    def accepts(self, state: Hashable) -> bool:
        assert isinstance(state, int)
        return bool(state >> len(self.parts) & 1)

    def edges(self) -> Iterator[int]:
        for part in self.parts:
            if not isinstance(part, Hole):
                for low, high in part:
                    yield low
                    yield high + 1

    def exceptions(self) -> Iterator[str]:
        return iter(())

    def kind(self, character: str) -> Hashable:
        point = ord(character)
        return tuple(isinstance(part, Hole) or any(low <= point <= high for low, high in part) for part in self.parts)

    def _past_stars(self, places: int) -> int:
        for place, part in enumerate(self.parts):
            if places >> place & 1 and isinstance(part, Hole):
                places |= 1 << place + 1
        return places


@dataclass(frozen=True)
class Words:
    """One of some texts, exactly; a state is what was read, as long as a text begins with it."""

    texts: frozenset[str]

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(text[:end] for text in self.texts for end in range(len(text) + 1))

    def start(self) -> Hashable:
        return "" if self.texts else None

    def step(self, state: Hashable, character: str) -> Hashable:
        if state is None:
            return None
        assert isinstance(state, str)
        read = state + character
        return read if read in self._beginnings else None

    def accepts(self, state: Hashable) -> bool:
        return state in self.texts

    def edges(self) -> Iterator[int]:
        for character in self._characters:
            yield ord(character)
            yield ord(character) + 1

    def exceptions(self) -> Iterator[str]:
        return iter(())

    def kind(self, character: str) -> Hashable:
        return character if character in self._characters else None

    @cached_property
    def _characters(self) -> frozenset[str]:
        return frozenset(character for text in self.texts for character in text)


@dataclass(frozen=True)
class ByteLength:
    """Text of `low` to `high` bytes of UTF-8; `high` None has no upper end. A state is the bytes read, up to a cap."""

    low: int
    high: int | None

    def start(self) -> Hashable:
        return 0

    def step(self, state: Hashable, character: str) -> Hashable:
        assert isinstance(state, int)
        cap = self.low if self.high is None else self.high + 1
        return min(state + len(character.encode()), cap)

    def accepts(self, state: Hashable) -> bool:
        assert isinstance(state, int)
        return self.low <= state and (self.high is None or state <= self.high)

    def edges(self) -> Iterator[int]:
        yield from (0x80, 0x800, 0x10000)

    def exceptions(self) -> Iterator[str]:
        return iter(())

    def kind(self, character: str) -> Hashable:
        return len(character.encode())


@dataclass(frozen=True)
class Recased:
    """Text that a pattern accepts once its case is changed, character by character."""

    pattern: TextPattern
    change: Callable[[str], str]
    """`str.lower` or `str.upper`."""

    def start(self) -> Hashable:
        return self.pattern.start()

    def step(self, state: Hashable, character: str) -> Hashable:
        for changed in self.change(character):
            state = self.pattern.step(state, changed)
        return state

    def accepts(self, state: Hashable) -> bool:
        return self.pattern.accepts(state)

    def edges(self) -> Iterator[int]:
        yield from self.pattern.edges()

    def exceptions(self) -> Iterator[str]:
        yield from changed_characters(self.change)
        yield from self.pattern.exceptions()

    def kind(self, character: str) -> Hashable:
        return tuple(self.pattern.kind(changed) for changed in self.change(character))


@lru_cache(maxsize=2)
def changed_characters(change: Callable[[str], str]) -> tuple[str, ...]:
    """The characters that a change of case does not leave as they are."""
    return tuple(character for character in map(chr, _points()) if change(character) != character)


def _points() -> Iterator[int]:
    """Every code point that can stand in text."""
    yield from range(0xD800)
    yield from range(0xE000, LAST + 1)


def literally(text: str) -> tuple[Characters, ...]:
    """The parts of a glob that stand for a text as it is."""
    return tuple(((ord(character), ord(character)),) for character in text)


NO_TEXT = Glob(((),))
"""A place for one of no characters."""

_CHARACTER = r"(?:\\.|[^\\\]\-])"
_ITEM = rf"{_CHARACTER}(?:-{_CHARACTER})?+"
_PIECE = re.compile(
    rf"(?P<star>\*)|(?P<any>\?)|\[(?P<negated>\^?+)(?P<items>(?:{_ITEM})++)\]|\\(?P<escaped>.)|(?P<plain>[^*?\\\[])",
    re.DOTALL,
)
_RANGE = re.compile(_ITEM, re.DOTALL)


MAX_GLOB = 1000
"""Characters of a pattern that `match` reads."""


def read_glob(pattern: str) -> Glob:
    """The glob that `match` reads: `*`, `?`, `[abc]`, `[a-z]`, `[^a]`, and `\\x` for x itself.

    A malformed pattern accepts no text, and neither does one that is too long.
    """
    if len(pattern) > MAX_GLOB:
        return NO_TEXT
    parts: list[Characters | Hole] = []
    at = 0
    while (piece := _PIECE.match(pattern, at)) is not None:
        at = piece.end()
        if piece["star"]:
            parts.append(STAR)
        elif piece["any"]:
            parts.append(ANY_CHARACTER)
        elif piece["items"]:
            parts.append(_read_class(piece["items"], negated=bool(piece["negated"])))
        else:
            parts.extend(literally(piece["escaped"] or piece["plain"]))
    return Glob(tuple(parts)) if at == len(pattern) else NO_TEXT


def _read_class(items: str, *, negated: bool) -> Characters:
    ranges: list[Range] = []
    for item in _RANGE.findall(items):
        low, high = ord(item[item.startswith("\\")]), ord(item[-1])
        if low <= high:
            ranges.append((low, high))
    return _others(ranges) if negated else tuple(sorted(ranges))


def _others(ranges: list[Range]) -> Characters:
    kept: list[Range] = []
    at = 0
    for low, high in sorted(ranges):
        if low > at:
            kept.append((at, low - 1))
        at = max(at, high + 1)
    if at <= LAST:
        kept.append((at, LAST))
    return tuple(kept)
