"""A fault of the language server: the editor is told, the server goes on, and nobody sees a traceback."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.client import LanguageClient

from tests.cli.processes import environment

from .editor import RULES

PROGRAM = """
from rulewright.lsp.rules_server import RulesServer
def broken(*_, **__):
    raise AssertionError("planted")
RulesServer.check = RulesServer.tree = RulesServer.closed = broken
from rulewright.cli import main
main()
"""


async def answers(path: Path) -> tuple[list[str], JsonRpcInternalError, str]:
    """What the editor is shown of a check and of a notification, the answer to a request, and the server's log."""
    client = LanguageClient("test", "1")
    shown: asyncio.Queue[str] = asyncio.Queue()

    @client.feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
    def message(params: types.ShowMessageParams) -> None:
        shown.put_nowait(params.message)

    await client.start_io(sys.executable, "-c", PROGRAM, "lsp", env=environment())
    server = client._server
    assert server is not None
    assert server.stderr is not None
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), process_id=None))
    client.initialized(types.InitializedParams())
    item = types.TextDocumentItem(path.as_uri(), "rulewright", 1, path.read_text())
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    messages = [await asyncio.wait_for(shown.get(), 30)]
    document = types.TextDocumentIdentifier(path.as_uri())
    with pytest.raises(JsonRpcInternalError) as refused:
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    client.text_document_did_close(types.DidCloseTextDocumentParams(document))
    messages.append(await asyncio.wait_for(shown.get(), 30))
    await client.shutdown_async(None)
    client.exit(None)
    log = await server.stderr.read()
    await client.stop()  # type: ignore[no-untyped-call]
    return messages, refused.value, log.decode()


def test_a_fault_is_shown_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    path.write_text(RULES)
    messages, refused, log = asyncio.run(answers(path))
    sentence = "this is a fault of Rulewright, and the log of its language server says more: AssertionError: planted"
    assert messages == [sentence, sentence]
    assert (refused.message, refused.data) == (sentence, None)
    assert log.count("rulewright: this is a fault of Rulewright: AssertionError: planted\n") == 3
    assert "Traceback" not in log
