"""A folder to send from, a fake to send to, and ways to run the commands of delivery there."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.cli.processes import COMMAND, environment, shared_rules
from tests.paths import ROOT

KEY = "a-very-secret-key"
RULES = """
destination amplitude
mapping "Track" -> logEventV2 {
  when type = "track"
  use defaults
}
"""


class Place:
    """A folder with rules, events and a queue, and a fake to send to."""

    def __init__(self, folder: Path, fake: FakeAmplitude, url: str) -> None:
        self.fake, self.url = fake, url
        self.rules, self.events, self.queue = shared_rules(RULES), folder / "events.jsonl", folder / "queue.db"
        self.write(range(20))

    def write(self, numbers: range, mode: str = "w") -> None:
        with self.events.open(mode) as file:
            for number in numbers:
                user = f"user-{number % 3}"
                event = {"type": "track", "event": "Seen", "userId": user, "messageId": f"m-{number:03}"}
                file.write(json.dumps(event) + "\n")

    def arguments(self, *more: str) -> list[str]:
        queue = ["--queue", str(self.queue), "--base-url", self.url]
        return ["send", str(self.rules), "--input", str(self.events), *queue, *more]

    def send(self, *more: str, key: str | None = KEY) -> Result:
        return run(*self.arguments(*more), key=key)

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(run("status", "--queue", str(self.queue), "--format", "json").output)
        return status

    @property
    def delivered(self) -> list[str | None]:
        return [entry.insert_id for entry in self.fake.ledger.entries]


def run(*arguments: str, key: str | None = KEY) -> Result:
    keys = {"AMPLITUDE_API_KEY": key, "AMPLITUDE_SECRET_KEY": None}
    return CliRunner(env={**environment(), **keys}).invoke(group, list(arguments))


def process(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    known = environment(AMPLITUDE_API_KEY=KEY)
    return subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, env=known, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload,no-any-return]


def shell(place: Place, redirection: str, *more: str) -> tuple[int, bytes]:
    """The sender with its streams as a shell redirects them."""
    command = " ".join(map(shlex.quote, [*COMMAND, *place.arguments(*more)]))
    known = environment(AMPLITUDE_API_KEY=KEY)
    done = subprocess.run(f"{command} {redirection}", shell=True, cwd=ROOT, env=known, capture_output=True)
    return done.returncode, done.stderr
