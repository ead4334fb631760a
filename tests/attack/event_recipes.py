"""Random events as recipes: JSON values, and the names of values and classes that act, raise or do not end.

A recipe is data, so that it can be made again, shown and reduced; each attempt builds a fresh event from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, NoReturn

from tests.hostile_values import Refusing, empty_armed
from tests.paths import ROOT
from tests.runtime.delivery.hostile import Faceless, Silent, cycle, deep

EXAMPLES: list[Any] = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()]


@dataclass(frozen=True)
class Odd:
    """A value that is not JSON, by its name in VALUES."""

    name: str


@dataclass(frozen=True)
class Object:
    """An object of a class of CLASSES; each key with the name of its class in KEYS."""

    type: str
    items: tuple[tuple[str, str, Any], ...]


class Text(str):
    __slots__ = ()

    def __eq__(self, other: object) -> NoReturn:
        raise ValueError("not to be compared")

    def __len__(self) -> NoReturn:
        raise ValueError("not to be measured")

    __hash__ = str.__hash__


class Acting(str):
    """A key that empties the event when it is compared."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return empty_armed()

    __hash__ = str.__hash__


class Rows(list[Any]):
    def __iter__(self) -> NoReturn:
        raise ValueError("not to be walked")


CLASSES: dict[str, type] = {"dict": dict, "refusing": Refusing}
KEYS: dict[str, type] = {"str": str, "acting": Acting, "raising": Text}
VALUES: dict[str, Callable[[], Any]] = {
    "silent": Silent,
    "faceless": Faceless,
    "cycle": cycle,
    "deep": lambda: deep(100_000),
    "half deep": lambda: deep(900),
    "digits": lambda: 10**5_000,
    "half a character": lambda: "cut \ud83d",
    "text": lambda: Text("a text"),
    "rows": lambda: Rows([{"price": 1}]),
    "tuple": lambda: ({"price": 1},),
    "set": lambda: {1, 2},
    "bytes": lambda: b"x",
    "tuple key": lambda: {(1, 2): 3, None: 4},
    "long": lambda: "x" * 100_000,
    "wide": lambda: list(range(10_000)),
    "nan": lambda: float("nan"),
    "complex": lambda: 1j,
    "class": lambda: dict,
}
PLAIN: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**63, 10**30, 1.5, -0.0, 1e308, "", " ", "x", "\0", "\x1b[2J", "中", "\u202e", "0x1"),
    *([], [None], [[1]], [{}], {}, {"": 1}, {"a": {"b": 1}}, "2024-02-30", "2024-01-01T00:00:00.000Z", "1e400"),
    *(
        "{{ x }}",
        "(1..n)",
        "x" * 2000,
        [{"price": "1", "quantity": None}],
        {"$set": {"a": 1}, "b": 2},
        "https://a/?b=%",
    ),
)


def recipe(random: Random) -> Any:
    """An event of the examples, changed in some places; one in four is JSON throughout."""
    event = json.loads(json.dumps(random.choice(EXAMPLES)))
    odd = random.random() < 0.75
    for _ in range(random.choice((0, 1, 1, 2, 5))):
        event = _changed(random, event, odd)
    return event


def _changed(random: Random, value: Any, odd: bool) -> Any:
    """The value with another value somewhere in it, or a class in place of a dict."""
    if isinstance(value, dict) and value and random.random() < 0.95:
        key = random.choice([*value])
        changed = {**value, key: _changed(random, value[key], odd)}
        if odd and random.random() < 0.15:
            type_ = random.choice([*CLASSES])
            return Object(type_, tuple((random.choice([*KEYS]), name, inner) for name, inner in changed.items()))
        return changed
    if isinstance(value, list) and value and random.random() < 0.8:
        index = random.randrange(len(value))
        return [*value[:index], _changed(random, value[index], odd), *value[index + 1 :]]
    if odd and random.random() < 0.6:
        return Odd(random.choice([*VALUES]))
    return random.choice(PLAIN)


def is_plain(value: Any) -> bool:
    """Whether a recipe is JSON throughout."""
    if isinstance(value, dict | list):
        return all(map(is_plain, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, Odd | Object)


def acts(value: Any) -> bool:
    """Whether a key of the event changes it, so that no two walks of it are the same."""
    if isinstance(value, Object):
        return any(key == "acting" or acts(inner) for key, _, inner in value.items)
    if isinstance(value, dict | list):
        return any(map(acts, value.values() if isinstance(value, dict) else value))
    return False


def built(value: Any, made: list[Any]) -> Any:
    """A fresh event, with its objects and lists in `made`."""
    event: Any
    match value:
        case Odd(name):
            return VALUES[name]()
        case Object(type_, items):
            event = CLASSES[type_]()
            for key, name, inner in items:
                dict.__setitem__(event, KEYS[key](name), built(inner, made))
        case dict():
            event = {name: built(inner, made) for name, inner in value.items()}
        case list():
            event = [built(inner, made) for inner in value]
        case _:
            return value
    made.append(event)
    return event


def smaller(value: Any) -> Iterator[Any]:
    """Recipes with one part less, or one part smaller."""
    match value:
        case dict():
            for name in value:
                yield {key: inner for key, inner in value.items() if key != name}
            for name, inner in value.items():
                yield from ({**value, name: smaller_value} for smaller_value in smaller(inner))
        case list():
            for index, inner in enumerate(value):
                yield [*value[:index], *value[index + 1 :]]
                yield from ([*value[:index], smaller_item, *value[index + 1 :]] for smaller_item in smaller(inner))
        case Object(type_, items):
            yield {name: inner for _, name, inner in items}
            for index, (key, name, inner) in enumerate(items):
                yield Object(type_, (*items[:index], *items[index + 1 :]))
                for smaller_item in smaller(inner):
                    yield Object(type_, (*items[:index], (key, name, smaller_item), *items[index + 1 :]))
