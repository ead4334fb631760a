"""Suggests how to narrow one of two triggers that share events; each suggestion is proved before it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ....dsl.syntax.paths import write_path
from ....dsl.syntax.strings import quote
from ... import ir
from ..analyzed import Rule
from ..filter_chain import FilterChain
from ..sets.texts import TextSet
from ..sets.values import NO_VALUES, ValueSet, exactly
from ..solver.formula import Formula, PathSteps, every, fact, negation
from ..solver.solver import UNSATISFIABLE, satisfiable

_LONGEST = 140
"""Characters of a trigger that is written out in a help."""


class _Edit(NamedTuple):
    """A clause that is added to the trigger of a mapping, and when it is true."""

    rule: Rule
    clause: str
    formula: Formula


def narrowing(first: Rule, second: Rule, chain: FilterChain) -> str | None:
    """How one of two mappings is kept from the events of the other, in words; None where nothing is proved.

    The mapping that is narrowed loses no event that only it takes, and is left with some.
    """
    if not (first.exact and second.exact):
        return None
    orders = ((first, second), (second, first))
    candidates = [edit for pair in orders for edit in _by_text(*pair, chain)]
    candidates += [edit for pair in orders for edit in _by_trigger(*pair)]
    for edit in candidates:
        if _is_proved(edit, second if edit.rule is first else first) and (words := _words(edit)) is not None:
            return words
    return None


def _is_proved(edit: _Edit, beside: Rule) -> bool:
    left = every((edit.rule.formula, edit.formula))
    lost = every((edit.rule.formula, negation(edit.formula), negation(beside.formula)))
    return _never(every((left, beside.formula))) and _never(lost) and not _never(left)


def _never(formula: Formula) -> bool:
    return satisfiable(formula) == UNSATISFIABLE


def _by_text(wider: Rule, narrower: Rule, chain: FilterChain) -> Iterator[_Edit]:
    """Texts that the narrower trigger asks for at a path where the wider one takes others; the last say the most."""
    if any(filter_.kind != "drop" for filter_ in chain.filters):
        return
    for path, values in reversed(narrower.hull.items()):
        text = single_text(values)
        if text is not None and single_text(wider.hull.get(path, NO_VALUES)) is None:
            clause = f"{write_path(path, rooted=False)} != {quote(text)}"
            yield _Edit(wider, clause, fact(path, ~exactly(text)))


def _by_trigger(wider: Rule, narrower: Rule) -> Iterator[_Edit]:
    text = _on_one_line(narrower.mapping.trigger)
    if text is not None:
        yield _Edit(wider, f"!({text})", negation(narrower.formula))


def _words(edit: _Edit) -> str | None:
    name = edit.rule.mapping.name
    if not isinstance(edit.rule.mapping.trigger, ir.AnyOf):
        return f'add `and {edit.clause}` to "{name}"'
    text = _on_one_line(edit.rule.mapping.trigger)
    return None if text is None else f'write `when ({text}) and {edit.clause}` in "{name}"'


def _on_one_line(trigger: ir.Condition) -> str | None:
    """A trigger as it is written, where that is short and has no comment."""
    text = " ".join(trigger.span.text.split())
    return text if len(text) <= _LONGEST and "#" not in text else None


def single_text(values: ValueSet) -> str | None:
    """The text of a set that holds nothing else."""
    listed = values.texts.listed
    if len(listed) != 1:
        return None
    (text,) = listed
    return text if values == ValueSet(texts=TextSet(listed)) else None


def asked_texts(hull: dict[PathSteps, ValueSet]) -> dict[PathSteps, frozenset[str]]:
    """For each path, the texts that a trigger accepts there."""
    listed = {path: values.texts.listed for path, values in hull.items()}
    return {path: texts for path, texts in listed.items() if texts and hull[path] == ValueSet(texts=TextSet(texts))}
