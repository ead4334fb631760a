"""The result of a law."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..dsl import ast
from ..dsl.format.printer import item_to_text
from ..runtime.semantics.event import Event
from .judging.judge import Miss
from .literals import literal
from .suite.checked_law import CheckedLaw

LawStatus: TypeAlias = Literal["proved", "held", "broken", "untried"]


@dataclass(slots=True)
class LawResult:
    """A law with the events that it was tried on, or with an event that breaks it."""

    name: str
    law: CheckedLaw | None = None
    """None for a law that nobody wrote."""
    proved: bool = False
    """It holds for every event, by lineage and by the solver; none was tried."""
    events: int = 0
    """Events that it was tried on."""
    taken: Counter[str] = field(default_factory=Counter)
    """How many of these each mapping took."""
    stopped: bool = False
    """Its time was over before all events were tried."""
    event: Event | None = None
    """The smallest event found that breaks it."""
    misses: list[Miss] = field(default_factory=list)
    """What is not as the law demands it, for this event."""
    problem: str = ""
    """What is wrong in a sentence, where no expectation says it: a law without events, or one that nobody wrote."""
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        return self.status in ("held", "proved")

    @property
    def status(self) -> LawStatus:
        if self.event is not None:
            return "broken"
        return "untried" if self.problem else "proved" if self.proved else "held"

    def test(self) -> str:
        """The counterexample as the text of a test, which can be kept; empty without a law of the author's."""
        if self.law is None or self.event is None:
            return ""
        expectations = (demand.expect for demand in self.law.demands)
        body: tuple[ast.TestStatement, ...] = (ast.Given(literal(self.event)), *expectations)
        return item_to_text(ast.Test(self.name, body))
