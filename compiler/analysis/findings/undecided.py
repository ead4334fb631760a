"""Questions that the proofs leave open: each is reported, so that no report means proved."""

from __future__ import annotations

from collections.abc import Iterable

from ....dsl.diagnostics.diagnostic import Diagnostic, Label
from ....dsl.source import Span
from ..solver.solver import Unknown

CODE = "RW0411"
TOO_HARD = Unknown("a trigger takes more work than one question may")
"""The answer to a question about a trigger that is too hard even alone."""
TAKEN_OUT = Unknown("a filter takes out a part of what the trigger reads")


def open_question(whether: str, answer: Unknown, span: Span, *others: Span) -> Diagnostic:
    """RW0411 of a question, in words that follow "whether"."""
    message = f"cannot decide whether {whether}: {answer.reason}"
    return Diagnostic(CODE, message, span, others=tuple(map(Label, others)))


def undecided(findings: Iterable[Diagnostic]) -> list[str]:
    """The sentences of the questions left open among some findings."""
    return [finding.message for finding in findings if finding.code == CODE]
