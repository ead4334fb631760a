"""Lenses above tests: run the test, and show its result until the text changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from ..authoring.evaluation.test_runs import TestRun, TestRunner
from ..authoring.symbols import outline
from .event_lenses import event_lenses
from .positions import position_of
from .rules_server import RulesServer, path_of

RUN_TEST = "rulewright.runTest"
_MARKS = {True: "✔", False: "✘"}


def add_lenses(server: RulesServer) -> None:
    """Registers the handlers for lenses above tests."""
    runner = TestRunner()

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        uri = params.text_document.uri
        return [*_test_lenses(server, uri), *event_lenses(server, uri)]

    @server.command(RUN_TEST)
    async def run(given: Any) -> dict[str, Any]:
        uri, name = _test(server, given)
        texts, changes = server.files.texts(), server.changes
        test_run = await server.aside(runner.run, path_of(uri), name, texts)
        if server.changes == changes:
            server.ran[uri, name] = test_run
            server.refresh()
        kind = types.MessageType.Info if test_run.passed else types.MessageType.Warning
        server.window_show_message(types.ShowMessageParams(kind, f"{test_run.text}\n\n{test_run.command}"))
        return {"passed": test_run.passed, "text": test_run.text, "command": test_run.command}


def _test(server: RulesServer, given: Any) -> tuple[str, str]:
    """Address and name of a test in an open file: nothing else is read."""
    wanted = "{uri, name} of a test in an open file"
    uri = server.open_file(given, wanted)
    name = given.get("name")
    if not isinstance(name, str):
        raise JsonRpcInvalidParams(f"expected {wanted}")
    return uri, name


def _test_lenses(server: RulesServer, uri: str) -> Iterator[types.CodeLens]:
    source = server.source(uri)
    for symbol in outline(server.tree(uri)):
        if symbol.kind == "test":
            yield _lens(uri, symbol.name, position_of(source, symbol.span.start), server.ran.get((uri, symbol.name)))


def _lens(uri: str, name: str, at: types.Position, test_run: TestRun | None) -> types.CodeLens:
    title = "Run this test" if test_run is None else f"{_MARKS[test_run.passed]} {test_run.sentence} · run again"
    command = types.Command(title, RUN_TEST, arguments=[{"uri": uri, "name": name}])
    return types.CodeLens(types.Range(at, at), command)
