"""Random events, with values of the wrong kind wherever a value can stand."""

from __future__ import annotations

from random import Random
from typing import Any

SCALARS: tuple[Any, ...] = (
    None, "", 0, False, True, 1, -1, 5, 1.5, -0.0, 0.1, 1e21, 1e-7, 123456789.123, 9007199254740991, "x", "X", "5",
    "0", " 5 ", "null", "true", "Order Completed", "order completed", "Cart: Item", "a.b", "a-b-c", "it's", 'say "hi"',
    "back\\slash", "ÅÉ ΟΔΟΣ ß", "日本語", "\U0001f600 ok", "line\nbreak", "{{userId}}", "{a}", "[1,2]", '{"a":1}',
    157963456373623809, "1e3", "2024-05-01T12:34:56Z", "e@x.com", "$&", "\u2028", "\x00", "NaN", "Infinity", "-0",
    "0x1F", "1_000", "１２", " ", "\ud83d", "__proto__", "constructor", 1.7976931348623157e308, 5e-324, -1e-7,
    "\ufeffx", 123456789012345680000, 0.30000000000000004, -9007199254740993, "2024-02-30", "1714566896789",
    "\xa0x\xa0", "ǆﬁİ", "undefined", "TRUE", "[]", "{}", "%20", "a,b", "e\u0301", "a" * 200,
)  # fmt: skip
KEYS = ("plan", "email", "total", "nested", "color", "products", "price", "id", "0", "1", "a b", "a.b", "", "length")
MEMBERS = ("__proto__", "constructor", "toString")
"""Names that every object has in JavaScript."""
TYPES = ("track", "page", "screen", "identify", "group", "alias")


def value(random: Random, depth: int = 0) -> Any:
    """Any JSON value."""
    roll = random.random()
    if depth > 3 or roll < 0.6:
        return random.choice(SCALARS)
    if roll < 0.8:
        return [value(random, depth + 1) for _ in range(random.randrange(4))]
    return {_key(random): value(random, depth + 1) for _ in range(random.randrange(5))}


def _key(random: Random) -> str:
    return random.choice(KEYS if random.random() < 0.97 else MEMBERS)


def event(random: Random) -> dict[str, Any]:
    """An event that looks like one of Segment's, or nearly."""
    made: dict[str, Any] = {"type": random.choice(TYPES)}
    for key in ("event", "name", "userId", "anonymousId", "timestamp", "groupId"):
        if random.random() < 0.6:
            made[key] = random.choice(SCALARS)
    for key in ("properties", "traits", "context"):
        if random.random() < 0.85:
            made[key] = _object(random) if random.random() < 0.9 else value(random)
    if random.random() < 0.05:
        made["type"] = value(random)
    return made


def _object(random: Random) -> dict[str, Any]:
    made = {key: value(random) for key in KEYS if random.random() < 0.4}
    if random.random() < 0.5:
        made["products"] = [
            _product(random) if random.random() < 0.8 else value(random) for _ in range(random.randrange(4))
        ]
    if random.random() < 0.5:
        made["nested"] = {"color": value(random), "plan": value(random)}
    return made


def _product(random: Random) -> dict[str, Any]:
    return {key: random.choice(SCALARS) for key in ("price", "id", "color") if random.random() < 0.7}
