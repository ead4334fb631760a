"""Expectations that hold whatever the rules do, because no mapping can take the event or the event lacks the value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...compiler.analysis.sets.values import only, union
from ...compiler.analysis.solver.condition_to_formula import formula_of
from ...compiler.analysis.solver.formula import every, fact
from ...compiler.analysis.solver.solver import UNSATISFIABLE, satisfiable
from ...compiler.memo import IdentityMemo
from ...compiler.resolve.expressions import Resolver
from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, suggest
from ...dsl.syntax.paths import write_filter_path
from ...loading.catalog import catalog
from ...runtime.semantics.description import shown
from ...runtime.semantics.event import EVENT_TYPES, is_event_type
from ..path_values import has_value
from .trials import SuiteTrial

_NOTHING_SENT = ("no match", "nothing")
"""Expectations that hold where no mapping takes the event."""
_NO_TYPE = fact(("type",), ~union(map(only, EVENT_TYPES)))


def idle_findings(trials: Sequence[SuiteTrial], items: Sequence[ast.Item], memo: IdentityMemo) -> Iterator[Diagnostic]:
    """RW0708 for each expectation that cannot fail on any of its events; `items` are those of the rules.

    An expectation before the first case applies to the given event and to those of all cases.
    """
    mappings = [item for item in items if isinstance(item, ast.Mapping) and item.enabled]
    findings: dict[int, tuple[ast.Expect, Diagnostic | None]] = {}
    for trial in trials:
        for demand in trial.demands:
            expect = demand.expect
            before = findings.get(id(expect))
            if before is None or before[1] is not None:
                findings[id(expect)] = expect, _idle(expect, trial, mappings, memo)
    yield from (finding for _, finding in findings.values() if finding is not None)


def _idle(
    expect: ast.Expect, trial: SuiteTrial, mappings: Sequence[ast.Mapping], memo: IdentityMemo
) -> Diagnostic | None:
    if expect.kind == "no value" and expect.path is not None and not has_value(trial.event, expect.path.steps):
        path = write_filter_path(expect.path.steps, rooted=expect.path.rooted)
        message = f"the event has no value at `{path}`, so this always holds"
        return Diagnostic("RW0708", message, expect.span, help=(f"give the event a value at `{path}`",))
    if expect.kind not in _NOTHING_SENT:
        return None
    if not mappings:
        help_ = "enable a mapping, or remove the expectation"
        return Diagnostic("RW0708", "no mapping is enabled, so this always holds", expect.span, help=(help_,))
    kind = trial.event.get("type")
    if is_event_type(kind) or (isinstance(kind, str) and suggest(kind, EVENT_TYPES) is not None):
        return None  # RW0412 reports a type that is close to another
    about = [mapping for mapping in mappings if expect.mapping in (None, mapping.name)]
    if any(memo.of(_may_take_other_types, mapping) for mapping in about):
        return None
    lacks = "no `type`" if kind is None else f"the type {shown(kind)}, which Segment does not have"
    message = f"the event has {lacks}, so no mapping takes it and this always holds"
    return Diagnostic("RW0708", message, expect.span, help=('give the event a type, such as `"type": "track"`',))


def _may_take_other_types(mapping: ast.Mapping) -> bool:
    """Whether the mapping may take an event without one of Segment's types, as far as that can be decided."""
    for statement in mapping.body:
        if isinstance(statement, ast.When):
            resolver = Resolver(catalog(), [])
            trigger = resolver.condition(statement.condition)
            return bool(resolver.diagnostics) or satisfiable(every((formula_of(trigger), _NO_TYPE))) != UNSATISFIABLE
    return True
