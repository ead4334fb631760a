"""Sessions: a stage before the mappings that gives each event the ID of its session, which is the session's start.

Time comes from the event, never from a clock, so that a replay gives the same sessions. Sources: Segment's session
plugins for Amplitude, of Analytics.js (`web`) and of Swift and Kotlin (`mobile`); Amplitude, "Tracking Sessions".

What holds for an event, by its time beside the session of its user:

- the first of a user, or one that is `length` or more after the latest: a new session begins with it;
- less than `length` after the latest: it goes on with the session;
- late, but not before the session's start, or less than `length` before it: it is of the session, whose start stays,
  for it was sent already;
- late, and within the session before, or less than `length` around it: it is of that one;
- later still: it is of no session, which Amplitude writes -1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from ....destination import InspectableMapper
from ....fields.coercion import coerce, string
from ....fields.field import Field
from ....mapping.event_text import read_event
from ....outcome import Outcome, Refused
from ....semantics.blank import is_blank
from ....semantics.dates import iso_text, milliseconds, read_time
from ....semantics.event import Event
from ....semantics.missing import MISSING
from ..actions.session_id import ACTION as SESSION_ID
from .store import MemoryStore, Session, SessionStore

INTEGRATION = "Actions Amplitude"
"""Where Segment's plugins put the ID: `integrations."Actions Amplitude".session_id`."""
NO_SESSION = -1


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How sessions are separated, and which events announce them."""

    length: int = 1_800_000
    """Milliseconds without an event that end a session."""
    announces: bool = False
    """Whether an event is made for each start and each end of a session."""
    start_event: str = "session_started"
    end_event: str = "session_ended"
    types: frozenset[str] = frozenset({"track", "identify", "group", "page", "alias"})
    """The types of events that get an ID and continue a session, if no trigger selects them."""
    names_screens: bool = False
    """Whether the name of a screen is copied into its properties."""


WEB = SessionRules()
"""As Analytics.js does it."""
MOBILE = SessionRules(
    length=300_000,
    announces=True,
    start_event="session_start",
    end_event="session_end",
    types=WEB.types | {"screen"},
    names_screens=True,
)
"""As the plugins for Swift and Kotlin do it."""
NAMED = {"web": WEB, "mobile": MOBILE}


class Sessions:
    """The stage before the mappings: `enrich(event)` gives the events that are mapped."""

    def __init__(
        self,
        rules: SessionRules = WEB,
        store: SessionStore | None = None,
        takes: Callable[[Event], bool] | None = None,
    ) -> None:
        """`takes` says which events are given an ID; without it, their type does."""
        self.rules = rules
        self._store = MemoryStore() if store is None else store
        self._takes = takes or self._is_of_our_types

    @classmethod
    def of(
        cls, mapper: InspectableMapper, store: SessionStore | None = None, rules: SessionRules | None = None
    ) -> Self | None:
        """The stage that a mapping to `sessionId` asks for, by its trigger and its fields.

        `rules` replace the fields. Without such a mapping they decide alone. None if there is neither.
        """
        for number, mapping in enumerate(mapper.program.mappings):
            if mapping.action == SESSION_ID.name:
                chosen = rules_of(SESSION_ID.fields, mapping.constants) if rules is None else rules
                return cls(chosen, store, _trigger(mapper, number))
        return None if rules is None else cls(rules, store)

    def enrich(self, event: Event) -> list[Event]:
        """The event with the ID of its session, after the events for an end and a start of a session, if there are any.

        The given event is not changed. It gets no ID if the rules do not select it, if it already has an ID, if it has
        neither a user nor a device, if it lacks a timestamp, or if it opts out of Amplitude.
        """
        if not self._takes(event):
            return [event]
        if self.rules.names_screens:
            event = with_screen_name(event)
        user = user_of(event)
        time = time_of(event)
        if has_session(event) or user is None or time is None:
            return [event]
        session = self._store.get(user)
        session_events: list[Event] = []
        if session is None or time - session.last >= self.rules.length:
            if self.rules.announces:
                session_events = self._tell(event, user, session, time)
            ended = (None, None) if session is None else session[:2]
            session_id = time
            self._store.set(user, Session(time, time, *ended))
        else:
            session_id = self._session_at(session, time)
            if time > session.last:
                self._store.set(user, session._replace(last=time))
        return [*session_events, with_session(event, session_id)]

    def _is_of_our_types(self, event: Event) -> bool:
        kind = event.get("type")
        return isinstance(kind, str) and kind in self.rules.types

    def _session_at(self, session: Session, time: int) -> int:
        """The ID of the session that a time belongs to, not after the end of the current one."""
        length = self.rules.length
        if time > session.start - length:
            return session.start
        if session.previous_start is None or session.previous_last is None:
            return NO_SESSION
        if session.previous_start - length < time < session.previous_last + length:
            return session.previous_start
        return NO_SESSION

    def _tell(self, event: Event, user: str, ended: Session | None, time: int) -> list[Event]:
        session_events = []
        if ended is not None:
            session_events.append(self._event(event, user, self.rules.end_event, ended.start, ended.last))
        session_events.append(self._event(event, user, self.rules.start_event, time, time))
        return session_events

    def _event(self, beside: Event, user: str, name: str, session_id: int, time: int) -> Event:
        """An event of ours, of the same user and device; its message ID is always the same, so that it counts once."""
        kept: Event = {
            key: beside[key] for key in ("userId", "anonymousId", "context", "integrations") if key in beside
        }
        session_event: Event = {
            "type": "track",
            "event": name,
            "messageId": f"{name}-{session_id}-{user}",
            "timestamp": iso_text(time),
            "properties": {},
            **kept,
        }
        return with_session(session_event, session_id)


def _trigger(mapper: InspectableMapper, number: int) -> Callable[[Event], bool]:
    """Whether the trigger of a mapping takes an event, as filters and opt-outs leave it."""
    return lambda event: number in mapper.taken_by(event)


class SessionMapper:
    """A mapper with the stage before it: an event may give the requests of up to three events."""

    def __init__(self, mapper: InspectableMapper, sessions: Sessions) -> None:
        self._mapper = mapper
        self._sessions = sessions
        self.program = mapper.program
        self.settings = mapper.settings
        """Those of the destination, with the keys that the mapper was loaded with."""

    def map_bytes(self, line: bytes | str) -> Outcome:
        """Map an event given as JSON text. Raises ValueError if the text is not a JSON object."""
        return self(read_event(line, keep_halves=True))

    def __call__(self, event: Event) -> Outcome:
        """Requests, failures and matches of an event and of those that its session adds.

        An event that opted out is of no session, and none begins with it.
        """
        if self._mapper.opted_out(event) is not None:
            return self._mapper(event)
        outcomes = [self._mapper(enriched) for enriched in self._sessions.enrich(event)]
        return Outcome(
            [request for outcome in outcomes for request in outcome.requests],
            [failure for outcome in outcomes for failure in outcome.failures],
            [name for outcome in outcomes for name in outcome.matched],
            outcomes[-1].dropped,
            [repair for outcome in outcomes for repair in outcome.warnings],
            unrecognized=outcomes[-1].unrecognized,
        )


def rules_of(fields: Sequence[Field], constants: Mapping[str, Any]) -> SessionRules:
    """The rules that the fields of a mapping to `sessionId` set, which are constants; the rest are those of the web."""
    values = {field.name: coerce(field, constants.get(field.name, MISSING)) for field in fields}
    names = {
        "sessionLength": "length",
        "triggerSessionEvents": "announces",
        "sessionStartEvent": "start_event",
        "sessionEndEvent": "end_event",
    }
    return replace(WEB, **{names[name]: value for name, value in values.items() if value is not MISSING})


def user_of(event: Event) -> str | None:
    """The key of the event's session: `context.device.id`, `anonymousId` or else `userId`; None if it has none."""
    context = event.get("context")
    device = context.get("device") if isinstance(context, dict) else None
    device_id = device.get("id") if isinstance(device, dict) else None
    for name, value in (("device", device_id), ("device", event.get("anonymousId")), ("user", event.get("userId"))):
        if (text := _id_of(value)) is not None:
            return f"{name}:{text}"
    return None


