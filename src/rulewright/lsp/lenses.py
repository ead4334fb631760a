"""Lines above the tests of a file: run this one, and what came of it since the text is as it is."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from ..authoring.symbols import outline
from ..authoring.test_runs import TestRun, TestRunner
from .positions import position_of
from .rules_server import RulesServer, path_of

RUN_TEST = "rulewright.runTest"
_MARKS = {True: "✔", False: "✘"}


def add_lenses(server: RulesServer) -> None:
    """Has the server answer them."""
    runner = TestRunner()

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        uri = params.text_document.uri
        source = server.source(uri)
        tests = [symbol for symbol in outline(server.tree(uri)) if symbol.kind == "test"]
        return [
            _lens(uri, test.name, position_of(source, test.span.start), server.ran.get((uri, test.name)))
            for test in tests
        ]

    @server.command(RUN_TEST)
    async def run(given: Any) -> dict[str, Any]:
        uri, name = _test(server, given)
        texts, changes = server.files.texts(), server.changes
        loop, work = asyncio.get_running_loop(), contextvars.copy_context().run
        run: TestRun = await loop.run_in_executor(server.background, work, runner.run, path_of(uri), name, texts)
        if server.changes == changes:
            server.ran[uri, name] = run
            _refresh(server)
        kind = types.MessageType.Info if run.passed else types.MessageType.Warning
        server.window_show_message(types.ShowMessageParams(kind, run.text))
        return {"passed": run.passed, "text": run.text, "command": run.command}


def _test(server: RulesServer, given: Any) -> tuple[str, str]:
    """Address and name of a test in an open file: nothing else is read."""
    uri, name = (given.get("uri"), given.get("name")) if isinstance(given, dict) else (None, None)
    if not isinstance(uri, str) or not isinstance(name, str) or uri not in server.workspace.text_documents:
        raise JsonRpcInvalidParams("expected {uri, name} of a test in an open file")
    return uri, name


def _lens(uri: str, name: str, at: types.Position, run: TestRun | None) -> types.CodeLens:
    title = "Run this test" if run is None else f"{_MARKS[run.passed]} {run.sentence} · run again"
    command = types.Command(title, RUN_TEST, arguments=[{"uri": uri, "name": name}])
    return types.CodeLens(types.Range(at, at), command)


def _refresh(server: RulesServer) -> None:
    """The editor asks for the lenses again, where it can."""
    of_workspace = server.client_capabilities.workspace
    if of_workspace is not None and of_workspace.code_lens is not None and of_workspace.code_lens.refresh_support:
        server.workspace_code_lens_refresh(None)
