"""Requests over HTTP: several connections kept alive, one deadline for a whole answer, and bounded answers."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import os
import threading
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from time import perf_counter

import httpx

from ..adapter import Answer, Outgoing
from .addresses import is_loopback, readers_along
from .failures import failure_of

log = logging.getLogger("rulewright.delivery")

DEADLINE = 60.0
"""Seconds for a request and its whole answer, however slowly the bytes come."""
CONNECT_DEADLINE = 10.0
CLOSE_DEADLINE = 1.0
FILES_OF_A_LOOP = 3
LARGEST_ANSWER = 4_000_000
COMPRESS_FROM = 1_500
"""Bytes; a smaller body fits one packet either way."""


def no_cookies() -> CookieJar:
    """A cookie jar that accepts no cookie."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class HttpExchange:
    """httpx on a thread of its own.

    A proxy's settings come from the environment as usual, except for this machine itself. Redirects are not followed:
    they would carry the key to a host that nobody named. Answers are asked for uncompressed and are bounded, and their
    cookies are not kept, so that neither memory nor a later request depends on what the other side sends.
    """

    def __init__(
        self, *, connections: int, http2: bool = False, compress: bool | None = None, deadline: float = DEADLINE
    ) -> None:
        self._compress = compress
        self._reads_gzip = False
        """A compressed body was accepted, so a refusal is not about compression."""
        self._deadline = deadline
        with contextlib.ExitStack() as opened:
            # An event loop that finds too few descriptors complains on standard error later on; this raises instead.
            for _ in range(FILES_OF_A_LOOP):
                opened.enter_context(Path(os.devnull).open("rb"))
        self._loop = asyncio.new_event_loop()
        self._client, self._direct = (
            httpx.AsyncClient(
                http2=http2,
                follow_redirects=False,
                timeout=httpx.Timeout(deadline, connect=min(CONNECT_DEADLINE, deadline)),
                limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
                verify=context,
                cookies=no_cookies(),
                trust_env=trust_env,
            )
            for context in [httpx.create_ssl_context()]
            for trust_env in (True, False)
        )
        self._warned: set[str] = set()
        self._waiting: set[Callable[[Answer], None]] = set()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="rulewright-exchange", daemon=True)
        self._thread.start()

    def send(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        """Send, and return at once."""
        self._warn_of_readers(outgoing.url)
        self._waiting.add(done)
        asyncio.run_coroutine_threadsafe(self._exchange(outgoing, done), self._loop)

    def close(self) -> None:
        """Cancel requests in flight, and close the connections."""
        self._closing = True
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
            for client in (self._client, self._direct):
                with contextlib.suppress(TimeoutError):
                    self._loop.run_until_complete(asyncio.wait_for(client.aclose(), CLOSE_DEADLINE))
            self._loop.close()
            if not self._closing:
                for done in list(self._waiting):
                    done(Answer(0, {}, b"", "no network", cause="the thread that sends requests has ended", ours=True))

    def _warn_of_readers(self, url: str) -> None:
        origin = url[: url.find("/", url.find("//") + 2)]
        if origin not in self._warned:
            self._warned.add(origin)
            sentence = readers_along(url)
            if sentence is not None:
                log.warning("%s", sentence)

    async def _exchange(self, outgoing: Outgoing, done: Callable[[Answer], None]) -> None:
        started = perf_counter()
        try:
            answer = await self._answer(outgoing)
            if self.compresses(outgoing):
                self._reads_gzip |= answer.status == 200
                if answer.status == 415 or (answer.status == 400 and not self._reads_gzip):
                    # Servers that cannot read compressed bodies say so in different ways: send it again uncompressed.
                    answer = await self._answer(outgoing, compress=False)
                    if answer.status == 200:
                        self._compress = False
        except asyncio.CancelledError:
            raise  # closed: nobody waits any more
        except BaseException as problem:
            # A request without an answer would be waited for without end.
            answer = failure_of(problem)
        self._waiting.discard(done)
        done(answer._replace(seconds=perf_counter() - started))

    def compresses(self, outgoing: Outgoing) -> bool:
        """Whether a body is sent compressed with gzip."""
        if len(outgoing.body) < COMPRESS_FROM:
            return False
        if self._compress is not None:
            return self._compress
        return outgoing.reads_gzip and not is_loopback(httpx.URL(outgoing.url).host)

    async def _answer(self, outgoing: Outgoing, compress: bool = True) -> Answer:
        headers = {**outgoing.headers, "Accept-Encoding": "identity"}
        body = outgoing.body
        if compress and self.compresses(outgoing):
            # Without a timestamp, the same body gives the same bytes.
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        url = httpx.URL(outgoing.url)
        client = self._direct if is_loopback(url.host) else self._client
        async with asyncio.timeout(self._deadline):
            async with client.stream(outgoing.method, url, content=body, headers=headers) as response:
                encoding = response.headers.get("content-encoding", "identity").strip().lower()
                if encoding not in ("", "identity"):
                    cause = f"it is encoded as `{encoding[:40]}`, which was not asked for"
                    return Answer(0, {}, b"", "an encoded answer", cause=cause)
                received = bytearray()
                async for chunk in response.aiter_raw():
                    received += chunk
                    if len(received) > LARGEST_ANSWER:
                        return Answer(0, {}, b"", "an answer that does not end")
                return Answer(response.status_code, dict(response.headers), bytes(received))
