"""Code actions other than fixes: write missing tests, translate pasted JSON, extract repeated values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from ..authoring.cursor import Cursor
from ..authoring.evaluation.missing_tests import missing_tests
from ..authoring.pasted_json import translations
from ..authoring.repeated_values import extractions
from ..dsl.rule_error import RuleError
from ..dsl.source import Source
from ..loading.pipeline import SettingsRefused
from .positions import range_of, range_of_span
from .rules_server import RulesServer, path_of

WRITE_TESTS = "rulewright.writeMissingTests"
TRANSLATE = "rulewright.translateJson"
_TESTS = "write the missing tests here"


def add_suggestions(server: RulesServer) -> None:
    """Registers the handlers of the commands."""

    @server.command(WRITE_TESTS)
    async def write(given: Any) -> dict[str, Any]:
        """Puts tests for what is not tested yet at the end of an open file."""
        uri = server.open_file(given, "{uri} of an open file")
        changes = server.changes
        try:
            missing = await server.aside(missing_tests, path_of(uri), server.files.texts())
        except RuleError as error:
            return _told(server, f"no tests were written: {error.first}", "")
        except SettingsRefused as error:
            return _told(server, f"no tests were written: {error}", "")
        if server.changes != changes:
            return _told(server, "no tests were written: the text has changed meanwhile", "")
        if missing.text:
            edits = {uri: [_at_end(server.source(uri), missing.text)]}
            await server.workspace_apply_edit_async(
                types.ApplyWorkspaceEditParams(types.WorkspaceEdit(changes=edits), _TESTS)
            )
        return _told(server, missing.sentence, missing.text)

    @server.command(TRANSLATE)
    def translate(given: Any) -> list[dict[str, str]]:
        """What JSON, for example on the clipboard, can become in an open file."""
        expected = "{uri, json} for an open file"
        uri = server.open_file(given, expected)
        text = given.get("json")
        if not isinstance(text, str):
            raise JsonRpcInvalidParams(f"expected {expected}")
        translated = translations(text, 0, 0, Cursor(server.source(uri).text, 0).destination)
        return [{"title": translation.sentence, "text": translation.text} for translation in translated]


def suggested_actions(server: RulesServer, uri: str, start: int, end: int) -> Iterator[types.CodeAction]:
    """The code actions for a selection, from `start` to `end` in characters."""
    source, tree = server.source(uri), server.tree(uri)
    for translation in translations(source.text, start, end, Cursor(source.text, 0).destination):
        edit = types.TextEdit(range_of(source, translation.start, translation.end), translation.text)
        yield _action(uri, translation.sentence, types.CodeActionKind.RefactorRewrite, edit)
    for extraction in extractions(tree, start):
        edit = types.TextEdit(range_of_span(extraction.span), extraction.text)
        yield _action(uri, extraction.sentence, types.CodeActionKind.RefactorExtract, edit)
    command = types.Command(_TESTS, WRITE_TESTS, arguments=[{"uri": uri}])
    yield types.CodeAction(_TESTS, types.CodeActionKind.Source, command=command)


def _action(uri: str, title: str, kind: types.CodeActionKind, edit: types.TextEdit) -> types.CodeAction:
    return types.CodeAction(title, kind, edit=types.WorkspaceEdit(changes={uri: [edit]}))


def _at_end(source: Source, text: str) -> types.TextEdit:
    before = source.text
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    return types.TextEdit(range_of(source, len(before), len(before)), gap + text)


def _told(server: RulesServer, sentence: str, text: str) -> dict[str, Any]:
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, sentence))
    return {"text": text, "sentence": sentence}
