"""Everything that is proved of a program: the way through this folder for those who check rules."""

from __future__ import annotations

from dataclasses import dataclass

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.source import NOWHERE, Span
from ... import ir
from ...catalog import DestinationSchema
from ...memo import IdentityMemo
from ..analyzed import Analyzed, Rule
from ..context import AnalysisContext
from ..filter_chain import FilterChain
from .fields import field_findings
from .operations import operation_findings, two_operations_findings
from .overlaps import overlap_findings, untaken_findings
from .paths import path_findings, written_nodes
from .properties import property_findings
from .triggers import drop_findings, trigger_findings
from .types import argument_findings, field_type_findings


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found, and what could not be decided."""

    findings: list[Diagnostic]
    undecided: list[str]
    """A sentence for each question that has no answer; silence about anything else is a proof."""


def analyze(
    checked: ir.Program, world: AnalysisContext, span: Span = NOWHERE, kept: IdentityMemo | None = None
) -> Analysis:
    """All findings of the proofs; `span` is for those that belong to the rules as a whole.

    With `kept`, what was proved before of the same parts is taken from there.
    """
    analysed = Analyzed(checked, world, kept)
    gate, rules, kept = analysed.gate, analysed.rules, analysed.kept
    of_gate = kept.of(_of_gate, gate)
    of_texts = [kept.of(_of_text, mapping, world, checked.destination) for mapping in checked.mappings]
    of_rules = [kept.of(_of_rule, rule, gate, checked.destination) for rule in rules]
    undecided = [sentence for part in of_rules for sentence in part.undecided]
    findings = [
        *of_gate,
        *(finding for part in of_texts for finding in part),
        *(finding for part in of_rules for finding in part.findings),
        *overlap_findings(rules, gate, kept, undecided),
        *untaken_findings(rules, gate, kept, span),
    ]
    return Analysis(findings, undecided)


def _of_gate(gate: FilterChain) -> list[Diagnostic]:
    written = [node for one in gate.filters if one.condition is not None for node in ir.walk(one.condition)]
    return [
        *path_findings(written, gate.world),
        *argument_findings(written, gate.world),
        *drop_findings(gate),
    ]


def _of_text(mapping: ir.Mapping, world: AnalysisContext, destination: DestinationSchema | None) -> list[Diagnostic]:
    """The findings of what an author wrote in a mapping, whatever it stands behind."""
    written = list(written_nodes(mapping))
    return [
        *path_findings(written, world),
        *field_type_findings(mapping, world),
        *argument_findings(written, world),
        *(operation_findings(mapping, destination.operations) if destination and destination.operations else ()),
    ]


def _of_rule(rule: Rule, gate: FilterChain, destination: DestinationSchema | None) -> Analysis:
    title = "the destination" if destination is None else destination.title
    undecided: list[str] = []
    findings = [
        *trigger_findings(rule, gate),
        *field_findings(rule, title),
        *(property_findings(rule, gate, destination, undecided) if destination else ()),
        *(two_operations_findings(rule, gate, destination, undecided) if destination else ()),
    ]
    return Analysis(findings, undecided)
