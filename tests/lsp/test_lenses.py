"""The lines above tests: run one, and see beside it what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .test_server import Editor, with_editor


async def _titles(editor: Editor) -> list[str]:
    lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(editor.document))
    assert lenses is not None
    return [f"{one.range.start.line}: {one.command.title}" for one in lenses if one.command is not None]


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
