"""The language server over a WebSocket: it answers of the studio's files, and of no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from .conftest import TOKEN, Page


def said(socket: ClientConnection, message: dict[str, Any]) -> None:
    socket.send(json.dumps({"jsonrpc": "2.0", **message}))


def heard(socket: ClientConnection, **wanted: Any) -> Any:
    """The next message with these values."""
    while True:
        message = json.loads(socket.recv(30))
        if all(message.get(name) == value for name, value in wanted.items()):
            return message


def conversation(page: Page) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{page.port}/{TOKEN}/language", additional_headers={"Origin": page.home})


INITIALIZE = {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}


def test_findings_and_completion_come_over_the_socket(page: Page, folder: Path) -> None:
    uri = (folder / "shop.rules").as_uri()
    text = (folder / "shop.rules").read_text().replace("user_properties = omit", "user_propertys = omit", 1)
    with conversation(page) as socket:
        said(socket, INITIALIZE)
        assert heard(socket, id=1)["result"]["capabilities"]["hoverProvider"]
        said(socket, {"method": "initialized", "params": {}})
        document = {"uri": uri, "languageId": "rulewright", "version": 1, "text": text}
        said(socket, {"method": "textDocument/didOpen", "params": {"textDocument": document}})
        published = heard(socket, method="textDocument/publishDiagnostics")["params"]
        assert published["uri"] == uri
        assert "RW0202" in [diagnostic["code"] for diagnostic in published["diagnostics"]]
        line = next(number for number, line in enumerate(text.split("\n")) if "variant:" in line)
        place = {"line": line, "character": text.split("\n")[line].index("properties.experiment") + len("properties.")}
        params = {"textDocument": {"uri": uri}, "position": place}
        said(socket, {"id": 2, "method": "textDocument/completion", "params": params})
        labels = [item["label"] for item in heard(socket, id=2)["result"]["items"]]
        assert "experiment" in labels  # of recorded events


@pytest.mark.parametrize(
    "message",
    [
        {"method": "exit"},
        {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///etc/passwd", "text": ""}}},
        {"id": 2, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///etc/hosts"}}},
        {"method": "textDocument/didOpen", "params": [{"deep": [{"uri": "file:///etc/passwd"}]}]},
        {"id": "x", "method": "textDocument/hover", "params": {"textDocument": 7}},
    ],
)
def test_another_file_and_a_broken_message_end_the_conversation(page: Page, message: dict[str, Any]) -> None:
    with conversation(page) as socket:
        said(socket, INITIALIZE)
        heard(socket, id=1)
        said(socket, message)
        with pytest.raises(ConnectionClosedError) as ended:
            heard(socket, id="never")
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1008


@pytest.mark.parametrize("text", ["{", "[]", "7", "[" * 100_000])
def test_text_that_is_not_a_message_ends_the_conversation(page: Page, text: str) -> None:
    with conversation(page) as socket:
        socket.send(text)
        with pytest.raises(ConnectionClosedError):
            socket.recv(30)
