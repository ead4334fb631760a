"""Translates pasted JSON, an event or Segment's settings, to rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..dsl import ast
from ..dsl.format.printer import item_to_text
from ..dsl.rule_error import RuleError
from ..dsl.syntax.strings import quote
from ..files.file_access import shipped_rules
from ..files.json_text import JsonProblem, decode
from ..loading.expressions import compile_trigger
from ..runtime.destinations import DESTINATIONS
from ..runtime.semantics.event import Event
from ..segment.import_subscriptions import import_file
from ..segment.mappings.import_mapping import import_mapping
from ..segment.problems import SegmentFormatError
from ..segment.subscriptions import looks_like_mapping
from ..testing.literals import is_writable, literal
from .symbols import tree_of

TYPES = ("track", "page", "screen", "identify", "group", "alias")
MOST_LEVELS = 1_000
_OPENING = re.compile(r"^[ \t]*(?=[{\[])", re.MULTILINE)
_DESTINATION = re.compile(r"^destination \w+\n+", re.MULTILINE)
_NEAR = 200_000
"""Characters before and behind a place in which JSON around it is looked for."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What pasted JSON can become, as an imperative sentence, and its place in the text."""

    sentence: str
    start: int
    end: int
    text: str


def translations(text: str, start: int, end: int, destination: str | None) -> Iterator[Translation]:
    """What the JSON around a place, or in a selection, can become; nothing where there is none."""
    for first, last, value in _json_around(text, start, end):
        translated = [Translation(sentence, first, last, rules) for sentence, rules in _rules(value, destination)]
        if translated:
            yield from translated
            return


def _json_around(text: str, start: int, end: int) -> Iterator[tuple[int, int, Any]]:
    """The JSON documents that begin at a line's first character and hold a place; the outermost is first."""
    near = max(0, start - _NEAR)
    if '"' not in text[near : end + _NEAR]:
        return
    decoder = json.JSONDecoder()
    line_end = text.find("\n", start)
    for opening in _OPENING.finditer(text, near, len(text) if line_end < 0 else line_end):
        first = opening.end()
        try:
            _, last = decoder.raw_decode(text[: end + _NEAR], first)
            if last >= end:
                yield first, last, decode(text[first:last], MOST_LEVELS)
        except (ValueError, JsonProblem, RecursionError):
            continue


def _rules(value: Any, destination: str | None) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value.get("type") in TYPES:
        yield "write a mapping for events like this one", mapping_for(value, destination)
        if is_writable(value):
            yield "write a test with this event", test_with(value)
        return
    try:
        if looks_like_mapping(value):
            yield "translate this mapping of Segment", import_mapping(value)
        else:
            text = import_file(value).text
            rules = text if destination is None else _DESTINATION.sub("", text)
            yield "translate these mappings of Segment", rules.rstrip("\n")
    except (SegmentFormatError, RuleError):
        return


def mapping_for(event: dict[str, Any], destination: str | None) -> str:
    """A mapping that takes events of the same type and name, by the action that is meant for them."""
    kind, name = str(event["type"]), event.get("event")
    named = kind == "track" and isinstance(name, str) and name != ""
    condition = f'type = "{kind}"' + (f" and event = {quote(str(name))}" if named else "")
    title = str(name) if named else f"{kind.capitalize()} calls"
    return f"mapping {quote(title)} -> {_action_for(event, destination)} {{\n  when {condition}\n  use defaults\n}}"


def test_with(event: dict[str, Any]) -> str:
    """A test of the event; it expects `nothing`, for an author to replace."""
    name = event.get("event") if event["type"] == "track" else None
    title = name if isinstance(name, str) and name else str(event["type"])
    return item_to_text(ast.Test(title, (ast.Given(literal(event)), ast.Expect("nothing"))))


def _action_for(event: dict[str, Any], destination: str | None) -> str:
    """The action of the preset that takes the event, among the actions whose own trigger is the most specific."""
    known = DESTINATIONS.get(destination or "") or next(iter(DESTINATIONS.values()))
    taking = {name: action.trigger for name, action in known.actions.items() if _takes(action.trigger, event)}
    specific = min((trigger.count(" or ") for trigger in taking.values()), default=0)
    taking = {name: trigger for name, trigger in taking.items() if trigger.count(" or ") == specific}
    presets = (action for action, trigger in _presets(known.name) if action in taking and _takes(trigger, event))
    return next(presets, None) or next(iter(taking or known.actions))


def _takes(trigger: str, event: dict[str, Any]) -> bool:
    return bool(trigger) and _compiled(trigger)(event)


@cache
def _compiled(trigger: str) -> Callable[[Event], bool]:
    """Of an action or a preset: an editor asks again at every place of the cursor."""
    return compile_trigger(trigger)


@cache
def _presets(destination: str) -> list[tuple[str, str]]:
    """The actions and triggers of the presets that ship for a destination."""
    path = shipped_rules() / destination / "presets.rules"
    tree = tree_of(path.read_text(encoding="utf-8") if path.exists() else "")
    return [
        (item.action, statement.condition.span.text)
        for item in tree.items
        if isinstance(item, ast.Mapping)
        for statement in item.body
        if isinstance(statement, ast.When)
    ]
