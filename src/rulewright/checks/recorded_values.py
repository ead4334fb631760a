"""Findings from recorded events on texts that rules compare with: names that no event has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..dsl.diagnostics.diagnostic import Diagnostic, suggest
from ..dsl.source import NOWHERE, Span
from ..dsl.syntax.strings import quote
from ..runtime.semantics.property_access import read

_NAMES = (("event",), ("name",))
"""Paths whose values are few, so that each one that is asked for is expected among recorded events."""
MOST_VALUES = 1_000
"""The most values that are kept of a path; of one with more, no finding is made."""


@dataclass(slots=True)
class RecordedValues:
    """The texts that rules ask for by `=` and `in`, and those that events have at the same paths."""

    wanted: dict[tuple[str, ...], list[tuple[str, Span]]] = field(default_factory=dict)
    seen: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, program: ir.Program) -> RecordedValues:
        """The texts of all filters and of the triggers of enabled mappings."""
        conditions = [filter_.condition for filter_ in program.filters if filter_.condition is not None]
        conditions += [mapping.trigger for mapping in program.mappings if mapping.enabled]
        recorded = cls()
        for condition in conditions:
            for node in ir.walk(condition):
                for path, constant in _compared(node):
                    if isinstance(constant.value, str) and constant.span is not NOWHERE:
                        recorded.wanted.setdefault(path, []).append((constant.value, constant.span))
        return recorded

    def add(self, event: dict[str, Any]) -> None:
        """Notes the texts of an event at the paths."""
        for path in self.wanted:
            values = self.seen.setdefault(path, set())
            value = read(event, path)
            if isinstance(value, str) and len(values) < MOST_VALUES:
                values.add(value)

    def findings(self, name: str, events: int) -> Iterator[Diagnostic]:
        """RW0415 of names that no event has, and of other texts that are close to one that an event has."""
        for path, texts in self.wanted.items():
            seen = self.seen.get(path, set())
            if len(seen) == MOST_VALUES:
                continue
            for text, span in texts:
                if text in seen:
                    continue
                word = next((value for value in sorted(seen) if value.lower() == text.lower()), None)
                word = word or suggest(text, sorted(seen))
                if word is not None or (path in _NAMES and seen):
                    message = f"none of the events in `{name}` ({events:,}) has {quote(text)} as its `{'.'.join(path)}`"
                    help_ = (f"did you mean `{quote(word)}`?",) if word is not None else ()
                    yield Diagnostic("RW0415", message, span, help=help_)


def _compared(node: ir.Node) -> Iterator[tuple[tuple[str, ...], ir.Constant]]:
    match node:
        case ir.Compare("=", ir.Read(ir.EVENT, steps), ir.Constant() as constant):
            yield tuple(map(str, steps)), constant
        case ir.Compare("=", ir.Constant() as constant, ir.Read(ir.EVENT, steps)):
            yield tuple(map(str, steps)), constant
        case ir.Compare("in", ir.Read(ir.EVENT, steps), ir.MakeList(items)):
            for item in items:
                if isinstance(item, ir.Constant):
                    yield tuple(map(str, steps)), item
        case _:
            return
