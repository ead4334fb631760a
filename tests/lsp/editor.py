"""An editor for tests, and one server process for all of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from rulewright.dsl.source import Source
from rulewright.lsp.positions import offset_of, position_of
from tests.cli.processes import environment

RULES = """destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track" and event = "Order Completed"
  use defaults
  user_properties = omit
  city = "\U0001f600{{context.location.city}}"
}

test "an order" {
  given { "type": "track", "event": "Order Completed", "userId": "user-1" }
  expect "Orders"
}
"""
UNTIDY_RULES = """destination amplitude

mapping "Orders" -> logEventV2 {
      when type = "track"
  languge = context.locale
  city = context.location.city
}

test "an order" {
  given { "type": "track" }
  expect "Orders"
}
"""
"""Rules with a misspelled field and a line that is not where the formatter puts it."""


class Editor:
    """An editor with one file open."""

    def __init__(self, client: LanguageClient, path: Path) -> None:
        self.client, self.path, self.uri = client, path, path.as_uri()
        self.document = types.TextDocumentIdentifier(self.uri)
        self.version = 1
        self.findings: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()

    async def open(self) -> None:
        self.text = self.path.read_text()
        item = types.TextDocumentItem(self.uri, "rulewright", self.version, self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await self.told()

    async def told(self) -> list[types.Diagnostic]:
        """The findings that come next."""
        await asyncio.wait_for(self.news.wait(), 30)
        self.news.clear()
        return self.findings.get(self.uri, [])

    async def edit(self, before: str, after: str) -> list[types.Diagnostic]:
        """Replaces a text, as a keystroke does, and waits for the findings."""
        source = Source("", self.text)
        at = self.text.index(before)
        place = types.Range(position_of(source, at), position_of(source, at + len(before)))
        self.text = self.text.replace(before, after, 1)
        self.version += 1
        change = types.TextDocumentContentChangePartial(range=place, text=after)
        document = types.VersionedTextDocumentIdentifier(version=self.version, uri=self.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        return await self.told()

    async def changed_on_disk(self, path: Path, text: str) -> list[types.Diagnostic]:
        """Writes a file that is not open, as another program does, and waits for the findings."""
        path.write_text(text)
        change = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
        return await self.told()

    def at(self, marker: str) -> types.Position:
        """The position behind a text."""
        return position_of(Source("", self.text), self.text.index(marker) + len(marker))

    def applied(self, edits: list[Any]) -> str:
        """The text with edits made."""
        source, text = Source("", self.text), self.text
        for edit in sorted(edits, key=lambda edit: -offset_of(source, edit.range.start)):
            start, end = offset_of(source, edit.range.start), offset_of(source, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text


class SharedServer:
    """A server process for all tests that start it in one way: to start one takes twenty times as long as a test."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self._editors: dict[str, Editor] = {}
        self.registered: dict[str, Any] = {}
        """The options of what the server asked for after its start, by method."""
        self._client = LanguageClient("test", "1")
        self._runner = asyncio.Runner()

        @self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def published(params: types.PublishDiagnosticsParams) -> None:
            editor = self._editors.get(params.uri)
            if editor is not None:
                editor.findings[params.uri] = list(params.diagnostics)
                editor.news.set()

        @self._client.feature(types.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]
        def registered(params: types.RegistrationParams) -> None:
            self.registered.update((wanted.method, wanted.register_options) for wanted in params.registrations)

        self._runner.run(self._start(arguments))

    async def _start(self, arguments: tuple[str, ...]) -> None:
        await self._client.start_io(sys.executable, "-m", "rulewright", "lsp", "--stdio", *arguments, env=environment())
        watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        able = types.ClientCapabilities(types.WorkspaceClientCapabilities(did_change_watched_files=watching))
        options = types.InitializeParams(able, process_id=None)
        await self._client.initialize_async(options)
        self._client.initialized(types.InitializedParams())

    def edit(self, path: Path, work: Callable[[Editor], Awaitable[None]]) -> None:
        """Opens a folder and a file in it, does the work, and closes both."""

        async def run() -> None:
            folder = types.WorkspaceFolder(path.parent.as_uri(), path.parent.name)
            self._change_folders([folder], [])
            editor = self._editors[path.as_uri()] = Editor(self._client, path)
            await editor.open()
            await work(editor)
            self._client.text_document_did_close(types.DidCloseTextDocumentParams(editor.document))
            self._change_folders([], [folder])

        self._runner.run(run())

    def _change_folders(self, added: list[types.WorkspaceFolder], removed: list[types.WorkspaceFolder]) -> None:
        change = types.WorkspaceFoldersChangeEvent(added, removed)
        self._client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(change))

    def end(self) -> None:
        """Ends the server as an editor does."""
        self._runner.run(self._end())
        self._runner.close()

    async def _end(self) -> None:
        await self._client.shutdown_async(None)
        self._client.exit(None)
        await self._client.stop()  # type: ignore[no-untyped-call]


SERVERS: dict[tuple[str, ...], SharedServer] = {}
"""By their arguments; `conftest.py` ends them."""


def with_editor(folder: Path, work: Callable[[Editor], Awaitable[None]], *arguments: str, text: str = RULES) -> None:
    """Opens a file shop.rules in the server, and does the work."""
    (folder / "shop.rules").write_text(text)
    if arguments not in SERVERS:
        SERVERS[arguments] = SharedServer(arguments)
    SERVERS[arguments].edit(folder / "shop.rules", work)
