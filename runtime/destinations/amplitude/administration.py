"""Requests to Amplitude other than events: check keys, delete users.

Sources: Amplitude, Dashboard REST API ("User search") and User Privacy API ("Deletion Job"); Segment's Amplitude
(Actions) destination asks the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import httpx

from ....printable import printable
from ...delivery.redaction import Redactor
from ...delivery.transport.addresses import base_url_of, is_loopback
from ...delivery.transport.exchange import no_cookies
from ...delivery.transport.failures import failure_of
from .settings import AmplitudeSettings

IDS_A_REQUEST = 100
SECONDS_A_REQUEST = 1.0
"""Amplitude takes one deletion request a second."""
TIMEOUT = 30.0
"""Seconds that an answer may take."""
REFUSED = (401, 403)
MOST_BYTES = 4_000
"""The number of bytes that are read of an answer: only its message is used."""


class AdministrationError(Exception):
    """Amplitude did not do what was asked; the text says why and shows no key."""


class KeysRefused(AdministrationError):
    """Amplitude answered that the keys are not those of a project."""


class Administration:
    """Sends administrative requests for a project, with its API key and its secret key.

    For a fake, `base_url` puts both endpoints under another host, and `transport` is a transport of httpx.
    """

    def __init__(
        self,
        settings: AmplitudeSettings,
        *,
        base_url: str | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises AdministrationError when a key is missing, ValueError for a base URL that is not one or not safe."""
        if settings.apiKey is None or settings.secretKey is None:
            missing = "AMPLITUDE_API_KEY" if settings.apiKey is None else "AMPLITUDE_SECRET_KEY"
            raise AdministrationError(f"both keys are needed, and {missing} is not set")
        self._settings = settings
        self._base_url = base_url_of(base_url) if base_url else None
        self._sleep = sleep
        keys = settings.apiKey, settings.secretKey
        self._redact = Redactor(keys)
        self._client = httpx.Client(
            auth=keys,
            timeout=TIMEOUT,
            cookies=no_cookies(),
            transport=transport,
            headers={"Accept-Encoding": "identity"},
            trust_env=not (self._base_url and is_loopback(httpx.URL(self._base_url).host)),
        )

    def check_keys(self) -> None:
        """Ask Amplitude to search for a user, who need not exist.

        Raises KeysRefused if it refuses the keys, and AdministrationError for any other answer or none.
        """
        self._ask("GET", "usersearch", params={"user": "testUser@example.com"})

    def delete_users(self, user_ids: Iterable[str], requester: str = "rulewright") -> Iterator[list[str]]:
        """Ask Amplitude to delete users, in requests of 100 IDs, one a second; yield the IDs of each accepted request.

        Nothing is sent before the result is iterated. Amplitude deletes the users within 30 days. Raises
        AdministrationError for a request that it does not accept; the IDs of earlier requests will be deleted.
        """
        ids = iter(user_ids)
        is_first = True
        while batch := list(islice(ids, IDS_A_REQUEST)):
            if not is_first:
                self._sleep(SECONDS_A_REQUEST)
            is_first = False
            self._ask("POST", "deletions", json={"user_ids": batch, "requester": requester})
            yield batch

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, method: str, endpoint: str, **content: Any) -> None:
        url = self._settings.url(endpoint)
        if self._base_url:
            url = self._base_url + urlsplit(url).path
        try:
            with self._client.stream(method, url, **content) as answer:
                status, words = answer.status_code, self._words_of(answer)
        except httpx.HTTPError as error:
            failure = failure_of(error)
            reason = self._redact(failure.cause or failure.failure)
            raise AdministrationError(f"{urlsplit(url).netloc} cannot be reached: {reason}") from None
        if status in REFUSED:
            raise KeysRefused(
                f"Amplitude refuses the keys ({status}); they are of one project and of one region, "
                f"and the region is {self._settings.endpoint}"
            )
        if not 200 <= status < 300:
            raise AdministrationError(f"Amplitude answers {status}: {words}")

    def _words_of(self, answer: httpx.Response) -> str:
        """The beginning of an answer, without keys; one that is encoded, which was not asked for, is not unpacked."""
        if answer.headers.get("content-encoding", "identity") != "identity":
            return "an encoded answer, which was not asked for"
        received = b""
        # A fake without a network hands its answer over whole.
        for chunk in [answer.content] if answer.is_stream_consumed else answer.iter_raw(MOST_BYTES):
            received += chunk
            if len(received) >= MOST_BYTES:
                break
        return printable(self._redact(" ".join(received.decode("utf-8", "replace").split())))[:200]
