"""The origin of a value: the author's text that gave it, and why that text was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..dsl.source import Span
from ..runtime.counted import counted
from ..runtime.semantics.blank import is_blank
from ..runtime.semantics.event import Event
from ..runtime.semantics.missing import is_nothing
from ..trace.evaluation import Traced
from ..trace.traced_rules import words
from .clauses import deciding
from .readings import Reading, a_kind, reading, readings


@dataclass(slots=True)
class ValueSource:
    """The text that gave a value, what it read, and why this text was chosen."""

    text: str
    span: Span
    where: list[str] = field(default_factory=list)
    because: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """What it read and why this text was chosen, in one sentence; empty if there is nothing to add."""
        return ", ".join([*self.where, *self.because])

    def __str__(self) -> str:
        where = f", where {', '.join(self.where)}" if self.where else ""
        because = f", because {', and '.join(self.because)}" if self.because else ""
        return self.text + where + because


def source(traced: Traced, event: Event) -> ValueSource:
    """The origin of the value of a node; for a missing or null value, where it was sought."""
    node = traced.node
    match node:
        case ir.Coalesce(_, visible):
            return _first_found(traced, event, is_blank if visible else is_nothing)
        case ir.If():
            test, branch = traced.parts
            branch_source = source(branch, event)
            # A condition that the compiler made of constants has no text.
            if reason := str(deciding(test, event)):
                branch_source.because.insert(0, reason)
            return branch_source
        case ir.Constant():
            return ValueSource(words(node.span), node.span)
        case ir.Omit():
            return ValueSource("omit", node.span)
        case _:
            own_source = ValueSource(words(node.span), node.span)
            if not isinstance(node, ir.Read):
                own_source.where = _inside(traced, event)
            elif is_nothing(traced.value):
                own_source.where = [str(reading(traced, event))]
            return own_source


def _first_found(traced: Traced, event: Event, is_passed_over: Callable[[Any], bool]) -> ValueSource:
    """An alternative of `coalesce`, and what was wrong with those before it."""
    last = traced.parts[-1]
    origin = source(last, event)
    is_none = is_passed_over(last.value)
    passed = traced.parts if is_none else traced.parts[:-1]
    absent = " and ".join(_absence(part, event) for part in passed)
    if is_none:
        return ValueSource(words(traced.node.span), traced.node.span, because=[absent])
    if absent:
        origin.because.insert(0, absent)
    return origin


def _absence(part: Traced, event: Event) -> str:
    read = reading(part, event)
    return str(Reading(read.text, part.value, beside=read.beside))


def _inside(traced: Traced, event: Event) -> list[str]:
    """What a computed value was made from; a list says of how many."""
    if isinstance(traced.node, ir.ForEach):
        over = traced.parts[0]
        items = over.value
        if isinstance(items, list) and isinstance(traced.value, list):
            kept = "" if len(items) == len(traced.value) else f", of which {len(traced.value)} kept"
            return [f"{words(over.node.span)} has {counted(len(items), 'item')}{kept}"]
        return [f"{words(over.node.span)} is {a_kind(items)}"]
    return [", ".join(str(item) for item in read)] if (read := readings(traced, event)) else []
