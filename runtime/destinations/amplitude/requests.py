"""Requests to Amplitude: which address, which body, bound once to a mapping and its settings."""

from __future__ import annotations

from typing import Any

import orjson

from ...action import Binding
from ...outcome import Refused, Request
from . import limits
from .settings import settings_of

_encode = orjson.dumps
Payload = dict[str, Any]


def id_options(min_id_length: int | None) -> dict[str, int] | None:
    """The options of a request that lower (or raise) the least length of its IDs."""
    return {"min_id_length": min_id_length} if min_id_length and min_id_length > 0 else None


class Sender:
    """Makes the requests of one mapping. With checks on, what breaks a limit raises Refused instead."""

    def __init__(self, binding: Binding, action: str) -> None:
        settings = settings_of(binding.settings)
        self.mapping = binding.mapping
        self.action = action
        self.checks = binding.checks
        self.conflict = binding.conflict
        self.key = settings.key
        self.long_strings = settings.longStrings
        self.url = settings.url
        self.batch = settings.url("batch")

    def events(self, url: str, events: list[Payload], min_id_length: int | None) -> list[Request]:
        """One request with events, to the endpoint for events or for batches."""
        if self.checks:
            largest = limits.LARGEST_BATCH if url is self.batch else limits.LARGEST_BODY
            events = self.people(events, min_id_length, largest)
        body: Payload = {"api_key": self.key, "events": events}
        if min_id_length and (options := id_options(min_id_length)):
            body["options"] = options
        return [Request(self.mapping, self.action, "POST", url, body, None)]

    def form(self, url: str, part: str, content: Any, min_id_length: int | None) -> Request:
        """One request whose form holds JSON text under the name of a part."""
        try:
            text = _encode(content).decode()
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise Refused("no_json", f"cannot be written as JSON: {error}") from None
        fields = {"api_key": self.key, part: text}
        if options := id_options(min_id_length):
            fields["options"] = _encode(options).decode()
        return Request(self.mapping, self.action, "POST", url, None, fields)

    def people(
        self, items: list[Payload], min_id_length: int | None, largest: int = limits.LARGEST_BODY
    ) -> list[Payload]:
        """Items of one body that each belong to a user or a device, none of which breaks a limit."""
        if not self.checks:
            return items
        shortest = limits.shortest_id(min_id_length)
        for item in items:
            limits.check_ids(item.get("user_id"), item.get("device_id"), shortest)
            if groups := item.get("groups"):
                limits.check_groups(groups)
        return self.checked(items, largest)

    def checked(self, items: list[Payload], largest: int) -> list[Payload]:
        """Items of one body, none of which breaks a limit, nor do they all together."""
        return limits.check_values(items, largest, self.long_strings)

    def plain_properties(self, event: Payload, plain: Payload, min_id_length: int | None) -> list[Request]:
        """The request of its own that plain user properties need beside operations.

        It goes first, so that what the operations then do is the later word.
        """
        identity: Payload = {name: event[name] for name in ("user_id", "device_id") if name in event}
        identification = {**identity, "user_properties": plain, "library": "segment"}
        if self.checks:
            (identification,) = self.checked([identification], limits.LARGEST_BODY)
        return [self.form(self.url("identify"), "identification", identification, min_id_length)]
