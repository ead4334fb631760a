"""Sets of text: listed words, all but listed words, or any combination of patterns; exact, with a shortest text."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache, reduce
from itertools import count, islice

from ....frozen import dataclass
from ....runtime.semantics.glob import LAST
from ..budget import TooMuchWork, spend_once
from .combination import Combination, Not, both, holds, leaves, replaced, size
from .text_pattern import Recased, TextPattern, Words

MOST_STEPS = 300_000
"""The most characters read by patterns in the search for one text; some tenths of a second."""
_READ_IN_A_STEP = 4
"""How many of these characters count as one step of a budget."""
MOST_PATTERNS = 200
"""The most patterns that are read together."""
_TOO_MUCH = TooMuchWork("the patterns of text are too many to be combined")


@dataclass(frozen=True, slots=True)
class TextSet:
    """Either the listed texts, or with `inverted` all others; or the texts of a shape, when there is one."""

    listed: frozenset[str] = frozenset()
    inverted: bool = False
    shape: Combination[TextPattern] | None = None

    def __contains__(self, text: str) -> bool:
        if self.shape is not None:
            return holds(self.shape, lambda pattern: _accepts(pattern, text))
        return (text in self.listed) ^ self.inverted

    def __and__(self, other: TextSet) -> TextSet:
        for mine, theirs in ((self, other), (other, self)):
            if mine.shape is None and not mine.inverted:
                return TextSet(frozenset(text for text in mine.listed if text in theirs))
            if theirs == ALL_TEXTS or mine == theirs:
                return mine
        if self.shape is None and other.shape is None:
            return TextSet(self.listed | other.listed, True)
        return TextSet(shape=both(self.as_shape(), other.as_shape()))

    def __or__(self, other: TextSet) -> TextSet:
        return ~(~self & ~other)

    def __invert__(self) -> TextSet:
        if self.shape is None:
            return TextSet(self.listed, not self.inverted)
        return TextSet(shape=self.shape.part if isinstance(self.shape, Not) else Not(self.shape))

    def pick(self) -> str | None:
        """A shortest text of the set, None when it is empty. Raises TooMuchWork."""
        if self.shape is not None:
            shortest, steps = _shortest(self.shape)
            spend_once(self.shape, steps)
            if isinstance(shortest, TooMuchWork):
                raise TooMuchWork(*shortest.args)
            return shortest
        if not self.inverted:
            return min(self.listed, key=lambda text: (not text, len(text), text), default=None)
        return next(word for word in _plain_words() if word not in self.listed)

    def before(self, change: Callable[[str], str]) -> TextSet:
        """The texts that are in this set once `change`, which is `str.lower` or `str.upper`, was applied to them."""
        return TextSet(shape=replaced(self.as_shape(), lambda pattern: Recased(pattern, change)))

    def size(self) -> int:
        """About how much there is to look at in this set."""
        return len(self.listed) if self.shape is None else size(self.shape)

    def as_shape(self) -> Combination[TextPattern]:
        """The same set as a combination of patterns."""
        if self.shape is not None:
            return self.shape
        words = Words(self.listed)
        return Not(words) if self.inverted else words


NO_TEXTS = TextSet()
ALL_TEXTS = TextSet(inverted=True)


def texts(*listed: str) -> TextSet:
    return TextSet(frozenset(listed))


def texts_like(pattern: TextPattern) -> TextSet:
    return TextSet(shape=pattern)


def _plain_words() -> Iterator[str]:
    yield "a"
    yield from (f"a{number}" for number in count(1))


def _accepts(pattern: TextPattern, text: str) -> bool:
    return pattern.accepts(reduce(pattern.step, text, pattern.start()))


@lru_cache(maxsize=4096)
def _shortest(shape: Combination[TextPattern]) -> tuple[str | TooMuchWork | None, int]:
    """Reads all texts at once, shortest first: the product of the patterns' states, each visited once.

    Empty text is given only where no other is found. The steps that it took come with it. Too much is an answer too,
    so that it is known the next time.
    """
    numbers = {pattern: number for number, pattern in enumerate(dict.fromkeys(leaves(shape)))}
    patterns = tuple(numbers)
    if len(patterns) > MOST_PATTERNS:
        return _TOO_MUCH, len(patterns)
    numbered = replaced(shape, numbers.__getitem__)
    start = tuple(pattern.start() for pattern in patterns)
    seen: set[tuple[Hashable, ...]] = {start}
    reached = deque([(start, "")])
    alphabet: tuple[str, ...] | None = None
    characters = 0
    empty: str | None = None
    while reached:
        states, text = reached.popleft()
        accepted = [pattern.accepts(state) for pattern, state in zip(patterns, states, strict=True)]
        if holds(numbered, accepted.__getitem__):
            if text:
                return text, characters // _READ_IN_A_STEP
            empty = text
        if alphabet is None:
            candidates = _candidates(patterns)
            characters = len(candidates) * sum(pattern.classes() for pattern in patterns)
            alphabet = () if characters > MOST_STEPS else _alphabet(patterns, candidates)
        for character in alphabet:
            after = tuple(pattern.step(state, character) for pattern, state in zip(patterns, states, strict=True))
            if after not in seen:
                seen.add(after)
                reached.append((after, text + character))
        characters += len(alphabet) * len(patterns)
        if characters > MOST_STEPS:
            return _TOO_MUCH if empty is None else empty, characters // _READ_IN_A_STEP
    return empty, characters // _READ_IN_A_STEP


def _candidates(patterns: tuple[TextPattern, ...]) -> list[str]:
    """Characters among which there is one of each kind that these patterns treat unlike others; familiar ones first."""
    edges = sorted({0, *(edge for pattern in patterns for edge in pattern.edges() if edge <= LAST)})
    alone = {character for pattern in patterns for character in pattern.exceptions()}
    candidates = {*alone, *FAMILIAR}
    for first, after in zip(edges, [*edges[1:], LAST + 1], strict=True):
        points = (point for point in range(first, after) if not 0xD800 <= point < 0xE000)
        candidates.update(islice((chr(point) for point in points if chr(point) not in alone), 1))
    return sorted(candidates, key=_familiarity)


def _alphabet(patterns: tuple[TextPattern, ...], candidates: list[str]) -> tuple[str, ...]:
    """One character, the most familiar, of each kind."""
    kinds: dict[tuple[Hashable, ...], str] = {}
    for character in candidates:
        kinds.setdefault(tuple(pattern.kind(character) for pattern in patterns), character)
    return tuple(kinds.values())


FAMILIAR = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_."
_PLACES = {character: place for place, character in enumerate(FAMILIAR)}


def _familiarity(character: str) -> tuple[int, str]:
    return _PLACES.get(character, len(FAMILIAR)), character
