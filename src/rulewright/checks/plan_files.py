"""The tracking plan that rules or the project name: where it is, and what is reported of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from ..compiler.analysis.event_schema import EventSchema
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic, Label
from ..dsl.source import Span
from ..files.file_access import FileRefused, read_regular, real_path
from ..files.json_text import JsonProblem, decode
from ..files.project import project
from ..loading.rule_files import RuleFiles, refusal
from ..runtime.counted import counted
from .tracking_plans import Plan, read_plan

_MOST_PROBLEMS = 5
"""Parts of a plan that are told one by one."""


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
    except JsonProblem as error:
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
    """The plan in a file, the same object for the same content; None if it is not a plan. Raises JsonProblem."""
    return read_plan(decode(content), title)
