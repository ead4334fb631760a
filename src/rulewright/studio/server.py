"""The studio behind its socket, until it is stopped."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_MESSAGE = 20_000_000
"""The most bytes of a message to the language server."""


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serves until Ctrl-C."""
    server(app).run(sockets=[listener])


def server(app: ASGIApp) -> uvicorn.Server:
    """A server for the application, which is not started yet."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,
        access_log=False,
        lifespan="off",
        ws=WebSocketsSansIOProtocol,
        ws_max_size=MOST_MESSAGE,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
