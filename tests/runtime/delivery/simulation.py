"""A simulation of delivery: time that moves when somebody waits, and a fake Amplitude without a network."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rulewright.runtime.delivery.adapter import Answer, Outgoing
from rulewright.runtime.delivery.input.ingest import Ingest, MapEvent, RawEvent
from rulewright.runtime.delivery.input.reader import Chunk, EndOfInput
from rulewright.runtime.delivery.metrics import Metrics
from rulewright.runtime.delivery.schedule.schedule import Scheduler
from rulewright.runtime.delivery.sender import GRACE, Report, Sender, StopWish
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import QueueStatus, status
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.exchange import answer_of
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.destinations.amplitude.fake.throttle import Throttle
from rulewright.runtime.outcome import Outcome, Request

HTTP_API = "https://api2.amplitude.com/2/httpapi"
IDENTIFY = "https://api2.amplitude.com/identify"
KEY = "a-very-secret-key"
ADAPTER = AmplitudeDelivery(Keys(KEY))


class FakeClock:
    """Stands still until somebody waits."""

    def __init__(self, seed: int = 1) -> None:
        self.now = 1_000.0
        self.wall_offset = 1_700_000_000.0
        self._random = random.Random(seed)

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + self.wall_offset

    def random(self) -> float:
        return self._random.random()


class FakeMailbox:
    """Waiting moves the clock to the next thing that happens."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._messages: list[object] = []
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._ticket = 0

    def put(self, message: object) -> None:
        self._messages.append(message)

    def later(self, seconds: float, happen: Callable[[], None]) -> None:
        self._ticket += 1
        heapq.heappush(self._coming, (self._clock.now + seconds, self._ticket, happen))

    def take(self, timeout: float) -> list[object]:
        until = self._clock.now + timeout
        while not self._messages and self._coming and self._coming[0][0] <= until:
            moment, _, happen = heapq.heappop(self._coming)
            self._clock.now = max(self._clock.now, moment)
            happen()
        if not self._messages:
            self._clock.now = until
        messages, self._messages = self._messages, []
        return messages


class FakeExchange:
    """Hands each request to the fake at once; the answer comes after its latency."""

    def __init__(self, fake: FakeAmplitude, mailbox: FakeMailbox, clock: FakeClock, latency: float = 0.05) -> None:
        self.fake = fake
        self.sent: list[Outgoing] = []
        self.answers: Answer | None = None
        """What comes back instead of the fake's own answer."""
        self._mailbox = mailbox
        self._clock = clock
        self._latency = latency

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        self.sent.append(outgoing)
        headers = {name.lower(): value for name, value in outgoing.headers.items()}
        reply = self.fake.handle(urlsplit(outgoing.url).path, headers, outgoing.body)
        answer = self.answers or answer_of(reply)
        self._mailbox.later(self._latency * (0.5 + self._clock.random()), lambda: done(answer))

    def close(self) -> None:
        """Nothing is open."""


class ListSource:
    """An input that is all there; the next chunk comes when the one before is on disk."""

    def __init__(self, mailbox: FakeMailbox, chunks: Iterable[Chunk]) -> None:
        self._mailbox = mailbox
        self._chunks = iter(chunks)

    def start(self) -> None:
        self.committed()

    def committed(self) -> None:
        self._mailbox.put(next(self._chunks, EndOfInput()))

    def stop(self) -> None:
        self._chunks = iter(())
        self._mailbox.put(EndOfInput())


class OpenSource:
    """An input that the test feeds."""

    def __init__(self, mailbox: FakeMailbox) -> None:
        self._mailbox = mailbox

    def start(self) -> None:
        """There is nothing yet."""

    def committed(self) -> None:
        """The next chunk comes when the test gives it."""

    def stop(self) -> None:
        self._mailbox.put(EndOfInput())


class Simulation:
    """One queue, one fake, one sender at a time."""

    def __init__(
        self,
        folder: Path,
        *,
        faults: Sequence[str | None] = (),
        throttle: int | None = None,
        seed: int = 1,
        **options: Any,
    ) -> None:
        self.path = folder / "queue.db"
        self.clock = FakeClock(seed)
        self.mailbox = FakeMailbox(self.clock)
        self.faults = list(faults)
        """What the next requests meet, one after another."""
        limit = None if throttle is None else Throttle(throttle, lambda: self.clock.now)
        self.fake = FakeAmplitude(api_key=KEY, draw=lambda: self.faults.pop(0) if self.faults else None, throttle=limit)
        self.exchange = FakeExchange(self.fake, self.mailbox, self.clock)
        self.options = {"connections": 4, **options}
        self.metrics = Metrics()
        self.delivery = AmplitudeDelivery(Keys(KEY, "secret"))
        self.mapper: MapEvent = track
        self.recover = False
        self.grace = GRACE

    def open(self) -> Queue:
        return Queue(self.path, "amplitude", recover=self.recover)

    def sender(self, queue: Queue, source: ListSource | None, backlog: int | None = None) -> Sender:
        scheduler = Scheduler(lambda number: self.delivery.limits(queue.route(number)), self.clock, **self.options)
        return Sender(
            queue,
            self.delivery,
            self.exchange,
            self.mailbox,
            self.clock,
            scheduler,
            ingest=Ingest(self.mapper, self.delivery, queue.name),
            reader=source,
            backlog=backlog,
            grace=self.grace,
        )

    def run(self, events: Iterable[RawEvent] = (), *, chunk: int = 50, seconds: float = 1e9) -> Report:
        """Send the events and everything pending; ask the sender to stop after so many seconds of its time."""
        events = list(events)
        chunks = [Chunk(events[start : start + chunk], None) for start in range(0, len(events), chunk)]
        queue = self.open()
        try:
            self.mailbox.later(seconds, lambda: self.mailbox.put(StopWish("time is up")))
            sender = self.sender(queue, ListSource(self.mailbox, chunks))
            self.metrics = sender.metrics
            return sender.run()
        finally:
            queue.close()

    def status(self) -> QueueStatus:
        return status(self.path, self.clock.wall())

    @property
    def delivered(self) -> list[str]:
        """What the fake has taken, in order."""
        return [entry.insert_id or (entry.call or b"").__bytes__().decode() for entry in self.fake.ledger.entries]

    def delivered_of(self, user: str) -> list[str]:
        """The same for one user."""
        return [entry.insert_id or "call" for entry in self.fake.ledger.entries if entry.user_id == user]


def event(number: int, user: str = "user-1", **more: Any) -> dict[str, Any]:
    """A Segment event, told from others by its number."""
    return {"type": "track", "event": "Ordered", "userId": user, "messageId": f"m-{number:06}", **more}


def track(event: Any) -> Outcome:
    """A mapper by hand: events to the HTTP API, identify calls to identify, with whatever `amplitude` says on top."""
    if event["type"] == "identify":
        call = {"user_id": event["userId"], "user_properties": {"$set": event.get("traits", {})}}
        form = {"api_key": "", "identification": json.dumps(call)}
        return Outcome([Request("Identify", "identifyUser", "POST", IDENTIFY, None, form)], [], ["Identify"])
    if event["type"] != "track":
        return Outcome([], [], [])
    body = {
        "user_id": event["userId"],
        "device_id": "device-1",
        "event_type": event["event"],
        "insert_id": event["messageId"],
        **event.get("amplitude", {}),
    }
    request = Request("Track", "logEventV2", "POST", event.get("url", HTTP_API), {"events": [body]}, None)
    return Outcome([request], [], ["Track"])
