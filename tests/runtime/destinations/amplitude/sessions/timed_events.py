"""Events of one device by their times, and the sessions that they are given."""

from __future__ import annotations

from typing import Any

from rulewright.runtime.destinations.amplitude.sessions.session_ids import (
    INTEGRATION,
    WEB,
    SessionRules,
    Sessions,
)
from rulewright.runtime.destinations.amplitude.sessions.store import SessionStore
from rulewright.runtime.semantics.dates import iso_text

HALF_AN_HOUR = 1_800_000
NOON = 1_714_564_800_000
Event = dict[str, Any]


def at(time: int, **more: Any) -> Event:
    return {"type": "track", "event": "Test", "anonymousId": "anon-1", "timestamp": iso_text(time), **more}


def session_of(event: Event) -> int | None:
    options = event.get("integrations", {}).get(INTEGRATION, {})
    return options.get("session_id") if isinstance(options, dict) else None


def sessions_of(times: list[int], store: SessionStore | None = None, rules: SessionRules = WEB) -> list[int | None]:
    """The session of each event, in the order in which the events come."""
    stage = Sessions(rules, store)
    return [session_of(stage.enrich(at(NOON + time))[-1]) for time in times]
