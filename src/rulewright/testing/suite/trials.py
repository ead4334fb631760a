"""A trial: one event of a test or of a case of it, with what is demanded."""

from __future__ import annotations

from dataclasses import dataclass

from ...dsl.source import Span
from ...runtime.semantics.event import Event
from .demands import Demand


@dataclass(frozen=True, slots=True)
class SuiteTrial:
    """One event with the expectations on its result: a test, or one of its cases."""

    test: str
    case: str
    event: Event
    demands: tuple[Demand, ...]
    span: Span
    whole: Span
    """The text of the whole test, or of the whole case."""

    @property
    def name(self) -> str:
        """`test`, or `test › case`; no two of a suite have the same."""
        return f"{self.test} › {self.case}" if self.case else self.test
