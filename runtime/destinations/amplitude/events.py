"""How the three actions that log an event build it: platform, times, user properties, device, library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from re import IGNORECASE
from re import compile as pattern
from typing import Any

from ...action import Binding, Build
from ...dates import milliseconds
from ...outcome import Request
from . import limits
from .requests import Lookup, Payload, Sender, with_constants
from .user_agent import user_agent_properties
from .user_properties import settle

AddProperties = Callable[[Payload | None, Lookup], Payload | None]
"""User properties as the payload has them, with those that an action adds by its parameters."""
AddEvents = Callable[[Payload, Payload, Lookup], list[Payload]]
"""All events that a payload comes to, from the event as it is sent and the same without what its user agent tells."""

_IOS = pattern("ios", IGNORECASE)
_ANDROID = pattern("android", IGNORECASE)


def event_builder(
    binding: Binding, action: str, add_properties: AddProperties, add_events: AddEvents | None = None
) -> Build:
    """The build of an action: one request with events, before it perhaps an identify request (`on conflict split`)."""
    sender = Sender(binding, action)
    httpapi, batch = sender.url("httpapi"), sender.url("batch")
    checks, conflict = sender.checks, sender.conflict
    constants = dict(binding.constants or {})
    with_agent = reads_user_agent(constants)

    def build(payload: Payload, parameters: Payload) -> list[Request]:
        get = parameters.get
        set_platform(payload, get("library"))
        set_times(payload, get, checks=checks)
        plain = None
        if properties := add_properties(payload.get("user_properties"), get):
            payload["user_properties"], plain = settle(properties, conflict, checks=checks)
        if library := library_name(get("library2")):
            payload["library"] = library
        event = with_device(payload, get) if with_agent else payload
        events = add_events(event, payload, get) if add_events else [event]
        min_id_length = get("min_id_length")
        requests = sender.events(batch if get("use_batch_endpoint") else httpapi, events, min_id_length)
        return sender.plain_properties(payload, plain, min_id_length) + requests if plain else requests

    return with_constants(build, constants)


@lru_cache(maxsize=256)
def platform_name(platform: str) -> str:
    """A platform with the names of the two mobile systems as Amplitude writes them: the first of each."""
    return _ANDROID.sub("Android", _IOS.sub("iOS", platform, count=1), count=1)


def set_platform(event: Payload, library: str | None) -> None:
    """Write the platform as Amplitude does; it is the web where analytics.js names none."""
    if platform := event.get("platform"):
        event["platform"] = platform_name(platform)
    elif library == "analytics.js":
        event["platform"] = "Web"


def set_times(event: Payload, get: Lookup, *, checks: bool) -> None:
    """Time and session as whole milliseconds; what is no time is left out, or refused with checks on."""
    if time := get("time"):
        value = milliseconds(time)
        if checks:
            limits.check_time(value, time)
        if value is not None:
            event["time"] = value
    if session := get("session_id"):
        value = milliseconds(session)
        if checks:
            limits.check_session(value, session)
        if value is not None:
            is_digits = session.__class__ is str and session.isdecimal() and session.isascii()
            event["session_id"] = int(session) if is_digits else value


def library_name(library2: Payload | None) -> str | None:
    """What goes to Amplitude as the library's name: the mapping, if the settings of the library say so."""
    if library2 and library2.get("behavior") == "use_mapping":
        return library2.get("mapping")
    return "segment"


def with_device(event: Payload, get: Lookup) -> Payload:
    """The event on top of what its user agent tells, if that is wanted."""
    user_agent = get("userAgent")
    if not user_agent:
        return event
    device: Payload = {}
    if get("userAgentParsing"):
        device.update(user_agent_properties(user_agent, get("userAgentData")))
    if get("includeRawUserAgent"):
        device["user_agent"] = user_agent
    return {**device, **event}


def reads_user_agent(constants: Mapping[str, Any]) -> bool:
    """False when a mapping says for all events that the user agent is of no interest."""
    return any(constants.get(switch, True) for switch in ("userAgentParsing", "includeRawUserAgent"))
