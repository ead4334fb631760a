"""Writes tests for items that are not tested yet, as an author would: one for each mapping, a case for each item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...dsl import ast
from ...dsl.format.printer import item_to_text
from ...dsl.syntax.paths import write_steps
from ...runtime.semantics.event import Event
from ...runtime.semantics.missing import MISSING
from ...trace.traced_rules import TracedRules
from ..literals import literal
from .characterization import expectations
from .coverage import Coverage
from .coverage_items import CoverageItem
from .witnesses import Witnesses

MOST_CHANGES = 6
"""An event that differs from the given one in more places gets its own `given`."""
NOTE = (
    "# Suggested by `rulewright test --suggest`: what the rules do now, not what they should do.\n"
    "# Read each expectation before you keep it."
)


@dataclass(slots=True)
class Suggestions:
    """The tests, and what no event was found for."""

    tests: list[ast.Test] = field(default_factory=list)
    without: list[CoverageItem] = field(default_factory=list)

    def text(self) -> str:
        """Rule text, ready to be pasted."""
        return "\n\n".join([NOTE, *map(item_to_text, self.tests)]) + "\n" if self.tests else ""

    def count(self) -> int:
        """How many events there are in all."""
        return sum(1 + sum(isinstance(part, ast.Case) for part in test.body) for test in self.tests)


def suggest(coverage: Coverage, taken: Iterable[str]) -> Suggestions:
    """Tests that try everything that can be tried and was not; `taken` are the names that tests have already.

    The coverage is changed: it then counts the suggested events as well.
    """
    rules = coverage.rules
    witnesses = Witnesses(rules)
    suggestions = Suggestions()
    chosen: dict[str, list[tuple[CoverageItem, Event]]] = {}
    for item in coverage.missed:
        if coverage.hits(item):
            continue
        event = witnesses.event(item)
        if event is None:
            suggestions.without.append(item)
            continue
        chosen.setdefault(item.owner, []).append((item, event))
        coverage.add(rules.tracer(event).steps())
    names = set(taken)
    for owner, events in chosen.items():
        # An event that the mapping takes is what a reader expects first, and what the others differ least from.
        events.sort(key=lambda pair: owner not in rules.mapper(pair[1]).matched)
        suggestions.tests += _tests(rules, owner, events, names)
    return suggestions


def _tests(
    rules: TracedRules, owner: str, events: list[tuple[CoverageItem, Event]], taken: set[str]
) -> Iterator[ast.Test]:
    """The first event as the given one, and the others as its cases where they are close to it."""
    while events:
        (first, base), *rest = events
        body: list[ast.TestStatement] = [ast.Given(literal(base)), *expectations(rules, first, base)]
        events = []
        names: set[str] = set()
        for item, event in rest:
            changes = list(_changes(base, event))
            if len(changes) > MOST_CHANGES:
                events.append((item, event))
                continue
            entries = tuple(ast.Entry(key, value) for key, value in changes)
            name = free_name(item.sentence, names)
            body.append(ast.Case(name, ast.Object(entries), tuple(expectations(rules, item, event))))
        yield ast.Test(free_name(f"{owner or 'filters'}: {first.sentence}", taken), tuple(body))


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken; marked as taken from now on."""
    name = name.replace("`", "").replace('"', "'")
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    taken.add(free)
    return free


def _changes(base: Any, event: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, ast.Expression]]:
    """The paths at which an event differs from a base, each with its value; `omit` for a missing one."""
    if isinstance(base, dict) and isinstance(event, dict):
        for key in [*base, *(key for key in event if key not in base)]:
            yield from _changes(base.get(key, MISSING), event.get(key, MISSING), (*path, key))
    elif isinstance(base, list) and isinstance(event, list) and len(base) == len(event):
        for index, (old_item, new_item) in enumerate(zip(base, event, strict=True)):
            yield from _changes(old_item, new_item, (*path, index))
    elif type(base) is not type(event) or base != event:
        value = ast.Omit() if event is MISSING else literal(event)
        yield write_steps(path).removeprefix("."), value
