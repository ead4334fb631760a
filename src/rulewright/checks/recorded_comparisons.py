"""Comparisons that recorded events bear out, whatever the Segment spec says of the values there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..compiler import ir
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.source import NOWHERE, Source, Span
from ..runtime.semantics.property_access import read

_Sought: TypeAlias = str | type[int] | type[bool]
"""A text, or any value of a kind: `int` is any number."""
_CODES = frozenset(("RW0412", "RW0417"))
"""What is said of a value that events are not expected to have."""


@dataclass(slots=True)
class RecordedComparisons:
    """The values that an author expects, and the places of those that some recorded event has."""

    sought: dict[tuple[str, ...], dict[_Sought, list[Span]]] = field(default_factory=dict)
    borne_out: set[tuple[Source, int]] = field(default_factory=set)

    @classmethod
    def of(cls, program: ir.Program) -> RecordedComparisons:
        """The comparisons of all filters and mappings, as far as an author wrote them."""
        comparisons = cls()
        for node in ir.walk((*(filter_.condition for filter_ in program.filters), *map(_written, program.mappings))):
            if isinstance(node, ir.Compare):
                comparisons._note(node)
        return comparisons

    def add(self, event: dict[str, Any]) -> None:
        """Notes what an event has at the paths that are compared."""
        for path, by_value in self.sought.items():
            meaning = _meaning(read(event, path))
            for span in () if meaning is None else by_value.pop(meaning, ()):
                self.borne_out.add((span.source, span.start))

    def confirms(self, finding: Diagnostic) -> bool:
        """Whether recorded events have a value of which a finding says that none has it, or hardly any."""
        return finding.code in _CODES and (finding.span.source, finding.span.start) in self.borne_out

    def _note(self, node: ir.Compare) -> None:
        for subject, other in ((node.left, node.right), (node.right, node.left)):
            if not isinstance(subject, ir.Read) or subject.root != ir.EVENT or subject.span is NOWHERE:
                continue
            by_value = self.sought.setdefault(tuple(map(str, subject.steps)), {})
            if node.operator not in ("=", "!=", "in"):
                # Only a number is less or greater, so a text is no evidence for a comparison with one.
                if not isinstance(other, ir.Constant) or _meaning(other.value) is int:
                    by_value.setdefault(int, []).extend((subject.span, other.span))
                continue
            for item in other.items if isinstance(other, ir.MakeList) else (other,):
                if isinstance(item, ir.Constant) and (sought := _meaning(item.value)) is not None:
                    by_value.setdefault(sought, []).append(item.span)
                    if sought is int:
                        by_value[sought].append(subject.span)


def _written(mapping: ir.Mapping) -> tuple[ir.Value, ...]:
    source = mapping.span.source
    return (mapping.trigger, *(field.value for field in mapping.fields if field.span.source is source))


def _meaning(value: object) -> _Sought | None:
    """What a value is sought as: a text as itself, any other as its kind."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return bool
    return int if isinstance(value, int | float) else None