def _id_of(value: Any) -> str | None:
    """An ID as the mappings send it by default, so that one user is one here as well; None where it is no ID."""
    try:
        return None if is_blank(value) else string(value, "")
    except Refused:
        return None


def time_of(event: Event) -> int | None:
    """The event's own time in milliseconds since 1970; None where it has none."""
    for name in ("timestamp", "originalTimestamp", "sentAt", "receivedAt"):
        time = milliseconds(event.get(name))
        if time is not None:
            return time
    return None


def has_session(event: Event) -> bool:
    """Whether the event has a session ID already, for example from Segment's plugin in the browser or the app."""
    integrations = event.get("integrations")
    ours = integrations.get(INTEGRATION) if isinstance(integrations, dict) else None
    return isinstance(ours, dict) and read_time(ours.get("session_id")) not in _NO_IDS


_NO_IDS = (read_time(""), read_time(0))


def with_screen_name(event: Event) -> Event:
    """A screen event with its name among its properties, as the mobile plugins send it, unless they have one."""
    name, properties = event.get("name"), event.get("properties")
    if event.get("type") != "screen" or not isinstance(name, str) or not name:
        return event
    if properties is None or (isinstance(properties, dict) and "name" not in properties):
        return {**event, "properties": {**(properties or {}), "name": name}}
    return event


def with_session(event: Event, session_id: int) -> Event:
    """The event with the ID where Segment's plugin puts it; the event itself if it opts out of Amplitude."""
    integrations = event.get("integrations")
    if not isinstance(integrations, dict):
        integrations = {}
    ours = integrations.get(INTEGRATION)
    # as in JavaScript, an empty object is true
    if integrations.get("All") is False and ours in (None, False, 0, ""):
        return event
    settings = {**(ours if isinstance(ours, dict) else {}), "session_id": session_id}
    return {**event, "integrations": {**integrations, INTEGRATION: settings}}
