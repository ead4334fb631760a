"""Globs as automata: each position accepts some characters, and stars come between positions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property

from ....frozen import dataclass
from ....runtime.semantics.glob import AnyText, Characters, read_pattern


@dataclass(frozen=True)
class Glob:
    """Text of one of some characters at each place, with stars between.

    A state is a set of places, as the bits of a number, so that a step takes all of them on at once.
    """

    parts: tuple[Characters | AnyText, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.parts)

    def start(self) -> Hashable:
        return 3 if self._stars & 1 else 1

    def step(self, state: Hashable, character: str) -> Hashable:
        assert isinstance(state, int)
        kind = self._kinds.get(character)
        stars = self._stars
        places = (state & (self.kind(character) if kind is None else kind)) << 1 | state & stars
        return places | (places & stars) << 1

    def accepts(self, state: Hashable) -> bool:
        assert isinstance(state, int)
        return bool(state >> len(self._places) & 1)

    def edges(self) -> Iterator[int]:
        for part in self._places_of:
            for low, high in part:
                yield low
                yield high + 1

    def exceptions(self) -> Iterator[str]:
        return iter(())

    def kind(self, character: str) -> int:
        """The positions, as bits, at which the character may be, not counting stars."""
        known = self._kinds.get(character)
        if known is None:
            point = ord(character)
            known = self._single.get(point, 0)
            for part, places in self._classes:
                if any(low <= point <= high for low, high in part):
                    known |= places
            self._kinds[character] = known
        return known

    def classes(self) -> int:
        return 1 + sum(len(part) for part, _ in self._classes)

    @cached_property
    def _places(self) -> tuple[Characters | AnyText, ...]:
        """The parts, with one star for several in a row."""
        return tuple(
            part
            for part, before in zip(self.parts, (None, *self.parts), strict=False)
            if not (isinstance(part, AnyText) and isinstance(before, AnyText))
        )

    @cached_property
    def _stars(self) -> int:
        return _bits(place for place, part in enumerate(self._places) if isinstance(part, AnyText))

    @cached_property
    def _places_of(self) -> dict[Characters, int]:
        """The places, as bits, of each set of characters."""
        places: dict[Characters, list[int]] = {}
        for place, part in enumerate(self._places):
            if not isinstance(part, AnyText):
                places.setdefault(part, []).append(place)
        return {part: _bits(positions) for part, positions in places.items()}

    @cached_property
    def _single(self) -> dict[int, int]:
        """The places of those that are one character."""
        return {part[0][0]: places for part, places in self._places_of.items() if _is_single(part)}

    @cached_property
    def _classes(self) -> list[tuple[Characters, int]]:
        return [(part, places) for part, places in self._places_of.items() if not _is_single(part)]

    @cached_property
    def _kinds(self) -> dict[str, int]:
        """Kinds that were asked for before; a search asks for each of them many times."""
        return {}


def _is_single(part: Characters) -> bool:
    return len(part) == 1 and part[0][0] == part[0][1]


def _bits(places: Iterable[int]) -> int:
    """The number that has a bit for each of these places."""
    digits = bytearray()
    for place in places:
        digits.extend(bytes(max(0, place // 8 + 1 - len(digits))))
        digits[place // 8] |= 1 << place % 8
    return int.from_bytes(digits, "little")


NO_TEXT = Glob(((),))
"""A place for one of no characters."""


def read_glob(pattern: str) -> Glob:
    """The glob of a pattern of `match`; a malformed pattern accepts no text, and neither does one that is too long."""
    pieces = read_pattern(pattern)
    return NO_TEXT if pieces is None else Glob(pieces)
