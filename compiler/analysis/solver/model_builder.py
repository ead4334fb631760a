"""Builds an event in which each path has a value of its set, if there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ....runtime.semantics.event import Event
from ....runtime.semantics.javascript import list_index
from ....runtime.semantics.missing import MISSING
from ....runtime.semantics.property_access import read
from ..budget import TooMuchWork, spend
from ..sets.numbers import numbers
from ..sets.values import ANY_VALUE, NO_VALUE, OBJECTS, Plain, ValueSet, exactly
from .formula import PathSteps

Examples: TypeAlias = Callable[[PathSteps], tuple[Any, ...]]
"""Values that a path is known to have, the most usual first."""

READ_THROUGH: tuple[Any, ...] = (MISSING, None, False, 0, "")
"""Values at which a path stops, and that it then has itself; as `get` of @segment/destination-subscriptions."""

MOST_INDEX = 100
MOST_STEPS = 100
"""A list this long, and a path of so many steps, are still made up."""


@dataclass(slots=True)
class _Place:
    """One step of some paths: what it may be, and the steps that go on from it."""

    values: ValueSet = ANY_VALUE
    steps: dict[str, _Place] = field(default_factory=dict)

    def below(self) -> Iterator[_Place]:
        for place in self.steps.values():
            yield place
            yield from place.below()


def event_with(sets: Mapping[PathSteps, ValueSet], examples: Examples) -> Event | None:
    """A small event for which every path has a value of its set; None when there is none. Raises TooMuchWork."""
    root = _Place(OBJECTS)
    for path, values in sets.items():
        if len(path) > MOST_STEPS:
            raise TooMuchWork("a path has more than 100 steps")
        place = root
        for step in path:
            place = place.steps.setdefault(step, _Place())
        place.values &= values
    event = _object(root, (), examples)
    return event if isinstance(event, dict) else None


def _value(place: _Place, path: PathSteps, examples: Examples) -> Any:
    """A value for a place and all below it, NO_VALUE when there is none."""
    spend()
    if not place.steps:
        return _alone(place.values, path, examples(path))
    if any(list_index(step) is not None for step in place.steps):
        items = _list_of_items(place, path, examples)
        if items is not NO_VALUE and items != []:
            return items
    candidate = _object(place, path, examples)
    if candidate is not NO_VALUE and candidate != {}:
        return candidate
    for value in READ_THROUGH:
        if value in place.values and all(value in below.values for below in place.below()):
            return value
    if candidate is not NO_VALUE:
        return candidate
    return _no_object(place, path, examples)


def _alone(values: ValueSet, path: PathSteps, examples: tuple[Any, ...]) -> Any:
    """Left out where that is allowed, but for the few names that nearly every event has."""
    if MISSING in values and (len(path) > 1 or values == ANY_VALUE):
        return MISSING
    for example in examples:
        if example in values:
            return example
    return values.pick()


def _object(place: _Place, path: PathSteps, examples: Examples) -> Any:
    """An object, in which what may be missing often is."""
    if Plain.FULL_OBJECT not in place.values.plain:
        empty = Plain.EMPTY_OBJECT in place.values.plain
        return {} if empty and all(MISSING in below.values for below in place.below()) else NO_VALUE
    object_: dict[str, Any] = {}
    for step, child in place.steps.items():
        value = _value(child, (*path, step), examples)
        if value is NO_VALUE:
            return NO_VALUE
        if value is not MISSING:
            object_[step] = value
    if not object_ and Plain.EMPTY_OBJECT not in place.values.plain:
        object_ = _filled(place, examples(path))
    return object_


def _filled(place: _Place, examples: tuple[Any, ...]) -> dict[str, Any]:
    """An object of one key that no path names."""
    for example in examples:
        if isinstance(example, dict):
            for key, value in example.items():
                if key not in place.steps:
                    return {key: value}
    key = "a"
    while key in place.steps:
        key += "a"
    return {key: 1}


def _no_object(place: _Place, path: PathSteps, examples: Examples) -> Any:
    """A value other than an object from which no named step leads on, or only those that text and lists have."""
    if all(MISSING in below.values for below in place.below()):
        if True in place.values:
            return True
        if (number := (place.values.numbers & numbers("!=", 0)).pick()) is not None:
            return number
    special = any(step == "length" or list_index(step) is not None for step in place.steps)
    tried = False
    for value in _texts_and_lists(place, path, examples):
        tried = True
        if _fits(value, place):
            return value
    if tried and special:
        raise TooMuchWork("a path reads the items of a list or the characters of a text")
    return NO_VALUE


def _texts_and_lists(place: _Place, path: PathSteps, examples: Examples) -> Iterator[Any]:
    candidates = [
        *(example for example in examples(path) if isinstance(example, str | list) and example in place.values),
        (place.values.texts & ~exactly("").texts).pick(),
        place.values.lists.pick(),
        _list_of_items(place, path, examples),
    ]
    for value in candidates:
        if isinstance(value, list) or (isinstance(value, str) and value):
            yield value


def _list_of_items(place: _Place, path: PathSteps, examples: Examples) -> Any:
    """A list with an item for each index that is named."""
    items: dict[int, Any] = {}
    for step, child in place.steps.items():
        index = list_index(step)
        if index is not None and index <= MOST_INDEX:
            value = _value(child, (*path, step), examples)
            if value is NO_VALUE:
                return NO_VALUE
            items[index] = None if value is MISSING else value
    candidate = [items.get(index) for index in range(max(items, default=-1) + 1)]
    return candidate if candidate in place.values and _fits(candidate, place) else NO_VALUE


def _fits(value: Any, place: _Place) -> bool:
    """Whether every path below reads a value of its set from this one."""
    return all(read(value, steps) in below.values for steps, below in _with_steps(place))


def _with_steps(place: _Place, before: PathSteps = ()) -> Iterator[tuple[PathSteps, _Place]]:
    for step, child in place.steps.items():
        yield (*before, step), child
        yield from _with_steps(child, (*before, step))
