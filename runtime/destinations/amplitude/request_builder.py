"""Builds requests to Amplitude: their address and body, bound once to a mapping and its settings."""

from __future__ import annotations

from ...action import Binding
from ...encoding import json_bytes, usual_json
from ...outcome import Refused, Request
from ...semantics.event import JsonObject
from ...semantics.failure import ValueFailure
from ...semantics.plain import is_plain
from . import limits
from .fitted_values import fitted
from .large_bodies import too_large
from .settings import settings_of
from .user_properties import Conflict

MOST_LEVELS = 2 + limits.DEEPEST
"""Below the list of items and an item itself; what is nested deeper is counted by `fitted`."""
_AROUND = 200
"""More bytes than a body has beside its items and the key."""
_MOST_OF_CHARACTER = 6
"""Bytes of `\\u0000`, the longest that one character becomes."""


def id_options(min_id_length: int | None) -> dict[str, int] | None:
    """The options of a request that change the least length of its IDs, in characters; None if there are none."""
    return {"min_id_length": min_id_length} if min_id_length and min_id_length > 0 else None


class RequestBuilder:
    """Makes the requests of one mapping. With checks on, a value beyond a limit is repaired, or raises Refused."""

    def __init__(self, binding: Binding, action: str) -> None:
        settings = settings_of(binding.settings)
        self.mapping = binding.mapping
        self.action = action
        self.checks = binding.checks
        self.conflict = Conflict(binding.conflict, binding.checks)
        self.key = settings.key
        self.settings = settings
        self.url = settings.url
        self.room = limits.LARGEST_BODY - _AROUND - _MOST_OF_CHARACTER * len(settings.key)
        """The bytes that a body surely has for its items."""

    def form(self, url: str, part: str, content: JsonObject | list[JsonObject], min_id_length: int | None) -> Request:
        """One request with a form, whose field `part` holds the content as JSON text.

        `min_id_length` is in characters. Raises Refused for content that is not JSON and, with checks on, for
        values or a body beyond Amplitude's limits.
        """
        items = content if isinstance(content, list) else [content]
        text = usual_json(content)
        if self.checks and (text is None or not self.are_plain(items)):
            items = fitted(items, self.settings)
            text = json_bytes(items if isinstance(content, list) else items[0])
        elif text is None:
            try:
                text = json_bytes(content)
            except ValueFailure as error:
                raise Refused("not_json", f"cannot be written as JSON: {error}") from None
        if self.checks and len(text) > limits.LARGEST_BODY:
            raise too_large(items, len(text), limits.LARGEST_BODY)
        fields = {"api_key": self.key, part: text.decode()}
        if options := id_options(min_id_length):
            fields["options"] = json_bytes(options).decode()
        return Request(self.mapping, self.action, "POST", url, None, fields)

    def are_plain(self, items: list[JsonObject]) -> bool:
        """Whether nothing in the items of a body can be beyond a limit that `fitted` looks at."""
        return is_plain(items, limits.LONGEST_STRING, MOST_LEVELS, False)

    def plain_properties(self, event: JsonObject, plain: JsonObject, min_id_length: int | None) -> list[Request]:
        """The separate request for plain user properties, which Amplitude does not take beside operations.

        It is sent before the event, so that the operations win.
        """
        identity: JsonObject = {name: event[name] for name in ("user_id", "device_id") if name in event}
        identification = {**identity, "user_properties": plain, "library": "segment"}
        return [self.form(self.url("identify"), "identification", identification, min_id_length)]
