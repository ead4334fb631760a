"""What is known of the values at one path of an event, and how two statements about a path combine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any, TypeAlias

from ..value_types import ANY, Kinds


@dataclass(frozen=True, slots=True)
class Below:
    """What is below a path, each part read when it is asked for, because a schema may contain itself."""

    keys: Mapping[str, Later] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], Later], ...] = ()
    """The keys that a regular expression finds."""
    rest: Later | None = None
    """All other keys."""
    items: Later | None = None
    find: Callable[[str], SchemaNode | None] | None = None
    """What is known of a key or an item, where several statements are combined."""


class SchemaNode:
    """The values that one path may have."""

    def __init__(
        self,
        kinds: Kinds = ANY,
        keys: Mapping[str, SchemaNode] | None = None,
        items: SchemaNode | None = None,
        *,
        closed: bool = False,
        open_: bool = False,
        examples: Iterable[Any] = (),
        listed: Sequence[Any] | None = None,
        below: Below | None = None,
    ) -> None:
        self.kinds = kinds
        self.closed = closed
        """No other keys than these can come."""
        self.open = open_
        """Other keys are as usual as these."""
        self.examples = unique_values(examples)
        self.listed = None if listed is None else unique_values(listed)
        """All values that can come; None where others can."""
        self.below = below or _given(keys or {}, items)

    @cached_property
    def keys(self) -> dict[str, SchemaNode]:
        """The keys that are known by name."""
        return {key: read() for key, read in self.below.keys.items()}

    @cached_property
    def items(self) -> SchemaNode | None:
        """Every item of a list."""
        return None if self.below.items is None else self.below.items()

    def of_patterns(self) -> list[SchemaNode]:
        """What is known of the keys that are known by a pattern."""
        return [read() for _, read in self.below.patterns]

    def inside(self, step: str) -> SchemaNode | None:
        """What is known of a key or an item; None for a key that is not among those that are known."""
        below = self.below
        if step in below.keys:
            if step not in self._inside:
                self._inside[step] = self._find(step)
            return self._inside[step]
        # Most keys are properties that no schema knows.
        is_known = step.isdecimal() or any(pattern.search(step) for pattern, _ in below.patterns)
        return self._find(step) if is_known else None

    @cached_property
    def _inside(self) -> dict[str, SchemaNode | None]:
        """What was found of the keys that are known by name: statements that are combined take a while."""
        return {}

    def _find(self, step: str) -> SchemaNode | None:
        if self.below.find is not None:
            return self.below.find(step)
        named = self.keys.get(step)
        nodes = [] if named is None else [named]
        nodes += (read() for pattern, read in self.below.patterns if pattern.search(step))
        return both(nodes) if nodes else self.items if step.isdecimal() else None

    def any_key(self) -> SchemaNode | None:
        """What is known of the keys that are not known by name."""
        return None if self.below.rest is None else self.below.rest()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known."""
        return (
            self.kinds == ANY
            and self.listed is None
            and not (self.closed or self.open or self.examples)
            and self.below == Below()
        )

    def keys_of_letters(self, letters: str) -> list[str]:
        """The keys that consist of these letters (see `letters_of`); a schema that was read does not change."""
        return self._by_letters.get(letters, [])

    @cached_property
    def _by_letters(self) -> dict[str, list[str]]:
        by_letters: dict[str, list[str]] = {}
        for key in self.keys:
            by_letters.setdefault(letters_of(key), []).append(key)
        return by_letters


Later: TypeAlias = Callable[[], SchemaNode]


@lru_cache(maxsize=1024)
def letters_of(word: str) -> str:
    """The letters of a word in lower case, sorted: the same for each order of them."""
    return "".join(sorted(word.lower()))


def both(nodes: Sequence[SchemaNode]) -> SchemaNode:
    """What holds where every statement holds; of kinds that exclude each other, all are kept."""
    nodes = [node for node in nodes if not node.is_blank] or [SchemaNode()]
    if len(nodes) == 1:
        return nodes[0]
    lists = [node.listed for node in nodes if node.listed is not None]
    shown = [set(map(repr, values)) for values in lists]
    common = [value for value in lists[0] if all(repr(value) in each for each in shown)] if lists else []
    closed = any(node.closed for node in nodes)
    return SchemaNode(
        frozenset.intersection(*(node.kinds for node in nodes)) or frozenset.union(*(node.kinds for node in nodes)),
        closed=closed,
        open_=any(node.open for node in nodes) and not closed,
        examples=(example for node in nodes for example in node.examples),
        listed=common or (_joined(lists) if lists else None),
        below=_below(nodes, both),
    )


def either(nodes: Sequence[SchemaNode]) -> SchemaNode:
    """What holds where one of the statements holds."""
    if len(nodes) == 1:
        return nodes[0]
    objects = [node for node in nodes if "object" in node.kinds]
    lists = [node.listed for node in nodes if node.listed is not None]
    return SchemaNode(
        frozenset().union(*(node.kinds for node in nodes)) or ANY,
        closed=bool(objects) and all(node.closed for node in objects),
        open_=any(node.open for node in objects),
        examples=(example for node in nodes for example in node.examples),
        listed=_joined(lists) if len(lists) == len(nodes) else None,
        below=_below(nodes, either),
    )


def _given(keys: Mapping[str, SchemaNode], items: SchemaNode | None) -> Below:
    return Below(
        {key: partial(_itself, node) for key, node in keys.items()},
        items=None if items is None else partial(_itself, items),
    )


def _itself(node: SchemaNode) -> SchemaNode:
    return node


def _below(nodes: Sequence[SchemaNode], combine: Callable[[Sequence[SchemaNode]], SchemaNode]) -> Below:
    """What is below several statements: a key that only some of them have is as those have it."""
    keys: dict[str, list[Later]] = {}
    for node in nodes:
        for key, read in node.below.keys.items():
            keys.setdefault(key, []).append(read)
    rests = [node.below.rest for node in nodes if node.below.rest is not None]
    items = [node.below.items for node in nodes if node.below.items is not None]

    def combined(reads: list[Later]) -> SchemaNode:
        return combine([read() for read in reads])

    def find(step: str) -> SchemaNode | None:
        inner = [at for node in nodes if (at := node.inside(step)) is not None]
        return combine(inner) if inner else None

    return Below(
        {key: partial(combined, reads) for key, reads in keys.items()},
        tuple(pattern for node in nodes for pattern in node.below.patterns),
        partial(combined, rests) if rests else None,
        partial(combined, items) if items else None,
        find,
    )


def _joined(lists: Iterable[list[Any]]) -> list[Any]:
    return [value for values in lists for value in values]


def unique_values(values: Iterable[Any]) -> list[Any]:
    """Each value once, with true and 1 distinct."""
    return list({repr(value): value for value in values}.values())
