"""Text patterns as small automata that read one character at a time: words, lengths, changes of case."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property, lru_cache
from typing import Protocol

from ....frozen import dataclass
from ....runtime.semantics.glob import LAST


class TextPattern(Protocol):
    """A machine over characters; its states can be compared and kept in a set, and are few."""

    def start(self) -> Hashable: ...

    def step(self, state: Hashable, character: str) -> Hashable: ...

    def accepts(self, state: Hashable) -> bool: ...

    def edges(self) -> Iterator[int]:
        """Code points at which characters begin to be treated differently than those before."""
        ...

    def exceptions(self) -> Iterator[str]:
        """Characters that may be treated unlike their neighbors, whatever the edges say."""
        ...

    def kind(self, character: str) -> Hashable:
        """Characters of one kind are treated alike in every state."""
        ...

    def classes(self) -> int:
        """About how many comparisons it takes to tell the kind of a character."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Words:
    """One of some texts, exactly; a state is the place in the tree of their beginnings, None beside it."""

    texts: frozenset[str]

    @cached_property
    def _tree(self) -> tuple[dict[tuple[int, str], int], frozenset[int]]:
        """The next place for a place and a character, and the places at which a text ends; 0 is the root."""
        after: dict[tuple[int, str], int] = {}
        ends = set()
        for text in self.texts:
            place = 0
            for character in text:
                place = after.setdefault((place, character), len(after) + 1)
            ends.add(place)
        return after, frozenset(ends)

    def start(self) -> Hashable:
        return 0 if self.texts else None

    def step(self, state: Hashable, character: str) -> Hashable:
        if state is None:
            return None
        assert isinstance(state, int)
        return self._tree[0].get((state, character))

    def accepts(self, state: Hashable) -> bool:
        return state in self._tree[1]

    def edges(self) -> Iterator[int]:
        for character in self._characters:
            yield ord(character)
            yield ord(character) + 1

    def exceptions(self) -> Iterator[str]:
        return iter(())

    def kind(self, character: str) -> Hashable:
        return character if character in self._characters else None

    def classes(self) -> int:
        return 1

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

    def classes(self) -> int:
        return 1


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

    def classes(self) -> int:
        return self.pattern.classes()


@lru_cache(maxsize=2)
def changed_characters(change: Callable[[str], str]) -> tuple[str, ...]:
    """The characters that a change of case does not leave as they are."""
    return tuple(character for character in map(chr, _points()) if change(character) != character)


def _points() -> Iterator[int]:
    """Every code point that text can contain."""
    yield from range(0xD800)
    yield from range(0xE000, LAST + 1)
