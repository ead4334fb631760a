"""A law of a rule file, checked: which events it is about, and what it demands of what the rules do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...compiler import ir
from ...compiler.analysis.context import AnalysisContext
from ...compiler.analysis.findings.all_findings import condition_findings
from ...compiler.analysis.solver.condition_to_formula import formula_of
from ...compiler.analysis.solver.solver import UNSATISFIABLE, satisfiable
from ...compiler.resolve.expressions import Resolver
from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Label
from ...dsl.source import Span
from ...files.file_access import FileAccess
from ...loading.catalog import catalog
from .demands import Demand, DemandReader, head_of
from .given_events import GivenEvents


@dataclass(frozen=True, slots=True, eq=False)
class CheckedLaw:
    """A law with its conditions checked."""

    law: ast.Law
    where: ir.Condition | None
    """The condition of the events that it is about; None for all events."""
    demands: tuple[Demand, ...]
    span: Span
    """Its head."""

    @property
    def name(self) -> str:
        return self.law.name


def read_law(law: ast.Law, demands: DemandReader, diagnostics: list[Diagnostic]) -> CheckedLaw:
    """The law; what is wrong with it is added to the diagnostics."""
    head = head_of(law, "law")
    about = [part for part in law.body if isinstance(part, ast.ForAny)]
    expects = [part for part in law.body if isinstance(part, ast.Expect)]
    if not about:
        help_ = "begin it with `for any event`"
        diagnostics.append(Diagnostic("RW0703", "the law does not say for which events it holds", head, help=(help_,)))
    for again in about[1:]:
        first = (Label(about[0].span, "first here"),)
        help_ = "join both conditions with `and`, or write two laws"
        diagnostics.append(Diagnostic("RW0109", "duplicate `for any event`", again.span, others=first, help=(help_,)))
    if not expects:
        help_ = "write `expect …` below `for any event`"
        diagnostics.append(Diagnostic("RW0704", "the law expects nothing", head, help=(help_,)))
    for expectation in expects:
        if expectation.kind == "snapshot":
            help_ = 'write what always holds, such as `expect "Mapping" { … }`, or move the snapshot into a test'
            message = "a law has no snapshot: its events are made anew for each run"
            diagnostics.append(Diagnostic("RW0710", message, expectation.span, help=(help_,)))
    where = about[0].where if about else None
    condition = None if where is None else demands.resolver.condition(where)
    return CheckedLaw(law, condition, tuple(map(demands.read, expects)), head)


def law_findings(law: ast.Law, context: AnalysisContext) -> list[Diagnostic]:
    """The problems of a single law, found without running it."""
    diagnostics: list[Diagnostic] = []
    access = FileAccess(Path())
    checked = read_law(
        law, DemandReader(Resolver(catalog(), diagnostics), GivenEvents(diagnostics, access)), diagnostics
    )
    if checked.where is not None and not diagnostics:
        diagnostics += where_findings(checked.where, context)
    return diagnostics


def where_findings(where: ir.Condition, context: AnalysisContext) -> Iterator[Diagnostic]:
    """The findings on the condition of a law, and RW0709 if it is proved that no event meets it."""
    findings = list(condition_findings([where], context))
    yield from findings
    if not findings and satisfiable(formula_of(where)) == UNSATISFIABLE:
        help_ = "write a condition that an event can meet"
        yield Diagnostic("RW0709", "no event meets this condition, so the law says nothing", where.span, help=(help_,))
