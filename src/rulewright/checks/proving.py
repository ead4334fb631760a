"""Runs the proofs on rule files."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ..compiler.analysis.findings.all_findings import Analysis, analyze
from ..compiler.ir import Program
from ..compiler.memo import IdentityMemo
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.diagnostics.suppressions import suppressions_of
from ..dsl.source import NOWHERE, Source, Span
from ..loading.rule_files import RuleFiles
from .analysis_context import PartOfType, analysis_context
from .beside_errors import findings_beside_errors, intact_parts
from .constant_values import constant_findings
from .plan_files import tracking_plan


def prove(
    files: RuleFiles,
    program: Program,
    known: list[Diagnostic],
    memo: IdentityMemo | None = None,
    recorded: frozenset[PartOfType] = frozenset(),
) -> Analysis:
    """The findings of the proofs on a program.

    `known` are the diagnostics of compiling: a mapping or a filter with an error is not what the author meant, so
    nothing is proved about it as a whole, and only its intact parts are checked. With `memo`, the proofs of unchanged
    parts are reused. `recorded` are parts of recorded events beyond the Segment spec.
    """
    memo = memo or IdentityMemo()
    diagnostics: list[Diagnostic] = []
    plan = tracking_plan(files, diagnostics)
    has_error = partial(_within, errors=_places_of_errors(known))
    filters = tuple(filter_ for filter_ in program.filters if not has_error(filter_.span))
    broken = tuple(intact_parts(mapping, has_error) for mapping in program.mappings if has_error(mapping.span))
    program = replace(
        program, filters=filters, mappings=tuple(mapping for mapping in program.mappings if not has_error(mapping.span))
    )
    context = memo.of(analysis_context, plan, recorded)
    beside = findings_beside_errors(files, replace(program, mappings=broken), context, has_error, memo)
    destinations = [item.span for item in files.items if isinstance(item, ast.Destination)]
    span = destinations[0] if destinations else NOWHERE
    analysis = analyze(program, context, span, memo, is_suppressed=_suppressed(files))
    errors = _places_of_errors([*analysis.findings, *beside])
    constants = constant_findings(program, partial(_within, errors=errors), memo)
    return Analysis([*diagnostics, *constants, *beside, *analysis.findings])


def _places_of_errors(findings: list[Diagnostic]) -> dict[Source, list[int]]:
    errors: dict[Source, list[int]] = {}
    for finding in findings:
        if finding.severity == "error":
            insort(errors.setdefault(finding.span.source, []), finding.span.start)
    return errors


def _suppressed(files: RuleFiles) -> Callable[[Span], bool]:
    """Whether a suppression at one of the lines of a trigger is about overlaps."""
    lines = {
        (suppression.source, suppression.line)
        for source, file in files.files
        for suppression in suppressions_of(source, file)
        if suppression.code == "RW0403"
    }

    def is_suppressed(span: Span) -> bool:
        last = span.source.position(span.end)[0]
        return any((span.source, line) in lines for line in range(span.line, last + 1))

    return is_suppressed


def _within(whole: Span, errors: dict[Source, list[int]]) -> bool:
    starts = errors.get(whole.source, [])
    first = bisect_left(starts, whole.start)
    return first < len(starts) and starts[first] < whole.end
