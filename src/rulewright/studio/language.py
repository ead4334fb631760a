"""The language server over a WebSocket: the same as over standard input, but only for the studio's files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from pygls.exceptions import JsonRpcException
from pygls.protocol import JsonRPCProtocol
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..authoring.knowledge import Knowledge
from ..lsp.server import make_server

DELAY = 0.01
"""Seconds of silence before a check: the page has waited already before it sends."""
_URIS = ("uri", "rootUri", "targetUri", "newUri", "oldUri")


class _Writer:
    """Sends the messages of the server in order; writing does not wait."""

    def __init__(self, socket: WebSocket) -> None:
        self._messages: asyncio.Queue[str] = asyncio.Queue()
        self._socket = socket

    def write(self, data: bytes) -> None:
        self._messages.put_nowait(data.decode())

    def close(self) -> None:
        """Do nothing: the socket is closed elsewhere."""

    async def send(self) -> None:
        """Sends until it is canceled."""
        while True:
            await self._socket.send_text(await self._messages.get())


async def serve_language(socket: WebSocket, knowledge: Knowledge, uris: frozenset[str]) -> None:
    """Serves one editor until it leaves, or sends a message that cannot be read or names a file outside `uris`."""
    await socket.accept()
    server = make_server(delay=DELAY)
    server.files.knowledge = knowledge
    protocol: JsonRPCProtocol = server.protocol
    writer = _Writer(socket)
    protocol.set_writer(writer, include_headers=False)
    sending = asyncio.create_task(writer.send())
    try:
        while True:
            text = await socket.receive_text()
            if not await _handle(protocol, text, uris):
                await socket.close(1008)
                return
    except WebSocketDisconnect:
        return
    finally:
        sending.cancel()


async def _handle(protocol: JsonRPCProtocol, text: str, uris: frozenset[str]) -> bool:
    """Passes a message to the server; returns whether the conversation continues."""
    try:
        message = json.loads(text)
        named = list(_named(message))
        # The server would end the whole process on `exit`; here it ends with the socket.
        if message.get("method") == "exit" or not uris.issuperset(named):
            return False
        protocol.handle_message(json.loads(text, object_hook=protocol.structure_message))
    except (ValueError, RecursionError, AttributeError, JsonRpcException):
        return False
    return True


def _named(value: Any) -> Iterator[str]:
    """Every address in a message."""
    level = [value]
    while level:
        part = level.pop()
        if isinstance(part, dict):
            for key, inner in part.items():
                if key in _URIS and inner is not None:
                    yield str(inner)
                level.append(inner)
        elif isinstance(part, list):
            level += part
