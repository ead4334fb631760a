"""How much of the rules the tests have tried, in the author's terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from ...compiler import ir
from ...compiler.analysis.budget import COMMAND_STEPS, CommandBudget, spend
from ...compiler.analysis.solver.solver import SPENT, UNSATISFIABLE, Satisfiability, Unknown, satisfiable
from ...runtime.semantics.missing import MISSING, is_nothing
from ...trace.evaluation import Traced
from ...trace.node_key import NodeKey, key_of
from ...trace.traced_rules import TracedRules
from ..runner import SuiteResult
from .coverage_items import CoverageGroup, CoverageItem, ItemOutcome, items_of

_STEPS_OF_A_NEED = 10
"""For making a formula of one need of an item."""


def outcomes(traced: Traced) -> Iterable[ItemOutcome]:
    """The outcomes of a traced node, as items have them."""
    if isinstance(traced.node, ir.CONDITIONS):
        return (bool(traced.value),)
    if isinstance(traced.node, ir.If) and traced.chosen is not None:
        return (traced.chosen,)
    absent = is_nothing(traced.value)
    if isinstance(traced.node, ir.Coalesce) and traced.chosen is not None:
        return ("nothing",) if absent else (traced.chosen,)
    return ("nothing", "missing" if traced.value is MISSING else "null") if absent else ("present",)


class Coverage:
    """The items of some rules, and how often each was tried."""

    def __init__(self, rules: TracedRules, steps: int = COMMAND_STEPS // 4) -> None:
        """With at most so many steps of work it is asked whether what was not tried could be."""
        self.rules = rules
        self._steps = steps
        self.items = list(items_of(rules.program, rules.is_own))
        self._hits: Counter[tuple[NodeKey, ItemOutcome]] = Counter()

    def add(self, steps: Iterable[Traced]) -> None:
        """Counts the evaluated nodes of one event."""
        for traced in steps:
            key = key_of(traced.node)
            for outcome in outcomes(traced):
                self._hits[key, outcome] += 1
        self.__dict__.pop("missed", None)

    def is_missed(self, item: CoverageItem) -> bool:
        """Whether some event could try an item, as far as is known, and none has."""
        return not self.hits(item) and item not in self.impossible

    def hits(self, item: CoverageItem) -> int:
        """How often an item was tried."""
        return self._hits[item.node, item.outcome]

    @cached_property
    def impossible(self) -> set[CoverageItem]:
        """The items for which it is proved that no event can try them."""
        return {item for item, answer in self._answers.items() if answer == UNSATISFIABLE}

    @cached_property
    def _answers(self) -> dict[CoverageItem, Satisfiability]:
        """Whether an event could try an item, for those that were not tried."""
        budget = CommandBudget(limit=self._steps)
        return {item: budget.of(_event_for, item) or SPENT for item in self.items if not self.hits(item)}

    @cached_property
    def missed(self) -> list[CoverageItem]:
        """Items that some event could try, as far as is known, and none has."""
        return list(filter(self.is_missed, self.items))

    @property
    def undecided(self) -> list[tuple[CoverageItem, str]]:
        """Items for which it is not known whether an event could try them, and why not."""
        return [(item, answer.reason) for item in self.missed if isinstance(answer := self._answers[item], Unknown)]

    def tried(self, group: CoverageGroup | None = None) -> tuple[int, int]:
        """The number of items that were tried, and the number of those that are not proved impossible."""
        mine = [item for item in self.items if group in (None, item.group)]
        done = sum(self.hits(item) > 0 for item in mine)
        return done, sum(self.hits(item) > 0 or item not in self.impossible for item in mine)

    def percent(self, group: CoverageGroup | None = None) -> float:
        """The percentage of tried items among those that are not proved impossible; 100 if there are none."""
        done, whole = self.tried(group)
        return 100.0 * done / whole if whole else 100.0


def coverage_of(result: SuiteResult) -> Coverage:
    """What the trials of a suite have tried."""
    coverage = Coverage(result.suite.rules)
    for case in result.results:
        coverage.add(case.traced.steps())
    return coverage


def _event_for(item: CoverageItem) -> Satisfiability:
    spend(_STEPS_OF_A_NEED * len(item.needs))
    return satisfiable(item.formula())


def percent_text(percent: float) -> str:
    """`92 %`; 100 only where nothing is left, as a reader takes it."""
    return f"{int(percent)} %"
