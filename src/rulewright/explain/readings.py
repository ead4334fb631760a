"""Describes what was read from an event: `properties.total is "129.90"`, `traits.plan is missing`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..compiler import ir
from ..runtime.semantics.description import shown, type_name
from ..runtime.semantics.event import Event
from ..runtime.semantics.missing import MISSING
from ..runtime.semantics.property_access import read
from ..trace.evaluation import Traced
from ..trace.traced_rules import words

_CLOSE = 0.86
"""The similarity, by difflib's ratio, at which one key may be a misspelling of another."""
_ARTICLES = {"object": "an object", "bool": "true or false"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece of the author's text and the value that it had."""

    text: str
    value: Any
    kind: str = ""
    """Said where it is the kind that decides: `a string`."""
    beside: str = ""
    """The path that the author may have meant, for one that leads nowhere."""
    failed: str = ""
    """Why a function had no value."""

    def __str__(self) -> str:
        if self.failed:
            return f"{self.text} has no value: {self.failed}"
        sentence = f"{self.text} is {shown(self.value)}"
        if self.kind:
            sentence += f", {self.kind}"
        if self.beside:
            sentence += f" (the event has {self.beside})"
        return sentence


def a_kind(value: Any) -> str:
    """The type of a value with its article, such as `a string`; `null` or `missing` for no value."""
    name = type_name(value)
    return "missing" if value is MISSING else _ARTICLES.get(name, f"a {name}" if name != "null" else name)


def reading(traced: Traced, event: Event, *, with_kind: bool = False) -> Reading:
    """The text and the value of a node."""
    kind = a_kind(traced.value) if with_kind and traced.value is not MISSING and traced.value is not None else ""
    return Reading(words(traced.node.span), traced.value, kind, _meant(traced, event))


def readings(traced: Traced, event: Event) -> list[Reading]:
    """Every path that was read inside a node, once each."""
    by_text = {read.text: read for read in (reading(part, event) for part in _reads(traced))}
    return list(by_text.values())


def _reads(traced: Traced) -> Iterator[Traced]:
    if isinstance(traced.node, ir.Read):
        yield traced
    for part in traced.parts:
        yield from _reads(part)


def _meant(traced: Traced, event: Event) -> str:
    """The path with its first unknown key spelled as the event spells it."""
    node = traced.node
    if traced.value is not MISSING or not isinstance(node, ir.Read) or node.root != ir.EVENT:
        return ""
    for index, step in enumerate(node.steps):
        parent = read(event, node.steps[:index])
        if not isinstance(parent, dict):
            return ""
        if step not in parent:
            by_spelling = {_plain(key): str(key) for key in parent}
            close = get_close_matches(_plain(step), list(by_spelling), n=1, cutoff=_CLOSE)
            return ".".join(map(str, (*node.steps[:index], by_spelling[close[0]]))) if close else ""
    return ""


def _plain(key: object) -> str:
    """A key without what spellings differ in: case, hyphens and underscores."""
    return str(key).lower().replace("_", "").replace("-", "")
