"""Tries laws on events from Hypothesis and on seed events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from hypothesis import HealthCheck, Phase, Verbosity, assume, find, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ..checks.analysis_context import analysis_context, run
from ..compiler import ir
from ..compiler.analysis.analyzed import Analyzed
from ..compiler.analysis.sets.values import MISSING_OR_NULL
from ..compiler.analysis.solver.condition_to_formula import formula_of, value_in
from ..compiler.analysis.solver.formula import Formula, every
from ..compiler.analysis.solver.solver import UNSATISFIABLE, satisfiable
from ..files.temporary_folder import temporary_folder
from ..loading.cache_files import cache_folder
from ..runtime.outcome import Outcome
from ..runtime.semantics.event import Event
from ..testing.judging.judge import Judge, Miss
from ..testing.judging.no_value import ways_out
from ..testing.law_results import LawResult
from ..testing.path_values import has_value
from ..testing.suite.checked_law import CheckedLaw
from ..testing.suite.demands import Demand
from ..testing.suite.suite import Suite
from ..testing.suite.trials import SuiteTrial
from .built_in import BuiltInLaw, built_in_laws
from .event_parts import ITEM, EventParts, PathReading, readings_of, steps_of
from .events import events, odd_events
from .options import LawOptions
from .seeds import Seeds, takes_none
from .smaller import smallest

Breaks = Callable[[Event], bool]
_GIVEN = ((), ("type",), ("event",))
"""Paths at which every event has a value that fits its other parts."""


class LawTrial:
    """The laws of a rule file, ready to be tried."""

    def __init__(
        self,
        suite: Suite,
        options: LawOptions,
        recorded: Iterable[Event] = (),
        prepared: Callable[[Event], Event] = lambda event: event,
    ) -> None:
        self._suite = suite
        self._rules = suite.rules
        self._options = options
        self._prepared = prepared
        self._analyzed = Analyzed(self._rules.program, analysis_context(suite.plan))
        self._by_name = {rule.mapping.name: rule for rule in self._analyzed.rules}
        self._parts = EventParts(self._analyzed.chain.context, self._readings())
        self._seeds = Seeds(self._rules, self._analyzed, self._parts, recorded)

    def _readings(self) -> Iterator[PathReading]:
        laws = self._suite.laws
        conditions = [law.where for law in laws if law.where is not None]
        yield from readings_of(self._rules.program, self._rules.flows, conditions)
        for demand in (demand for law in laws for demand in law.demands):
            yield from _readings_of(demand)

    def results(self, wanted: Callable[[str], bool]) -> Iterator[LawResult]:
        """The results of the wanted laws: first the author's, then the built-in ones."""
        with _own_storage():
            for law in self._suite.laws:
                if wanted(law.name):
                    yield self._timed(law)
            built_in = [law for law in built_in_laws(self._rules) if wanted(law.name)]
            if built_in:
                yield from self._built_in(built_in)

    def _timed(self, law: CheckedLaw) -> LawResult:
        started = time.perf_counter()
        result = self._result(law)
        result.seconds = time.perf_counter() - started
        return result

    # --- laws of the author ----------------------------------------------------------------------------------------

    def _result(self, law: CheckedLaw) -> LawResult:
        result = LawResult(law.name, law)
        if law.where is not None and satisfiable(formula_of(law.where)) == UNSATISFIABLE:
            result.problem = "no event meets its condition"
            return result
        open_ = tuple(demand for demand in law.demands if not self._is_proved(law, demand))
        if not open_:
            result.proved = True
            return result
        holds = (lambda event: True) if law.where is None else run(law.where)
        untried = list(open_)

        def misses(event: Event) -> list[Miss]:
            event = self._prepared(event)
            trial = SuiteTrial(law.name, "", event, open_, law.span, law.span)
            return Judge(self._rules, trial, self._rules.mapper(event), None).misses()

        def breaks(event: Event) -> bool:
            result.events += 1
            result.taken.update(self._rules.mapper(self._prepared(event)).matched)
            untried[:] = (demand for demand in untried if not _is_tried(demand, event))
            return bool(misses(event))

        known = self._seeds.events(law.where, holds, self._ways_out(open_))
        search = _Search(self._options, law.name, holds)
        read = dict.fromkeys(reading.steps for demand in open_ for reading in _readings_of(demand))
        wanted = [steps for steps in read if steps not in _GIVEN]
        counterexample = search.run(known, events(self._parts, known, wanted), breaks)
        result.stopped = search.stopped
        if counterexample is not None:
            signature = _signature(misses(counterexample))
            allowed = self._parts.allows if self._parts.allows(counterexample) else lambda event: True
            result.event = smallest(
                counterexample, lambda event: holds(event) and allowed(event) and _signature(misses(event)) == signature
            )
            result.misses = misses(result.event)
        elif not result.events:
            result.problem = "no event was found that meets its condition, so nothing was tried"
        else:
            result.problem = next(map(_untried, untried), "")
        return result

    def _ways_out(self, demands: Iterable[Demand]) -> Iterator[Formula]:
        """Whether an event has a value at a forbidden path, and a mapping that could send it takes the event.

        Once for each thing that the mapping may do with an event.
        """
        for path in (demand.expect.path for demand in demands if demand.expect.path is not None):
            steps = tuple(0 if step == ITEM else step for step in steps_of(path.steps))
            has_value = value_in(ir.Read(ir.EVENT, steps), ~MISSING_OR_NULL)
            for name in dict.fromkeys(flow.mapping for flow in ways_out(self._rules, path.steps)):
                yield every((self._by_name[name].formula, has_value))
                yield from (every((formula, has_value)) for formula in self._seeds.items_of(name))

    def _is_proved(self, law: CheckedLaw, demand: Demand) -> bool:
        """Whether what is demanded holds for every event that the law is about."""
        expect = demand.expect
        if expect.path is not None:
            mappings = {flow.mapping for flow in ways_out(self._rules, expect.path.steps)}
        elif expect.kind == "no match" and expect.mapping is not None:
            mappings = {expect.mapping}
        else:
            return False
        return all(takes_none(self._analyzed, self._by_name[name], law.where) for name in mappings)

    # --- laws that hold for all rules ------------------------------------------------------------------------------

    def _built_in(self, laws: list[BuiltInLaw]) -> Iterator[LawResult]:
        started = time.perf_counter()
        broken: dict[str, Event] = {}
        results = {law.name: LawResult(law.name) for law in laws}

        def problem(law: BuiltInLaw, event: Event) -> str:
            event = self._prepared(event)
            outcome: Outcome = self._rules.mapper(event)
            return law.broken(event, outcome)

        def breaks(event: Event) -> bool:
            for law in laws:
                if law.name not in broken:
                    results[law.name].events += 1
                    if problem(law, event):
                        broken[law.name] = event
            return len(broken) == len(laws)

        known = self._seeds.events(None, lambda event: True)
        search = _Search(self._options, "built-in laws", lambda event: True)
        search.run(known, odd_events(self._parts, known), breaks)
        for law in laws:
            result = results[law.name]
            result.stopped, result.seconds = search.stopped, (time.perf_counter() - started) / len(laws)
            if law.name in broken:
                kind = problem(law, broken[law.name]).partition(":")[0]
                result.event = smallest(
                    broken[law.name],
                    lambda event, law=law, kind=kind: problem(law, event).partition(":")[0] == kind,  # type: ignore[misc]
                )
                result.problem = problem(law, result.event)
            yield result


