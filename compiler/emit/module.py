"""Writes a plan as one readable Python module that imports only the runtime."""

from __future__ import annotations

from typing import Any

from .. import ir
from ..optimize.rewrite import simplified
from ..plan.functions import functions_of
from ..plan.program_plan import ProgramPlan
from .module_writer import FormWriter, ModuleWriter, WrittenModule
from .python_code import Python, comment, literal, literal_object
from .source_map import table_of
from .templates import render
from .view_classes import ViewClass, name_view


def write_program(plan: ProgramPlan, title: str) -> WrittenModule:
    """The module of a program. The same program gives the same text."""
    return _write(plan, title, is_whole=False)


def write_whole_program(plan: ProgramPlan, title: str, version: str) -> str:
    """The module as a file of its own, with its source map and the version of the compiler."""
    written = _write(plan, title, is_whole=True)
    origins, lines, fields = table_of(written.sources, plan.field_spans)
    tail = render(
        "tail.py.j2",
        origins=literal(origins),
        lines=literal(lines),
        fields=[literal_object(places.items()) for places in fields],
        version=literal(version),
    )
    return written.text + tail


def _write(plan: ProgramPlan, title: str, *, is_whole: bool) -> WrittenModule:
    writer = ModuleWriter(plan.functions)
    working = [mapping for mapping in plan.mappings if not mapping.is_idle]
    actions = sorted({mapping.mapping.action.name for mapping in working})
    fields = {action: writer.names.fresh(f"{action}_fields") for action in actions}
    tables = [
        writer.table(mapping, fields[mapping.mapping.action.name]) for mapping in working if mapping.copies is not None
    ]
    view = None if plan.view is None else name_view(plan.view, writer.names)
    parts: dict[str, Any] = {
        "tables": [(name, literal(plan.destination), literal(action)) for action, name in fields.items()],
        "rows": tables,
        "destination": literal(plan.destination),
        "settings": [(literal(name), literal(value)) for name, value in plan.settings],
        "filters": [(literal(step.kind), literal(step.paths)) for step in plan.filters],
        "mappings": [
            {
                "name": literal(mapping.mapping.name),
                "action": literal(mapping.mapping.action.name),
                "conflict": literal(mapping.mapping.conflict),
                "has_default_id": mapping.mapping.name in plan.with_default_id,
                "constants": [(literal(name), literal(value)) for name, value in mapping.constants],
            }
            for mapping in plan.mappings
        ],
        "has_views": view is not None,
        "is_whole": is_whole,
    }
    sections = [("module.py.j2", {"events": _form(writer, plan, fields, None), **parts})]
    if view is not None:
        views = _form(writer, plan, fields, view)
        sections.append(("views.py.j2", {"views": views, "view": view.name, "classes": list(view.inner_first)}))
    heading = [
        comment(title),
        comment("Compiled by Rulewright; change the rules and compile them again."),
        Python(""),
    ]
    return writer.module(sections, heading, _USED_BY_TAIL if is_whole else ())


_USED_BY_TAIL = ("SourceMap", "main", "mapper_of")


def _form(writer: ModuleWriter, plan: ProgramPlan, fields: dict[str, Python], view: ViewClass | None) -> dict[str, Any]:
    """What the module's templates show of one form of a program: of events, or of views of events."""
    form = FormWriter(writer, view)
    match, match_tables = form.match(plan.triggers)
    return {
        "may_opt_out": form.condition("may_opt_out", plan.may_opt_out) if view is not None else Python("None"),
        "conditions": [form.condition("filter", step.condition) for step in plan.filters],
        "maps": [form.mapping(mapping, fields) for mapping in plan.mappings],
        "match": match,
        "match_tables": match_tables,
        "copies": form.copies,
        "functions": form.functions(),
    }


def write_expression(value: ir.Value) -> WrittenModule:
    """A module whose `value_of(event)` gives the value."""
    value = simplified(value)
    writer = ModuleWriter(functions_of(value))
    form = FormWriter(writer)
    form.expression(value)
    return writer.module([("function.py.j2", {"functions": form.functions()})])


def write_trigger(condition: ir.Condition) -> WrittenModule:
    """A module whose `holds(event)` says whether the condition is true."""
    condition = simplified(condition)
    writer = ModuleWriter(functions_of(condition))
    form = FormWriter(writer)
    form.trigger(condition)
    return writer.module([("function.py.j2", {"functions": form.functions()})])
