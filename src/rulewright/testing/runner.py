"""The test runner: runs each trial of a suite once through the compiled rules, and traces what explains its result."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..runtime.repairs import Repair
from ..runtime.semantics.event import Event
from ..trace.traced_event import TracedEvent
from .judging.judge import Judge, Miss
from .judging.snapshots import Snapshots
from .law_results import LawResult
from .suite.suite import Suite
from .suite.trials import SuiteTrial


@dataclass(slots=True)
class CaseResult:
    """The result of a trial."""

    trial: SuiteTrial
    traced: TracedEvent
    misses: list[Miss]
    repairs: list[Repair]
    """What was changed so that the rest could be sent."""
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.misses


@dataclass(slots=True)
class SuiteResult:
    """The results of all trials of a rule file."""

    suite: Suite
    results: list[CaseResult] = field(default_factory=list)
    snapshots_changed: int = 0
    laws: list[LawResult] = field(default_factory=list)

    @property
    def failed(self) -> list[CaseResult]:
        return [result for result in self.results if not result.passed]


def run_suite(
    suite: Suite,
    wanted: Callable[[str], bool],
    *,
    update: bool = False,
    prepared: Callable[[Event], Event] = lambda event: event,
) -> SuiteResult:
    """Runs the trials whose names are wanted, on the events that `prepared` makes of theirs.

    With `update`, the snapshots are replaced by what the rules do now. Raises RuleError for snapshots that cannot be
    read.
    """
    snapshots = Snapshots(suite.path, suite.rules.files.access)
    whole = SuiteResult(suite)
    for trial in suite.trials:
        if not wanted(trial.name):
            continue
        trial = replace(trial, event=prepared(trial.event))
        started = time.perf_counter()
        outcome = suite.rules.mapper(trial.event)
        seconds = time.perf_counter() - started
        judge = Judge(suite.rules, trial, outcome, snapshots)
        misses = judge.misses()
        if update:
            misses = [miss for miss in misses if miss.text != "expect snapshot"]
        whole.results.append(CaseResult(trial, judge.traced, misses, outcome.warnings, seconds))
    if update:
        left = {trial.name for trial in suite.trials} - {result.trial.name for result in whole.results}
        whole.snapshots_changed = snapshots.save(keep=left)
    return whole
