"""Filters: an event without some paths, or with only some paths of an object."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from ..semantics.glob import compiled
from ..semantics.javascript import list_index

FilterSteps = tuple[str | int | tuple[()] | tuple[str], ...]
"""The steps of a path: a key, an index, `()` for every item of a list, or `(glob,)` for the keys that it matches."""
_Path = tuple[str | tuple[()] | tuple[str], ...]
_EVERY_ITEM = ()


def drop_paths(event: dict[str, Any], paths: Iterable[FilterSteps]) -> dict[str, Any]:
    """The event without the values at the paths, all taken out at once; whatever is not touched is shared with it.

    Where a path meets a list, an index leads to that item, and a key to the key of every item. An item that is taken
    out leaves no gap. Every item of what is not a list is the value itself.
    """
    named = _of_steps(paths)
    return {} if named.whole else _without(event, named)


def keep_paths(event: dict[str, Any], paths: Iterable[FilterSteps]) -> dict[str, Any]:
    """The event in which each object that a path leads into has no keys but those that the paths name.

    `keep properties.plan, properties.total` leaves these two properties, and everything beside `properties` as it is;
    `keep type, properties.plan` names a key of the event itself, so that no others are left there. In a list, a key
    narrows every item; where paths name items by index alone, no others are left.
    """
    named = _of_steps(paths)
    if named.names_keys:
        return _only(event, named)  # type: ignore[no-any-return]
    return event | {key: _only(event[key], below) for key, below in named.of(event)}


class _Named:
    """What paths name of the value at which they begin: the whole of it, or parts."""

    def __init__(self, paths: Iterable[_Path]) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self.whole = () in self._paths

    @cached_property
    def names_keys(self) -> bool:
        """Whether a path ends at the value or at a key of it."""
        return any(len(path) < 2 for path in self._of_object)

    def of(self, value: dict[str, Any]) -> list[tuple[str, _Named]]:
        """Of an object, what is named of the keys that it has."""
        if not self._has_patterns:
            return [(key, below) for key, below in self._keys.items() if key in value]
        return [(key, below) for key in value if (below := self._by_pattern(key)) is not None]

    @cached_property
    def items(self) -> dict[int, _Named]:
        """Of a list, what is named of the items that have an index of their own, what names every item included."""
        indexes = {path[0]: list_index(path[0]) for path in self._paths if isinstance(path[0], str)}
        return {
            index: _named((*_below(self._paths, key), *self._of_every_item))
            for key, index in indexes.items()
            if index is not None
        }

    @cached_property
    def item(self) -> _Named | None:
        """Of a list, what is named of every other item; None if nothing is."""
        return _named(self._of_every_item) if self._of_every_item else None

    @cached_property
    def _of_every_item(self) -> tuple[_Path, ...]:
        """A key leads to the key of every item."""
        plain = (path for path in self._paths if not (isinstance(path[0], str) and list_index(path[0]) is not None))
        return tuple(path[1:] if path[0] == _EVERY_ITEM else path for path in plain)

    @cached_property
    def _of_object(self) -> tuple[_Path, ...]:
        """The paths in an object, which is the one item of itself."""
        paths = list(self._paths)
        while any(path[:1] == (_EVERY_ITEM,) for path in paths):
            paths = [path[1:] if path[:1] == (_EVERY_ITEM,) else path for path in paths]
        return tuple(paths)

    @cached_property
    def _keys(self) -> dict[str, _Named]:
        """Of an object, by key, where no path names keys by a pattern."""
        keys = dict.fromkeys(path[0] for path in self._of_object if path)
        return {key: _named(_below(self._of_object, key)) for key in keys if isinstance(key, str)}

    @cached_property
    def _has_patterns(self) -> bool:
        return any(path and not isinstance(path[0], str) for path in self._of_object)

    def _by_pattern(self, key: str) -> _Named | None:
        below = tuple(path[1:] for path in self._of_object if path and _leads_to(path[0], key))
        return _named(below) if below else None


def _below(paths: Iterable[_Path], key: str) -> tuple[_Path, ...]:
    return tuple(path[1:] for path in paths if path and path[0] == key)


def _leads_to(step: str | tuple[()] | tuple[str], key: str) -> bool:
    return step == key if isinstance(step, str) else compiled(step[0]).match(key) is not None if step else False


def _of_steps(paths: Iterable[FilterSteps]) -> _Named:
    """Indexes are the keys of their digits, as a path reads them."""
    return _named(tuple(tuple(str(step) if isinstance(step, int) else step for step in steps) for steps in paths))


@lru_cache(maxsize=256)
def _named(paths: tuple[_Path, ...]) -> _Named:
    return _Named(paths)


def _without(value: Any, named: _Named) -> Any:
    if isinstance(value, dict):
        left = dict(value)
        for key, below in named.of(value):
            if below.whole:
                del left[key]
            else:
                left[key] = _without(left[key], below)
        return left
    if isinstance(value, list):
        of_items = [(item, named.items.get(index, named.item)) for index, item in enumerate(value)]
        return [
            item if below is None else _without(item, below)
            for item, below in of_items
            if below is None or not below.whole
        ]
    return value


def _only(value: Any, named: _Named) -> Any:
    if named.whole:
        return value
    if isinstance(value, dict):
        below = dict(named.of(value))
        return {key: _only(item, below[key]) for key, item in value.items() if key in below}
    if isinstance(value, list):
        of_items = [(item, named.items.get(index, named.item)) for index, item in enumerate(value)]
        return [_only(item, below) for item, below in of_items if below is not None]
    return value
