"""Converts a Segment trigger to the trigger that its author meant, with a witness if Segment misreads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...checks.analysis_context import run
from ...compiler import ir
from ...compiler.analysis.solver.solver import UNSATISFIABLE, Witness
from ...compiler.catalog import Catalog
from ...compiler.resolve.expressions import Resolver
from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic
from ...dsl.format.expressions import expression_to_text
from ...dsl.rule_error import RuleError, raise_errors
from ...dsl.source import Source
from ...dsl.syntax.reader import read_trigger
from ...runtime.functions import FUNCTIONS
from .fql import SegmentFailure, SegmentGroup, matches, read_as_segment
from .quirks import misreadings
from .segment_reading import reading_of
from .witness import Sides, find_difference

EVENT_FIELDS = frozenset((
    "anonymousId", "channel", "context", "event", "groupId", "integrations", "messageId", "name", "originalTimestamp",
    "previousId", "properties", "receivedAt", "sentAt", "timestamp", "traits", "type", "userId", "version",
))  # fmt: skip
"""The common fields of the Segment spec; any other name to the right of an operator is text that needs quotes."""


@dataclass(frozen=True, slots=True)
class Misreading:
    """Segment's reading of a trigger, where it differs from the documentation."""

    reasons: tuple[str, ...]
    segment: str | None
    """What Segment reads, as a trigger; None where it cannot read it, and so sends nothing."""
    event: dict[str, Any] | None
    """An event that only one of the two takes; None where neither an event nor a proof of equality was found."""
    meant: bool
    """Whether it is the trigger as documented that takes that event; Segment then sends nothing, or throws."""


@dataclass(frozen=True, slots=True)
class ImportedTrigger:
    """The trigger that was meant."""

    condition: ast.Expression
    misreading: Misreading | None

    @property
    def text(self) -> str:
        """The text after `when`."""
        return expression_to_text(self.condition)


def import_trigger(text: str) -> ImportedTrigger:
    """The trigger that an FQL text means by Segment's documentation, and how Segment misreads it, if it does.

    A witness is an event on which the compiled trigger and the port of Segment's code were run. Raises RuleError for
    text that is not a trigger.
    """
    condition, diagnostics = read_trigger(Source("trigger", text))
    if condition is None or any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise RuleError(diagnostics)
    condition = _with_quotes(condition)
    return ImportedTrigger(condition, _misreading(text, condition, _resolved(condition)))


def as_segment_reads(text: str) -> ast.Expression | None:
    """The condition that is true for the events that Segment sends, for any text; None if Segment cannot read it."""
    try:
        return reading_of(read_as_segment(text))
    except SegmentFailure:
        return None


def _misreading(text: str, condition: ast.Expression, meant: ir.Condition) -> Misreading | None:
    try:
        tree = read_as_segment(text)
    except SegmentFailure:
        tree = None
    reading = reading_of(tree)
    if reading == condition:
        return None
    runs = run(meant)
    answer = find_difference(Sides(meant, _resolved(reading), runs, lambda event: sends(tree, event) is True))
    if answer == UNSATISFIABLE:
        return None
    event = answer.event if isinstance(answer, Witness) else None
    reasons = tuple(misreadings(text, condition)) or ("Segment understands something else",)
    segment = None if tree is None else expression_to_text(reading)
    return Misreading(reasons, segment, event, event is not None and runs(event))


def _resolved(condition: ast.Expression) -> ir.Condition:
    """The condition as the compiler has it. Raises RuleError."""
    diagnostics: list[Diagnostic] = []
    resolved = Resolver(Catalog(FUNCTIONS), diagnostics).condition(condition)
    raise_errors(diagnostics)
    return resolved


def sends(tree: SegmentGroup | None, event: dict[str, Any]) -> bool | None:
    """Whether Segment sends the event; None if its code throws on the event. Without a tree, it sends none."""
    if tree is None:
        return False
    try:
        return matches(tree, event)
    except SegmentFailure:
        return None


def _with_quotes(node: ast.Expression) -> ast.Expression:
    """Names to the right of an operator that are not fields of an event are texts without quotes: `type = track`."""
    match node:
        case ast.Logical(operator, operands):
            return ast.Logical(operator, tuple(map(_with_quotes, operands)))
        case ast.Not(operand, grouped):
            return ast.Not(_with_quotes(operand), grouped)
        case ast.Comparison(operator, ast.Path() as left, ast.Path((str(name),), False)) if (
            operator != "in" and name not in EVENT_FIELDS
        ):
            return ast.Comparison(operator, left, ast.Literal(name))
    return node
