"""The body of a request, within limits of size and time, and without its content encoding."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from ..runtime.inputs.request_body import BodyTooLarge, unpacked
from .responses import ApiResponse, refusal

BODY_SECONDS = 30.0
"""From the head of a request to the end of its body."""


class BodyRefused(Exception):
    """The body cannot be read; `answer` is the response to send."""

    def __init__(self, answer: ApiResponse) -> None:
        super().__init__()
        self.answer = answer


async def read_body(request: Request, headers: Mapping[str, str], most: int) -> bytes:
    """The decompressed body; at most `most` bytes are held, compressed or decompressed. Raises BodyRefused."""
    length = headers.get("content-length", "")
    try:
        if length.isdecimal() and int(length[:20]) > most:
            raise BodyTooLarge
        async with asyncio.timeout(BODY_SECONDS):
            held = await _held(request.receive, most)
        return unpacked(held, headers, most)
    except TimeoutError:
        raise BodyRefused(
            refusal(408, "timeout", f"no body within {BODY_SECONDS:.0f} seconds", connection="close")
        ) from None
    except ClientDisconnect:
        raise BodyRefused(refusal(400, "disconnected", "the client left")) from None
    except BodyTooLarge:
        raise BodyRefused(refusal(400, "too_large", f"the body has more than {most:,} bytes")) from None
    except LookupError:
        raise BodyRefused(refusal(415, "unknown_encoding", "expected gzip or no content encoding")) from None
    except ValueError:
        raise BodyRefused(refusal(400, "invalid_gzip", "the body is not one gzip member")) from None


async def _held(receive: Receive, most: int) -> bytes:
    """The bytes of a body as they come. Raises BodyTooLarge, ClientDisconnect."""
    held = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        held += message.get("body", b"")
        if len(held) > most:
            raise BodyTooLarge
        if not message.get("more_body", False):
            return bytes(held)
