"""All findings of the proofs on a program: the entry to this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.source import NOWHERE, Span
from ... import ir
from ...catalog import DestinationSchema
from ...memo import IdentityMemo
from ...resolve.foreign_patterns import pattern_findings
from ..analyzed import Analyzed, Rule
from ..budget import COMMAND_STEPS, CommandBudget
from ..context import AnalysisContext
from ..filter_chain import FilterChain
from ..sets.values import NO_VALUES
from ..solver.solver import ONLY_AN_EVENT_CAN_TELL, SPENT, Satisfiability, Unknown
from .argument_order import argument_order_findings
from .condition_parts import conditions_in, never_true_findings
from .constants import constant_findings
from .empty_placeholders import empty_placeholder_findings
from .fields import field_findings
from .filter_paths import filter_path_findings
from .foreign_texts import placeholder_findings
from .narrowing import single_text
from .operations import operation_findings, two_operations_findings
from .overlaps import overlap_findings, untaken_findings
from .parts_of_types import condition_part_findings, part_findings
from .paths import path_findings, written_nodes
from .properties import property_findings
from .shared_ids import shared_id_findings
from .texts import blank_findings
from .texts_as_numbers import conjuncts, number_findings
from .time_formats import time_format_findings
from .triggers import drop_findings, meets, trigger_findings
from .types import argument_findings, field_type_findings
from .undecided import TAKEN_OUT, open_question, undecided
from .unused_fields import unused_findings


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found, with a note for each question that is left open; silence about anything else is a proof."""

    findings: list[Diagnostic]

    @property
    def undecided(self) -> list[str]:
        """A sentence for each question that has no answer."""
        return undecided(self.findings)


