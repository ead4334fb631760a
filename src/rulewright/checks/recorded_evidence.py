"""What recorded events show of the paths and values that rules read, whatever the Segment spec says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from ..compiler import ir
from ..compiler.analysis.findings.comparison_text import comparison_text
from ..compiler.analysis.findings.number_helps import number_help
from ..compiler.analysis.findings.paths import written_values
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.source import NOWHERE, Source, Span
from ..dsl.syntax.strings import quote
from ..runtime.semantics.missing import is_nothing
from ..runtime.semantics.property_access import read
from .analysis_context import analysis_context

_Sought: TypeAlias = str | type[int] | type[bool]
"""A text, or any value of a kind: `int` is any number."""
_CODES = frozenset(("RW0412", "RW0417"))
"""What is said of a value that events are not expected to have."""
_MOST_TEXTS = 100
"""Texts that are kept of a path."""


class _WithNumber(NamedTuple):
    """A comparison of a path with a number."""

    node: ir.Compare
    subject: ir.Read
    other: ir.Constant


@dataclass(slots=True)
class RecordedEvidence:
    """The paths and values that an author expects, and the places of those that some recorded event has."""

    sought: dict[tuple[str, ...], dict[_Sought, list[Span]]] = field(default_factory=dict)
    borne_out: set[tuple[Source, int]] = field(default_factory=set)
    with_numbers: dict[tuple[str, ...], list[_WithNumber]] = field(default_factory=dict)
    """The comparisons with numbers at paths where recorded events have had nothing but texts so far."""
    texts: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    """Texts that recorded events have at these paths."""
    unseen: dict[tuple[str, ...], list[Span]] = field(default_factory=dict)
    """The paths that are read, without those that some recorded event has."""
    seen: list[Span] = field(default_factory=list)
    """The places of paths that some recorded event has."""

    @classmethod
    def of(cls, program: ir.Program) -> RecordedEvidence:
        """The paths and comparisons of all filters and mappings, as far as an author wrote them."""
        evidence = cls()
        for node in ir.walk(
            (*(filter_.condition for filter_ in program.filters), *map(written_values, program.mappings))
        ):
            if isinstance(node, ir.Compare):
                evidence._note(node)
            elif isinstance(node, ir.Read) and node.root == ir.EVENT and node.span is not NOWHERE:
                evidence.unseen.setdefault(tuple(map(str, node.steps)), []).append(node.span)
        return evidence

    def add(self, event: dict[str, Any]) -> None:
        """Notes what an event has at the paths."""
        # A path stops at null, false, 0 and empty text, so such a value shows nothing of its last step.
        for path in [path for path in self.unseen if not is_nothing(value := read(event, path)) and value]:
            self.seen += self.unseen.pop(path)
        for path, by_value in self.sought.items():
            value = read(event, path)
            meaning = _meaning(value)
            if path in self.with_numbers:
                if isinstance(value, str):
                    if len(texts := self.texts.setdefault(path, set())) < _MOST_TEXTS:
                        texts.add(value)
                elif not is_nothing(value):
                    del self.with_numbers[path]
            for span in () if meaning is None else by_value.pop(meaning, ()):
                self.borne_out.add((span.source, span.start))

    def confirms(self, finding: Diagnostic) -> bool:
        """Whether recorded events have a path or a value of which a finding says that none has it, or hardly any."""
        if finding.code == "RW0201":
            return any(finding.span.is_within(span) for span in self.seen)
        return finding.code in _CODES and (finding.span.source, finding.span.start) in self.borne_out

    def findings(self, name: str) -> Iterator[Diagnostic]:
        """RW0415 of comparisons with numbers where all recorded events have a text."""
        for path, comparisons in self.with_numbers.items():
            if not (texts := tuple(sorted(self.texts.get(path, ())))):
                continue
            for node, subject, other in comparisons:
                help_ = number_help(node, subject, other, analysis_context(), texts)
                what = f"`{node.operator}` compares numbers"
                if node.operator in ("=", "!="):
                    what, help_ = f"`{other.span.text}` is not a text", _with_text(node, other)
                message = (
                    f"`{subject.span.text}` is always a text in the events in `{name}`, such as {quote(texts[0])}, "
                    f"and {what}"
                )
                yield Diagnostic("RW0415", message, subject.span, help=(help_,))

    def _note(self, node: ir.Compare) -> None:
        for subject, other in ((node.left, node.right), (node.right, node.left)):
            if not isinstance(subject, ir.Read) or subject.root != ir.EVENT or subject.span is NOWHERE:
                continue
            path = tuple(map(str, subject.steps))
            by_value = self.sought.setdefault(path, {})
            if node.operator != "in" and isinstance(other, ir.Constant) and _meaning(other.value) is int:
                self.with_numbers.setdefault(path, []).append(_WithNumber(node, subject, other))
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


def _with_text(node: ir.Compare, other: ir.Constant) -> str:
    """The help to compare with a number as a text."""
    text = quote(other.span.text)
    written = comparison_text(node, lambda side: text if side is other else side.span.text)
    return f"write `{written}`"


def _meaning(value: object) -> _Sought | None:
    """What a value is sought as: a text as itself, any other as its kind."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return bool
    return int if isinstance(value, int | float) else None
