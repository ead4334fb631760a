"""Everything that is proved of a program: the way through this folder for those who check rules."""

from __future__ import annotations

from dataclasses import dataclass

from ...dsl.diagnostics import Diagnostic
from ...dsl.source import NOWHERE, Span
from .. import program
from ..catalog import DestinationFacts
from ..kept import Kept
from .analysed import Analysed, Rule
from .field_findings import field_findings
from .gate import Gate
from .overlap_findings import overlap_findings, untaken_findings
from .path_findings import path_findings, written_nodes
from .property_findings import property_findings
from .trigger_findings import drop_findings, trigger_findings
from .type_findings import argument_findings, field_type_findings
from .world import World


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found, and what could not be decided."""

    findings: list[Diagnostic]
    undecided: list[str]
    """A sentence for each question that has no answer; silence about anything else is a proof."""


def analyse(checked: program.Program, world: World, span: Span = NOWHERE, kept: Kept | None = None) -> Analysis:
    """All findings of the proofs; `span` is for those that belong to the rules as a whole.

    With `kept`, what was proved before of the same parts is taken from there.
    """
    analysed = Analysed(checked, world, kept)
    gate, rules, kept = analysed.gate, analysed.rules, analysed.kept
    of_gate = kept.of(_of_gate, gate)
    of_texts = [kept.of(_of_text, mapping, world) for mapping in checked.mappings]
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


def _of_gate(gate: Gate) -> list[Diagnostic]:
    written = [node for one in gate.filters if one.condition is not None for node in program.walk(one.condition)]
    return [
        *path_findings(written, gate.world),
        *argument_findings(written, gate.world),
        *drop_findings(gate),
    ]


def _of_text(mapping: program.Mapping, world: World) -> list[Diagnostic]:
    """The findings of what an author wrote in a mapping, whatever it stands behind."""
    written = list(written_nodes(mapping))
    return [
        *path_findings(written, world),
        *field_type_findings(mapping, world),
        *argument_findings(written, world),
    ]


def _of_rule(rule: Rule, gate: Gate, destination: DestinationFacts | None) -> Analysis:
    title = "the destination" if destination is None else destination.title
    undecided: list[str] = []
    findings = [
        *trigger_findings(rule, gate),
        *field_findings(rule, title),
        *property_findings(rule, gate, title, undecided),
    ]
    return Analysis(findings, undecided)
