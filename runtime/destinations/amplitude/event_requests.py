"""Builds the requests of the three actions that log an event: platform, times, user properties, device, library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from re import compile as pattern
from typing import Any

from ...action import Binding
from ...encoding import json_bytes, usual_json
from ...fields.coercion import time_given
from ...outcome import Request
from ...repairs import note_repair
from ...semantics.dates import FIRST_NUMBER, LAST_NUMBER, NO_TIME, iso_milliseconds
from ...semantics.event import JsonObject
from ...semantics.object_keys import add_missing, surely_has_ids
from ...semantics.plain import surely_fits
from . import limits
from .fitted_values import fitted
from .large_bodies import bodies_within, too_large
from .operation_names import has_operations
from .request_builder import MOST_LEVELS, RequestBuilder, id_options
from .user_agent import AGENTS, READ, user_agent_properties
from .user_properties import are_touches

REVENUE = frozenset(("price", "quantity", "revenue", "productId", "revenueType"))
"""Fields that make revenue, which a purchase alone has; other events are sent without, whatever is mapped."""

IDS = ("user_id", "device_id")
_IOS = pattern(r"\b[iI][oO][sS]\b")
_ANDROID = pattern(r"\b[aA][nN][dD][rR][oO][iI][dD]\b")
"""Whole words only: a kiosk is not an iOS device. Not IGNORECASE, by which `ſ` would be an `s`."""


class EventRequestBuilder(RequestBuilder):
    """Completes the events of one mapping, and makes their requests."""

    def __init__(self, binding: Binding, action: str, *, own_win: bool = False) -> None:
        """`own_win`: an operation's value in the user properties wins over that of another field."""
        super().__init__(binding, action)
        self._own_win = own_win
        self._httpapi = self.url("httpapi")
        self._batch = self.url("batch")

    def build(
        self,
        event: JsonObject,
        properties: JsonObject | None = None,
        operations: JsonObject | None = None,
        session_id: Any = None,
        time: Any = None,
        library: str | None = None,
        library2: JsonObject | None = None,
        device: Mapping[str, Any] | None = None,
        use_batch_endpoint: bool | None = None,
        min_id_length: int | None = None,
        in_body: Callable[[JsonObject], tuple[JsonObject, list[JsonObject]]] | None = None,
    ) -> list[Request]:
        """The requests of one event, which is changed: its control fields, the other parameters, are written into it.

        `device` has properties read from a user agent; the event's own properties win over them. `in_body` is called
        with the finished event and gives the fields that only its copy in the body has, and the own fields of each
        further event of the body, which has all other fields of the event. With checks on, values beyond a limit are
        repaired, or raise Refused.
        """
        # Nearly all sessions, times and properties are done at once, and cost no call of their own.
        plain = None
        if (platform := event.get("platform")) or library == "analytics.js":
            event["platform"] = PLATFORMS[platform or "Web"]
        if session_id is not None:
            if session_id.__class__ is int and FIRST_NUMBER <= session_id <= LAST_NUMBER:
                event["session_id"] = session_id
            else:
                set_session(event, session_id, self.checks)
        if time is not None:
            value = iso_milliseconds(time)
            if value is not None and value >= 0:
                event["time"] = value
            else:
                set_time(event, time, self.checks)
        if operations:
            if properties or (self.checks and not are_touches(operations)):
                operations, plain = self.conflict.beside(properties, operations, own_win=self._own_win)
            event["user_properties"] = operations
        elif properties and has_operations(properties):
            event["user_properties"], plain = self.conflict.within(properties)
        if self.checks and (groups := event.get("groups")):
            event["groups"] = limits.tracked_groups(groups, self.settings.extraGroups)
        if self.checks and ("location_lat" in event or "location_lng" in event):
            limits.note_place(event)
        if library2 and library2.get("behavior") == "use_mapping":
            if (name := library2.get("mapping")) is not None:
                event["library"] = name
        else:
            event["library"] = "segment"
        parts = events = [event]
        if in_body is not None:
            alone, own = in_body(event)
            events = [event | alone, *[event | fields for fields in own]]
            parts = [events[0], *own]
        if device:
            add_missing(events[0], device)
        url = self._batch if use_batch_endpoint else self._httpapi
        body: JsonObject = {"api_key": self.key, "events": events}
        if min_id_length and (options := id_options(min_id_length)):
            body["options"] = options
        requests = (
            self._checked(url, body, parts, min_id_length)
            if self.checks
            else [Request(self.mapping, self.action, "POST", url, body, None)]
        )
        return [*self.plain_properties(event, plain, min_id_length), *requests] if plain else requests

    def _checked(self, url: str, body: JsonObject, parts: list[JsonObject], min_id_length: int | None) -> list[Request]:
        """The requests of a body with the values that Amplitude takes: one, unless it is too large.

        All its events are of one user. `parts` are the first of them, and what each of the others has of its own.
        """
        events = body["events"]
        first = events[0]
        if first["event_type"] in limits.RESERVED_EVENTS:
            limits.check_event_type(first["event_type"])
        if min_id_length is not None or not surely_has_ids(first, IDS, limits.SURELY_LONG_ID):
            limits.check_ids(first.get("user_id"), first.get("device_id"), min_id_length)
        count = len(events)
        room = self.room if count == 1 else self.room // count
        if count <= limits.MOST_EVENTS and surely_fits(limits.LONGEST_STRING, MOST_LEVELS, room, parts):
            return [Request(self.mapping, self.action, "POST", url, body, None)]
        largest = limits.LARGEST_BATCH if url is self._batch else limits.LARGEST_BODY
        text = usual_json(body) if self.are_plain(events) else None
        if text is None:
            body["events"] = events = fitted(events, self.settings)
            text = json_bytes(body)
        if len(text) > largest or len(events) > limits.MOST_EVENTS:
            return self._large(url, body, len(text), largest)
        return [Request(self.mapping, self.action, "POST", url, body, None, text)]

    def _large(self, url: str, body: JsonObject, size: int, largest: int) -> list[Request]:
        """The events of a body that is too large in several requests, one that is too large alone as a batch."""
        events = body["events"]
        if self.settings.largeBodies == "refuse":
            raise too_large(events, size, largest)
        requests = []
        for part in bodies_within(body, largest):
            text, to = json_bytes(part), url
            if len(text) > largest:
                to = self._batch
                if len(text) > limits.LARGEST_BATCH:
                    raise too_large(part["events"], len(text), limits.LARGEST_BATCH)
                note_repair("body_too_large", f"an event of {len(text):,} bytes is sent to the batch endpoint")
            requests.append(Request(self.mapping, self.action, "POST", to, part, None, text))
        if len(requests) > 1:
            message = f"the {len(events):,} events, {size:,} bytes, are sent in {len(requests)} requests"
            note_repair("body_too_large", message)
        return requests


