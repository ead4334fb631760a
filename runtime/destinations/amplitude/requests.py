"""Requests to Amplitude: which address, which body, bound once to a mapping and its settings."""

from __future__ import annotations

from typing import Any

import orjson

from ...action import Binding
from ...outcome import Refused, Request
from . import limits
from .settings import settings_of
from .user_properties import Conflict

_encode = orjson.dumps
_NO_JSON = (TypeError, ValueError, OverflowError, RecursionError)
Payload = dict[str, Any]


def id_options(min_id_length: int | None) -> dict[str, int] | None:
    """The options of a request that lower (or raise) the least length of its IDs."""
    return {"min_id_length": min_id_length} if min_id_length and min_id_length > 0 else None


def json_or_none(content: Any) -> bytes | None:
    """JSON text; None for what the fast encoder cannot write."""
    try:
        return _encode(content)
    except _NO_JSON:
        return None


class Sender:
    """Makes the requests of one mapping. With checks on, what breaks a limit raises Refused instead."""

    def __init__(self, binding: Binding, action: str) -> None:
        settings = settings_of(binding.settings)
        self.mapping = binding.mapping
        self.action = action
        self.checks = binding.checks
        self.conflict = Conflict(binding.conflict, binding.checks)
        self.key = settings.key
        self.long_strings = settings.longStrings
        self.url = settings.url

    def form(self, url: str, part: str, content: Payload | list[Payload], min_id_length: int | None) -> Request:
        """One request whose form holds JSON text under the name of a part."""
        items = content if isinstance(content, list) else [content]
        try:
            text = _encode(content)
            if self.checks and not limits.surely_within(text, items, limits.LARGEST_BODY):
                items = limits.check_values(items, limits.LARGEST_BODY, self.long_strings)
                text = _encode(items if isinstance(content, list) else items[0])
        except _NO_JSON as error:
            if self.checks:
                limits.check_values(items, limits.LARGEST_BODY, self.long_strings)
            raise Refused("no_json", f"cannot be written as JSON: {error}") from None
        fields = {"api_key": self.key, part: text.decode()}
        if options := id_options(min_id_length):
            fields["options"] = _encode(options).decode()
        return Request(self.mapping, self.action, "POST", url, None, fields)

    def check_people(self, items: list[Payload], min_id_length: int | None) -> None:
        """Refuses items of which one belongs to no user or device that Amplitude accepts."""
        shortest = limits.shortest_id(min_id_length)
        for item in items:
            limits.check_ids(item.get("user_id"), item.get("device_id"), shortest)

    def plain_properties(self, event: Payload, plain: Payload, min_id_length: int | None) -> list[Request]:
        """The request of its own that plain user properties need beside operations.

        It goes first, so that what the operations then do is the later word.
        """
        identity: Payload = {name: event[name] for name in ("user_id", "device_id") if name in event}
        identification = {**identity, "user_properties": plain, "library": "segment"}
        return [self.form(self.url("identify"), "identification", identification, min_id_length)]
