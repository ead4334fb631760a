"""A destination in a package of its own, as a stranger would write it: `install(folder)` puts it there."""

from __future__ import annotations

from pathlib import Path

MODULE = '''
"""Notes: a destination with one action, for tests."""

import json
from pathlib import Path

from rulewright.runtime.action import Action, Binding, Build
from rulewright.runtime.delivery.adapter import Answer, Limits, Outgoing, Part, Route
from rulewright.runtime.delivery.disposition import Delivered, Reason, Refused, Retry
from rulewright.runtime.destination import Destination, Variable
from rulewright.runtime.fields.declaration import Payload, described, fields_of
from rulewright.runtime.outcome import Request
from rulewright.runtime.outcome import Refused as RefusedPayload


class Note(Payload):
    """The payload."""

    text: str = described("Text", "What is noted.", required=True)
    topic: str = described("Topic", "What it is about.", required=True)
    author: str | None = described("Author", "Who noted it.")


def bind(binding: Binding) -> Build:
    def build(payload):
        if binding.checks and len(payload["text"]) > 100:
            raise RefusedPayload("long_note", "has more than 100 characters", "text")
        return [Request(binding.mapping, "note", "POST", "https://notes.example/v1", payload, None)]

    return build


class NotesAdapter:
    name = "notes"
    deduplicates_for = None

    def __init__(self, token, base_url=None):
        self.secrets = (token,)
        self._token, self._base_url = token, base_url

    def parts(self, request, stamp):
        route = Route("notes", request.method, request.url)
        return [Part(route, request.json.get("author", ""), request.body)]

    def accepts(self, route):
        return route.url == "https://notes.example/v1"

    def limits(self, route):
        return Limits(count=3, size=10_000)

    def join(self, route, bodies):
        url = (self._base_url or "https://notes.example") + "/v1"
        headers = {"Content-Type": "application/json", "Token": self._token}
        return Outgoing("POST", url, headers, b"[" + b",".join(bodies) + b"]")

    def disposition(self, route, bodies, answer):
        if answer.status == 200:
            return Delivered()
        if answer.status == 422:
            return Refused({at: Reason("unwanted", "the topic is unwanted") for at in json.loads(answer.body)})
        return Retry(Reason("no_answer", "no answer"))


class FakeNotes:
    def __init__(self):
        self.taken_notes, self.requests = [], 0
        self.adapter, self.exchange = NotesAdapter("trial"), self

    def send(self, outgoing, done):
        self.requests += 1
        notes = json.loads(outgoing.body)
        unwanted = [at for at, note in enumerate(notes) if note["topic"] == "unwanted"]
        if unwanted:
            return done(Answer(422, {}, json.dumps(unwanted).encode()))
        self.taken_notes += notes
        return done(Answer(200, {}, b""))

    def close(self):
        pass

    def taken(self):
        return [(len(self.taken_notes), "notes")]


class NotesDelivery:
    def adapter(self, settings, base_url=None, *, insecure=False):
        if not settings["token"]:
            raise ValueError("NOTES_TOKEN is not set")
        return NotesAdapter(settings["token"], base_url)

    def trial(self, settings):
        return FakeNotes()


def settings(given):
    import os

    unknown = set(given) - {"token"}
    if unknown:
        raise ValueError(f"settings of notes: {sorted(unknown)[0]}: no such setting")
    token = given.get("token")
    return {"token": os.environ.get("NOTES_TOKEN") if token in (None, "API_KEY") else token}


DESTINATION = Destination(
    name="notes",
    title="Notes",
    actions={
        "note": Action(
            name="note",
            title="Note",
            description="Note something.",
            trigger='type = "track"',
            fields=fields_of(Note),
            bind=bind,
            sends="events",
        )
    },
    settings=settings,
    setting_names=frozenset({"token"}),
    secrets=frozenset({"token"}),
    limits={"long_note": "a note has at most 100 characters"},
    environment=(Variable("NOTES_TOKEN", "token", needed_by="send"),),
    rules="notes_destination/rules",
    delivery=NotesDelivery,
)
'''

DEFAULTS = """defaults note {
  when type = "track"

  text = event
  topic = properties.topic
  author = userId
}
"""


def install(folder: Path, name: str = "notes", module: str = MODULE, package: str = "notes_destination") -> Path:
    """The package with its entry point in a folder, which then has to be on `sys.path`."""
    rules = folder / package / "rules" / "defaults"
    rules.mkdir(parents=True)
    (folder / package / "__init__.py").write_text(module, encoding="utf-8")
    (rules / "note.rules").write_text(DEFAULTS, encoding="utf-8")
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    entry = f"[rulewright.destinations]\n{name} = {package}:DESTINATION\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")
    return folder
