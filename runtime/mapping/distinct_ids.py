"""Distinct IDs for the requests of several mappings for one event: a destination drops an ID that it has seen."""

from __future__ import annotations

from typing import Any

from ..action import Build
from ..outcome import Request


def with_distinct_ids(build: Build, mapping: str, field: str) -> Build:
    """The `build` of a mapping that is not the first to send for an event: the ID in the field gets the mapping's name.

    It depends on the matched mappings alone, so that the event has the same IDs when it is sent again, whatever fails.
    """

    def build_with_own_id(payload: dict[str, Any], *control: Any, **named: Any) -> list[Request]:
        if given := payload.get(field):
            payload[field] = f"{given}:{mapping}"
        return build(payload, *control, **named)

    return build_with_own_id