def analyze(
    checked: ir.Program,
    context: AnalysisContext,
    span: Span = NOWHERE,
    memo: IdentityMemo | None = None,
    steps: int = COMMAND_STEPS,
    is_suppressed: Callable[[Span], bool] = lambda _: False,
) -> Analysis:
    """All findings of the proofs; `span` is for those that belong to the rules as a whole.

    With `memo`, what was proved before of the same parts is taken from there. Of `steps`, half are for the mappings
    one by one, so that a few that are hard to prove do not keep the others from being compared. `is_suppressed` says
    whether the overlaps (RW0403) of a trigger are suppressed; suppressed overlaps do not count toward the limit.
    """
    analyzed = Analyzed(checked, context, memo)
    chain, rules, memo = analyzed.chain, analyzed.rules, analyzed.memo
    alone, together = CommandBudget(memo, steps // 2), CommandBudget(memo, steps // 2)
    findings = list(alone.of(_of_filters, chain) or ())
    findings += _of_texts(analyzed)
    hard: set[Rule] = set()
    for rule in rules:
        met = alone.of(meets, rule, chain)
        if met is None or (isinstance(met, Unknown) and met not in (ONLY_AN_EVENT_CAN_TELL, TAKEN_OUT)):
            hard.add(rule)
        narrowed = memo.of(_narrowed, chain.context, rule)
        of_rule = None if met is None else alone.of(_of_rule, rule, met, chain, narrowed, checked.destination)
        findings += [_not_proved(rule)] if of_rule is None else of_rule
    findings += overlap_findings(rules, hard, chain, together, is_suppressed)
    findings += untaken_findings(rules, hard, chain, together, span)
    return Analysis(findings)


def written_findings(checked: ir.Program, context: AnalysisContext, memo: IdentityMemo) -> list[Diagnostic]:
    """The findings on what an author wrote in the mappings of a program, without those that are proved of a whole."""
    return _of_texts(Analyzed(checked, context, memo))


def _of_texts(analyzed: Analyzed) -> list[Diagnostic]:
    memo, context = analyzed.memo, analyzed.chain.context
    return [
        finding
        for rule in analyzed.rules
        for finding in memo.of(_of_text, rule.mapping, memo.of(_narrowed, context, rule), analyzed.destination)
    ]


def _narrowed(context: AnalysisContext, rule: Rule) -> AnalysisContext:
    """The context with only the schema of the event that the trigger names, or else of its type, if it names one."""
    name = single_text(rule.hull.get(("event",), NO_VALUES))
    type_ = single_text(rule.hull.get(("type",), NO_VALUES))
    schemas = context.schemas
    if type_ is not None:
        schemas = tuple(schema if name in schema.events else schema.of_type(type_) for schema in schemas)
    if name is not None:
        schemas = tuple(schema.of_event(name) for schema in schemas)
    return context if schemas == context.schemas else replace(context, schemas=schemas)


def _not_proved(rule: Rule) -> Diagnostic:
    question = f'the trigger of "{rule.mapping.name}" is ever true, and whether its fields are ever filled'
    return open_question(question, SPENT, rule.mapping.trigger.span)


def _of_filters(chain: FilterChain) -> list[Diagnostic]:
    conditions = [filter_.condition for filter_ in chain.filters if filter_.condition is not None]
    return [
        *condition_findings(conditions, chain.context),
        *(finding for filter_ in chain.filters for finding in filter_path_findings(filter_, chain.context)),
        *drop_findings(chain),
    ]


def condition_findings(conditions: Sequence[ir.Condition], context: AnalysisContext) -> Iterator[Diagnostic]:
    """The findings of what an author wrote in conditions on the event that came."""
    written = [node for condition in conditions for node in ir.walk(condition)]
    yield from _node_findings(written, conditions, context)
    yield from never_true_findings(conditions, context)
    for condition in conditions:
        yield from condition_part_findings(condition, context)


def _node_findings(
    written: Sequence[ir.Node], proved: Iterable[ir.Condition], context: AnalysisContext
) -> Iterator[Diagnostic]:
    """The findings on single nodes that an author wrote, in conditions and in values.

    Of the conditions in `proved`, other findings say whether an event meets them.
    """
    yield from path_findings(written, context)
    # Most nodes are reads, of which only the path can be wrong.
    others = [node for node in written if not isinstance(node, ir.Read)]
    yield from argument_findings(others, context)
    parts = {part for condition in proved for part in conjuncts(condition)}
    yield from constant_findings(others, context, parts)
    yield from number_findings(others, context, parts)
    yield from blank_findings(others, context)
    yield from argument_order_findings(others)
    yield from time_format_findings(others)
    yield from pattern_findings(others)


def _of_text(mapping: ir.Mapping, context: AnalysisContext, destination: DestinationSchema | None) -> list[Diagnostic]:
    """The findings on what an author wrote in a mapping, whatever filters come before it."""
    return [
        *_node_findings(list(written_nodes(mapping)), (mapping.trigger,), context),
        *field_type_findings(mapping, context),
        *never_true_findings((mapping.trigger, *conditions_in(mapping)), context),
        *placeholder_findings(mapping, context),
        *unused_findings(mapping, destination),
        *(shared_id_findings(mapping, destination, context) if destination is not None else ()),
        *(operation_findings(mapping, destination.operations) if destination and destination.operations else ()),
    ]


def _of_rule(
    rule: Rule,
    met: Satisfiability,
    chain: FilterChain,
    narrowed: AnalysisContext,
    destination: DestinationSchema | None,
) -> list[Diagnostic]:
    findings = list(trigger_findings(rule, met, chain))
    if any(finding.code == "RW0404" for finding in findings):
        # Its fields have no effect, whatever they are.
        return findings
    findings += empty_placeholder_findings(rule, chain)
    findings += field_findings(rule, "the destination" if destination is None else destination.title, chain)
    if destination is not None:
        findings += property_findings(rule, chain, destination)
        findings += two_operations_findings(rule, chain, destination)
    told = [finding.span for finding in findings if finding.code in ("RW0302", "RW0311", "RW0314")]
    return [
        *findings,
        *(part for part in part_findings(rule, narrowed) if not any(part.span.is_within(span) for span in told)),
    ]
