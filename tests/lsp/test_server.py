"""The language server over standard input and output, asked by the protocol's own client."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types

from rulewright.dsl.source import Source
from rulewright.lsp.positions import offset_of, position_of

from .editor import RULES, SERVERS, Editor, with_editor


def test_findings_follow_the_text_with_positions_beside_an_emoji(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        assert editor.findings[editor.uri] == []
        (finding,) = await editor.edit("context.location.city}}", "context.location.ctiy}}")
        assert (finding.code, finding.severity) == ("RW0201", types.DiagnosticSeverity.Warning)
        line = editor.text.split("\n")[finding.range.start.line]
        units = line.encode("utf-16-le")
        assert units[2 * finding.range.start.character : 2 * finding.range.end.character].decode("utf-16-le") == "ctiy"
        assert await editor.edit("ctiy", "city") == []
        codes = [finding.code for finding in await editor.edit("use defaults\n", "use defaults\n  citty = 1\n")]
        assert codes == ["RW0202"]

    with_editor(tmp_path, work)


def test_fixes_are_offered_and_settle_the_finding(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.edit("use defaults", "use defaults\n  languge = context.locale\n  regoin = omit")
        findings = editor.findings[editor.uri]
        place = findings[0].range
        params = types.CodeActionParams(editor.document, place, types.CodeActionContext(findings))
        actions = await editor.client.text_document_code_action_async(params)
        assert actions
        kinds = [action.kind for action in actions if isinstance(action, types.CodeAction)]
        assert kinds == [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
        (last,) = [action for action in actions if action.title == "make all safe changes"]
        assert isinstance(last, types.CodeAction)
        assert last.edit is not None
        assert last.edit.changes is not None
        text = editor.applied(list(last.edit.changes[editor.uri]))
        assert "language = context.locale\n  region = omit" in text

    with_editor(tmp_path, work)


def test_a_fix_is_of_the_text_as_it_is_when_it_is_asked_for(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.edit("use defaults", "use defaults\n  languge = context.locale")
        change = types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(0, 0), types.Position(0, 0)), text="# typed just now\n"
        )
        document = types.VersionedTextDocumentIdentifier(version=99, uri=editor.uri)
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        editor.text = "# typed just now\n" + editor.text
        whole = types.Range(types.Position(0, 0), editor.at("}\n"))
        params = types.CodeActionParams(editor.document, whole, types.CodeActionContext([]))
        actions = await editor.client.text_document_code_action_async(params)
        assert actions
        action = actions[0]
        assert isinstance(action, types.CodeAction)
        assert action.edit is not None
        assert action.edit.changes is not None
        assert "\n  language = context.locale\n" in editor.applied(list(action.edit.changes[editor.uri]))

    with_editor(tmp_path, work)


def test_words_are_completed_explained_and_signed(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        position = editor.at("context.location.")
        params = types.CompletionParams(editor.document, position)
        completed = await editor.client.text_document_completion_async(params)
        assert isinstance(completed, types.CompletionList)
        assert {"city", "country"} <= {item.label for item in completed.items}
        hovered = await editor.client.text_document_hover_async(types.HoverParams(editor.document, editor.at("  ci")))
        assert hovered is not None
        assert isinstance(hovered.contents, types.MarkupContent)
        assert "**City**" in hovered.contents.value
        await editor.edit("city = ", "city = replace(traits.city, ")
        signed = await editor.client.text_document_signature_help_async(
            types.SignatureHelpParams(editor.document, editor.at("replace(traits.city, "))
        )
        assert signed is not None
        assert (signed.signatures[0].label.startswith("replace("), signed.active_parameter) == (True, 1)

    with_editor(tmp_path, work)


def test_places_are_found_and_renamed_together(tmp_path: Path) -> None:
    (tmp_path / "shop.test.rules").write_text('test "b" {\n  given { "type": "track" }\n  expect no "Orders"\n}\n')

    async def work(editor: Editor) -> None:
        at = editor.at('expect "Ord')
        answer = await editor.client.text_document_definition_async(types.DefinitionParams(editor.document, at))
        assert isinstance(answer, list | tuple)
        (defined,) = answer
        assert isinstance(defined, types.Location)
        assert defined.range.start.line == 2
        context = types.ReferenceContext(include_declaration=True)
        referred = await editor.client.text_document_references_async(
            types.ReferenceParams(context, editor.document, at)
        )
        assert [Path(reference.uri).name for reference in referred or ()] == [
            "shop.rules",
            "shop.rules",
            "shop.test.rules",
        ]
        renamed = await editor.client.text_document_rename_async(types.RenameParams(editor.document, at, 'All "o"'))
        assert renamed is not None
        assert renamed.changes is not None
        text = editor.applied(list(renamed.changes[editor.uri]))
        assert text.count(r'"All \"o\""') == 2
        assert len(renamed.changes) == 2
        symbols = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(editor.document))
        assert [(symbol.name, len(getattr(symbol, "children", None) or ())) for symbol in symbols or ()] == [
            ("amplitude", 0),
            ("Orders", 2),
            ("an order", 0),
        ]
        folded = await editor.client.text_document_folding_range_async(types.FoldingRangeParams(editor.document))
        assert [(fold.start_line, fold.end_line) for fold in folded or ()] == [(2, 7), (9, 12)]

    with_editor(tmp_path, work)


def test_a_file_is_formatted_and_one_with_errors_is_left_alone(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.edit("  use defaults", "     use defaults")
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        params = types.DocumentFormattingParams(editor.document, options)
        edits = await editor.client.text_document_formatting_async(params)
        assert "\n  use defaults\n" in editor.applied(list(edits or ()))
        await editor.edit("use defaults", "use defaults (")
        assert not await editor.client.text_document_formatting_async(params)

    with_editor(tmp_path, work)


def test_recorded_events_are_known(tmp_path: Path) -> None:
    event = {"type": "track", "event": "Order Completed", "userId": "user-1", "properties": {"own_key": 1}}
    (tmp_path / "events.jsonl").write_text(json.dumps(event) + "\n")

    async def work(editor: Editor) -> None:
        await editor.edit("user_properties = omit", "user_properties = omit\n  region = properties.own_kye")
        # Recorded events are looked at after a second of silence, and what is found without them is told first.
        while {finding.code for finding in editor.findings[editor.uri]} != {"RW0213"}:
            await editor.told()
        position = editor.at("properties.own_")
        completed = await editor.client.text_document_completion_async(
            types.CompletionParams(editor.document, position)
        )
        assert isinstance(completed, types.CompletionList)
        (item,) = [item for item in completed.items if item.label == "own_key"]
        assert item.text_edit is not None
        assert "properties.own_keykye" in editor.applied([item.text_edit])

    with_editor(tmp_path, work, "--events", str(tmp_path / "events.jsonl"))


def test_a_fragment_is_checked_by_the_file_that_includes_it(tmp_path: Path) -> None:
    (tmp_path / "main.rules").write_text('destination amplitude\n\ninclude "shop.rules"\n')

    async def work(editor: Editor) -> None:
        assert editor.findings[editor.uri] == []
        (finding,) = await editor.edit("use defaults", "use defaults\n  citty = 1")
        assert finding.code == "RW0202"

    with_editor(tmp_path, work, text=RULES.replace("destination amplitude\n\n", ""))


def test_findings_follow_files_that_are_not_open(tmp_path: Path) -> None:
    """A branch is checked out, or a plan is exported again, while the editor shows rules that depend on it."""
    included = 'mapping "Pages" -> logEventV2 {\n  when type = "page"\n  use defaults\n  event_type = name\n}\n'
    (tmp_path / "pages.rules").write_text(included)
    plan = '{"type": "object", "properties": {"event": {"enum": ["Order Completed"]}}}'
    (tmp_path / "plan.json").write_text(plan)
    text = RULES.replace("amplitude\n", 'amplitude\ninclude "pages.rules"\nsource schema "plan.json"\n', 1)

    async def work(editor: Editor) -> None:
        before = editor.findings[editor.uri]
        same_name = included.replace('"Pages"', '"Orders"')
        codes = {finding.code for finding in await editor.changed_on_disk(tmp_path / "pages.rules", same_name)}
        assert codes != {finding.code for finding in before}
        assert await editor.changed_on_disk(tmp_path / "pages.rules", included) == before
        other_plan = plan.replace("Order Completed", "Order Paid")
        codes = {finding.code for finding in await editor.changed_on_disk(tmp_path / "plan.json", other_plan)}
        assert "RW0412" in codes
        assert await editor.changed_on_disk(tmp_path / "plan.json", plan) == before

    with_editor(tmp_path, work, text=text)


def test_an_editor_is_asked_to_watch_what_findings_depend_on(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        pass

    with_editor(tmp_path, work)
    options = SERVERS[()].registered[types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
    assert [watcher["globPattern"] for watcher in options["watchers"]] == ["**/*.{rules,json,jsonl,toml}"]


@pytest.mark.parametrize("text", ["", "a\U0001f600b\n\nc", "\U0001f600"])
def test_positions_and_offsets_agree(text: str) -> None:
    source = Source("", text)
    for offset in range(len(text) + 1):
        assert offset_of(source, position_of(source, offset)) == offset
    assert offset_of(source, types.Position(99, 99)) == len(text)
