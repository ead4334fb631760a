"""A server in this process: its acceptor and queue are real, its requests come without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

import rulewright
from rulewright.runtime.delivery.acceptance.acceptor import Acceptor, ActiveRules
from rulewright.runtime.delivery.acceptance.disk_space import DiskSpace
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import QueueStatus, dead_letters, pending, status
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.serve.health import Health
from rulewright.serve.http_api import HttpApi
from rulewright.serve.keys import WebhookSecrets, WriteKeys
from rulewright.serve.traffic import Traffic

API_KEY = "amplitude-key-that-nobody-may-see"
WRITE_KEY = "write-key-of-the-web"
SECRET = "a-shared-secret"
NOW = 1_772_323_200.0
"""2026-03-01T00:00:00Z"""

RULES = """destination amplitude

mapping "Tracks" -> logEventV2 {
  when type = "track"
  use defaults
}

mapping "Users" -> identifyUser {
  when type = "identify"
  use defaults
}
"""


class Client:
    """Requests to an application, without a socket."""

    def __init__(self, app: Any, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here")

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def options(self, path: str, **more: Any) -> httpx.Response:
        return self.request("OPTIONS", path, **more)


class Site:
    """The server, and a look at its queue."""

    def __init__(self, path: Path, http_api: HttpApi, client: Client) -> None:
        self.path = path
        self.http_api = http_api
        self.client = client

    @property
    def status(self) -> QueueStatus:
        return status(self.path, NOW)

    def bodies(self) -> list[dict[str, Any]]:
        """What is pending, as it will be sent."""
        return [json.loads(part.body) for part in pending(self.path, 10_000)]

    def dead(self) -> list[tuple[str, str]]:
        return [(letter.code, letter.reason) for letter in dead_letters(self.path)]

    def post(self, path: str, content: Any, **more: Any) -> httpx.Response:
        """Post JSON with the write key of the web."""
        more.setdefault("headers", {"authorization": f"Bearer {WRITE_KEY}"})
        return self.client.post(path, json=content, **more)


@contextmanager
def site(
    folder: Path,
    *,
    rules: str = RULES,
    keys: dict[str, str] | None = None,
    secrets: tuple[str, ...] = (SECRET,),
    disk_space: DiskSpace | None = None,
    open_webhooks: bool = False,
) -> Iterator[Site]:
    """Serve until the end of the block."""
    path = folder / "queue.db"
    adapter = AmplitudeDelivery(Keys(API_KEY))
    queue = Queue(path, adapter.name)
    mapper = rulewright.load(rules, settings={"apiKey": API_KEY})
    acceptor = Acceptor(queue, adapter, ActiveRules(mapper, "v1"), disk_space=disk_space)
    acceptor.start()
    http_api = HttpApi(
        acceptor,
        WriteKeys({"web": WRITE_KEY, "app": "another"} if keys is None else keys),
        WebhookSecrets(secrets),
        Health(acceptor, None, queue),
        Traffic(),
        open_webhooks=open_webhooks,
        clock=lambda: NOW,
    )
    try:
        with asyncio.Runner() as runner:
            yield Site(path, http_api, Client(http_api.application(), runner))
    finally:
        acceptor.close()
