"""A studio on the shop of the examples, behind its socket, asked as its page asks."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rulewright import deliver, load
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.semantics.event import Event
from rulewright.studio.app import application
from rulewright.studio.page_api import PageApi, studio
from rulewright.studio.server import server
from tests.paths import ROOT

KEY = "key-that-nobody-sees"
TOKEN = "token-of-this-test"
EXAMPLES = ROOT / "examples"


class Page:
    """Asks the server as the page does: by the token, from the studio's own origin."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.home = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.home, timeout=30)
        self.texts: dict[str, str] = {}

    def ask(self, name: str, status: int = 200, /, **question: Any) -> Any:
        """The answer to a question about the texts of the page."""
        asked = {"texts": self.texts, **question}
        response = self.client.post(f"/{TOKEN}/api/{name}", json=asked, headers={"Origin": self.home})
        assert response.status_code == status, response.text
        return response.json()

    def survey(self) -> Any:
        """The survey of all events, asked for until it is whole."""
        for _ in range(1000):
            counts = self.ask("survey")
            if counts["done"] == counts["of"]:
                return counts
        raise AssertionError(counts)


@contextmanager
def served(answers: PageApi, port: int = 0) -> Iterator[Page]:
    """The studio behind a port, a free one unless said, until the end of the block."""
    listener = socket.create_server(("127.0.0.1", port))
    port = listener.getsockname()[1]
    running = server(application(answers, TOKEN, port))
    thread = threading.Thread(target=lambda: running.run(sockets=[listener]))
    thread.start()
    page = Page(port)
    try:
        yield page
    finally:
        page.client.close()
        running.should_exit = True
        thread.join()


def filled_queue(folder: Path, events: list[Event]) -> Path:
    """A queue from which some events were sent to a fake."""
    queue = folder / "queue.db"
    keys = {"apiKey": KEY, "secretKey": KEY}
    with serving(FakeAmplitude()) as url:
        deliver(load(folder / "shop.rules", settings=keys), events, queue=queue, base_url=url)
    return queue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the examples."""
    for name in ("shop.rules", "shop.test.rules", "events.jsonl"):
        shutil.copy(EXAMPLES / name, tmp_path)
    return tmp_path


@pytest.fixture
def page(folder: Path) -> Iterator[Page]:
    """The page of a studio that may write."""
    lines = (folder / "events.jsonl").read_bytes().splitlines()[:60]
    with served(studio(folder / "shop.rules", lines, "events.jsonl", write=True)) as page:
        yield page
