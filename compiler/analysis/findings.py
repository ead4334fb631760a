"""Everything that is proved of a program: the way through this folder for those who check rules."""

from __future__ import annotations

from dataclasses import dataclass

from ...dsl.diagnostics import Diagnostic
from ...dsl.source import NOWHERE, Span
from .. import program
from .analysed import Analysed
from .field_findings import field_findings
from .overlap_findings import overlap_findings, untaken_findings
from .path_findings import path_findings, written_nodes
from .property_findings import property_findings
from .trigger_findings import trigger_findings
from .type_findings import type_findings
from .world import World


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found, and what could not be decided."""

    findings: list[Diagnostic]
    undecided: list[str]
    """A sentence for each question that has no answer; silence about anything else is a proof."""


def analyse(checked: program.Program, world: World, span: Span = NOWHERE) -> Analysis:
    """All findings of the proofs; `span` is for those that belong to the rules as a whole."""
    analysed = Analysed(checked, world)
    title = "the destination" if checked.destination is None else checked.destination.title
    findings = [
        *path_findings(checked, world),
        *type_findings(checked, written_nodes(checked), world),
        *trigger_findings(analysed),
        *field_findings(analysed, title),
        *property_findings(analysed, title),
        *overlap_findings(analysed),
        *untaken_findings(analysed, span),
    ]
    return Analysis(findings, analysed.undecided)
