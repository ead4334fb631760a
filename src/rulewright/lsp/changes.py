"""Changes that an editor can make to the text: formatting, and fixes of findings."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from ..authoring.formatting import Replacement, formatted, formatted_range
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.source import Source
from . import conversions
from .code_actions import suggested_actions
from .positions import offset_of, range_of
from .rules_server import RulesServer

_KINDS = (
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.SourceFixAll,
    types.CodeActionKind.RefactorRewrite,
    types.CodeActionKind.RefactorExtract,
    types.CodeActionKind.Source,
)


def add_changes(server: RulesServer) -> None:
    """Registers the handlers for formatting and for fixes."""

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def format_all(params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        source = server.source(params.text_document.uri)
        return _edits(source, formatted(source))

    @server.feature(types.TEXT_DOCUMENT_RANGE_FORMATTING)
    def format_range(params: types.DocumentRangeFormattingParams) -> list[types.TextEdit]:
        uri = params.text_document.uri
        source, tree = server.source(uri), server.tree(uri)
        start, end = offset_of(source, params.range.start), offset_of(source, params.range.end)
        return _edits(source, formatted_range(source, tree, start, end))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(list(_KINDS)),
    )
    def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        source = server.source(uri)
        start, end = offset_of(source, params.range.start), offset_of(source, params.range.end)
        fixable = [finding for finding in server.findings(uri) if finding.fix is not None]
        near = [finding for finding in fixable if finding.span.start <= end and finding.span.end >= start]
        actions = [
            _fix(uri, source, [finding], f"{finding.fix.sentence}", types.CodeActionKind.QuickFix)
            for finding in near
            if finding.fix
        ]
        if len(fixable) > 1:
            actions.append(_fix(uri, source, fixable, "make all safe changes", types.CodeActionKind.SourceFixAll))
        actions += suggested_actions(server, uri, start, end)
        return [action for action in actions if _is_asked(action, params.context.only)]


def _is_asked(action: types.CodeAction, kinds: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether an action is of a kind that an editor wants, or below one: `refactor` wants `refactor.extract`."""
    own = str(getattr(action.kind, "value", action.kind))
    wanted = [str(getattr(kind, "value", kind)) for kind in kinds or ()]
    return not wanted or any(own == kind or own.startswith(f"{kind}.") for kind in wanted)


def _edits(source: Source, change: Replacement | None) -> list[types.TextEdit]:
    return [] if change is None else [types.TextEdit(range_of(source, change.start, change.end), change.text)]


def _fix(
    uri: str, source: Source, findings: Sequence[Diagnostic], title: str, kind: types.CodeActionKind
) -> types.CodeAction:
    edits: list[types.TextEdit] = []
    last = -1
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    for fix in sorted(fixes, key=lambda fix: fix.span.start):
        if fix.span.start >= last:
            start, end = fix.span.start, fix.span.end
            edits.append(types.TextEdit(range_of(source, start, end), fix.replacement))
            last = end
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=[conversions.diagnostic(finding) for finding in findings],
        edit=types.WorkspaceEdit(changes={uri: edits}),
        is_preferred=len(findings) == 1,
    )
