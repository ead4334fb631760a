"""`rulewright.Outbox`: events of a service, on disk when `put` returns, and delivered from there in the background."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any

from .argument_types import require
from .delivery import adapter_of
from .loading.loader import load
from .runtime.delivery.acceptance.acceptor import Acceptor, Arrival, NotAccepted, Rules
from .runtime.delivery.acceptance.room import QUOTA, Room
from .runtime.delivery.background import BackgroundSender
from .runtime.delivery.deliver import Options
from .runtime.delivery.input.ingest import RawEvent
from .runtime.delivery.store.queue import Queue
from .runtime.delivery.store.queue_status import DeadLetter, Status, dead_letters, status
from .runtime.mapper import Mapper
from .runtime.mapping.event_text import read_event
from .version import VERSION

AHEAD = 2_000
"""Events of an iterable that are on their way to the disk at once."""


class Outbox:
    """Takes events in from any thread or task, and delivers them to the destination of its rules.

    Several outboxes, in one process or in many, may share a queue, if their rules are for the same destination and
    keys: one of them sends. Two projects are two outboxes with two queues.
    """

    def __init__(
        self,
        rules: str | PathLike[str] | Mapper,
        *,
        queue: str | PathLike[str],
        settings: Mapping[str, Any] | None = None,
        base_url: str | None = None,
        insecure: bool = False,
        options: Options | None = None,
        send: bool = True,
        quota: int = QUOTA,
        source: str = "outbox",
    ) -> None:
        """Open the queue and begin to send what is pending.

        `rules`: a path, text, or what `load` gives. `settings` are those of `load`, such as `{"apiKey": …}`; keys that
        they do not give come from the environment. With `send` off, another process sends. `source` is a name for
        `rulewright events`. Raises RuleError, ValueError where a key is missing, QueueProblem.
        """
        require(queue, (str, PathLike), "the queue as a path (str or Path)")
        if isinstance(rules, Mapper):
            if settings is not None:
                raise ValueError("a mapper has its settings already: give them to `load`")
            mapper = rules
        else:
            mapper = load(rules if isinstance(rules, str) else Path(rules), settings=settings)
        self._path = Path(queue)
        self._source = source
        self._process = os.getpid()
        receiver = adapter_of(mapper, None, base_url, insecure=insecure)
        store = Queue(self._path, receiver.name)
        self._sender = BackgroundSender(mapper, self._path, receiver, options) if send else None
        self._acceptor = Acceptor(
            store,
            receiver,
            Rules(mapper, VERSION),
            room=Room(store.path, quota),
            committed=(lambda: None) if self._sender is None else self._sender.more,
        )
        self._acceptor.start()
        if self._sender is not None:
            self._sender.start()

    def put(self, event: RawEvent) -> str:
        """Accept an event, and return its message ID once it is on disk.

        An event without `messageId` gets one, and one without `timestamp` happened now; the caller's own object is not
        changed. One whose ID was accepted within the last seven days is left out. Raises NotAccepted when the queue is
        full or the outbox is closed, QueueProblem when the disk fails, ValueError for text that is not an event.
        """
        arrival = self._arrival(event)
        self._submit([arrival]).result()
        return arrival.message_id

    async def put_async(self, event: RawEvent) -> str:
        """As `put`, and the loop goes on meanwhile."""
        arrival = self._arrival(event)
        await asyncio.wrap_future(self._submit([arrival]))
        return arrival.message_id

    def put_all(self, events: Iterable[RawEvent]) -> int:
        """Accept events as they come, and return how many once all of them are on disk.

        Nothing is held back while the iterable blocks. `close` does not wait for it; after that, its next event raises
        NotAccepted.
        """
        waiting: list[Future[None]] = []
        count = 0
        for event in events:
            if len(waiting) >= AHEAD:
                waiting.pop(0).result()
            waiting.append(self._submit([self._arrival(event)]))
            count += 1
        for future in waiting:
            future.result()
        return count

    def status(self) -> Status:
        """The accounts of the queue: accepted = delivered + dead + pending + forgotten."""
        return status(self._path, time.time())

    def dead_letters(self, code: str | None = None) -> Iterator[DeadLetter]:
        """What could not be delivered, and why; or those of one code."""
        return dead_letters(self._path, code)

    @property
    def trouble(self) -> str | None:
        """Why nothing is sent at the moment, such as a wrong key; None while all is well, or another process sends."""
        return None if self._sender is None else self._sender.trouble

    def close(self, timeout: float = 10.0) -> Status:
        """Accept nothing more, deliver what is pending for at most so many seconds, and return the accounts.

        What is pending then stays in the queue, and is sent by the next outbox or `rulewright send`.
        """
        deadline = time.monotonic() + timeout
        self._acceptor.close(timeout)
        if self._sender is not None:
            self._sender.drain(self._acceptor.accounts, deadline)
            self._sender.stop()
            self._sender.join(max(0.0, deadline - time.monotonic()))
        return self.status()

    def __enter__(self) -> Outbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Outbox:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)

    def _submit(self, arrivals: list[Arrival]) -> Future[None]:
        if os.getpid() != self._process:
            raise RuntimeError("the outbox belongs to the process that forked this one: make one in each process")
        future: Future[None] = Future()

        def done(problem: Exception | None) -> None:
            if not future.set_running_or_notify_cancel():
                return
            if problem is None:
                future.set_result(None)
            else:
                future.set_exception(problem)

        self._acceptor.submit(arrivals, 0, done)
        return future

    def _arrival(self, event: RawEvent) -> Arrival:
        if isinstance(event, (str, bytes)):
            own = read_event(event)
        elif isinstance(event, Mapping):
            own = dict(event)
        else:
            raise TypeError(f"expected an event as a mapping or as JSON text, found {type(event).__name__}")
        message_id = own.get("messageId")
        if message_id is None or message_id == "":
            message_id = own["messageId"] = f"rulewright-{uuid.uuid4()}"
        if own.get("timestamp") is None:
            own["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + "Z"
        return Arrival(own, str(message_id), self._source)


__all__ = ["NotAccepted", "Outbox"]
