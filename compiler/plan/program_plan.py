"""The plan of a whole program: everything that its module will say, before any of it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...dsl.source import Span
from .. import ir
from ..optimize.rewrite import simplify
from ..optimize.trigger_index import Sorted, index_triggers
from .find_leaves import find_leaves
from .functions import functions_of
from .mapping_plan import Instruction, MappingPlan
from .opt_outs import opt_out_reads, opt_out_test
from .planner import plan_instructions, plan_mapping, reads_of_instructions
from .read_tree import ReadPath, reads_of
from .route_totals import route_totals
from .spans import spans_by_field
from .view import ViewPlan, derive_view


@dataclass(frozen=True, slots=True)
class ProgramPlan:
    """The result of all passes over a program."""

    destination: str
    settings: tuple[tuple[str, ir.Setting], ...]
    filters: tuple[ir.Filter, ...]
    mappings: tuple[MappingPlan, ...]
    """Those that are enabled."""
    triggers: Sorted
    """The triggers of the mappings, by what an event must hold."""
    functions: frozenset[str]
    """The functions of the language that are called."""
    view: ViewPlan | None
    """What is read of an event; None where that is all of it, or where filters change it first."""
    may_opt_out: ir.Condition | None
    """True for each event that has a view and opts out of the destination; None where none can."""
    with_default_id: frozenset[str]
    """The mappings, by name, whose ID for deduplication comes from the defaults."""
    field_spans: tuple[Mapping[str, Span], ...]
    """Where the rules of each mapping say each field, and each key of the objects that they write out, by path."""


def plan_program(whole: ir.Program) -> ProgramPlan:
    """Runs all passes over a checked program that has a destination."""
    assert whole.destination is not None
    field_spans = tuple(dict(spans_by_field(mapping)) for mapping in whole.mappings if mapping.enabled)
    destination, whole = whole.destination, simplify(route_totals(whole))
    mappings = [mapping for mapping in whole.mappings if mapping.enabled]
    instructions = [plan_instructions(mapping) for mapping in mappings]
    view = _view(whole, mappings, instructions)
    return ProgramPlan(
        destination.name,
        whole.settings,
        whole.filters,
        tuple(map(plan_mapping, mappings, instructions)),
        index_triggers([mapping.trigger for mapping in mappings]),
        frozenset(functions_of((whole.filters, whole.mappings))),
        view,
        None if view is None else opt_out_test(destination.integrations, view),
        frozenset(mapping.name for mapping in mappings if mapping.has_default(destination.deduplicates_by)),
        field_spans,
    )


def plan_matching(whole: ir.Program) -> ProgramPlan:
    """The plan of the filters and triggers alone, for a program whose triggers are already simplified."""
    assert whole.destination is not None
    triggers = [mapping.trigger for mapping in whole.mappings]
    filters = simplify(replace(whole, mappings=())).filters
    view = _view(replace(whole, filters=filters), whole.mappings, ())
    return ProgramPlan(
        whole.destination.name,
        whole.settings,
        filters,
        (),
        index_triggers(triggers),
        frozenset(functions_of((filters, *triggers))),
        view,
        None if view is None else opt_out_test(whole.destination.integrations, view),
        frozenset(),
        (),
    )


def _view(
    whole: ir.Program, mappings: Sequence[ir.Mapping], instructions: Sequence[Sequence[Instruction]]
) -> ViewPlan | None:
    if whole.destination is None or any(step.kind != "drop" for step in whole.filters):
        return None
    conditions = [step.condition for step in whole.filters if step.condition is not None]
    conditions += [mapping.trigger for mapping in mappings]
    reads = list(_reads(conditions, instructions))
    reads += [(path, True) for path in opt_out_reads(whole.destination.integrations, [steps for steps, _ in reads])]
    return derive_view(reads, find_leaves(conditions, instructions))


def _reads(conditions: Sequence[ir.Condition], instructions: Sequence[Sequence[Instruction]]) -> Iterator[ReadPath]:
    """All reads from the event in a whole program."""
    yield from reads_of([(condition, True) for condition in conditions], ir.EVENT)
    for planned in instructions:
        yield from reads_of_instructions(planned)
