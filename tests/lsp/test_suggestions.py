"""Code actions beside fixes, and what an editor colors, selects, formats and finds by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import RULES, Editor, with_editor

VARIABLES = RULES.replace("user_properties = omit", "user_properties = { all: [p.id for p in traits.list] }")


async def _actions(editor: Editor, at: str, only: list[str] | None = None) -> list[Any]:
    place = types.Range(editor.at(at), editor.at(at))
    context = types.CodeActionContext([], only=only)
    actions = await editor.client.text_document_code_action_async(
        types.CodeActionParams(editor.document, place, context)
    )
    return list(actions or ())


def _text(editor: Editor, action: types.CodeAction) -> str:
    assert action.edit is not None
    assert action.edit.changes is not None
    return editor.applied(list(action.edit.changes[editor.uri]))


def test_pasted_json_and_repeated_comparisons_are_rewritten(tmp_path: Path) -> None:
    event = json.dumps({"type": "track", "event": "Cart Viewed"})

    async def work(editor: Editor) -> None:
        await editor.edit("\ntest", f"\n{event}\n\ntest")
        suggestions = {action.title: action for action in await _actions(editor, '"type": "tra', ["refactor"])}
        mapping = _text(editor, suggestions["write a mapping for events like this one"])
        assert '}\n\nmapping "Cart Viewed" -> logEventV2 {\n' in mapping
        assert 'test "Cart Viewed" {' in _text(editor, suggestions["write a test with this event"])

        await editor.edit('event = "Order Completed"', '(event = "A" or event = "B")')
        (extraction,) = await _actions(editor, 'event = "A', ["refactor.extract"])
        assert 'when type = "track" and (event in ["A", "B"])' in _text(editor, extraction)

        params = types.ExecuteCommandParams("rulewright.translateJson", [{"uri": editor.uri, "json": event}])
        answer: Any = await editor.client.workspace_execute_command_async(params)
        assert [suggestion["title"] for suggestion in answer] == list(suggestions)
        bad = types.ExecuteCommandParams("rulewright.translateJson", [{"uri": "file:///other", "json": event}])
        with pytest.raises(JsonRpcException, match="expected"):
            await editor.client.workspace_execute_command_async(bad)

    with_editor(tmp_path, work)


def test_missing_tests_are_written_at_the_end(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        applied: list[types.ApplyWorkspaceEditParams] = []

        @editor.client.feature(types.WORKSPACE_APPLY_EDIT)  # type: ignore[untyped-decorator]
        def applying(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            applied.append(params)
            return types.ApplyWorkspaceEditResult(applied=True)

        titles = [action.title for action in await _actions(editor, "city", ["source"])]
        assert titles == ["write the missing tests here"]
        params = types.ExecuteCommandParams("rulewright.writeMissingTests", [{"uri": editor.uri}])
        answer: Any = await editor.client.workspace_execute_command_async(params)
        (edit,) = applied
        assert edit.edit.changes is not None
        text = editor.applied(list(edit.edit.changes[editor.uri]))
        assert text.startswith(editor.text + "\n# Suggested by `rulewright test --suggest`")
        assert 'test "Orders: ' in text
        assert "for what is not tested yet" in answer["sentence"]
        await editor.edit(editor.text, text)
        answer = await editor.client.workspace_execute_command_async(params)
        assert answer["sentence"] == "no test is missing"
        await editor.edit("use defaults", "use defaults (")
        answer = await editor.client.workspace_execute_command_async(params)
        assert answer["sentence"].startswith("no tests were written: ")

    with_editor(tmp_path, work)


def test_variables_are_found_and_renamed_inside_their_comprehension(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        at = editor.at("all: [p")
        defined: Any = await editor.client.text_document_definition_async(types.DefinitionParams(editor.document, at))
        assert defined[0].range.start == editor.at("p.id for ")
        for declaration, count in ((True, 2), (False, 1)):
            params = types.ReferenceParams(types.ReferenceContext(declaration), editor.document, at)
            assert len(await editor.client.text_document_references_async(params) or ()) == count
        prepared: Any = await editor.client.text_document_prepare_rename_async(
            types.PrepareRenameParams(editor.document, at)
        )
        assert prepared.placeholder == "p"
        renamed = await editor.client.text_document_rename_async(types.RenameParams(editor.document, at, "product"))
        assert renamed is not None
        assert renamed.changes is not None
        assert "[product.id for product in traits.list]" in editor.applied(list(renamed.changes[editor.uri]))
        with pytest.raises(JsonRpcException, match="expected a name"):
            await editor.client.text_document_rename_async(types.RenameParams(editor.document, at, "a b"))

    with_editor(tmp_path, work, text=VARIABLES)


def test_tokens_selections_ranges_and_names(tmp_path: Path) -> None:
    (tmp_path / "other.rules").write_text('destination amplitude\n\nmapping "Order returns" -> logEventV2 {}\n')

    async def work(editor: Editor) -> None:
        legend = await editor.client.text_document_semantic_tokens_full_async(
            types.SemanticTokensParams(editor.document)
        )
        assert legend is not None
        assert len(legend.data) % 5 == 0
        line = character = 0
        lines = [text.encode("utf-16-le") for text in editor.text.split("\n")]
        words = []
        for step, column, length, _, _ in zip(*[iter(legend.data)] * 5, strict=True):
            line, character = line + step, column if step else character + column
            words.append(lines[line][2 * character : 2 * (character + length)].decode("utf-16-le"))
        assert words[:6] == ["destination", "amplitude", "mapping", '"Orders"', "->", "logEventV2"]
        assert '"\U0001f600{{' in words
        assert "context.location.city" in words
        part = types.Range(types.Position(9, 0), types.Position(12, 1))
        some = await editor.client.text_document_semantic_tokens_range_async(
            types.SemanticTokensRangeParams(editor.document, part)
        )
        assert some is not None
        assert list(some.data[2:]) == list(legend.data[-len(some.data) + 2 :])

        grown = await editor.client.text_document_selection_range_async(
            types.SelectionRangeParams(editor.document, [editor.at("context.loc")])
        )
        assert grown
        assert (grown[0].range.start, grown[0].range.end) == (editor.at("{{"), editor.at("location.city"))
        assert grown[0].parent is not None

        for query, names in (("", 3), ("ORDER", 3), ("returns", 1), ("an order", 1)):
            symbols = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(query))
            assert len(symbols or ()) == names, query

        await editor.edit("  use defaults", "     use defaults")
        await editor.edit("  expect", "     expect")
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        place = types.Range(editor.at("use"), editor.at("use"))
        edits = await editor.client.text_document_range_formatting_async(
            types.DocumentRangeFormattingParams(editor.document, place, options)
        )
        text = editor.applied(list(edits or ()))
        assert "\n  use defaults\n" in text
        assert "\n     expect" in text

    with_editor(tmp_path, work)


def test_a_file_with_windows_line_ends_is_fixed_at_the_right_place(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        (finding,) = await editor.edit("city = ", "citty = ")
        assert finding.code_description is not None
        assert finding.code_description.href.endswith("RW0202.md")
        lines = editor.text.split("\n")
        assert lines[finding.range.start.line][finding.range.start.character :].startswith("citty")
        action = (await _actions(editor, "cit", ["quickfix"]))[0]
        (edit,) = action.edit.changes[editor.uri]
        assert (edit.range, edit.new_text) == (finding.range, "city")

    with_editor(tmp_path, work, text=RULES.replace("\n", "\r\n"))
