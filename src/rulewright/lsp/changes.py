"""Changes of the text that an editor can make: formatting, and the fixes of findings."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.format.formatter import format_file
from ..dsl.source import Source
from . import answers
from .positions import offset_of, position_of, whole
from .rules_server import RulesServer


def add_changes(server: RulesServer) -> None:
    """Has the server answer them."""

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        source = server.source(params.text_document.uri)
        text, diagnostics = format_file(source)
        broken = any(diagnostic.severity == "error" for diagnostic in diagnostics)
        return [] if broken or text == source.text else [types.TextEdit(whole(source), text)]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]),
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
        return actions


def _fix(
    uri: str, source: Source, findings: Sequence[Diagnostic], title: str, kind: types.CodeActionKind
) -> types.CodeAction:
    edits: list[types.TextEdit] = []
    last = -1
    for one in sorted(findings, key=lambda finding: finding.fix.span.start if finding.fix else 0):
        if one.fix is not None and one.fix.span.start >= last:
            start, end = one.fix.span.start, one.fix.span.end
            edits.append(
                types.TextEdit(types.Range(position_of(source, start), position_of(source, end)), one.fix.replacement)
            )
            last = end
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=[answers.diagnostic(finding) for finding in findings],
        edit=types.WorkspaceEdit(changes={uri: edits}),
        is_preferred=len(findings) == 1,
    )
