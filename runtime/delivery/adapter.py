"""The interface of a destination for delivery: splits and joins requests, gives limits, interprets answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import msgspec

from ..outcome import Request
from .disposition import Disposition


class Route(msgspec.Struct, frozen=True):
    """Where parts are sent; parts with equal routes may share a request. The queue stores it; it holds no secret."""

    kind: str
    """The destination's own name for the endpoint."""
    method: str
    url: str
    shared: str = ""
    """JSON text of what all parts of one request share, such as `options`."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """The unit of delivery: one event, one call of a form endpoint, or one body."""

    route: Route
    order: str
    """The ordering key, such as the user ID: parts with the same key are delivered in the order of acceptance."""
    body: bytes
    """JSON, encoded once: every attempt sends these bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request of a route may hold, and how often it may be made."""

    count: int
    size: int
    """Bytes of all bodies with one separator each, before the envelope and any form encoding."""
    weight: int | None = None
    """The most that `weigh` gives for all bodies together; None if there is no such limit."""
    weigh: Callable[[bytes], int] = len
    rate: float | None = None
    """Parts a second for one ordering key, on average over `window`."""
    window: float = 30.0
    """Seconds over which `rate` is averaged: after a pause, `rate * window` parts may be sent at once."""
    requests: float | None = None
    """Requests a second for the whole route."""


class Outgoing(NamedTuple):
    """One HTTP request, complete with keys. It is made just before it is sent, and never stored or printed."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    reads_gzip: bool = False
    """The endpoint's documentation says that it reads compressed bodies."""

    def __repr__(self) -> str:
        """Without headers and body, which hold the keys."""
        return f"Outgoing({self.method!r}, {self.url!r}, {len(self.body)} bytes)"


class Answer(NamedTuple):
    """The answer to a request: a status and a body, or `failure` in a word or two if there was no whole answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    failure: str = ""
    seconds: float = 0.0
    cause: str = ""
    """Why there was no whole answer, in a sentence."""
    ours: bool = False
    """The cause is on this machine, so another attempt would fail in the same way."""

    def __repr__(self) -> str:
        """Without headers and body, which may repeat a key."""
        return f"Answer({self.failure or self.status}, {len(self.body)} bytes)"


class Adapter(Protocol):
    """What delivery needs to know of one destination, bound to its keys."""

    @property
    def name(self) -> str:
        """The name of the destination; the queue stores it, and is never sent to another destination."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Texts that no log may show."""
        ...

    @property
    def deduplicates_for(self) -> float | None:
        """Seconds for which the destination counts a part once; None where it never recognizes a part."""
        ...

    def parts(self, request: Request, stamp: str) -> list[Part]:
        """The parts of a mapper's request. `stamp` is unique to the request, and the same in every attempt.

        May raise any exception for a request that cannot be encoded: its event becomes a dead letter.
        """
        ...

    def accepts(self, route: Route) -> bool:
        """Whether the adapter makes such a route; any other in a queue could send the keys to a foreign host."""
        ...

    def limits(self, route: Route) -> Limits:
        """The documented limits of the route."""
        ...

    def join(self, route: Route, bodies: Sequence[bytes]) -> Outgoing:
        """The request for parts, given by their bodies; the same bodies give the same bytes."""
        ...

    def disposition(self, route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
        """What the sender does after the answer."""
        ...


class Exchange(Protocol):
    """Sends requests. For each, `done` is called once with the answer, from any thread."""

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        """Begin to send, and return at once."""
        ...

    def close(self) -> None:
        """Cancel requests in flight."""
        ...


class Trial(Protocol):
    """A dry run: the destination's adapter, and a strict fake of the destination in memory that answers it."""

    @property
    def adapter(self) -> Adapter: ...

    @property
    def exchange(self) -> Exchange: ...

    @property
    def requests(self) -> int:
        """Requests that the fake has answered."""
        ...

    def taken(self) -> Iterable[tuple[int, str]]:
        """What the fake has taken: pairs of a count and the name of what is counted."""
        ...


class Delivery(Protocol):
    """What a destination brings so that its requests can be sent."""

    def adapter(self, settings: Any, base_url: str | None = None, *, insecure: bool = False) -> Adapter:
        """The adapter, bound to the keys of a mapper's settings, or of the environment without settings.

        `base_url` puts every address under another host. Raises ValueError, whose text shows no secret, where a key is
        missing, and for a base URL that is not one; `insecure` allows http:// beyond this machine.
        """
        ...

    def trial(self, settings: Any) -> Trial:
        """A dry run, which needs no key."""
        ...
