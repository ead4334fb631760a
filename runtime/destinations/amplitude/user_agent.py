"""The properties of a device, read from its user agent and its client hints.

The answers must be those of Segment's own parser (`@amplitude/ua-parser-js` 0.7.25), or the same device would be two in
Amplitude's charts. Its patterns are data in `user_agents.json`, each kind in order: the first that matches decides.
`docs/decisions/0007-user-agents-by-a-table.md` has the measurements that led here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

Properties = Mapping[str, Any]

_CACHED_AGENTS = 4096
"""So many user agents are remembered, and then all are forgotten; they repeat, and a new one costs some 300 µs."""
READ = 255
"""Characters of a user agent that are read."""


def user_agent_properties(user_agent: str, hints: Properties | None = None) -> Properties:
    """The properties of an event or a user that a user agent and client hints show: system, manufacturer, model, type.

    `os_version` is the version of the browser, as Segment sends it, unless the hints have that of the system. The
    object is shared by all callers: do not change it.
    """
    # The whole text is not kept as a key: it may be of any length, and only its start is read.
    properties = AGENTS[user_agent if len(user_agent) <= READ else user_agent.strip()[:READ]]
    if not hints:
        return properties
    known = {**properties}
    if (version := hints.get("platformVersion")) is not None:
        known["os_version"] = version
    if (model := hints.get("model")) is not None:
        known["device_model"] = model
    return known


class _Agents(dict[str, Properties]):
    """The properties for each user agent, by the part of it that is read. The objects are shared."""

    def __missing__(self, user_agent: str) -> Properties:
        properties = _properties_of(user_agent)
        if len(self) >= _CACHED_AGENTS:
            self.clear()
        self[user_agent] = properties
        return properties


AGENTS = _Agents()
"""A dict, because the part in C looks into it without a call."""


def _properties_of(user_agent: str) -> Properties:
    device = _first("device", user_agent)
    browser = _first("browser", user_agent)
    system = _first("os", user_agent).get("name")
    model = device.get("model")
    properties = {
        "os_name": system if system is not None else browser.get("name"),
        "os_version": _major(browser.get("version")),
        "device_manufacturer": device.get("vendor"),
        "device_model": model if model is not None else system,
        "device_type": device.get("type"),
    }
    return {name: value for name, value in properties.items() if value is not None}


def _major(version: str | None) -> str | None:
    return None if version is None else re.sub(r"[^0-9.]", "", version).partition(".")[0]


def _first(kind: str, user_agent: str) -> dict[str, str | None]:
    """What the first pattern of a kind that matches gives."""
    for patterns, give in _patterns()[kind]:
        for pattern in patterns:
            if match := pattern.search(user_agent):
                return {name: _value(match, source) for name, source in give.items()}
    return {}


def _value(match: re.Match[str], source: Any) -> str | None:
    """One thing that a match gives, by where the data says that it comes from.

    A number is a group of the match, text is itself, and a list changes a group: `[1]` takes the space around it off,
    `[1, pattern, text]` replaces, `[1, [[part, text], …]]` looks up what the group contains.
    """
    if isinstance(source, str):
        return source
    number: int
    change: list[Any]
    number, *change = [source] if isinstance(source, int) else source
    # patterns of one row need not have the same groups
    group: str | None = match[number] if number <= match.re.groups else None
    if not group:
        return group if isinstance(source, list) and not change else None
    if len(change) == 2:
        return re.sub(change[0], change[1], group)
    if change:
        return next((value for part, value in change[0] if part in group.lower()), group)
    return group.strip() if isinstance(source, list) else group


@cache
def _patterns() -> dict[str, list[tuple[list[re.Pattern[str]], dict[str, Any]]]]:
    from importlib.resources import files  # a large import, for events with a user agent alone

    data = json.loads(files(__package__).joinpath("user_agents.json").read_text(encoding="utf-8"))
    return {
        kind: [
            ([re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in row["match"]], row["give"])
            for row in data[kind]
        ]
        for kind in ("device", "browser", "os")
    }
