"""Runs the proofs on rule files."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from ..compiler.analysis.event_schema import EventSchema
from ..compiler.analysis.findings.all_findings import Analysis, analyze
from ..compiler.ir import Program
from ..compiler.memo import IdentityMemo
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic, Label
from ..dsl.diagnostics.suppressions import suppressions_of
from ..dsl.source import NOWHERE, Source, Span
from ..files.file_access import FileRefused, read_regular, real_path
from ..files.json_text import NotJson, decode
from ..files.project import project
from ..loading.rule_files import RuleFiles, refusal
from ..runtime.counted import counted
from .analysis_context import analysis_context
from .beside_errors import findings_beside_errors, intact_parts
from .constant_values import constant_findings
from .tracking_plans import Plan, read_plan

_MOST_PROBLEMS = 5
"""Parts of a plan that are told one by one."""


def prove(files: RuleFiles, program: Program, known: list[Diagnostic], memo: IdentityMemo | None = None) -> Analysis:
    """The findings of the proofs on a program.

    `known` is what compiling found already: a mapping or a filter with an error in it is not what the author meant, so
    nothing is proved of it as a whole; its intact parts are still looked at. With `memo`, what was proved before of the
    same parts is taken from there.
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
    context = memo.of(analysis_context, plan)
    beside = findings_beside_errors(files, replace(program, mappings=broken), context, has_error, memo)
    destinations = [item.span for item in files.items if isinstance(item, ast.Destination)]
    span = destinations[0] if destinations else NOWHERE
    analysis = analyze(program, context, span, memo, is_suppressed=_suppressed(files))
    found = _places_of_errors([*analysis.findings, *beside])
    constants = constant_findings(program, partial(_within, errors=found), memo)
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


def tracking_plan(files: RuleFiles, diagnostics: list[Diagnostic]) -> EventSchema | None:
    """The author's schema of events: from `source schema "plan.json"`, or else the plan of the project.

    A path in a rule file is relative to the file that contains it.
    """
    for item in files.items:
        if isinstance(item, ast.SourceSchema):
            path = Path(item.span.source.name).parent / item.path
            schema = _plan(partial(files.access.read, path), path, item.path, item.span, diagnostics)
            if schema is not None:
                diagnostics += _other_plans(item, files)
                return schema
    own = project.get().plan
    if own is None or any(isinstance(item, ast.SourceSchema) for item in files.items):
        return None
    from ..files.project_file import place_in_project  # imports pydantic, which only a project file needs

    return _plan(partial(read_regular, str(own)), own, str(own), place_in_project(project.get(), "plan"), diagnostics)


def _plan(
    read: Callable[[], bytes], path: Path, name: str, span: Span, diagnostics: list[Diagnostic]
) -> EventSchema | None:
    """The plan in a file; None, with a diagnostic at what names it, for one that cannot be used."""
    try:
        plan = _read_plan(read(), f"`{name}`")
    except FileRefused as refused:
        diagnostics.append(refusal(refused, path, span))
        return None
    except NotJson as error:
        diagnostics.append(Diagnostic("RW0307", f"`{name}` cannot be read: {error}", span))
        return None
    if plan is None:
        message = f"`{name}` is not a tracking plan"
        help_ = "export it as JSON from Segment, RudderStack, Avo or Snowplow, or write a JSON Schema of your events"
        diagnostics.append(Diagnostic("RW0307", message, span, help=(help_,)))
        return None
    diagnostics += _unread(name, plan.problems, span)
    return plan.schema


def _unread(name: str, problems: list[str], span: Span) -> Iterator[Diagnostic]:
    """RW0316 of the parts of a plan that cannot be read."""
    help_ = "correct this part of the plan; until then, nothing is checked against it"
    for problem in problems[:_MOST_PROBLEMS]:
        yield Diagnostic("RW0316", f"in `{name}`, {problem}", span, help=(help_,))
    if (more := len(problems) - _MOST_PROBLEMS) > 0:
        yield Diagnostic("RW0316", f"in `{name}`, {counted(more, 'more part')} cannot be read", span)


def _other_plans(read: ast.SourceSchema, files: RuleFiles) -> Iterator[Diagnostic]:
    """Plans that are named besides the one that is read; naming that one again says nothing new."""

    def path(item: ast.SourceSchema) -> str:
        named = Path(item.span.source.name).parent / item.path
        try:
            return real_path(named)
        except FileRefused:  # no file can have this name
            return str(named)

    for item in files.items:
        if isinstance(item, ast.SourceSchema) and item is not read and path(item) != path(read):
            first = Label(read.span, "this one is read")
            message = "the rules name two tracking plans, and only the first is read"
            yield Diagnostic("RW0109", message, item.span, others=(first,), help=("join the plans in one file",))


@lru_cache(maxsize=8)
def _read_plan(content: bytes, title: str) -> Plan | None:
    """The plan in a file, the same one for the same content; None where it is none. Raises NotJson."""
    return read_plan(decode(content), title)
