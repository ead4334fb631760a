"""Lenses and hints from recorded events: run an event above its mapping; show values and counts beside rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from ..authoring.evaluation.event_runs import Chosen, Look, taken_text
from ..authoring.symbols import Symbol, outline
from ..dsl import ast
from ..dsl.rule_error import RuleError
from ..loading.pipeline import SettingsRefused
from .positions import position_of, range_of_span
from .rules_server import RulesServer, path_of

EVALUATE = "rulewright.evaluate"
NEXT = "next"
"""In place of an event: the next one that the mapping takes."""


def add_events(server: RulesServer) -> None:
    """Registers the handlers for lenses and hints."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hinted(params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        look = server.looks.get(server.files.root_of(path_of(uri)))
        if look is None:
            return []
        hints = (hint for item in server.tree(uri).items for hint in _hints(item, look))
        return [hint for hint in hints if params.range.start.line <= hint.position.line <= params.range.end.line]

    @server.command(EVALUATE)
    async def evaluate(given: Any) -> dict[str, Any]:
        """What the rules make of an event: by its number from 0, as JSON text, or the next that a mapping takes."""
        uri, name, event = _asked(server, given)
        root, texts = server.files.root_of(path_of(uri)), server.files.texts()
        try:
            if event == NEXT:
                event = await _next(server, root, name)
            run = await server.aside(server.runs_on_events().run, root, texts, event)
        except RuleError as error:
            return _answer(server, f"not run: {error.first}", None)
        except (SettingsRefused, ValueError, IndexError) as error:
            return _answer(server, f"not run: {error}", None)
        server.chosen = event
        await server.look(uri)
        return {**_answer(server, f"{run.event}:\n{run.text}", run.command), "event": event}


def event_lenses(server: RulesServer, uri: str) -> Iterator[types.CodeLens]:
    """Above each mapping: what it does with the chosen event, and the next event that it takes."""
    if server.runs is None:
        return
    source = server.source(uri)
    look = server.looks.get(server.files.root_of(path_of(uri)), Look())
    for symbol in outline(server.tree(uri)):
        if symbol.kind == "mapping":
            at = position_of(source, symbol.span.start)
            for title, event in _offers(server, symbol, look):
                arguments = [{"uri": uri, "name": symbol.name, "event": event}]
                yield types.CodeLens(types.Range(at, at), types.Command(title, EVALUATE, arguments=arguments))


def _offers(server: RulesServer, symbol: Symbol, look: Look) -> Iterator[tuple[str, Chosen]]:
    """The lenses of a mapping, by their titles."""
    if server.chosen is not None:
        number = f"event {server.chosen + 1:,}" if isinstance(server.chosen, int) else "this event"
        sentence = look.sentences.get(symbol.name, "")
        yield f"{sentence[:1]} {number}: {sentence[2:]}" if sentence else f"Evaluate on {number}", server.chosen
    yield "Evaluate on the next event that it takes" if server.chosen is not None else "Evaluate on an event", NEXT


async def _next(server: RulesServer, root: Path, name: str) -> int:
    """The number of the next event. Raises ValueError where the mapping takes none."""
    after = server.chosen if isinstance(server.chosen, int) else -1
    number = await server.aside(server.runs_on_events().next_taken, root, server.files.texts(), name, after)
    if number is None:
        raise ValueError(f'"{name}" takes none of the recorded events')
    return number


def _asked(server: RulesServer, given: Any) -> tuple[str, str, Chosen]:
    """Address, mapping and event: nothing but open files is read."""
    wanted = "{uri, name, event} of a mapping in an open file"
    uri = server.open_file(given, wanted)
    name, event = given.get("name", ""), given.get("event", NEXT)
    if not isinstance(name, str) or type(event) not in (int, str):
        raise JsonRpcInvalidParams(f"expected {wanted}")
    return uri, name, event


def _answer(server: RulesServer, text: str, command: str | None) -> dict[str, Any]:
    shown = text if command is None else f"{text}\n\n{command}"
    kind = types.MessageType.Warning if command is None else types.MessageType.Info
    server.window_show_message(types.ShowMessageParams(kind, shown))
    return {"text": text, "command": command}


def _hints(item: ast.Item, look: Look) -> Iterator[types.InlayHint]:
    if not isinstance(item, ast.Mapping) or item.name not in look.taken:
        return
    yield _hint(range_of_span(item.action_span).end, f"takes {taken_text(look, item.name)}")
    for statement in item.body:
        if isinstance(statement, ast.Assign):
            text, value = look.values.get((item.name, statement.field), ("", ""))
            # A value is shown only beside the text that made it.
            if text and text == statement.value.span.text:
                yield _hint(range_of_span(statement.value.span).end, f"→ {value}")


def _hint(position: types.Position, label: str) -> types.InlayHint:
    return types.InlayHint(position, label, padding_left=True)
