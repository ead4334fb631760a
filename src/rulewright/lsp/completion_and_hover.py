"""What can be written at a position, and what is there: completion, hover, signature."""

from __future__ import annotations

import re

from lsprotocol import types

from ..authoring.completion import complete
from ..authoring.cursor import Cursor, call_at
from ..authoring.hover import hover
from ..compiler.resolve.expressions import signature
from ..runtime.functions import FUNCTIONS
from . import conversions
from .positions import offset_of, range_of
from .rules_server import RulesServer, path_of

_WORD = re.compile(r'[\w$-]*"?\Z')


def add_words(server: RulesServer) -> None:
    """Registers the handlers for completion, hover and signatures."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", '"', ">", "$"]))
    def completed(params: types.CompletionParams) -> types.CompletionList:
        uri = params.text_document.uri
        source = server.source(uri)
        offset = offset_of(source, params.position)
        word = _WORD.search(Cursor(source.text, offset).before)
        start = offset - len(word[0].rstrip('"')) if word else offset
        place = range_of(source, start, offset)
        completions = complete(source.text, offset, server.files.knowledge, server.files.mappings(path_of(uri)))
        return types.CompletionList(
            is_incomplete=False, items=[conversions.completion(item, place) for item in completions]
        )

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        source = server.source(params.text_document.uri)
        hovered = hover(source.text, offset_of(source, params.position), server.files.knowledge)
        if hovered is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, hovered.markdown)
        return types.Hover(content, range_of(source, hovered.start, hovered.end))

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(trigger_characters=["(", ","]))
    def signed(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        source = server.source(params.text_document.uri)
        call = call_at(source.text, offset_of(source, params.position))
        function = None if call is None else FUNCTIONS.get(call[0])
        if call is None or function is None:
            return None
        parameters = [types.ParameterInformation(parameter.name) for parameter in function.parameters]
        number = min(call[1], max(len(parameters) - 1, 0))
        shown = types.SignatureInformation(signature(function), function.sentence, parameters, number)
        return types.SignatureHelp([shown], 0, number)
