"""Sets of text: listed words, all but listed words, or any combination of patterns; exact, with a shortest text."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import count, islice

from .combination import All, Combination, Neither, TooMuchWork, both, holds, leaves
from .text_pattern import LAST, Recased, TextPattern, Words

MOST_STEPS = 300_000
"""Characters read by patterns in the search for one text; some tenths of a second."""
MOST_PATTERNS = 200
"""Patterns that are read together."""
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
        for one, another in ((self, other), (other, self)):
            if one.shape is None and not one.inverted:
                return TextSet(frozenset(text for text in one.listed if text in another))
            if another == ALL_TEXTS or one == another:
                return one
        if self.shape is None and other.shape is None:
            return TextSet(self.listed | other.listed, True)
        return TextSet(shape=both(self.as_shape(), other.as_shape()))

    def __or__(self, other: TextSet) -> TextSet:
        return ~(~self & ~other)

    def __invert__(self) -> TextSet:
        if self.shape is None:
            return TextSet(self.listed, not self.inverted)
        return TextSet(shape=self.shape.part if isinstance(self.shape, Neither) else Neither(self.shape))

    def pick(self) -> str | None:
        """A shortest text of the set, None when it is empty. Raises TooMuchWork."""
        if self.shape is not None:
            found = _shortest(self.shape)
            if isinstance(found, TooMuchWork):
                raise TooMuchWork(*found.args)
            return found
        if not self.inverted:
            return min(self.listed, key=lambda text: (not text, len(text), text), default=None)
        return next(word for word in _plain_words() if word not in self.listed)

    def before(self, change: Callable[[str], str]) -> TextSet:
        """The texts that are in this set once `change`, which is `str.lower` or `str.upper`, was applied to them."""
        return TextSet(shape=_recased(self.as_shape(), change))

    def as_shape(self) -> Combination[TextPattern]:
        """The same set as a combination of patterns."""
        if self.shape is not None:
            return self.shape
        words = Words(self.listed)
        return Neither(words) if self.inverted else words


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


def _recased(shape: Combination[TextPattern], change: Callable[[str], str]) -> Combination[TextPattern]:
    if isinstance(shape, All):
        return All(tuple(_recased(part, change) for part in shape.parts))
    if isinstance(shape, Neither):
        return Neither(_recased(shape.part, change))
    return Recased(shape, change)


@lru_cache(maxsize=4096)
def _shortest(shape: Combination[TextPattern]) -> str | TooMuchWork | None:
    """Reads all texts at once, shortest first: the product of the patterns' states, each visited once.

    Empty text is given only where there is no other. Too much is an answer too, so that it is known the next time.
    """
    patterns = tuple(dict.fromkeys(leaves(shape)))
    if len(patterns) > MOST_PATTERNS:
        return _TOO_MUCH
    start = tuple(pattern.start() for pattern in patterns)
    alphabet: tuple[str, ...] = ()
    seen: set[tuple[Hashable, ...]] = {start}
    reached = deque([(start, "")])
    steps = 0
    empty: str | None = None
    while reached:
        states, text = reached.popleft()
        accepting = {pattern for pattern, state in zip(patterns, states, strict=True) if pattern.accepts(state)}
        if holds(shape, accepting.__contains__):
            if text:
                return text
            empty = text
        alphabet = alphabet or _alphabet(patterns)
        for character in alphabet:
            after = tuple(pattern.step(state, character) for pattern, state in zip(patterns, states, strict=True))
            if after not in seen:
                seen.add(after)
                reached.append((after, text + character))
        steps += len(alphabet) * len(patterns)
        if steps > MOST_STEPS and empty is None:
            return _TOO_MUCH
    return empty


def _alphabet(patterns: tuple[TextPattern, ...]) -> tuple[str, ...]:
    """One character, the most familiar, of each kind that these patterns tell apart."""
    edges = sorted({0, *(edge for pattern in patterns for edge in pattern.edges() if edge <= LAST)})
    alone = {character for pattern in patterns for character in pattern.exceptions()}
    found = {*alone, *FAMILIAR}
    for first, after in zip(edges, [*edges[1:], LAST + 1], strict=True):
        points = (point for point in range(first, after) if not 0xD800 <= point < 0xE000)
        found.update(islice((chr(point) for point in points if chr(point) not in alone), 1))
    kinds: dict[tuple[Hashable, ...], str] = {}
    for character in sorted(found, key=_familiarity):
        kinds.setdefault(tuple(pattern.kind(character) for pattern in patterns), character)
    return tuple(kinds.values())


FAMILIAR = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_."
_PLACES = {character: place for place, character in enumerate(FAMILIAR)}


def _familiarity(character: str) -> tuple[int, str]:
    return _PLACES.get(character, len(FAMILIAR)), character
