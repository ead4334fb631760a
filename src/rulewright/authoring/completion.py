"""Completion: the words that can be written at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..compiler.catalog import DestinationSchema
from ..compiler.resolve.expressions import signature
from ..dsl.syntax.paths import is_bare_key, path_steps
from ..dsl.syntax.strings import quote
from ..loading.catalog import catalog
from ..runtime.destinations import DESTINATIONS
from ..runtime.functions import FUNCTIONS
from .cursor import PATH_LIKE, Cursor
from .knowledge import Knowledge

CompletionKind = Literal["keyword", "field", "function", "path", "value", "action", "mapping"]

_ITEMS = {
    "language": "the version of the language",
    "destination": "the destination of all mappings",
    "mapping": 'mapping "Name" -> action { … }',
    "disabled mapping": "a mapping that is checked and never runs",
    "test": 'test "what holds" { given … expect … }',
    "law": 'law "what always holds" { for any event where … expect … }',
    "drop": "take paths out, or drop events that meet a condition",
    "keep": "keep some paths of an object alone",
    "settings": "settings of the destination",
    "include": "the rules of another file",
    "source schema": "a tracking plan",
}
_STATEMENTS = {
    "when": "which events the mapping takes",
    "use defaults": "the action's default for every other field",
    "on conflict": "plain user properties beside operations: fold, split or reject",
}
_OF_TESTS = {
    "given": "the event",
    "case": "one row of a table",
    "expect": "what must come of the event",
}
_OF_LAWS = {
    "for any event": "which events it holds for: all, or those `where` a condition holds",
    "expect": "what must come of each of them",
}
_POLICIES = {
    "fold": "plain properties move into `$set`",
    "split": "two requests",
    "reject": "the mapping fails for the event",
}
_WORDS = ("and", "or", "in", "true", "false", "null", "omit")
_PATH_BEFORE = re.compile(rf"(?P<above>\$|{PATH_LIKE})\.(?P<word>[\w$-]*)$")
_VALUE_BEFORE = re.compile(r'(?P<path>[\w.$]+)\s*(?:=|!=|in\s*\[(?:[^\]]*,)?)\s*"(?P<word>[^"]*)$')


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that can be written; `insert` replaces the word before the place."""

    label: str
    kind: CompletionKind
    detail: str = ""
    documentation: str = ""
    insert: str = ""


def complete(text: str, offset: int, known: Knowledge, mappings: Iterable[str] = ()) -> list[Completion]:
    """The completions at an offset; none in a comment. `mappings` are the names that a test may expect."""
    at = Cursor(text, offset)
    if at.is_in_comment:
        return []
    return list(_in_text(at, known, mappings) if at.is_in_text else _outside(at, known))


def _in_text(at: Cursor, known: Knowledge, mappings: Iterable[str]) -> Iterator[Completion]:
    if "{{" in at.before.rpartition("}}")[2].rpartition('"')[2]:
        yield from _expression(at, known)
    elif re.search(r'\bexpect\s+(?:no\s+|failure\s+)?"[^"]*$', at.before):
        yield from (Completion(name, "mapping") for name in dict.fromkeys(mappings))
    elif (match := _VALUE_BEFORE.search(at.before)) is not None:
        steps = tuple(map(str, path_steps(match["path"])[1]))
        yield from (Completion(value, "value") for value in known.values(steps))


def _outside(at: Cursor, known: Knowledge) -> Iterator[Completion]:
    kind, _ = at.item()
    destination = catalog().destinations.get(at.destination or "")
    is_word = re.fullmatch(r"\s*[\w ]*", at.before) is not None
    if re.search(r"->\s*\w*$", at.before):
        yield from _actions(destination)
    elif re.match(r"\s*destination\s+\w*$", at.before):
        yield from (Completion(name, "value", declared.title) for name, declared in catalog().destinations.items())
    elif re.search(r"\bon\s+conflict\s+\w*$", at.before):
        yield from _keywords(_POLICIES)
    elif kind == "settings" and is_word:
        yield from (Completion(name, "field") for name in (destination.settings if destination else ()))
    elif kind == "mapping" and is_word:
        yield from _keywords(_STATEMENTS)
        yield from _fields(at, destination)
    elif kind == "test" and is_word:
        yield from _keywords(_OF_TESTS)
    elif kind == "law" and is_word:
        yield from _keywords(_OF_LAWS)
    elif kind == "file" and is_word and not re.match(r"\s*(?:drop|keep)\s", at.before):
        yield from _keywords(_ITEMS)
    else:
        yield from _expression(at, known)


def _keywords(words: dict[str, str]) -> Iterator[Completion]:
    return (Completion(word, "keyword", sentence) for word, sentence in words.items())


def _actions(destination: DestinationSchema | None) -> Iterator[Completion]:
    of = {} if destination is None else DESTINATIONS[destination.name].actions
    for name, action in of.items():
        yield Completion(name, "action", action.title, action.description)


def _fields(at: Cursor, destination: DestinationSchema | None) -> Iterator[Completion]:
    action = None if destination is None else DESTINATIONS[destination.name].actions.get(at.action or "")
    assigned = at.assigned_fields()
    for field in () if action is None else action.fields:
        if field.name not in assigned:
            detail = f"{field.type}{'[]' if field.multiple else ''}{', required' if field.required else ''}"
            yield Completion(field.name, "field", detail, f"{field.label}. {field.description}", f"{field.name} = ")


def _expression(at: Cursor, known: Knowledge) -> Iterator[Completion]:
    match = _PATH_BEFORE.search(at.before)
    if match is not None:
        above = tuple(map(str, path_steps(match["above"])[1]))
        yield from _keys(known, above)
        return
    yield from _keys(known, ())
    for name, function in FUNCTIONS.items():
        yield Completion(name, "function", signature(function), function.sentence, f"{name}(")
    yield from (Completion(word, "keyword") for word in _WORDS)


def _keys(known: Knowledge, above: tuple[str, ...]) -> Iterator[Completion]:
    for key, words in known.keys(above).items():
        yield Completion(key, "path", words, insert=key if is_bare_key(key) else quote(key))
