"""The studio's application: the page, its questions, and the language server, behind the guard."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from ..runtime.encoding import json_bytes
from .guard import HOSTS, AccessGuard, page_policy
from .language import serve_language
from .page_api import PageApi, Unanswerable

log = logging.getLogger("rulewright.studio")

MOST_BYTES = 64_000_000
"""The most bytes of a question, which holds the rules and an event."""
_KINDS = {"studio.js": "text/javascript", "studio.css": "text/css", "icon.svg": "image/svg+xml"}
"""The files of the page; nothing else is served."""


def new_token() -> str:
    """A random token that cannot be guessed."""
    return secrets.token_urlsafe(24)


def application(page_api: PageApi, token: str, port: int) -> ASGIApp:
    """The application of the studio, for a socket on this port of this machine."""
    lock = threading.Lock()
    uris = frozenset(file["uri"] for file in page_api.documents.data() if file["kind"] in ("rules", "tests"))

    async def page(request: Request) -> Response:
        del request
        nonce = secrets.token_urlsafe(16)
        text = _file("index.html").decode().replace("NONCE", nonce)
        return HTMLResponse(text, headers=page_policy(nonce, [f"{host}:{port}" for host in HOSTS]))

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _KINDS:
            return Response(status_code=404)
        return Response(_file(name), media_type=_KINDS[name])

    async def question(request: Request) -> Response:
        try:
            asked = json.loads(await _body(request))
            if not isinstance(asked, dict):
                raise ValueError("expected an object")
        except (ValueError, RecursionError) as error:
            return _answer({"error": f"the question cannot be read: {error}"}, 400)
        return await run_in_threadpool(_answered, request.path_params["name"], asked)

    def _answered(name: str, asked: dict[str, Any]) -> Response:
        if name not in page_api.questions:
            return _answer({"error": f"there is no question `{name}`"}, 404)
        with lock:
            try:
                return _answer(page_api.answer(name, asked))
            except Unanswerable as error:
                return _answer({"error": str(error)}, 422)
            except Exception as error:
                log.exception("the question `%s` of the page cannot be answered", name)
                sentence = f"this is a fault of Rulewright, and the terminal says more: {type(error).__name__}: {error}"
                return _answer({"error": sentence}, 500)

    async def language(socket: WebSocket) -> None:
        knowledge = await run_in_threadpool(lambda: page_api.knowledge)
        await serve_language(socket, knowledge, uris)

    routes = [
        Route("/", page),
        Route("/assets/{name}", asset),
        Route("/api/{name}", question, methods=["POST"]),
        WebSocketRoute("/language", language),
    ]
    return AccessGuard(Starlette(routes=routes), token, port)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES / 1e6:.0f} MB")
    return bytes(body)


def _answer(data: dict[str, Any], status: int = 200) -> Response:
    return Response(json_bytes(data), status, media_type="application/json")


def _file(name: str) -> bytes:
    return resources.files(__package__).joinpath("page", name).read_bytes()
