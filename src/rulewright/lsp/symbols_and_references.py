"""Outline, folding, selections, definitions, references and renaming."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from ..authoring.names import NamePlace, named_at
from ..authoring.nodes import selections
from ..authoring.symbols import folds, include_at, outline
from ..dsl.source import Span
from . import conversions
from .positions import offset_of, range_of_span
from .rules_server import RulesServer, path_of


def add_places(server: RulesServer) -> None:
    """Registers the handlers for symbols, references and renaming."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        return [conversions.symbol(symbol) for symbol in outline(server.tree(params.text_document.uri))]

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folded(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        text = server.source(params.text_document.uri).text
        return [types.FoldingRange(first, last) for first, last in folds(text, server.tree(params.text_document.uri))]

    @server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)
    def grown(params: types.SelectionRangeParams) -> list[types.SelectionRange]:
        uri = params.text_document.uri
        source, tree = server.source(uri), server.tree(uri)
        return [_selection(selections(tree, offset_of(source, position))) for position in params.positions]

    @server.feature(types.WORKSPACE_SYMBOL)
    def symbols_of_all(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        folders = [path_of(folder.uri) for folder in server.workspace.folders.values()]
        root = server.workspace.root_uri
        symbols = server.files.symbols([*folders, *([path_of(root)] if root and not folders else [])], params.query)
        return [conversions.workspace_symbol(symbol) for symbol in symbols]

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location]:
        uri = params.text_document.uri
        offset = offset_of(server.source(uri), params.position)
        included = include_at(server.tree(uri), offset)
        if included is not None:
            target = (path_of(uri).parent / included).absolute()
            return [types.Location(target.as_uri(), types.Range(types.Position(0, 0), types.Position(0, 0)))]
        named = named_at(server.files, path_of(uri), offset)
        return [] if named is None else [_location(uri, place) for place in named.places[:1]]

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def referred(params: types.ReferenceParams) -> list[types.Location]:
        uri = params.text_document.uri
        named = named_at(server.files, path_of(uri), offset_of(server.source(uri), params.position))
        places = [] if named is None else named.places
        return [_location(uri, place) for place in places if params.context.include_declaration or not place.declares]

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        uri = params.text_document.uri
        named = named_at(server.files, path_of(uri), offset_of(server.source(uri), params.position))
        if named is None:
            return None
        refusal = named.refusal(params.new_name)
        if refusal is not None:
            raise JsonRpcInvalidParams(refusal)
        changes: dict[str, list[types.TextEdit]] = {}
        for place in named.places:
            edit = types.TextEdit(range_of_span(place.span), named.written(params.new_name))
            changes.setdefault(_uri(uri, place), []).append(edit)
        return types.WorkspaceEdit(changes=changes)

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        uri = params.text_document.uri
        offset = offset_of(server.source(uri), params.position)
        named = named_at(server.files, path_of(uri), offset)
        if named is None:
            return None
        spans = [place.span for place in named.places if place.path == path_of(uri)]
        here = next(span for span in spans if span.start <= offset <= span.end)
        return types.PrepareRenamePlaceholder(range_of_span(here), named.name)


def _selection(spans: list[Span]) -> types.SelectionRange:
    """The smallest span, inside the next larger one, and so on."""
    selection: types.SelectionRange | None = None
    for span in reversed(spans):
        selection = types.SelectionRange(range_of_span(span), selection)
    nothing = types.Position(0, 0)
    return selection or types.SelectionRange(types.Range(nothing, nothing))


def _location(uri: str, place: NamePlace) -> types.Location:
    return types.Location(_uri(uri, place), range_of_span(place.span))


def _uri(uri: str, place: NamePlace) -> str:
    """The address of a place's file: the editor's own for the file that it asks about."""
    return uri if place.path == path_of(uri) else place.path.absolute().as_uri()
