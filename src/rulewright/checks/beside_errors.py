"""Findings on the intact parts of mappings and filters that have an error in another part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..compiler import ir
from ..compiler.analysis.context import AnalysisContext
from ..compiler.analysis.findings.all_findings import written_findings
from ..compiler.analysis.findings.filter_paths import filter_step_findings
from ..compiler.analysis.findings.paths import path_findings
from ..compiler.memo import IdentityMemo
from ..compiler.resolve.expressions import Resolver
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.source import Span
from ..loading.catalog import catalog
from ..loading.rule_files import RuleFiles

_ALWAYS = ir.All(())


def intact_parts(mapping: ir.Mapping, has_error: Callable[[Span], bool]) -> ir.Mapping:
    """A mapping without the fields that have an error, and without its trigger if that has one."""
    fields = tuple(field for field in mapping.fields if not has_error(field.span))
    return replace(mapping, trigger=_ALWAYS if has_error(mapping.trigger.span) else mapping.trigger, fields=fields)


def findings_beside_errors(
    files: RuleFiles,
    intact: ir.Program,
    context: AnalysisContext,
    has_error: Callable[[Span], bool],
    memo: IdentityMemo,
) -> list[Diagnostic]:
    """The findings on mappings and filters that have errors; nothing is proved about such a mapping.

    `intact` has the intact parts of these mappings. In a part with an error, only the paths are checked, because they
    mean the same whatever is wrong around them.
    """
    findings = written_findings(intact, context, memo)
    reported = {(finding.span.source, finding.span.start) for finding in findings}
    for item in files.items:
        if not isinstance(item, ast.Mapping | ast.Drop | ast.Strip | ast.Keep):
            continue
        # Without a known destination, no mapping is resolved.
        if has_error(item.span) or (intact.destination is None and isinstance(item, ast.Mapping)):
            for finding in _of_paths(item, context, has_error):
                if (finding.span.source, finding.span.start) not in reported:
                    findings.append(finding)
    return findings


def _of_paths(
    item: ast.Mapping | ast.Drop | ast.Strip | ast.Keep, context: AnalysisContext, has_error: Callable[[Span], bool]
) -> Iterator[Diagnostic]:
    resolver = Resolver(catalog(), [])
    if isinstance(item, ast.Mapping):
        for statement in item.body:
            if isinstance(statement, ast.When):
                resolver.condition(statement.condition)
            elif isinstance(statement, ast.Assign):
                resolver.value(statement.value)
    elif item.condition is not None:
        resolver.condition(item.condition)
    yield from path_findings((read for read in resolver.reads if not has_error(read.span)), context)
    if isinstance(item, ast.Strip | ast.Keep):
        word = "keep " if isinstance(item, ast.Keep) else "drop "
        for path in item.paths:
            if not has_error(path.span):
                yield from filter_step_findings(path.steps, path.span, context, word)