@dataclass(slots=True)
class _Search:
    """A search for an event that breaks a law, within a time limit."""

    options: LawOptions
    name: str
    holds: Callable[[Event], bool]
    stopped: bool = False
    _found: list[Event] = field(default_factory=list)

    def run(self, known: list[Event], made: SearchStrategy[Event], breaks: Breaks) -> Event | None:
        """The first event that breaks the law, known events first; None if none does."""
        end = time.monotonic() + self.options.seconds

        def condition(event: Event) -> bool:
            if event in self._found:
                return True
            if time.monotonic() > end:
                self.stopped = True
                return False
            if not self.holds(event):
                assume(False)
            if breaks(event):
                self._found.append(event)
            return bool(self._found)

        for event in known:
            if condition(event):
                return event
        random = Random(self.options.seed * 2**32 + crc32(self.name.encode()))
        with suppress(HypothesisException):
            return find(made, condition, settings=_settings(self.options.count), random=random)
        return None


def _settings(count: int) -> settings:
    return settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def _own_storage() -> Iterator[None]:
    """What hypothesis keeps on disk goes where compiled rules are kept, and not into the author's folder."""
    with temporary_folder() as temporary:
        set_hypothesis_home_dir((cache_folder() or temporary) / "hypothesis")
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _readings_of(demand: Demand) -> Iterator[PathReading]:
    """The paths of the event that a demand is about."""
    if demand.expect.path is not None:
        yield PathReading(steps_of(demand.expect.path.steps))
    for node in ir.walk(demand.conditions):
        if isinstance(node, ir.Read) and node.steps[:1] == ("event",) and len(node.steps) > 1:
            yield PathReading(tuple(map(str, node.steps[1:])))


def _is_tried(demand: Demand, event: Event) -> bool:
    """Whether an event can show anything of what is demanded."""
    return demand.expect.path is None or has_value(event, demand.expect.path.steps)


def _untried(demand: Demand) -> str:
    assert demand.expect.path is not None
    return f"no event had a value at `{demand.expect.path.span.text}`, so nothing was tried"


def _signature(misses: list[Miss]) -> tuple[tuple[str, str], ...]:
    """What is wrong, without the values that are shown of it."""
    return tuple((miss.text, "" if miss.expected else ":".join(miss.got.split(":")[:2])) for miss in misses[:1])
