"""Seeded events: those of the benchmark, and the same with odd values in place of some parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from random import Random
from typing import Any

from tests.attack.event_recipes import PLAIN

ODD: tuple[Any, ...] = (
    *PLAIN,
    *("x" * 1024, "x" * 1025, "中" * 1025, "cut \ud83d", "\udc00", "😀" * 600, "null", "0", "\u2028", "00000000-"),
    *(2**53 + 1, -(2**63), 2**64, 5, 1714986000123, "1714986000123", "1714986000", 1e21, 0.1, "0.1", 1e-7),
    *({"$setOnce": {"a": 1}}, {"$add": {"n": "x"}}, {"$unknown": 1}, {"cut \ud83d": 1}, {"k" * 2000: 1}),
    *({str(number): number for number in range(12)}, [{"price": 1.5, "quantity": 2}, {"price": "x"}, None]),
    *({"All": False}, {"Actions Amplitude": {"session_id": "-1"}}, {"Actions Amplitude": False}),
    [1, [2, [3]]],
)
GENERATOR: Any = import_module("benchmarks.yardsticks.gen_events")
"""Kept as it was given, without types."""
_DEEP, _LONG = 60, 1_100_000
"""Beyond the limits: levels, and characters, which no request to Amplitude has room for."""
_CUT = 0.01
"""The share of damaged events whose text is cut."""


def clean(count: int, seed: int) -> Iterator[bytes]:
    """Lines of events as the benchmark has them."""
    random = Random(seed)
    agents = GENERATOR.ua_pool(random)
    for _ in range(count):
        yield json.dumps(GENERATOR.event(random, agents), ensure_ascii=False, separators=(",", ":")).encode()


def damaged(count: int, seed: int) -> Iterator[bytes]:
    """Lines of such events with up to five odd values in each, of which some are not JSON any more."""
    random = Random(seed)
    for line in clean(count, seed + 1):
        event = json.loads(line)
        for _ in range(random.choice((1, 1, 2, 5))):
            event = _damaged(random, event)
        text = json.dumps(event).encode()
        yield text[: random.randrange(len(text))] if random.random() < _CUT else text


def _damaged(random: Random, value: Any) -> Any:
    """The value with another value somewhere in it, or with a part more, or less."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice([*value])
        match random.randrange(10):
            case 0:
                return {name: inner for name, inner in value.items() if name != key}
            case 1:
                return {**value, random.choice(("$set", "$setOnce", "userId", "products", "referrer")): _odd(random)}
            case _:
                return {**value, key: _damaged(random, value[key])}
    if isinstance(value, list) and value and random.random() < 0.8:
        index = random.randrange(len(value))
        return [*value[:index], _damaged(random, value[index]), *value[index + 1 :]]
    return _odd(random)


def _odd(random: Random) -> Any:
    rare = random.random()
    if rare < 0.0005:
        return "x" * _LONG
    if rare < 0.02:
        deep: Any = 1
        for _ in range(random.randrange(35, _DEEP)):
            deep = {"in": deep}
        return deep
    return random.choice(ODD)
