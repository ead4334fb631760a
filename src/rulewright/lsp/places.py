"""What belongs together in files: outline, folding, definition, references, renaming."""

from __future__ import annotations

from lsprotocol import types

from ..authoring.symbols import folds, include_at, mapping_at, outline, uses_of_mappings
from ..dsl.source import Span
from ..dsl.syntax.strings import quote
from . import answers
from .positions import offset_of, range_of_span
from .rules_server import RulesServer, path_of


def add_places(server: RulesServer) -> None:
    """Has the server answer them."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        return [answers.symbol(symbol) for symbol in outline(server.tree(params.text_document.uri))]

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folded(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        text = server.source(params.text_document.uri).text
        return [types.FoldingRange(first, last) for first, last in folds(text, server.tree(params.text_document.uri))]

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location]:
        uri = params.text_document.uri
        source = server.source(uri)
        offset = offset_of(source, params.position)
        tree = server.tree(params.text_document.uri)
        included = include_at(tree, offset)
        if included is not None:
            target = (path_of(uri).parent / included).absolute()
            return [types.Location(target.as_uri(), types.Range(types.Position(0, 0), types.Position(0, 0)))]
        name = mapping_at(tree, offset)
        places = [_location(item_uri, span) for item_uri, used, span in _uses(server, uri) if used == name]
        return places[:1] if name is not None else []

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def referred(params: types.ReferenceParams) -> list[types.Location]:
        uri = params.text_document.uri
        source = server.source(uri)
        name = mapping_at(server.tree(params.text_document.uri), offset_of(source, params.position))
        return [_location(at, span) for at, used, span in _uses(server, uri) if used == name]

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        uri = params.text_document.uri
        source = server.source(uri)
        name = mapping_at(server.tree(params.text_document.uri), offset_of(source, params.position))
        if name is None:
            return None
        changes: dict[str, list[types.TextEdit]] = {}
        for at, used, span in _uses(server, uri):
            if used == name:
                edit = types.TextEdit(range_of_span(span), quote(params.new_name))
                changes.setdefault(at, []).append(edit)
        return types.WorkspaceEdit(changes=changes)

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        source = server.source(params.text_document.uri)
        offset = offset_of(source, params.position)
        for name, span in uses_of_mappings(server.tree(params.text_document.uri)):
            if span.start <= offset <= span.end:
                return types.PrepareRenamePlaceholder(range_of_span(span), name)
        return None


def _uses(server: RulesServer, uri: str) -> list[tuple[str, str, Span]]:
    """Every place of a mapping's name: in the file, and in the files of tests and rules that belong to it."""
    path = path_of(uri)
    root = server.files.root_of(path)
    stem = root.name.removesuffix(".rules").removesuffix(".test")
    related = [path, root, root.with_name(f"{stem}.rules"), root.with_name(f"{stem}.test.rules")]
    uses = []
    for location in dict.fromkeys(related):
        address = uri if location == path else location.absolute().as_uri()
        tree = server.files.tree(location)
        uses += [(address, name, span) for name, span in uses_of_mappings(tree)]
    return uses


def _location(uri: str, span: Span) -> types.Location:
    return types.Location(uri, range_of_span(span))
