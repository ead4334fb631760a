"""Judges whether the rules do what a test expects; if not, says what they do instead and which line does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any

from ...compiler import ir
from ...dsl import ast
from ...dsl.source import Span
from ...explain.clauses import deciding
from ...runtime.outcome import Failure, Outcome, Request
from ...runtime.semantics.description import shown
from ...runtime.semantics.missing import MISSING
from ...trace.evaluation import Traced, trace
from ...trace.request_views import unfolded, written
from ...trace.traced_event import TracedEvent
from ...trace.traced_rules import HIDDEN, TracedRules, place, words
from ..path_values import has_value
from ..suite.demands import Demand
from ..suite.trials import SuiteTrial
from . import causes
from .causes import Because
from .differences import Difference, differences
from .missing_items import missing_item
from .no_value import leak, ways_out
from .snapshots import Snapshots, snapshot


@dataclass(slots=True)
class Miss:
    """A demand that was not met."""

    text: str
    """The demand in the author's words."""
    span: Span
    expected: str = ""
    got: str = ""
    differences: list[Difference] = field(default_factory=list)
    because: list[Because] = field(default_factory=list)


@dataclass
class Judge:
    """Compares the demands of one trial with what the rules did."""

    rules: TracedRules
    trial: SuiteTrial
    outcome: Outcome
    snapshots: Snapshots | None
    """None for the events of laws, which are generated each time."""

    @cached_property
    def traced(self) -> TracedEvent:
        """The trace of the event."""
        return self.rules.tracer(self.trial.event)

    def misses(self) -> list[Miss]:
        """All demands that were not met, in the order of the test."""
        return [miss for demand in self.trial.demands for miss in self.misses_of(demand)]

    def misses_of(self, demand: Demand) -> Iterator[Miss]:
        """The parts of one expectation that were not met."""
        expect = demand.expect
        name = expect.mapping or ""
        match expect.kind:
            case "matches":
                yield from self._matches(demand, name)
            case "no match":
                if name in self.outcome.matched:
                    yield Miss(f'expect no "{name}"', expect.span, got=f'"{name}" matches', because=self._why(name))
            case "failure":
                yield from self._fails(demand, name)
            case "nothing":
                yield from self._nothing(demand)
            case "dropped":
                if not self.outcome.dropped:
                    yield Miss("expect dropped", expect.span, got="no filter drops it", because=self._undropped())
            case "snapshot" if self.snapshots is not None:
                yield from self._snapshot(demand, self.snapshots)
            case "no value":
                yield from self._no_value(demand)

    # --- a mapping that is to match --------------------------------------------------------------------------------

    def _matches(self, demand: Demand, name: str) -> Iterator[Miss]:
        expect = demand.expect
        head = f'expect "{name}"'
        if name not in self.outcome.matched:
            dropped = "the event is dropped" if self.outcome.opted_out is None else "the event opts out"
            got = dropped if self.outcome.dropped else f'"{name}" does not match'
            yield Miss(head, expect.span, got=got, because=self._why(name))
            return
        failure = self._failure(name)
        if failure is not None:
            yield Miss(head, expect.span, got=_said(failure), because=self._of_failure(failure))
            return
        if demand.exact is not None:
            yield from self._exactly(demand, name)
        for condition in demand.conditions:
            yield from self._condition(condition, self.seen_by(expect), head, name)

    def is_of_kind(self, expect: ast.Expect) -> bool:
        """Whether the mapping does what is expected, whatever the conditions say: takes the event, or fails."""
        name = expect.mapping or ""
        failed = self._failure(name) is not None
        if expect.kind == "matches":
            return name in self.outcome.matched and not failed
        return failed if expect.kind == "failure" else name not in self.outcome.matched

    def seen_by(self, expect: ast.Expect) -> dict[str, Any]:
        """What the conditions of an expectation read."""
        name = expect.mapping or ""
        event = self.trial.event
        failure = self._failure(name)
        if expect.kind == "failure" and failure is not None:
            told = {"field": failure.field, "code": failure.code, "message": failure.message}
            return {"mapping": name, **told, "event": event}
        views = [written(request, HIDDEN) for request in self._requests(name)]
        return {"requests": views, "warnings": self._warnings(name), "event": event}

    def _requests(self, name: str) -> list[Request]:
        return [request for request in self.outcome.requests if request.mapping == name]

    def _condition(self, condition: ir.Condition, root: dict[str, Any], head: str, name: str) -> Iterator[Miss]:
        traced = trace(condition, root, in_trigger=True)
        if traced.value:
            # The events of laws differ, and their conditions are about the items that are there.
            missing = None if self.snapshots is None else missing_item(condition, root)
            if missing is not None:
                yield Miss(f"{head} {{ {words(condition.span)} }}", condition.span, got=missing)
            return
        miss = Miss(f"{head} {{ {words(condition.span)} }}", condition.span)
        wanted, actual = sides(traced)
        if wanted is None or actual is None:
            miss.got = str(deciding(traced, root)).partition(" is false: ")[2] or "it is false"
        elif isinstance(wanted.value, dict | list) and isinstance(actual.value, dict | list):
            miss.differences = list(differences(wanted.value, actual.value))
        else:
            miss.expected, miss.got = shown(wanted.value), shown(actual.value)
        parts = causes.parts_read(traced)
        mapping = self.traced.mapping(name)
        if parts and mapping is not None:
            miss.because = causes.of_part(self.rules, mapping, self.traced.seen, parts)
        yield miss

    def exact_views(self, demand: Demand) -> list[dict[str, Any]]:
        """The requests as `exactly` sees them: bodies as they are, and of the other parts those that it names."""
        wanted = demand.exact
        views = [unfolded(request, HIDDEN) for request in self._requests(demand.expect.mapping or "")]
        named = [{"json", "form", *request} if isinstance(request, dict) else {"json", "form"} for request in wanted]
        named += [{"json", "form"}] * len(views)
        return [
            {key: value for key, value in view.items() if key in keys} for view, keys in zip(views, named, strict=False)
        ]

    def _exactly(self, demand: Demand, name: str) -> Iterator[Miss]:
        """Requests as a whole."""
        changed = list(differences(demand.exact, self.exact_views(demand)))
        if changed:
            mapping = self.traced.mapping(name)
            parts = [causes.place_of(part.place) for part in changed[: causes.MOST]]
            because = [] if mapping is None else causes.of_part(self.rules, mapping, self.traced.seen, parts)
            yield Miss(f'expect "{name}" exactly', demand.expect.span, differences=changed, because=because)

    # --- failures, nothing, dropped, snapshots ---------------------------------------------------------------------

    def _fails(self, demand: Demand, name: str) -> Iterator[Miss]:
        head = f'expect failure "{name}"'
        failure = self._failure(name)
        if failure is None:
            matched = name in self.outcome.matched
            got = f'"{name}" does not fail' if matched else f'"{name}" does not match'
            yield Miss(head, demand.expect.span, got=got, because=[] if matched else self._why(name))
            return
        for condition in demand.conditions:
            for miss in self._condition(condition, self.seen_by(demand.expect), head, ""):
                miss.because = self._of_failure(failure)
                yield miss

    def _nothing(self, demand: Demand) -> Iterator[Miss]:
        sent = dict.fromkeys(request.mapping for request in self.outcome.requests)
        for name in sent:
            yield Miss("expect nothing", demand.expect.span, got=f'"{name}" sends a request', because=self._why(name))
        for failure in self.outcome.failures:
            because = self._of_failure(failure)
            yield Miss("expect nothing", demand.expect.span, got=_said(failure), because=because)

    def _snapshot(self, demand: Demand, snapshots: Snapshots) -> Iterator[Miss]:
        current = snapshot(self.outcome, HIDDEN)
        snapshots.take(self.trial.name, current)
        kept = snapshots.kept(self.trial.name)
        if kept is None:
            got = "there is none yet; `rulewright test --update` writes it"
            yield Miss("expect snapshot", demand.expect.span, got=got)
        elif changes := list(differences(kept, current)):
            yield Miss("expect snapshot", demand.expect.span, differences=changes)

    def _no_value(self, demand: Demand) -> Iterator[Miss]:
        """The value at a path, in a request; a test whose event has none there shows nothing, unless it is proved."""
        path = demand.expect.path
        assert path is not None
        if not ways_out(self.rules, path.steps):
            return
        text = f"expect no value of {path.span.text} in requests"
        if not has_value(self.trial.event, path.steps):
            if self.snapshots is not None:
                yield Miss(text, demand.expect.span, got="the event has no value there, so nothing was tried")
            return
        leaked = leak(self.rules, path.steps, self.trial.event, self.outcome)
        if leaked is not None:
            mapping = self.traced.mapping(leaked.mapping)
            parts = [causes.place_of(leaked.place)]
            because = [] if mapping is None else causes.of_part(self.rules, mapping, self.traced.seen, parts)
            got = f'"{leaked.mapping}" sends it in requests{leaked.place}'
            if leaked.value is not MISSING:
                got += f": {shown(leaked.value)}"
            yield Miss(text, demand.expect.span, got=got, because=because)

    def _warnings(self, name: str) -> list[dict[str, Any]]:
        """What was repaired for a mapping, as conditions see it."""
        return [
            {"field": repair.field, "code": repair.code, "message": repair.message}
            for repair in self.outcome.warnings
            if repair.mapping == name
        ]

    # --- why -------------------------------------------------------------------------------------------------------

    def _failure(self, name: str) -> Failure | None:
        return next((failure for failure in self.outcome.failures if failure.mapping == name), None)

    def _why(self, name: str) -> list[Because]:
        """The clause that decided a mapping, or the opt-out or filter that was before it."""
        if self.traced.opted_out is not None:
            return [Because("the event", self.traced.opted_out, "")]
        if self.traced.dropped_by is not None and self.traced.dropped_by.condition is not None:
            return [causes.of_clause(deciding(self.traced.dropped_by.condition, self.traced.event))]
        mapping = self.traced.mapping(name)
        if mapping is None:
            disabled = next(mapping for mapping in self.rules.program.mappings if mapping.name == name)
            return [Because(place(disabled.span), f'"{name}" is disabled', "", disabled.span)]
        return [causes.of_clause(deciding(mapping.trigger, self.traced.seen))]

    def _undropped(self) -> list[Because]:
        return [
            causes.of_clause(deciding(filter_.condition, self.traced.event))
            for filter_ in self.traced.filters
            if filter_.filter.kind == "drop" and filter_.condition is not None
        ]

    def _of_failure(self, failure: Failure) -> list[Because]:
        mapping = self.traced.mapping(failure.mapping)
        because = [] if mapping is None else causes.of_field(self.rules, mapping, self.traced.seen, failure.field or "")
        if because or failure.span is None:
            return because
        name = PurePath(failure.span.file).name
        return [Because(f"{name}:{failure.span.line}", failure.span.text.strip(), "")]


def _said(failure: Failure) -> str:
    field_name = f"{failure.field}: " if failure.field else ""
    return f'"{failure.mapping}" fails: {field_name}{failure.message}'


def sides(condition: Traced) -> tuple[Traced | None, Traced | None]:
    """The expected and the actual side of a condition with `=`; None for both in any other."""
    if not isinstance(condition.node, ir.Compare) or condition.node.operator != "=":
        return None, None
    left, right = condition.parts
    return (left, right) if isinstance(left.node, ir.Constant) else (right, left)
