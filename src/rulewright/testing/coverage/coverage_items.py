"""Lists what tests can try: conditions both ways, fallbacks, branches, and fields with and without a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

from ...compiler import ir
from ...compiler.analysis.sets.values import EMPTY, MISSING_OR_NULL, OBJECTS, ValueSet, exactly, only
from ...compiler.analysis.solver.condition_to_formula import formula_of, value_in
from ...compiler.analysis.solver.formula import Formula, every, negation
from ...compiler.value_types import NOTHING, kinds
from ...dsl.ast import Step
from ...dsl.source import Span
from ...runtime.counted import ordinal
from ...runtime.semantics.failure import ValueFailure
from ...runtime.semantics.missing import MISSING, is_nothing
from ...trace.evaluation import evaluate
from ...trace.filter_paths import reads_of
from ...trace.node_key import NodeKey, key_of
from ...trace.traced_rules import words

CoverageGroup: TypeAlias = Literal["triggers", "fields"]
ItemOutcome: TypeAlias = bool | int | str
"""Of a condition, True or False; of a choice, which; of a field, `missing`, `null`, `nothing` or `present`."""


@dataclass(frozen=True, slots=True)
class Need:
    """What an event needs for an item to be tried: a value that is one of a set."""

    value: ir.Value
    wanted: ValueSet

    def formula(self) -> Formula:
        if isinstance(self.value, ir.CONDITIONS):
            holds = formula_of(self.value)
            return holds if True in self.wanted else negation(holds)
        return value_in(self.value, self.wanted)


@dataclass(frozen=True, slots=True, eq=False)
class CoverageItem:
    """One outcome of a node that tests can try."""

    node: NodeKey
    outcome: ItemOutcome
    group: CoverageGroup
    owner: str
    """The mapping; empty for a filter."""
    span: Span
    """The text that is not tried when this is not."""
    sentence: str
    """What never happened, after the words "Never:"."""
    needs: tuple[Need, ...]

    def formula(self) -> Formula:
        """The formula for the events that try the item, as far as the solver can express it."""
        return every(need.formula() for need in self.needs)


def items_of(rules: ir.Program, is_own: Callable[[Span], bool]) -> Iterator[CoverageItem]:
    """All items of what the author wrote, in the order of the program."""
    for filter_ in rules.filters:
        if filter_.condition is not None and is_own(filter_.span):
            yield from _ItemWriter("", "triggers").condition(filter_.condition, ())
        if is_own(filter_.span):
            yield from _ItemWriter("", "triggers").paths(filter_)
    for mapping in rules.mappings:
        if not mapping.enabled:
            continue
        yield from _ItemWriter(mapping.name, "triggers").condition(mapping.trigger, ())
        reached = (Need(mapping.trigger, exactly(True)),)
        for field in mapping.fields:
            if is_own(field.span):
                yield from _ItemWriter(mapping.name, "fields").value(field.value, reached, field.facts.name)


@dataclass(slots=True)
class _ItemWriter:
    """Writes the items of one trigger or one field."""

    owner: str
    group: CoverageGroup

    def _item(
        self, node: ir.Value, outcome: ItemOutcome, span: Span, sentence: str, needs: tuple[Need, ...]
    ) -> CoverageItem:
        return CoverageItem(key_of(node), outcome, self.group, self.owner, span, sentence, needs)

    # --- filters ---------------------------------------------------------------------------------------------------

    def paths(self, filter_: ir.Filter) -> Iterator[CoverageItem]:
        """Each path of a filter, in an event that has something there."""
        needs = () if filter_.condition is None else (Need(filter_.condition, exactly(True)),)
        done = "kept" if filter_.kind == "keep" else "dropped"
        for read in reads_of(filter_):
            yield self._item(
                read, "present", read.span, f"{_quoted(read)} {done}", (*needs, Need(read, ~only(MISSING)))
            )

    # --- conditions ------------------------------------------------------------------------------------------------

    def condition(self, node: ir.Value, needs: tuple[Need, ...]) -> Iterator[CoverageItem]:
        """Each clause both ways, in events for which those before it did not decide."""
        match node:
            case ir.All(conditions) | ir.AnyOf(conditions):
                for clause in conditions:
                    yield from self.condition(clause, needs)
                    needs = (*needs, Need(clause, exactly(isinstance(node, ir.All))))
            case ir.Not(inner):
                yield from self.condition(inner, needs)
            case _:
                for child in _children(node):
                    yield from self.value(child, needs, "")
                if any(isinstance(part, ir.Read) for part in ir.walk(node)):
                    for outcome in (True, False):
                        wanted = (*needs, Need(node, exactly(outcome)))
                        sentence = f"{_quoted(node)} {'true' if outcome else 'false'}"
                        yield self._item(node, outcome, node.span, sentence, wanted)

    # --- values ----------------------------------------------------------------------------------------------------

    def value(
        self, node: ir.Value, needs: tuple[Need, ...], name: str, *, inside: bool = False
    ) -> Iterator[CoverageItem]:
        """All that can be tried in a value; `name` is the field that it fills, or is a part of (`inside`)."""
        match node:
            case ir.Coalesce(values):
                yield from self._fallbacks(node, values, needs, name)
            case ir.If(condition, then, otherwise):
                yield from self.condition(condition, needs)
                for index, branch in enumerate((then, otherwise)):
                    reached = (*needs, Need(condition, exactly(index == 0)))
                    if isinstance(branch, ir.If | ir.Coalesce | ir.MakeObject):
                        yield from self.value(branch, reached, name)
                    else:
                        sentence = f"the branch {_quoted(branch)}{_of(name)}"
                        yield self._item(node, index, branch.span, sentence, reached)
            case ir.MakeObject(entries):
                for key, entry in entries:
                    yield from self.value(entry, needs, f"{name}.{key}", inside=inside)
            case ir.ForEach():
                yield from self._each(node, needs, name, inside=inside)
            case _ if isinstance(node, ir.CONDITIONS):
                yield from self.condition(node, needs)
            case _:
                for child in _children(node):
                    yield from self.value(child, needs, name, inside=True)
                if name and not inside:
                    yield from self._states(node, needs, name)

    def _fallbacks(
        self, node: ir.Coalesce, values: tuple[ir.Value, ...], needs: tuple[Need, ...], name: str
    ) -> Iterator[CoverageItem]:
        passed_over = EMPTY if node.visible else MISSING_OR_NULL
        for index, value in enumerate(values):
            if not isinstance(value, ir.Read | ir.Constant):
                yield from self.value(value, needs, name, inside=True)
            there = (*needs, Need(value, ~passed_over))
            noun = "the first choice" if index == 0 else f"the {_ORDINALS.get(index) or ordinal(index)} fallback"
            if kinds(value) - NOTHING:
                yield self._item(node, index, value.span, f"{noun}{_of(name)}, {_quoted(value)}", there)
            needs = (*needs, Need(value, passed_over))
        if kinds(values[-1]) & NOTHING:
            whole = f"`{name}`" if name else _quoted(node)
            yield self._item(node, "nothing", node.span, f"{whole} without any value", needs)

    def _each(self, node: ir.ForEach, needs: tuple[Need, ...], name: str, *, inside: bool) -> Iterator[CoverageItem]:
        yield from self.value(node.iterable, needs, name, inside=True)
        first = _first_item(node)
        if first is not None:
            needs = (*needs, first)
        if node.condition is not None:
            yield from _seen_from_event(self.condition(node.condition, needs), node)
            needs = (*needs, Need(node.condition, exactly(True)))
        yield from _seen_from_event(self.value(node.item, needs, f"{name}[]", inside=inside), node)

    def _states(self, node: ir.Value, needs: tuple[Need, ...], name: str) -> Iterator[CoverageItem]:
        """With and without a value; a path without one may be missing or null."""
        possible = kinds(node)
        if not possible & NOTHING or isinstance(node, ir.Omit):
            return
        is_path = isinstance(node, ir.Read | ir.Get)
        if not is_path and not _is_ever_nothing(node):
            return
        states: list[tuple[str, ValueSet, str]] = [("present", ~MISSING_OR_NULL, "there")]
        if is_path:
            states += [("missing", only(MISSING), "missing"), ("null", only(None), "null")]
        else:
            states += [("nothing", MISSING_OR_NULL, "without a value")]
        for outcome, wanted, state in states:
            sentence = f"`{name}` when {_quoted(node)} is {state}"
            yield self._item(node, outcome, node.span, sentence, (*needs, Need(node, wanted)))


_LONGEST = 60
"""The most characters of the author's text in a sentence."""
_ORDINALS = {1: "first", 2: "second", 3: "third"}


