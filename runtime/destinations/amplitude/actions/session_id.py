"""Session Plugin: sessions are given to events before the mappings, so this action sends nothing itself."""

from __future__ import annotations

from ....action import Action, Binding, Build
from ....fields.declaration import Payload, described, fields_of
from ....outcome import Request
from ....semantics.event import JsonObject
from ..objects import SOURCE


class SessionId(Payload):
    """What the stage before the mappings is to do (see `sessions/session_ids.py`)."""

    sessionLength: float | None = described(
        "Session Length",
        "The number of milliseconds without an event that ends a session.",
        role="control",
        positive=True,
    )
    triggerSessionEvents: bool | None = described(
        "Allow Session Tracking", "Send an event for the start and for the end of each session.", role="control"
    )
    sessionStartEvent: str | None = described(
        "Session Start Event", "The name of the event that starts a session.", role="control", visible=True
    )
    sessionEndEvent: str | None = described(
        "Session End Event", "The name of the event that ends a session.", role="control", visible=True
    )


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes no request."""

    def build(
        payload: JsonObject,
        sessionLength: float | None = None,
        triggerSessionEvents: bool | None = None,
        sessionStartEvent: str | None = None,
        sessionEndEvent: str | None = None,
    ) -> list[Request]:
        return []

    return build


ACTION = Action(
    name="sessionId",
    title="Session Plugin",
    description="Give each event of a browser the ID of its session.",
    trigger='type = "track" or type = "identify" or type = "group" or type = "page" or type = "alias"',
    fields=fields_of(SessionId),
    bind=bind,
    source=SOURCE,
    sends="nothing",
)
