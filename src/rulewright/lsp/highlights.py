"""Semantic highlighting: the kind of each token."""

from __future__ import annotations

from typing import NamedTuple

from lsprotocol import types

from ..authoring.highlights import Highlight, HighlightedPart, Highlighter
from ..dsl.source import Source
from .positions import offset_of, position_of
from .rules_server import RulesServer

_TYPES = {
    "comment": types.SemanticTokenTypes.Comment,
    "string": types.SemanticTokenTypes.String,
    "number": types.SemanticTokenTypes.Number,
    "operator": types.SemanticTokenTypes.Operator,
    "keyword": types.SemanticTokenTypes.Keyword,
    "constant": types.SemanticTokenTypes.EnumMember,
    "mapping": types.SemanticTokenTypes.Method,
    "test": types.SemanticTokenTypes.Event,
    "action": types.SemanticTokenTypes.Class,
    "field": types.SemanticTokenTypes.Property,
    "key": types.SemanticTokenTypes.Property,
    "function": types.SemanticTokenTypes.Function,
    "path": types.SemanticTokenTypes.Variable,
    "variable": types.SemanticTokenTypes.Parameter,
}
LEGEND = list(dict.fromkeys(_TYPES.values()))
_NUMBERS = {kind: LEGEND.index(name) for kind, name in _TYPES.items()}


class _Encoded(NamedTuple):
    """The encoded tokens of a part after the first one, whose position counts from the part before."""

    tokens: list[Highlight]
    """Held, so that no other list gets its identity."""
    data: list[int]


def add_highlights(server: RulesServer) -> None:
    """Registers the handlers for semantic tokens."""
    highlighters: dict[str, Highlighter] = {}
    encoded: dict[str, dict[int, _Encoded]] = {}

    def tokens(uri: str, start: int, end: int | None) -> types.SemanticTokens:
        source, tree = server.source(uri), server.tree(uri)
        parts = highlighters.setdefault(uri, Highlighter()).parts(tree, source.text)
        known = encoded.setdefault(uri, {})
        if len(known) > 4 * len(tree.items) + 100:
            known.clear()
        data: list[int] = []
        last = types.Position(0, 0)
        for part in parts:
            if not part.tokens or part.start + part.tokens[-1].end <= start:
                continue
            if end is not None and part.start >= end:
                break
            numbers = known.get(id(part.tokens))
            if numbers is None:
                numbers = known[id(part.tokens)] = _encoded(source, part)
            first = position_of(source, part.start + part.tokens[0].start)
            data += _step(last, first)
            data += numbers.data
            last = position_of(source, part.start + part.tokens[-1].start)
        return types.SemanticTokens(data)

    legend = types.SemanticTokensLegend([kind.value for kind in LEGEND], [])

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def whole(params: types.SemanticTokensParams) -> types.SemanticTokens:
        return tokens(params.text_document.uri, 0, None)

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, legend)
    def ranged(params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
        uri = params.text_document.uri
        source = server.source(uri)
        return tokens(uri, offset_of(source, params.range.start), offset_of(source, params.range.end))


def _encoded(source: Source, part: HighlightedPart) -> _Encoded:
    data: list[int] = []
    last: types.Position | None = None
    for token in part.tokens:
        start = position_of(source, part.start + token.start)
        length = len(source.text[part.start + token.start : part.start + token.end].encode("utf-16-le")) // 2
        data += [*([] if last is None else _step(last, start)), length, _NUMBERS[token.kind], 0]
        last = start
    return _Encoded(part.tokens, data)


def _step(last: types.Position, position: types.Position) -> tuple[int, int]:
    lines = position.line - last.line
    return lines, position.character if lines else position.character - last.character
