"""Send: makes the body and the headers of a request from an event."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any, Literal

from ...action import Action, Binding, Build
from ...encoding import json_bytes
from ...fields.declaration import OpenPayload, Payload, described, fields_of
from ...outcome import Refused, Request
from ...semantics.description import shown
from ...semantics.failure import ValueFailure
from ...semantics.javascript import template_text
from .settings import URL_PLACEHOLDER, settings_of

LARGEST_BODY = 1_000_000
LIMITS = {
    "body_too_large": f"a body has at most {LARGEST_BODY:,} bytes",
    "bad_header": "a header has a name of letters, digits and `-`, and a value of printable ASCII characters",
    "reserved_header": "headers that the connection, the signature and the settings need are not set by rules",
}
RESERVED = frozenset(
    "authorization connection content-encoding content-length content-type cookie expect host keep-alive "
    "proxy-authorization te trailer transfer-encoding upgrade webhook-id webhook-signature webhook-timestamp".split()
)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")


class Send(Payload):
    """The payload."""

    body: OpenPayload = described("Body", "The JSON object that is sent.", required=True, role="control")
    method: Literal["POST", "PUT", "PATCH"] | None = described(
        "Method", "The HTTP method; POST by default.", role="control"
    )
    headers: OpenPayload | None = described(
        "Headers",
        "Headers by their names. A value is a text, a number or a boolean; null leaves the header out.",
        role="control",
    )
    id: str | None = described(
        "ID",
        "Identifies the body to the receiver. The header `webhook-id` is derived from it and the mapping's name, so "
        "two mappings of one event send two messages. Without it, each body has its own ID.",
        visible=True,
        role="control",
    )
    order: str | None = described(
        "Order", "Bodies with the same text are delivered in the order of their events.", visible=True, role="control"
    )


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes one request.

    It raises Refused for a body that is not JSON or, with checks on, too large, and for headers as `headers_of` does.
    """
    url = settings_of(binding.settings).url or URL_PLACEHOLDER

    def build(
        payload: dict[str, Any],
        body: dict[str, Any],
        method: str | None = None,
        headers: dict[str, Any] | None = None,
        id: str | None = None,
        order: str | None = None,
    ) -> list[Request]:
        try:
            text = json_bytes(body)
        except ValueFailure as error:
            raise Refused("not_json", f"cannot be written as JSON: {error}", "body") from None
        if binding.checks and len(text) > LARGEST_BODY:
            raise Refused("body_too_large", f"has {len(text):,} bytes and may have {LARGEST_BODY:,}", "body")
        added = headers_of(headers or {})
        if id is not None:
            added["webhook-id"] = message_id(binding.mapping, id)
        request = Request(binding.mapping, "send", method or "POST", url, body, None, text, added or None, order)
        return [request]

    return build


def message_id(mapping: str, text: str) -> str:
    """The ID of a message: `msg_` and 32 hexadecimal digits, always the same for the same mapping and text."""
    digest = blake2b(f"{mapping}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16)
    return f"msg_{digest.hexdigest()}"


def headers_of(given: dict[str, Any]) -> dict[str, str]:
    """The headers by lower-case name; a header with null is left out.

    Raises Refused, also without checks, for a name or a value that a header cannot have (a line break in a value would
    add headers), for a name that occurs twice, and for a header that only the adapter sets.
    """
    headers: dict[str, str] = {}
    for name, value in given.items():
        if value is None:
            continue
        field = f"headers.{name}"
        if not _NAME.fullmatch(name):
            raise Refused("bad_header", f"{shown(name)} is not a header's name", "headers")
        if name.lower() in RESERVED:
            raise Refused("reserved_header", "is not set by rules", field)
        if not isinstance(value, str | int | float):
            raise Refused("bad_header", f"{shown(value)} is not a text, a number or a boolean", field)
        text = template_text(value).strip()
        if not _VALUE.fullmatch(text):
            raise Refused("bad_header", f"{shown(value)} has characters that a header cannot hold", field)
        if name.lower() in headers:
            raise Refused("bad_header", "is there twice, in different spellings", field)
        headers[name.lower()] = text
    return headers


ACTION = Action(
    name="send",
    title="Send",
    description="Send a JSON object to the webhook.",
    trigger='type = "track" or type = "identify" or type = "page" or type = "screen" or type = "group"',
    fields=fields_of(Send),
    bind=bind,
    ours=True,
    sends="events",
)
