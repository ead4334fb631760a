"""A program to one readable Python module that imports nothing but the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ...dsl.ast import Step
from ...dsl.source import Span
from .. import ir
from ..optimize.rewrite import simplified, simplify
from ..plan.derive_view import View, derive_view
from ..plan.find_leaves import find_leaves
from ..plan.mapping_plan import Part, values_of
from ..plan.opt_outs import opt_out_reads, opt_out_test
from ..plan.planner import constants_of, plan_mapping
from ..plan.read_planner import reads_of
from ..plan.route_totals import route_totals
from .module_writer import Writer, functions_of
from .python_code import Names, Python, code, comment, literal, literal_object
from .source_map import LineSource, Table, spans_by_field, table_of

_KEYS = {"string": Python("string"), "object": Python("an_object"), None: Python("anything")}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A program that the passes have been over."""

    whole: ir.Program
    mappings: Sequence[ir.Mapping]
    """Those that are enabled."""
    plans: Sequence[tuple[Part, ...]]
    """Of each mapping."""
    fields: Sequence[Mapping[str, Span]]
    """Of each mapping, where the rules say its fields."""
    title: str

    @property
    def integrations(self) -> tuple[str, ...]:
        """The destination's own keys in an event's `integrations`."""
        return () if self.whole.destination is None else self.whole.destination.integrations

    def steps(self) -> Iterator[tuple[ir.Mapping, tuple[Part, ...] | None]]:
        """The mappings with their plans; None for one that has nothing to do."""
        for mapping, planned in zip(self.mappings, self.plans, strict=True):
            yield mapping, None if mapping.action.sends == "nothing" and not planned else planned


Form: TypeAlias = Literal["events", "views"]
"""What a function of the module gets: an event as a dict, or the view of one (see `runtime/view.py`)."""


def prepare(whole: ir.Program, title: str) -> Prepared:
    """What `write_program` and `write_form` write."""
    fields = [spans_by_field(mapping) for mapping in whole.mappings if mapping.enabled]
    whole = simplify(route_totals(whole))
    mappings = [mapping for mapping in whole.mappings if mapping.enabled]
    return Prepared(whole, mappings, [plan_mapping(mapping) for mapping in mappings], fields, title)


def write_program(prepared: Prepared, version: str) -> str:
    """The module of a program, which stands alone: it holds both forms, and the way back from its lines to the rules'.

    `version` is that of the compiler, and is written into the module. The same program gives the same text.
    """
    # What follows the functions does not move their lines.
    _, lines = _write(prepared, ("events", "views"))
    return _write(prepared, ("events", "views"), table_of(lines, prepared.fields), version)[0]


def write_form(prepared: Prepared, form: Form) -> tuple[str, list[LineSource]] | None:
    """A module of one form alone, with `PROGRAM` of events or with `VIEWS`; None where there are no views.

    The sources are those of the module's lines, from line 1 at index 0.
    """
    if form == "views" and _view_of(prepared, Names()) is None:
        return None
    return _write(prepared, (form,))


def _write(
    prepared: Prepared, forms: Sequence[Form], source_map: Table | None = None, version: str | None = None
) -> tuple[str, list[LineSource]]:
    whole = prepared.whole
    destination = whole.destination
    assert destination is not None
    writer = Writer(functions_of(whole))
    actions = sorted({mapping.action.name for mapping, planned in prepared.steps() if planned is not None})
    tables = {action: writer.names.fresh(f"{action}_fields") for action in actions}
    view = _view_of(prepared, writer.names) if "views" in forms else None
    events = _form(writer, prepared, tables, None) if "events" in forms else None
    views = _form(writer, prepared, tables, view) if view is not None else None
    return writer.module(
        "module.py.j2",
        title=[
            comment(prepared.title),
            comment("Compiled by Rulewright; change the rules and compile them again."),
            Python(""),
        ],
        tables=[(name, literal(destination.name), literal(action)) for action, name in tables.items()],
        destination=literal(destination.name),
        settings=[(literal(name), literal(value)) for name, value in whole.settings],
        filters=[(literal(step.kind), literal(step.paths)) for step in whole.filters],
        mappings=[
            {
                "name": literal(mapping.name),
                "action": literal(mapping.action.name),
                "conflict": literal(mapping.conflict),
                "constants": [(literal(name), literal(value)) for name, value in constants_of(mapping)],
            }
            for mapping in prepared.mappings
        ],
        objects=[] if view is None else [_definition(one) for one in view.inner_first()],
        view=Python("None") if view is None else view.name,
        events=events,
        views=views,
        source_map=None if source_map is None else _literals(source_map),
        version=None if version is None else literal(version),
    )


