"""The fake without a network: requests are passed to it in memory."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from ....delivery.adapter import Answer, Outgoing
from .replies import Reply
from .service import FakeAmplitude


def answer_of(reply: Reply) -> Answer:
    """The answer that a client sees for a reply of the fake."""
    if reply.broken in ("reset", "cut"):
        return Answer(0, {}, b"", "connection broken")
    if reply.broken == "stall":
        return Answer(0, {}, b"", "timeout")
    return Answer(reply.status, dict(reply.headers or {}), reply.body)


class FakeExchange:
    """Answers every request at once."""

    def __init__(self, fake: FakeAmplitude) -> None:
        self._fake = fake

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        """Pass the request to the fake, and call `done` before returning."""
        headers = {name.lower(): value for name, value in outgoing.headers.items()}
        done(answer_of(self._fake.handle(urlsplit(outgoing.url).path, headers, outgoing.body)))

    def close(self) -> None:
        """Do nothing: the fake has no connection."""
