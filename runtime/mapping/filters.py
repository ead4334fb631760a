"""What the mappings see of an event: without some paths, or of some objects nothing but some paths."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from ..semantics.javascript import list_index

Steps = tuple[str | int, ...]


def drop_paths(event: dict[str, Any], paths: Iterable[Steps]) -> dict[str, Any]:
    """The event without the values at the paths, all taken out at once; whatever is not touched is shared with it.

    Where a path meets a list, an index leads to that item, and a key to the key of every item. An item that is taken
    out leaves no gap.
    """
    named = _named(tuple(paths))
    return {} if named.whole else _without(event, named)


def keep_paths(event: dict[str, Any], paths: Iterable[Steps]) -> dict[str, Any]:
    """The event in which each object that a path leads into has no keys but those that the paths name.

    `keep properties.plan, properties.total` leaves these two properties, and everything beside `properties` as it is;
    `keep type, properties.plan` names a key of the event itself, so that no others are left there. In a list, a key
    narrows every item; where paths name items by index alone, no others are left.
    """
    named = _named(tuple(paths))
    if named.whole or any(below.whole for below in named.keys.values()):
        return _only(event, named)  # type: ignore[no-any-return]
    return event | {key: _only(event[key], below) for key, below in named.keys.items() if key in event}


class _Named:
    """What paths name of the value at which they begin: the whole of it, or parts."""

    def __init__(self, paths: Iterable[tuple[str, ...]]) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self.whole = () in self._paths

    @cached_property
    def keys(self) -> dict[str, _Named]:
        """Of an object, by key."""
        return {key: _Named(self._below(key)) for key in dict.fromkeys(path[0] for path in self._paths)}

    @cached_property
    def items(self) -> dict[int, _Named]:
        """Of a list, what is named of the items that have an index of their own, the keys of every item included."""
        indexes = {path[0]: list_index(path[0]) for path in self._paths}
        return {
            index: _Named([*self._below(key), *self._of_every_item])
            for key, index in indexes.items()
            if index is not None
        }

    @cached_property
    def item(self) -> _Named | None:
        """Of a list, what is named of every other item; None if nothing is."""
        return _Named(self._of_every_item) if self._of_every_item else None

    @cached_property
    def _of_every_item(self) -> list[tuple[str, ...]]:
        return [path for path in self._paths if list_index(path[0]) is None]

    def _below(self, key: str) -> list[tuple[str, ...]]:
        return [path[1:] for path in self._paths if path[0] == key]


@lru_cache(maxsize=256)
def _named(paths: tuple[Steps, ...]) -> _Named:
    return _Named(tuple(map(str, steps)) for steps in paths)


def _without(value: Any, named: _Named) -> Any:
    if isinstance(value, dict):
        left = dict(value)
        for key, below in named.keys.items():
            if key not in left:
                continue
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
        return {key: _only(item, named.keys[key]) for key, item in value.items() if key in named.keys}
    if isinstance(value, list):
        of_items = [(item, named.items.get(index, named.item)) for index, item in enumerate(value)]
        return [_only(item, below) for item, below in of_items if below is not None]
    return value