def _literals(table: Table) -> tuple[Python, Python, list[Python]]:
    origins, lines, fields = table
    return literal(origins), literal(lines), [literal_object(places.items()) for places in fields]


def _form(writer: Writer, prepared: Prepared, tables: Mapping[str, Python], view: View | None) -> dict[str, Any]:
    """The names of the functions that one form of a program comes to."""
    match, match_tables = writer.match(prepared.mappings, view)
    test = None if view is None else opt_out_test(prepared.integrations, view)
    return {
        "may_opt_out": Python("None") if test is None else writer.condition("may_opt_out", test, view),
        "conditions": [
            Python("None") if step.condition is None else writer.condition("filter", step.condition, view)
            for step in prepared.whole.filters
        ],
        "maps": [
            Python("None") if planned is None else writer.mapping(mapping, planned, tables[mapping.action.name], view)
            for mapping, planned in prepared.steps()
        ],
        "match": match,
        "match_tables": match_tables,
    }


def _view_of(prepared: Prepared, names: Names) -> View | None:
    """What is read of an event; None where that is all of it, or where filters change it first."""
    if any(step.kind != "drop" for step in prepared.whole.filters):
        return None
    conditions = [step.condition for step in prepared.whole.filters if step.condition is not None]
    conditions += [mapping.trigger for mapping in prepared.mappings]
    leaves = find_leaves(conditions, prepared.plans)
    reads = list(_reads_of(conditions, prepared.plans))
    reads += [(steps, True) for steps in opt_out_reads(prepared.integrations, [steps for steps, _ in reads])]
    return derive_view(reads, leaves, names)


def write_expression(value: ir.Value) -> tuple[str, list[LineSource]]:
    """A module whose `value_of(event)` gives the value."""
    value = simplified(value)
    writer = Writer(functions_of(value))
    writer.expression(value)
    return writer.module("function.py.j2")


def write_trigger(condition: ir.Condition) -> tuple[str, list[LineSource]]:
    """A module whose `holds(event)` says whether the condition is true."""
    condition = simplified(condition)
    writer = Writer(functions_of(condition))
    writer.trigger(condition)
    return writer.module("function.py.j2")


def _reads_of(
    conditions: Iterable[ir.Condition], plans: Iterable[tuple[Part, ...]]
) -> Iterator[tuple[tuple[Step, ...], bool]]:
    """All reads from the event in a whole program."""
    yield from reads_of([(condition, True) for condition in conditions], ir.EVENT)
    for planned in plans:
        yield from reads_of([(value, nulls) for value, nulls, _ in values_of(planned)], ir.EVENT)


def _definition(view: View) -> dict[str, Any]:
    """A view as the module's template shows it."""
    fields = []
    for key, found in view.fields.items():
        name = literal(str(key))
        if found.inside is not None:
            source = code("inside({}, {})", name, found.inside.name)
        else:
            source = code("{}({})", _KEYS[found.leaf], name)
        fields.append((found.attribute, code("or_missing({})", source) if found.or_missing else source))
    return {"name": view.name, "nothing": view.nothing, "fields": fields}
