"""The adapter of a webhook: bodies to signed requests, in batches, to the one address of the settings."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from urllib.parse import urlsplit

import msgspec

from ...delivery.adapter import Answer, Limits, Outgoing, Part, Route
from ...delivery.disposition import Disposition, with_messages
from ...delivery.redaction import Redactor
from ...delivery.transport.addresses import base_url_of, is_loopback
from ...delivery.transport.answer_text import cut
from ...outcome import Request
from .answers import disposition
from .send import LARGEST_BODY
from .settings import WebhookSettings
from .signature import Signer

KIND = "webhook"


class Message(msgspec.Struct, frozen=True):
    """A part as the queue holds it: the body with its ID, which every attempt repeats."""

    id: str
    body: msgspec.Raw


_decoder = msgspec.json.Decoder(Message)


class WebhookAdapter:
    """One endpoint, bound to its secrets."""

    name = "webhook"
    deduplicates_for = None

    def __init__(
        self,
        settings: WebhookSettings,
        base_url: str | None = None,
        *,
        insecure: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Raises ValueError for a missing or unencrypted address, and for a signing secret that is not one."""
        if settings.url is None:
            raise ValueError("WEBHOOK_URL is not set, and the rules have no setting `url`: nothing says where to send")
        parts = urlsplit(settings.url)
        if base_url is not None:
            query = f"?{parts.query}" if parts.query else ""
            self._url = base_url_of(base_url, insecure=insecure) + parts.path + query
        elif parts.scheme == "http" and not insecure and not is_loopback(parts.hostname or ""):
            host = parts.hostname
            raise ValueError(f"`{host}` would get the events unencrypted; use https, or allow it (`--insecure`)")
        else:
            self._url = settings.url
        # The path of a webhook is often its secret, so the queue keeps the host alone.
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._count = int(settings.batchSize)
        self._authorization = settings.authorization
        self._signer = None if settings.signingSecret is None else Signer(settings.signingSecret)
        self._now = now
        address = [text for text in (settings.url, parts.path, parts.query) if len(text) > 1]
        self.secrets = tuple(text for text in (settings.signingSecret, settings.authorization, *address) if text)
        self._redact = Redactor(self.secrets)

    def parts(self, request: Request, stamp: str) -> list[Part]:
        """One part for a request; the ID of a body without one is made from `stamp`."""
        headers = dict(request.added_headers or {})
        id_ = headers.pop("webhook-id", None) or f"msg_{stamp}"
        shared = msgspec.json.encode(headers, order="sorted").decode() if headers else ""
        route = Route(KIND, request.method, self._origin, shared)
        body = msgspec.json.encode(Message(id_, msgspec.Raw(request.body)))
        return [Part(route, request.order or id_, body)]

    def accepts(self, route: Route) -> bool:
        """Whether the route is one of a webhook; requests go to the address of the settings, not of the route."""
        return route.kind == KIND

    def limits(self, route: Route) -> Limits:
        """The number of bodies that the settings allow in one request, and the most bytes of all of them."""
        return Limits(count=self._count, size=LARGEST_BODY)

    def join(self, route: Route, bodies: Sequence[bytes]) -> Outgoing:
        """One request, signed now; the same bodies give the same ID and the same bytes."""
        messages = [_decoder.decode(body) for body in bodies]
        if self._count == 1 and len(messages) == 1:
            id_, body = messages[0].id, bytes(messages[0].body)
        else:
            digest = blake2b("\0".join(message.id for message in messages).encode(), digest_size=16)
            id_, body = f"msg_{digest.hexdigest()}", b"[" + b",".join(bytes(each.body) for each in messages) + b"]"
        timestamp = int(self._now())
        headers = msgspec.json.decode(route.shared, type=dict[str, str]) if route.shared else {}
        headers |= {"content-type": "application/json", "webhook-id": id_, "webhook-timestamp": str(timestamp)}
        if self._signer is not None:
            headers["webhook-signature"] = self._signer.sign(id_, timestamp, body)
        if self._authorization is not None:
            headers["authorization"] = self._authorization
        return Outgoing(route.method, self._url, headers, body)

    def disposition(self, route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
        """What the answer asks for; secrets that the answer repeats are redacted."""
        return with_messages(disposition(answer), lambda message: cut(self._redact(message)))
