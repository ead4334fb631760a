"""Requests over HTTP: several connections kept alive, one deadline for a whole answer, and bounded answers."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Callable
from time import perf_counter
from typing import Protocol

import httpx

from ..adapter import Answer, Outgoing

DEADLINE = 60.0
"""Seconds for a request and its whole answer, however slowly the bytes come."""
CONNECT_DEADLINE = 10.0
LARGEST_ANSWER = 4_000_000
COMPRESS_FROM = 1_500
"""Bytes; a smaller body fits one packet either way."""


class Exchange(Protocol):
    """Sends requests; each is answered once, by a call of `done` from any thread."""

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        """Send, and return at once."""
        ...

    def close(self) -> None:
        """Give up what is in flight."""
        ...


class HttpExchange:
    """httpx on a thread of its own.

    A proxy's settings come from the environment as usual. Redirects are not followed: they would carry the key to
    a host that nobody named.
    """

    def __init__(
        self, *, connections: int, http2: bool = False, compress: bool = False, deadline: float = DEADLINE
    ) -> None:
        self._compress = compress
        self._deadline = deadline
        self._loop = asyncio.new_event_loop()
        self._client = httpx.AsyncClient(
            http2=http2,
            follow_redirects=False,
            timeout=httpx.Timeout(deadline, connect=min(CONNECT_DEADLINE, deadline)),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        )
        self._thread = threading.Thread(target=self._run, name="rulewright-exchange", daemon=True)
        self._thread.start()

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        """Send, and return at once."""
        asyncio.run_coroutine_threadsafe(self._exchange(outgoing, done), self._loop)

    def close(self) -> None:
        """Give up what is in flight, and close the connections."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._client.aclose())
            self._loop.close()

    async def _exchange(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        started = perf_counter()
        answer = await self._answer(outgoing)
        if answer.status in (400, 415) and self._compress and len(outgoing.body) >= COMPRESS_FROM:
            # A destination that cannot read compressed bodies says it in words of its own: ask again in plain.
            plain = await self._answer(outgoing, compress=False)
            if plain.status == 200:
                self._compress = False
            answer = plain
        done(answer._replace(seconds=perf_counter() - started))

    async def _answer(self, outgoing: Outgoing, compress: bool = True) -> Answer:
        headers = dict(outgoing.headers)
        body = outgoing.body
        if compress and self._compress and len(body) >= COMPRESS_FROM:
            # No time stamp: the same body gives the same bytes.
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            async with asyncio.timeout(self._deadline):
                async with self._client.stream(
                    outgoing.method, outgoing.url, content=body, headers=headers
                ) as response:
                    received = bytearray()
                    async for chunk in response.aiter_bytes():
                        received += chunk
                        if len(received) > LARGEST_ANSWER:
                            return Answer(0, {}, b"", "an answer that does not end")
                    return Answer(response.status_code, dict(response.headers), bytes(received))
        except (TimeoutError, httpx.TimeoutException):
            return Answer(0, {}, b"", "timeout")
        except httpx.ConnectError:
            return Answer(0, {}, b"", "no connection")
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return Answer(0, {}, b"", "connection broken")
        except httpx.DecodingError:
            return Answer(0, {}, b"", "unreadable compression")
        except Exception as problem:
            # Whatever it is (a broken connection, an address that is none): a request without an answer would be
            # waited for without end.
            return Answer(0, {}, b"", type(problem).__name__)
