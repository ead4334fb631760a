"""`rulewright.Outbox` stores the events of a service on disk and delivers them in the background."""

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
from .runtime.delivery.acceptance.acceptor import Acceptor, ActiveRules, Arrival, NotAccepted
from .runtime.delivery.acceptance.disk_space import QUOTA, DiskSpace
from .runtime.delivery.background import BackgroundSender
from .runtime.delivery.deliver import Options
from .runtime.delivery.input.ingest import RawEvent
from .runtime.delivery.store.queue import Queue
from .runtime.delivery.store.queue_status import DeadLetter, QueueStatus, dead_letters, status
from .runtime.mapper import Mapper
from .runtime.mapping.event_text import read_event
from .version import VERSION

AHEAD = 2_000
"""The most events of an iterable that wait for the disk at one time."""


class Outbox:
    """Accepts events from any thread or task, and delivers them to the destination of its rules.

    Several outboxes, in one process or in several, may share a queue if their rules have the same destination and keys;
    one of them sends. Use one outbox and one queue for each project.
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
        """Open the queue and start to send pending events.

        `rules` is a path, the text of rules, or a mapper from `load`. `settings` are as for `load`, such as
        `{"apiKey": …}`; a missing key comes from the environment. `quota` is the largest size of the queue in bytes.
        `base_url` and `insecure` are as for `deliver`. With `send=False`, another process must send. `source` is the
        name that `rulewright events` shows.

        Raises RuleError with all errors of the rules, ValueError for a missing key, a base URL that is refused or
        settings beside a mapper, TypeError for an argument of another type, and QueueProblem if the queue cannot be
        used.
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
        adapter = adapter_of(mapper, None, base_url, insecure=insecure)
        store = Queue(self._path, adapter.name)
        self._sender = BackgroundSender(mapper, self._path, adapter, options) if send else None
        self._acceptor = Acceptor(
            store,
            adapter,
            ActiveRules(mapper, VERSION),
            disk_space=DiskSpace(store.path, quota),
            committed=(lambda: None) if self._sender is None else self._sender.more,
        )
        self._acceptor.start()
        if self._sender is not None:
            self._sender.start()

    def put(self, event: RawEvent) -> str:
        """Accept an event, as an object or as its JSON text, and return its message ID once it is on disk.

        An event without a `messageId` gets one; an event without a `timestamp` gets the current time. The given object
        is not changed. An event whose ID was accepted within the last seven days is left out.

        Raises NotAccepted if the queue is full, too many events wait for the disk or the outbox is closed, QueueProblem
        if the disk fails, ValueError for text that is not an event, TypeError for another type, and RuntimeError after
        a fork.
        """
        arrival = self._arrival(event)
        self._submit([arrival]).result()
        return arrival.message_id

    async def put_async(self, event: RawEvent) -> str:
        """Like `put`, which also says what it raises, without blocking the event loop."""
        arrival = self._arrival(event)
        await asyncio.wrap_future(self._submit([arrival]))
        return arrival.message_id

    def put_all(self, events: Iterable[RawEvent]) -> int:
        """Accept the events of an iterable, and return their number once all of them are on disk.

        Each event is written as the iterable yields it, also while the iterable waits for the next one. `close` does
        not wait for the iterable; its next event then raises NotAccepted. Raises what `put` raises; events before the
        one that failed may have been accepted.
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

    def status(self) -> QueueStatus:
        """The counts of the queue: accepted = delivered + dead + pending + forgotten. Raises QueueProblem."""
        return status(self._path, time.time())

    def dead_letters(self, code: str | None = None) -> Iterator[DeadLetter]:
        """Dead letters, with their reasons, in the order of acceptance; with `code`, only those with that code.

        Raises QueueProblem while it is iterated.
        """
        return dead_letters(self._path, code)

    @property
    def trouble(self) -> str | None:
        """Why nothing is being sent, such as a wrong key; None while all is well, or if another process sends."""
        return None if self._sender is None else self._sender.trouble

    def close(self, timeout: float = 10.0) -> QueueStatus:
        """Accept no more events, deliver pending ones for at most `timeout` seconds, and return the counts.

        Events that are still pending stay in the queue; the next outbox or `rulewright send` delivers them. Raises
        QueueProblem if they cannot be counted.
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
