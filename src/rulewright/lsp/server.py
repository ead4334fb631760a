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


def _add_files(server: RulesServer) -> None:
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
