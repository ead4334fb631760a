"""Distinct IDs for the requests of several mappings for one event: a destination drops an ID that it has seen."""

from __future__ import annotations

from typing import Any

from ..action import Build
from ..outcome import Request


def with_distinct_ids(build: Build, mapping: str, field: str) -> Build:
    """A `build` for a mapping that is not the first to send for an event: it adds the mapping's name to the ID.

    The ID depends only on the mappings that match, so that the event has the same IDs when it is sent again.
    """

    def build_with_own_id(payload: dict[str, Any], *control: Any, **named: Any) -> list[Request]:
        if given := payload.get(field):
            payload[field] = f"{given}:{mapping}"
        return build(payload, *control, **named)

    return build_with_own_id
