"""`rulewright lsp`: the language server over standard input and output."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from ..authoring.completion import complete
from ..authoring.cursor import Cursor
from ..authoring.hover import hover
from ..authoring.knowledge import Knowledge
from ..authoring.symbols import folds, include_at, mapping_at, outline, tree_of, uses_of_mappings
from ..authoring.workspace import Workspace
from ..compiler.resolve.expressions import signature
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.format.formatter import format_file
from ..dsl.source import Source, Span
from ..dsl.syntax.strings import quote
from ..profile.profile import profile
from ..runtime.functions import FUNCTIONS
from ..version import VERSION
from . import answers
from .positions import offset_of, position_of, range_of, range_of_span, whole

DELAY = 0.1
"""Seconds of silence after a keystroke before a file is checked."""
_WORD = re.compile(r'[\w$-]*"?\Z')


class RulesServer(LanguageServer):
    """The open files, and what is known of events."""

    def __init__(self, events: Sequence[bytes] | None = None, events_name: str = "", delay: float = DELAY) -> None:
        super().__init__("rulewright", VERSION, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.files = Workspace(events, events_name)
        if events is not None:
            self.files.knowledge = Knowledge(None, profile(events))
        self.delay = delay
        self.found: dict[str, list[Diagnostic]] = {}
        """The findings of each file that was checked, by its address."""
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def source(self, uri: str) -> Source:
        """The text of a file as it is open."""
        return Source(str(path_of(uri)), self.workspace.get_text_document(uri).source)

    def changed(self, uri: str) -> None:
        """A file has a new text: it is checked once nothing more comes."""
        self.files.put(path_of(uri), self.source(uri).text)
        before = self._waiting.pop(uri, None)
        if before is not None:
            before.cancel()
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._check_soon(uri))

    async def _check_soon(self, uri: str) -> None:
        await asyncio.sleep(self.delay)
        self._waiting.pop(uri, None)
        self.check(uri)

    def check(self, uri: str) -> None:
        """Publishes the findings of a file, and of those that it includes."""
        path = path_of(uri)
        for name, findings in self.files.check(path).items():
            address = uri if name == path else name.absolute().as_uri()
            if findings or address in self.found or address == uri:
                self.found[address] = findings
                shown = [answers.diagnostic(one) for one in findings]
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(address, shown))


def path_of(uri: str) -> Path:
    """The path of a file's address; a name for a text that is in no file."""
    return Path(to_fs_path(uri) or uri.rpartition(":")[2])


def make_server(events: Sequence[bytes] | None = None, events_name: str = "", delay: float = DELAY) -> RulesServer:
    """A server with all its features, not started."""
    server = RulesServer(events, events_name, delay)
    _files(server)
    _words(server)
    _places(server)
    _changes(server)
    return server


def _files(server: RulesServer) -> None:
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
        uri = params.text_document.uri
        server.files.close(path_of(uri))
        server.found.pop(uri, None)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _words(server: RulesServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", '"', ">", "$"]))
    def completed(params: types.CompletionParams) -> types.CompletionList:
        uri = params.text_document.uri
        source = server.source(uri)
        offset = offset_of(source, params.position)
        word = _WORD.search(source.text[:offset])
        start = offset - len(word[0].rstrip('"')) if word else offset
        place = range_of(source, start, offset)
        found = complete(source.text, offset, server.files.knowledge, server.files.mappings(path_of(uri)))
        return types.CompletionList(is_incomplete=False, items=[answers.completion(one, place) for one in found])

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        source = server.source(params.text_document.uri)
        found = hover(source.text, offset_of(source, params.position), server.files.knowledge)
        if found is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, found.markdown)
        return types.Hover(content, range_of(source, found.start, found.end))

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(trigger_characters=["(", ","]))
    def signed(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        source = server.source(params.text_document.uri)
        before = Cursor(source.text, offset_of(source, params.position)).before
        call = re.search(r"(\w+)\(([^()]*)\Z", before)
        function = FUNCTIONS.get(call[1]) if call else None
        if call is None or function is None:
            return None
        parameters = [types.ParameterInformation(one.name) for one in function.parameters]
        number = min(call[2].count(","), max(len(parameters) - 1, 0))
        shown = types.SignatureInformation(signature(function), function.sentence, parameters, number)
        return types.SignatureHelp([shown], 0, number)


def _places(server: RulesServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        source = server.source(params.text_document.uri)
        return [answers.symbol(one) for one in outline(tree_of(source.text, source.name))]

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folded(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        text = server.source(params.text_document.uri).text
        return [types.FoldingRange(first, last) for first, last in folds(text, tree_of(text))]

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location]:
        uri = params.text_document.uri
        source = server.source(uri)
        offset = offset_of(source, params.position)
        tree = tree_of(source.text, source.name)
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
        name = mapping_at(tree_of(source.text, source.name), offset_of(source, params.position))
        return [_location(at, span) for at, used, span in _uses(server, uri) if used == name]

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        uri = params.text_document.uri
        source = server.source(uri)
        name = mapping_at(tree_of(source.text, source.name), offset_of(source, params.position))
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
        for name, span in uses_of_mappings(tree_of(source.text, source.name)):
            if span.start <= offset <= span.end:
                return types.PrepareRenamePlaceholder(range_of_span(span), name)
        return None


def _uses(server: RulesServer, uri: str) -> list[tuple[str, str, Span]]:
    """Every place of a mapping's name: in the file, and in the files of tests and rules that belong to it."""
    path = path_of(uri)
    root = server.files.root_of(path)
    stem = root.name.removesuffix(".rules").removesuffix(".test")
    related = [path, root, root.with_name(f"{stem}.rules"), root.with_name(f"{stem}.test.rules")]
    found = []
    for one in dict.fromkeys(related):
        address = uri if one == path else one.absolute().as_uri()
        tree = tree_of(server.files.text(one), str(one))
        found += [(address, name, span) for name, span in uses_of_mappings(tree)]
    return found


def _location(uri: str, span: Span) -> types.Location:
    return types.Location(uri, range_of_span(span))


def _changes(server: RulesServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        source = server.source(params.text_document.uri)
        text, diagnostics = format_file(source)
        broken = any(one.severity == "error" for one in diagnostics)
        return [] if broken or text == source.text else [types.TextEdit(whole(source), text)]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]),
    )
    def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        source = server.source(uri)
        start, end = offset_of(source, params.range.start), offset_of(source, params.range.end)
        fixable = [one for one in server.found.get(uri, []) if one.fix is not None]
        near = [one for one in fixable if one.span.start <= end and one.span.end >= start]
        actions = [
            _fix(uri, source, [one], f"{one.fix.sentence}", types.CodeActionKind.QuickFix) for one in near if one.fix
        ]
        if len(fixable) > 1:
            actions.append(_fix(uri, source, fixable, "make all safe changes", types.CodeActionKind.SourceFixAll))
        return actions


def _fix(
    uri: str, source: Source, findings: Sequence[Diagnostic], title: str, kind: types.CodeActionKind
) -> types.CodeAction:
    edits: list[types.TextEdit] = []
    last = -1
    for one in sorted(findings, key=lambda found: found.fix.span.start if found.fix else 0):
        if one.fix is not None and one.fix.span.start >= last:
            start, end = one.fix.span.start, one.fix.span.end
            edits.append(
                types.TextEdit(types.Range(position_of(source, start), position_of(source, end)), one.fix.replacement)
            )
            last = end
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=[answers.diagnostic(one) for one in findings],
        edit=types.WorkspaceEdit(changes={uri: edits}),
        is_preferred=len(findings) == 1,
    )
