"""What is found of rules, in the words of the protocol."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from ..authoring.completion import Completion
from ..authoring.symbols import Symbol
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


def diagnostic(found: Diagnostic) -> types.Diagnostic:
    """A finding with its code, its help, and the other places that belong to it."""
    text = [found.message, *(f"example: {found.example}" for _ in (1,) if found.example)]
    text += [f"help: {sentence}" for sentence in found.help]
    others = [
        types.DiagnosticRelatedInformation(
            types.Location(uri_of(other.span.source), range_of_span(other.span)), other.text or "see also"
        )
        for other in found.others
        if other.span.source.text
    ]
    return types.Diagnostic(
        range=range_of_span(found.span),
        message="\n".join(text),
        severity=SEVERITIES[found.severity],
        code=found.code,
        source="rulewright",
        related_information=others or None,
    )


def symbol(found: Symbol) -> types.DocumentSymbol:
    """An item of the outline."""
    return types.DocumentSymbol(
        name=found.name or "(no name)",
        kind=_SYMBOLS[found.kind],
        range=range_of_span(found.span),
        selection_range=range_of_span(found.name_span),
        detail=found.detail,
        children=[symbol(child) for child in found.children],
    )


def completion(found: Completion, place: types.Range) -> types.CompletionItem:
    """One thing that can be written, in place of the word before the cursor."""
    documentation = types.MarkupContent(types.MarkupKind.Markdown, found.documentation)
    return types.CompletionItem(
        label=found.label,
        kind=_COMPLETIONS[found.kind],
        detail=found.detail or None,
        documentation=documentation if found.documentation else None,
        text_edit=types.TextEdit(place, found.insert or found.label),
        filter_text=found.label,
    )


def uri_of(source: Source) -> str:
    """The address of a source's file."""
    return Path(source.name).absolute().as_uri()