class _Platforms(dict[str, str]):
    """The platform that is sent for a given one: the words `ios` and `android` are spelled as Amplitude does."""

    def __missing__(self, platform: str) -> str:
        name = _ANDROID.sub("Android", _IOS.sub("iOS", platform, count=1), count=1)
        if len(self) < _MOST_PLATFORMS:
            self[platform] = name
        return name


_MOST_PLATFORMS = 256
PLATFORMS = _Platforms()


def set_time(event: JsonObject, given: Any, checks: bool) -> None:
    """Writes the `time` of an event or a user in milliseconds since 1970, if it names one.

    Raises Refused for a value that is not a time and, with `checks`, for a time before 1970.
    """
    if (time := time_given(given, "time")) is not None:
        if checks:
            limits.check_time(time, given, "time")
        event["time"] = time


def set_session(event: JsonObject, given: Any, checks: bool) -> None:
    """Writes the `session_id` of an event, the start of its session in milliseconds since 1970; -1 means no session.

    Raises Refused as `set_time` does.
    """
    if (time := time_given(given, "session_id", takes_none=True)) is not None:
        if checks and time != NO_TIME:
            limits.check_time(time, given, "session_id")
        event["session_id"] = time


def device_of(
    user_agent: str, parsing: bool | None, raw: bool | None, hints: JsonObject | None
) -> Mapping[str, Any] | None:
    """The properties of the device that a user agent describes; None without `parsing` and `raw`, which ask for them.

    `raw` adds the user agent itself. Client hints win over it. The object is shared by all callers: do not change it.
    """
    if not raw:
        if parsing and not hints and len(user_agent) <= READ:  # as nearly all are
            return AGENTS[user_agent]
        return user_agent_properties(user_agent, hints) if parsing else None
    device = user_agent_properties(user_agent, hints) if parsing else {}
    return {**device, "user_agent": user_agent}
