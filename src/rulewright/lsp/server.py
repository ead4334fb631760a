"""`rulewright lsp`: the language server over standard input and output."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from .changes import add_changes
from .code_actions import add_suggestions
from .completion_and_hover import add_words
from .event_lenses import add_events
from .highlights import add_highlights
from .lenses import add_lenses
from .rules_server import DELAY, RulesServer
from .symbols_and_references import add_places


def make_server(events: Sequence[bytes] | None = None, events_name: str = "", delay: float = DELAY) -> RulesServer:
    """A server with all features, which is not started yet."""
    server = RulesServer(events, events_name, delay)
    _add_files(server)
    add_words(server)
    add_places(server)
    add_changes(server)
    add_lenses(server)
    add_events(server)
    add_suggestions(server)
    add_highlights(server)
    return server


_WATCHED = "**/*.{rules,json,jsonl,toml}"
"""What findings depend on beside the text of an open file: other rule files, plans, events, and the project file."""


def _add_files(server: RulesServer) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        able = server.client_capabilities.workspace
        watching = None if able is None else able.did_change_watched_files
        if watching is None or not watching.dynamic_registration:
            return
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
        watch = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        await server.client_register_capability_async(types.RegistrationParams([watch]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed_on_disk(params: types.DidChangeWatchedFilesParams) -> None:
        for uri in server.workspace.text_documents:
            server.changed(uri)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)
