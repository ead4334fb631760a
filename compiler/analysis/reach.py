"""The paths that mappings can still read after the filters, for every event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...dsl.ast import EventPath, EveryItem, FilterStep, KeyPattern
from ...runtime.semantics.glob import matches
from .. import ir


class Excluded(NamedTuple):
    """A path that mappings can see, but for some paths below it."""

    path: EventPath
    without: tuple[EventPath, ...]
    places: tuple[EventPath, ...] = ()
    """Paths of keys above what `keep` leaves: a value there passes if it is not an object, and so do such items."""
    is_shallow: bool = False
    """Of the path itself nothing passes: only the values at `places`, where they are not objects."""


class Reach:
    """The filters without a condition that take paths out of every event.

    A path is only left out where that is certain. Where filters name items of a list by index, those behind them move
    up, so an index in a rule matches any item.
    """

    def __init__(self, filters: Iterable[ir.Filter]) -> None:
        changing = [filter_ for filter_ in filters if filter_.kind != "drop"]
        always = [filter_ for filter_ in changing if filter_.condition is None]
        self._dropped = [
            _keys(path) for filter_ in always if filter_.kind == "strip" for path in filter_.paths if _of_keys(path)
        ]
        self._kept = [
            [*map(_keys, filter_.paths)]
            for filter_ in always
            if filter_.kind == "keep" and all(map(_of_keys, filter_.paths))
        ]
        self._moved = {
            _keys(path[:at])
            for filter_ in changing
            for path in filter_.paths
            for at, step in enumerate(path)
            if _is_index(step)
        }

    def of(self, path: EventPath) -> list[Excluded]:
        """What mappings see of a path: the path, or some paths below it; an empty list where they see nothing."""
        path = tuple(
            EveryItem() if _is_index(step) and self._has_moved(path[:at]) else step for at, step in enumerate(path)
        )
        paths = [path]
        entered: list[EventPath] = []
        for kept in self._kept:
            narrowed = [_narrowed(path_, kept) for path_ in paths]
            paths = [path for left in narrowed for path in left.paths]
            entered += [place for left in narrowed for place in left.places]
        places = tuple(place for place in dict.fromkeys(entered) if not self._is_dropped(place))
        seen = [Excluded(path, self._below(path), places) for path in paths if not self._is_dropped(_keys(path))]
        return seen or ([Excluded(path, self._below(path), places, True)] if places else [])

    def _is_dropped(self, keys: EventPath) -> bool:
        return any(_begins(keys, out) for out in self._dropped)

    def _below(self, path: EventPath) -> tuple[EventPath, ...]:
        """What is taken out below a path."""
        return tuple((*path, *out[len(_keys(path)) :]) for out in self._dropped if _leads_below(path, out))

    def _has_moved(self, above: EventPath) -> bool:
        keys = _keys(above)
        return any(len(moved) == len(keys) and _begins(keys, moved) for moved in self._moved)


def is_taken_out(path: EventPath, out: EventPath) -> bool:
    """Whether all that a path leads to is at or below another one, items of lists aside."""
    return _begins(_keys(path), _keys(out))


def is_at(path: EventPath, place: EventPath) -> bool:
    """Whether a path leads to a place, items of lists aside."""
    keys = tuple(step for step in _keys(path) if not _is_index(step))
    named = tuple(step for step in place if not _is_index(step))
    return len(keys) == len(named) and _begins(keys, named)


class _Left(NamedTuple):
    """What one `keep` leaves of a path: whole paths, and places above them where values that are not objects pass."""

    paths: list[EventPath]
    places: list[EventPath]


def _narrowed(path: EventPath, kept: Sequence[EventPath]) -> _Left:
    """What `keep` leaves of a path: of each object that a kept path leads into, the keys that the paths name."""
    keys = _keys(path)
    leaves_no_others = any(len(keys_kept) == 1 for keys_kept in kept)
    if not keys:
        return _below(path, kept) if leaves_no_others else _Left([path], [])
    near = [keys_kept[1:] for keys_kept in kept if _is_named(keys[0], keys_kept[0])]
    if not near:
        return _Left([] if leaves_no_others else [path], [])
    rest = _rest(keys[1:], near)
    return _below(path, rest) if all(rest) else _Left([path], [])


def _rest(keys: EventPath, kept: list[EventPath]) -> list[EventPath]:
    """The kept paths below keys; an empty one where all that is there passes."""
    for key in keys:
        # What a filter leaves as it is, a text or a list, has a length.
        if not all(kept) or key == "length":
            return [()]
        further = [keys_kept[1:] for keys_kept in kept if _is_named(key, keys_kept[0])]
        kept = [*further, *kept] if _is_index(key) else further
    return kept


def _below(path: EventPath, rest: Sequence[EventPath]) -> _Left:
    """The kept paths below a path; the path itself where a pattern says which."""
    if any(isinstance(step, KeyPattern) for steps in rest for step in steps):
        return _Left([path], [])
    places = [(*_keys(path), *steps[:at]) for steps in rest for at in range(len(steps))]
    return _Left([(*path, *steps) for steps in rest], [place for place in places if place])


def _keys(path: EventPath) -> EventPath:
    """The path without its steps into lists, as a filter means the keys of every item."""
    return tuple(step for step in path if not isinstance(step, EveryItem))


def _of_keys(path: EventPath) -> bool:
    """Whether a filter's path ends in a key and names no item by its index."""
    return bool(path) and not isinstance(path[-1], EveryItem) and not any(map(_is_index, path))


def _is_index(step: FilterStep) -> bool:
    return isinstance(step, int) or (isinstance(step, str) and step.isdecimal())


def _begins(keys: EventPath, out: EventPath) -> bool:
    """Whether a path of keys leads to what a filter names, or below it."""
    return len(out) <= len(keys) and all(map(_is_named, keys, out))


def _is_named(key: FilterStep, step: FilterStep) -> bool:
    if isinstance(step, KeyPattern):
        return key == step or (isinstance(key, str) and matches(step.glob, key))
    return key == step


def _leads_below(path: EventPath, out: EventPath) -> bool:
    keys = _keys(path)
    return len(out) > len(keys) and _begins(keys, out[: len(keys)])
