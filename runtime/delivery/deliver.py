"""`deliver`: maps events, stores the requests on disk, and sends them until nothing is pending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from ..inputs.kafka_topic import SCHEME, KafkaTopic
from ..inputs.locations import Inputs, locate_path
from ..private_files import others_may_read
from .adapter import Adapter, Exchange, Route
from .clock import Clock, SystemClock
from .input.ingest import Ingest, MapEvent, RawEvent
from .input.iterable_input import IterableInput
from .input.kafka_input import KafkaInput
from .input.pipe_input import PipeInput
from .input.reader import CHUNK_EVENTS, InputReader
from .input.stored_input import StoredInput, name_of, require_readable
from .mailbox import Mailbox, ThreadMailbox
from .metrics import Metrics
from .reporter import log
from .schedule.schedule import Scheduler
from .sender import GRACE, More, Report, Sender, StopWish
from .store.lease import Lease
from .store.problems import damaged
from .store.queue import Queue
from .store.transaction import Totals
from .transport.exchange import DEADLINE, HttpExchange

FILE_BACKLOG = 100_000
"""Parts that are read ahead of a file: more would only copy it onto the same disk."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to send; the defaults suit a destination on the internet."""

    connections: int = 8
    """The most requests in flight; the actual number follows the answers."""
    rate: float | None = None
    """The most parts a second, over all users; None for no limit."""
    batch_events: int | None = None
    """The most parts in one request; None for the destination's own limit."""
    group: int = CHUNK_EVENTS
    """The number of events of an iterable or a pipe that are committed together; a power failure may lose them. Events
    of a file are never lost: the file is read again from the last commit."""
    http2: bool = False
    compress: bool | None = None
    """Whether to compress bodies with gzip; None: if the endpoint documents it and is not on this machine."""
    grace: float = GRACE
    """Seconds that a stop waits for requests in flight; after that, they stay pending and are sent again."""
    deadline: float = DEADLINE
    """Seconds for one request and its whole answer."""
    recover: bool = False
    """Continue with what is left of a damaged queue, and log what is missing."""


class Stopper:
    """A handle to end a running `deliver` gracefully, from any thread or a signal handler."""

    def __init__(self) -> None:
        self.mailbox: Mailbox = ThreadMailbox()

    def more(self) -> None:
        """Say that another writer has added to the queue."""
        self.mailbox.put(More())

    def stop(self, why: str = "asked to stop") -> None:
        """Read no more events, wait for requests in flight, and leave the rest on disk."""
        self.mailbox.put(StopWish(why))


def deliver(
    mapper: MapEvent,
    events: Iterable[RawEvent] | PathLike[str] | Inputs | KafkaTopic | int | None,
    *,
    queue: Path | str,
    adapter: Adapter,
    options: Options | None = None,
    follow: bool = False,
    stopper: Stopper | None = None,
    progress: Callable[[Totals, Metrics], None] | None = None,
    exchange: Exchange | None = None,
    clock: Clock | None = None,
) -> Report:
    """Map events, store the requests in a queue on disk, send them, and return when nothing is pending.

    `events` is an iterable of objects or JSON lines; the path of a file or folder, Inputs or a topic of Kafka, where a
    later call resumes, however this one ended; the file descriptor of a pipe; or None, to send what is pending.
    `follow` waits for more lines of a file, for more messages or, without events, for what other processes add to the
    queue. `progress` is called about twice a second and at the end.

    Raises TypeError for events or a mapper of another type, QueueInUse if another sender uses the queue, QueueProblem
    for a full disk or a damaged queue, OSError for a file that does not exist, and InputRefused for one that cannot be
    read as events. Accepted events are safe in each case.
    """
    check_types(mapper, events)
    clock = clock or SystemClock()
    options = options or Options()
    mailbox = (stopper or Stopper()).mailbox
    path = Path(queue)
    with ExitStack() as stack:
        stack.enter_context(Lease(path))
        store = stack.enter_context(closing(Queue(path, adapter.name, recover=options.recover)))

        def own(route: Route) -> Route:
            if not adapter.accepts(route):
                raise damaged(store.path, f"`{route.url}` is not an address of {adapter.name}")
            return route

        for route in store.routes:
            own(route)
        if others_may_read(store.path):
            log.warning("other users may read the queue `%s`; `chmod 600` keeps its events from them", store.path)
        scheduler = Scheduler(
            lambda number: adapter.limits(own(store.route(number))),  # a writer of another process may have added it
            clock,
            connections=options.connections,
            rate=options.rate,
            batch_events=options.batch_events,
        )
        reader, backlog = None, None
        if isinstance(events, PathLike):
            Path(events).stat()
            events = Inputs(tuple(locate_path(Path(events))))
        if isinstance(events, Inputs):
            names = map(name_of, events.locations)
            known = {name: position for name in names if (position := store.position(name)) is not None}
            require_readable(events.locations, known)
            reader = InputReader(StoredInput(events.locations, known, follow=follow, now=clock.wall), mailbox)
            backlog = FILE_BACKLOG
        elif isinstance(events, KafkaTopic):
            topic = KafkaInput(events, store.positions(SCHEME), follow=follow)
            reader, backlog = InputReader(topic, mailbox), FILE_BACKLOG
        elif isinstance(events, int):
            reader = InputReader(PipeInput(events), mailbox, ahead=0 if options.group <= 1 else 2)
        elif events is not None:
            group = max(1, options.group)
            reader = InputReader(IterableInput(events, group=group), mailbox, ahead=0 if group == 1 else 2)
        if exchange is None:
            exchange = HttpExchange(
                connections=options.connections,
                http2=options.http2,
                compress=options.compress,
                deadline=options.deadline,
            )
        stack.enter_context(closing(exchange))
        ingest = Ingest(mapper, adapter, store.name)
        sender = Sender(
            store,
            adapter,
            exchange,
            mailbox,
            clock,
            scheduler,
            ingest=ingest,
            reader=reader,
            backlog=backlog,
            progress=progress,
            grace=options.grace,
            stay=follow and events is None,
        )
        return replace(sender.run(), unrecognized=tuple(ingest.unrecognized.sentences()))


def check_types(mapper: object, events: object) -> None:
    """Raise TypeError for a mapper that cannot be called, and for events that `deliver` does not take.

    Text, bytes or one object are refused too: iterated, they would become a dead letter for each character or key.
    """
    if not callable(mapper):
        raise TypeError(f"expected a mapper, found a {type(mapper).__name__}; use what `rulewright.load` gives")
    if isinstance(events, str):
        raise TypeError("expected events, found a str; use Path(…) to read a file, or [text] for one event")
    if isinstance(events, (bytes, bytearray)):
        raise TypeError(f"expected events, found {type(events).__name__}; use [text] for one event")
    if isinstance(events, Mapping):
        raise TypeError(f"expected events, found a {type(events).__name__}; use [event] for one event")
    if (
        events is None
        or isinstance(events, PathLike | Inputs | KafkaTopic)
        or (isinstance(events, int) and not isinstance(events, bool))
    ):
        return
    if not isinstance(events, Iterable):
        raise TypeError(
            f"expected events, found {type(events).__name__}; use an iterable, a Path, the descriptor of a pipe or None"
        )
