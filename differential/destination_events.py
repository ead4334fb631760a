"""Random events for the whole of the Amplitude destination: calls as libraries make them, and each field by itself.

A field is given alone by an event whose type is the name of an action and whose `fields` are those of its payload.
"""

from __future__ import annotations

from random import Random
from typing import Any

from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.fields.field import Field

from . import events

ACTIONS = {
    name: action.fields
    for name, action in DESTINATIONS["amplitude"].actions.items()
    if name != "sessionId" and not action.ours
}
"""The actions that Segment has too, but for the one that sends nothing."""
IDS = ("user-0001", "u", "", " ", 5, 157963456373623809, None, "ÅÉ-id", "device-0001", True, ["user-0001"], "anonymous")
TIMES = (
    "2024-05-01T12:34:56.789Z", "2024-05-01T12:34:56Z", "2024-05-01T12:34:56", "2024-05-01", "2024-05-01 12:34",
    "2024-05-01T12:34:56.7+02:00", "2024-05-01T12:34:56+0200", "2023-01-20T11:26:09.8002130Z", 1714566896789,
    1714566896, "1714566896789", "yesterday", "", 0, -1, "2024-02-30", True, "1969-12-31T23:59:59Z", None,
)  # fmt: skip
NUMBERS = (
    0, 1, 2, -3, 10, 12.5, 0.1, 19.99, 2.5, "3", "12.5", "1e3", "0x10", "1_000", "12,50", "$5", "abc", "", " ", True,
    None, 1e21, 9007199254740993, -0.0,
)  # fmt: skip
TEXTS = (
    "Order Completed", "Signed Up", "iOS", "ios", "ANDROID", "Android", "android tv", "web", "", "5", "analytics.js",
    "analytics-ios", "NL", "ÅÉ ΟΔΟΣ", "\U0001f600", 0, 5, 1.5, False, True, None, "$remote", "https://a.b/?q=1",
)  # fmt: skip
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:120.0) Gecko/20100101 Firefox/120.0",
    "curl/8.1", "okhttp/4.9", "x", "", 5, None,
)  # fmt: skip
LISTED = (*events.SCALARS, {}, [], {"a": 1}, [1], ["a"], [None], [""], {"a": None})
OPERATIONS = ("$set", "$setOnce", "$add", "$append", "$unset")


def event(random: Random) -> dict[str, Any]:
    """A call, or the fields of an action."""
    return _call(random) if random.random() < 0.5 else _fields(random)


def _fields(random: Random) -> dict[str, Any]:
    action = random.choice(tuple(ACTIONS))
    chance = random.choice((0.1, 0.4, 0.8))
    fields = {
        field.name: _value(random, field)
        for field in ACTIONS[action]
        if field.required or field.name == "user_id" or random.random() < chance
    }
    return {"type": action, "fields": fields}


def _value(random: Random, field: Field) -> Any:
    if random.random() < 0.05:
        return random.choice(LISTED)
    if field.multiple:
        return [_single(random, field) for _ in range(random.randrange(4))]
    return _single(random, field)


def _single(random: Random, field: Field) -> Any:
    if field.fields:
        return {inner.name: _value(random, inner) for inner in field.fields if random.random() < 0.6}
    match field.type:
        case "object":
            return properties(random, operations=0.2)
        case "number" | "integer":
            return random.choice(NUMBERS)
        case "datetime":
            return random.choice(TIMES)
        case "boolean":
            return random.choice((True, False, "true", "false", 1, 0, None, "yes"))
    texts = {"session_id": TIMES, "userAgent": AGENTS}.get(field.name, IDS if field.name.endswith("_id") else TEXTS)
    return random.choice(field.choices or texts)


def properties(random: Random, operations: float = 0.0) -> dict[str, Any]:
    """Properties of an event, a user or a group, sometimes with operations."""
    made = {random.choice(events.KEYS): events.value(random, 2) for _ in range(random.randrange(4))}
    for name in OPERATIONS:
        if random.random() < operations / 2:
            made[name] = {random.choice(events.KEYS): random.choice(NUMBERS[:8]) for _ in range(random.randrange(1, 3))}
    return made


def _call(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {"type": random.choice(("track", "track", "track", "page", "screen", "identify"))}
    _put(random, made, "event", ("Order Completed", "Order Completed", "Signed Up", "", " ", 5, None))
    _put(random, made, "name", TEXTS)
    _put(random, made, "userId", IDS, 0.8)
    _put(random, made, "anonymousId", IDS, 0.5)
    _put(random, made, "messageId", ("m-1", "", 5), 0.8)
    _put(random, made, "timestamp", TIMES, 0.8)
    if random.random() < 0.8:
        made["properties"] = _order(random) if random.random() < 0.6 else properties(random)
    if random.random() < 0.5:
        made["traits"] = properties(random, operations=0.1)
    if random.random() < 0.8:
        made["context"] = _context(random)
    if random.random() < 0.4:
        made["integrations"] = {"Actions Amplitude": {"session_id": random.choice(TIMES)}}
    return made


def _put(random: Random, made: dict[str, Any], key: str, values: tuple[Any, ...], chance: float = 0.7) -> None:
    if random.random() < chance:
        made[key] = random.choice(values) if random.random() < 0.95 else random.choice(LISTED)


def _order(random: Random) -> dict[str, Any]:
    made = _line(random)
    if random.random() < 0.6:
        made["products"] = [
            _line(random) if random.random() < 0.95 else random.choice(LISTED) for _ in range(random.randrange(4))
        ]
    return made


def _line(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key in ("price", "quantity", "revenue"):
        _put(random, made, key, NUMBERS[:12] if random.random() < 0.8 else NUMBERS, 0.5)
    for key in ("productId", "revenueType", "name"):
        _put(random, made, key, ("p-1", "", "tax", 5), 0.4)
    return made


def _context(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part, keys in (
        ("app", ("version",)),
        ("os", ("name", "version")),
        ("device", ("type", "brand", "manufacturer", "model", "advertisingId", "idfa")),
        ("network", ("carrier",)),
        ("location", ("country", "region", "city")),
        ("library", ("name",)),
        ("page", ("referrer", "url", "path")),
        ("campaign", ("source", "medium", "name", "term", "content")),
        ("userAgentData", ("model", "platformVersion")),
    ):
        if random.random() < 0.5:
            inner: dict[str, Any] = {}
            made[part] = inner
            for key in keys:
                _put(random, inner, key, TEXTS, 0.6)
    if "device" in made:
        _put(random, made["device"], "id", IDS, 0.4)
    if "location" in made:
        for key in ("latitude", "longitude"):
            _put(random, made["location"], key, NUMBERS, 0.4)
    _put(random, made, "locale", TEXTS)
    _put(random, made, "ip", ("203.0.113.7", "::1", "", None, "x"))
    _put(random, made, "userAgent", AGENTS)
    return made
