"""Who may talk to the studio: this machine, by the address that has the token, from the studio's own page.

Another page in the same browser can send requests to this machine, and can make a name of its own lead here. It does
not know the token, its `Origin` is another, and the `Host` of such a name is not this machine's.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY = "Content-Security-Policy"
_CLOSED = "default-src 'none'; frame-ancestors 'none'"


class AccessGuard:
    """Passes on requests below `/TOKEN`, and refuses all others before anything else is examined."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._prefix = f"/{token}"
        self._hosts = {f"{host}:{port}" for host in HOSTS}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the token taken off the path."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            path = scope["path"][len(self._prefix) :]
            inner = {**scope, "path": path or "/", "root_path": "", "raw_path": path.encode()}
            await self._app(inner, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, sentence = refusal
            await PlainTextResponse(f"{sentence}\n", status)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in ([host] for host in self._hosts):
            return 403, "the studio answers to this machine alone, by 127.0.0.1 or localhost"
        if not _starts_with(scope["path"], self._prefix):
            return 404, "open the address that `rulewright studio` printed: it has a token in it"
        origin = headers.get("origin")
        if origin is None and (scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")):
            return 403, "expected an Origin header"
        if origin is not None and origin not in self._origins:
            return 403, "another page asks, which may not"
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if foreign and headers.get("sec-fetch-mode") != "navigate":
            return 403, "another page asks, which may not"
        return None


def _starts_with(path: str, prefix: str) -> bool:
    """Whether the first step of a path is the secret one, compared in a time that does not tell how much fits."""
    first = path[: len(prefix)].encode("utf-8", "surrogatepass")
    return secrets.compare_digest(first, prefix.encode()) and path[len(prefix) : len(prefix) + 1] == "/"


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault(_POLICY, _CLOSED)
        await send(message)

    return sent


def page_policy(nonce: str, hosts: Iterable[str]) -> dict[str, str]:
    """The policy of the page: its own script and styles, its own server, and nothing else."""
    sockets = " ".join(f"ws://{host}" for host in hosts)
    return {
        _POLICY: (
            f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
            f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    }
