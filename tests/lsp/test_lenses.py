"""The lines above tests: run one, and see beside it what came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import Editor, with_editor


async def _titles(editor: Editor) -> list[str]:
    lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(editor.document))
    assert lenses is not None
    return [f"{lens.range.start.line}: {lens.command.title}" for lens in lenses if lens.command is not None]


async def _run(editor: Editor) -> dict[str, object]:
    lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(editor.document))
    assert lenses
    command = lenses[0].command
    assert command is not None
    params = types.ExecuteCommandParams(command.command, command.arguments)
    answer = await editor.client.workspace_execute_command_async(params)
    assert isinstance(answer, dict)
    return answer


def test_a_test_is_run_from_the_line_above_it(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        assert await _titles(editor) == ["9: Run this test"]
        answer = await _run(editor)
        assert (answer["passed"], answer["text"]) == (True, "an order: passed")
        assert str(answer["command"]).endswith("shop.rules -k 'an order'")
        assert await _titles(editor) == ["9: ✔ passed · run again"]

        await editor.edit('expect "Orders"', 'expect no "Orders"')
        assert await _titles(editor) == ["9: Run this test"]
        answer = await _run(editor)
        assert answer["passed"] is False
        assert 'expect no "Orders"' in str(answer["text"])
        assert (await _titles(editor))[0].startswith("9: ✘ failed: ")

        await editor.edit("use defaults", "use defaults\n  citty = 1")
        answer = await _run(editor)
        assert "not run: " in str(answer["text"])
        assert "citty" in str(answer["text"])

    with_editor(tmp_path, work)


@pytest.mark.parametrize("place", ["other file", "text", "no name"])
def test_nothing_but_tests_of_open_files_is_run(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret.rules").write_text("a secret")

    async def work(editor: Editor) -> None:
        secret = (tmp_path / "secret.rules").as_uri()
        given = {"other file": {"uri": secret, "name": "a"}, "text": secret, "no name": {"uri": editor.uri}}[place]
        with pytest.raises(JsonRpcException, match="expected"):
            await editor.client.workspace_execute_command_async(
                types.ExecuteCommandParams("rulewright.runTest", [given])
            )

    with_editor(tmp_path, work)


EVENTS = [
    {"type": "track", "event": "Cart Viewed", "userId": "user-1"},
    {"type": "track", "event": "Order Completed", "userId": "user-1", "context": {"location": {"city": "Bonn"}}},
    {"type": "track", "event": "Order Completed", "userId": "user-2"},
]


def test_a_mapping_is_evaluated_on_events_and_values_stand_beside_the_rules(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in EVENTS))

    async def hints(editor: Editor) -> list[str]:
        whole = types.Range(types.Position(0, 0), editor.at("}\n"))
        hints = await editor.client.text_document_inlay_hint_async(types.InlayHintParams(editor.document, whole))
        return [f"{hint.position.line}: {hint.label}" for hint in hints or ()]

    async def evaluated(editor: Editor, event: object) -> dict[str, Any]:
        arguments = [{"uri": editor.uri, "name": "Orders", "event": event}]
        params = types.ExecuteCommandParams("rulewright.evaluate", arguments)
        answer = await editor.client.workspace_execute_command_async(params)
        assert isinstance(answer, dict)
        return answer

    async def work(editor: Editor) -> None:
        assert "2: Evaluate on an event" in await _titles(editor)
        answer = await evaluated(editor, "next")
        assert answer["event"] == 1
        assert "✔ Orders" in answer["text"]
        assert str(answer["command"]).endswith("shop.rules " + str(tmp_path / "events.jsonl") + " --line 2")
        assert await hints(editor) == ["2: takes 2 of 3 events", '6: → "\U0001f600Bonn"']
        titles = await _titles(editor)
        assert "2: ✔ event 2: takes it" in titles
        assert "2: Evaluate on the next event that it takes" in titles

        assert (await evaluated(editor, "next"))["event"] == 2
        assert (await evaluated(editor, "next"))["event"] == 1
        answer = await evaluated(editor, 0)
        assert "is false" in answer["text"]
        assert (await _titles(editor))[1].startswith('2: ✘ event 1: event = "Order Completed" is false')
        assert await hints(editor) == ["2: takes 2 of 3 events"]

        answer = await evaluated(editor, json.dumps(EVENTS[1]))
        assert str(answer["command"]).endswith("shop.rules -")
        assert "not run: " in (await evaluated(editor, "no event"))["text"]
        assert "not run: " in (await evaluated(editor, 99))["text"]
        # A value is shown only beside the text that made it.
        await editor.edit("{{context.location.city}}", "{{context.location.country}}")
        assert not any("Bonn" in hint for hint in await hints(editor))
        with pytest.raises(JsonRpcException, match="expected"):
            await evaluated(editor, None)

    with_editor(tmp_path, work, "--events", str(tmp_path / "events.jsonl"))