def _of(name: str) -> str:
    return f" of `{name}`" if name else ""


def _quoted(node: ir.Value) -> str:
    text = words(node.span)
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[: _LONGEST - 1]}…`"


def _is_ever_nothing(node: ir.Value) -> bool:
    """Whether a computed value is without a value when all that it reads is: `merge(…)`, say, never is."""
    try:
        return is_nothing(evaluate(node, {}))
    except (ValueFailure, KeyError):
        return False


def _children(node: ir.Value) -> Iterator[ir.Value]:
    """The nodes right below one."""
    for part in fields(node):
        inner = getattr(node, part.name)
        for child in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(child, ir.Node):
                yield child  # type: ignore[misc]


# --- loops: what is said of an item is said of the first of the list, which the solver can see ----


def _first_item(node: ir.ForEach) -> Need | None:
    """The list has an item: an object, where keys of it are read."""
    where = _where(node)
    if where is None:
        return None
    parts = [part for part in ir.walk((node.item, node.condition)) if isinstance(part, ir.Read)]
    has_keys = any(part.root == node.variable and part.steps for part in parts)
    return Need(ir.Read(ir.EVENT, where, span=node.iterable.span), OBJECTS if has_keys else ~MISSING_OR_NULL)


def _where(node: ir.ForEach) -> tuple[Step, ...] | None:
    iterable = node.iterable
    return (*iterable.steps, 0) if isinstance(iterable, ir.Read) and iterable.root == ir.EVENT else None


def _seen_from_event(items: Iterator[CoverageItem], node: ir.ForEach) -> Iterator[CoverageItem]:
    where = _where(node)
    for item in items:
        needs = tuple(Need(_with_path(need.value, node.variable, where), need.wanted) for need in item.needs)
        yield item if where is None else replace(item, needs=needs)


def _with_path(value: Any, variable: int, where: tuple[Step, ...] | None) -> Any:
    """The value with a loop's variable replaced by the path of the first item."""
    if where is None:
        return value
    if isinstance(value, tuple):
        return tuple(_with_path(part, variable, where) for part in value)
    if isinstance(value, ir.Read):
        return replace(value, root=ir.EVENT, steps=(*where, *value.steps)) if value.root == variable else value
    if not isinstance(value, ir.Node):
        return value
    changed = {part.name: _with_path(getattr(value, part.name), variable, where) for part in fields(value)}
    return replace(value, **changed)
