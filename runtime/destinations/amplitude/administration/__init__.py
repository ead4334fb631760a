"""What is asked of Amplitude beside events: whether the keys are right, and to delete users.

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

from ..settings import Settings

IDS_A_REQUEST = 100
SECONDS_A_REQUEST = 1.0
"""Amplitude takes one deletion request a second."""
TIMEOUT = 30.0
"""Seconds that an answer may take."""
REFUSED = (401, 403)


class AdministrationError(Exception):
    """Amplitude did not do what was asked; the text says why and shows no key."""


class Administration:
    """Talks to Amplitude as a project, by its API key and its secret key.

    `base_url` puts both endpoints under another host, `transport` is one of httpx, both for a double.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        base_url: str | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises AdministrationError when a key is missing."""
        if settings.apiKey is None or settings.secretKey is None:
            missing = "AMPLITUDE_API_KEY" if settings.apiKey is None else "AMPLITUDE_SECRET_KEY"
            raise AdministrationError(f"both keys are needed, and {missing} is not set")
        self._settings = settings
        self._base_url = base_url.rstrip("/") if base_url else None
        self._sleep = sleep
        self._client = httpx.Client(
            auth=(settings.apiKey.get_secret_value(), settings.secretKey.get_secret_value()),
            timeout=TIMEOUT,
            transport=transport,
        )

    def check_keys(self) -> None:
        """Ask for a user who need not be there. Raises AdministrationError when Amplitude refuses the keys."""
        self._ask("GET", "usersearch", params={"user": "testUser@example.com"})

    def delete_users(self, user_ids: Iterable[str], requester: str = "rulewright") -> Iterator[list[str]]:
        """Ask for users to be deleted, 100 a request and a request a second; gives those that are asked for so far.

        Amplitude takes the job, and does it within 30 days. Raises AdministrationError; those given before stand.
        """
        ids = iter(user_ids)
        is_first = True
        while some := list(islice(ids, IDS_A_REQUEST)):
            if not is_first:
                self._sleep(SECONDS_A_REQUEST)
            is_first = False
            self._ask("POST", "deletions", json={"user_ids": some, "requester": requester})
            yield some

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, method: str, endpoint: str, **content: Any) -> None:
        url = self._settings.url(endpoint)
        if self._base_url:
            url = self._base_url + urlsplit(url).path
        try:
            answer = self._client.request(method, url, **content)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise AdministrationError(f"{urlsplit(url).netloc} cannot be reached: {reason}") from None
        if answer.status_code in REFUSED:
            raise AdministrationError(
                f"Amplitude refuses the keys ({answer.status_code}); they are of one project and of one region, "
                f"and the region is {self._settings.endpoint}"
            )
        if not answer.is_success:
            raise AdministrationError(f"Amplitude answers {answer.status_code}: {answer.text.strip()[:200]}")
