"""Work budgets: proofs count their steps, so that a result never depends on the speed of the machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Generic, TypeVar, TypeVarTuple

from ..memo import IdentityMemo

Parts = TypeVarTuple("Parts")
Result = TypeVar("Result")

QUESTION_STEPS = 100_000
"""The steps for one question to the solver. A step is a fact looked at, which takes some microseconds."""
UNIT_STEPS = 200_000
"""The steps for all questions about one mapping, or about one pair of mappings."""
COMMAND_STEPS = 2_000_000
"""The steps for everything that one command proves."""

TOO_MUCH = "it takes more work than one question may"


class TooMuchWork(Exception):
    """A question whose answer would take more than the work allowed; it becomes an honest "unknown"."""


@dataclass(slots=True)
class Budget:
    """The steps that may be taken, and those that were."""

    limit: int
    spent: int = 0
    paid: set[Hashable] = field(default_factory=set)
    """Work whose result is kept elsewhere; it counts once in a budget, whoever did it first."""

    def spend(self, steps: int) -> None:
        self.spent += steps
        if self.spent > self.limit:
            raise TooMuchWork(TOO_MUCH)


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


def spend(steps: int = 1) -> None:
    """Counts steps. Raises TooMuchWork when there are no more; outside of any budget nothing is counted."""
    budget = _current.get()
    if budget is not None:
        budget.spend(steps)


def spend_once(work: Hashable, steps: int) -> None:
    """Counts work with a kept result, unless this budget counted it before."""
    budget = _current.get()
    if budget is not None and work not in budget.paid:
        budget.paid.add(work)
        budget.spend(steps)


@contextmanager
def budget_of(limit: int) -> Iterator[Budget]:
    """A budget within the current one: at most `limit` steps, and no more than the current one has left."""
    outer = _current.get() or Budget(sys.maxsize)
    inner = Budget(max(0, min(limit, outer.limit - outer.spent)), paid=outer.paid)
    token = _current.set(inner)
    try:
        yield inner
    finally:
        _current.reset(token)
        outer.spent += inner.spent


@dataclass(frozen=True, slots=True)
class Worked(Generic[Result]):
    """A result, and the steps that it took."""

    result: Result
    steps: int


def worked(make: Callable[[*Parts], Result], *parts: *Parts) -> Worked[Result]:
    """What a function gives within a budget of its own, so that it depends on nothing that was done before."""
    token = _current.set(None)
    try:
        with budget_of(UNIT_STEPS) as budget:
            result = make(*parts)
        return Worked(result, budget.spent)
    finally:
        _current.reset(token)


@dataclass(slots=True)
class CommandBudget:
    """The work of a whole command, unit by unit; a unit that is kept from before costs what it cost then."""

    memo: IdentityMemo = field(default_factory=IdentityMemo)
    limit: int = COMMAND_STEPS
    spent: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether no further unit is worked on."""
        return self.spent >= self.limit

    def of(self, make: Callable[[*Parts], Result], *parts: *Parts) -> Result | None:
        """What `make(*parts)` gives; None once the budget is spent."""
        if self.is_spent:
            return None
        result: Worked[Result] = self.memo.of(worked, make, *parts)
        self.spent += result.steps
        return result.result
