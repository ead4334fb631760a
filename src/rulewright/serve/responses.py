"""The responses of the HTTP API: JSON bodies that never contain a key or any part of a request."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

_CORS = {"access-control-allow-origin": "*"}
PREFLIGHT = {
    **_CORS,
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "authorization, content-type, content-encoding, x-write-key",
    "access-control-max-age": "86400",
}


class ApiResponse(Response):
    """A JSON response that pages of any origin may read, because the API has no cookies."""

    media_type = "application/json"

    def __init__(self, status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(json.dumps(content), status, {**_CORS, **(headers or {})})


SUCCESS = ApiResponse(200, {"success": True})
"""All of it is on disk. One object for all requests: it is the same for each, and there are many."""


def refusal(status: int, code: str, message: str, *, retry_after: int | None = None, **headers: str) -> ApiResponse:
    """The response to a request of which nothing was accepted; `retry_after` is in seconds.

    Segment's libraries read `code` and `message`.
    """
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return ApiResponse(status, {"success": False, "code": code, "message": message}, headers)
