"""Converts diagnostics, symbols and completions to the types of the language server protocol."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from ..authoring.completion import Completion
from ..authoring.symbols import Symbol
from ..authoring.workspace import FileSymbol
from ..diagnostics_page import page_path
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.source import Source
from .positions import range_of_span

SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_SYMBOLS = {
    "mapping": types.SymbolKind.Function,
    "test": types.SymbolKind.Event,
    "law": types.SymbolKind.Event,
    "filter": types.SymbolKind.Operator,
    "settings": types.SymbolKind.Property,
    "include": types.SymbolKind.File,
    "destination": types.SymbolKind.Module,
}
_COMPLETIONS = {
    "keyword": types.CompletionItemKind.Keyword,
    "field": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
    "path": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.Value,
    "action": types.CompletionItemKind.Class,
    "mapping": types.CompletionItemKind.Reference,
}


def diagnostic(finding: Diagnostic) -> types.Diagnostic:
    """A finding with its code, its help and its other places."""
    text = [finding.message, *(f"example: {finding.example}" for _ in (1,) if finding.example)]
    text += [f"help: {sentence}" for sentence in finding.help]
    others = [
        types.DiagnosticRelatedInformation(
            types.Location(uri_of(label.span.source), range_of_span(label.span)), label.text or "see also"
        )
        for label in finding.others
        if label.span.source.text
    ]
    return types.Diagnostic(
        range=range_of_span(finding.span),
        message="\n".join(text),
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        code_description=_page(finding.code),
        source="rulewright",
        related_information=others or None,
    )


def _page(code: str) -> types.CodeDescription | None:
    """The page of a code, where the package is in a folder and not in an archive."""
    path = page_path(code)
    return None if path is None else types.CodeDescription(path.as_uri())


def symbol(outlined: Symbol) -> types.DocumentSymbol:
    """An item of the outline."""
    return types.DocumentSymbol(
        name=outlined.name or "(no name)",
        kind=_SYMBOLS[outlined.kind],
        range=range_of_span(outlined.span),
        selection_range=range_of_span(outlined.name_span),
        detail=outlined.detail,
        children=[symbol(child) for child in outlined.children],
    )


def workspace_symbol(named: FileSymbol) -> types.WorkspaceSymbol:
    """An item of some file."""
    item, path = named.symbol, named.path
    location = types.Location(path.absolute().as_uri(), range_of_span(item.name_span))
    return types.WorkspaceSymbol(location, item.name or "(no name)", _SYMBOLS[item.kind], container_name=path.name)


def completion(proposed: Completion, place: types.Range) -> types.CompletionItem:
    """A completion that replaces the word before the cursor."""
    documentation = types.MarkupContent(types.MarkupKind.Markdown, proposed.documentation)
    return types.CompletionItem(
        label=proposed.label,
        kind=_COMPLETIONS[proposed.kind],
        detail=proposed.detail or None,
        documentation=documentation if proposed.documentation else None,
        text_edit=types.TextEdit(place, proposed.insert or proposed.label),
        filter_text=proposed.label,
    )


def uri_of(source: Source) -> str:
    """The URI of the file of a source."""
    return Path(source.name).absolute().as_uri()
