"""What is left of a condition once the outcome of one of its parts is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from .. import ir

Residual: TypeAlias = ir.Condition | bool
"""A condition that is still open, or its outcome."""
Atom: TypeAlias = ir.Compare | ir.TextTest | ir.Holds
"""A condition that has no conditions in it; `a != "x"` counts as the negation of `a = "x"`."""


def atoms(condition: Residual) -> Iterator[Atom]:
    """The parts of a condition that would decide it, each as often as it stands there."""
    match condition:
        case ir.All(conditions) | ir.AnyOf(conditions):
            for inner in conditions:
                yield from atoms(inner)
        case ir.Not(inner):
            yield from atoms(inner)
        case bool():
            return
        case _:
            yield _positive(condition)[0]


def settled(condition: ir.Condition) -> Residual:
    """The condition; its outcome where nothing in it is left to ask, as in what folding made of `true`."""
    return assume(condition, None, True)


def assume(condition: Residual, atom: Atom | None, outcome: bool) -> Residual:
    """The condition, given the outcome of an atom wherever it stands in it."""
    match condition:
        case bool():
            return condition
        case ir.All(conditions):
            return _joined(ir.All, conditions, atom, outcome, absorbing=False)
        case ir.AnyOf(conditions):
            return _joined(ir.AnyOf, conditions, atom, outcome, absorbing=True)
        case ir.Not(inner):
            rest = assume(inner, atom, outcome)
            return not rest if isinstance(rest, bool) else ir.Not(rest, span=condition.span)
        case _:
            own, positive = _positive(condition)
            return (outcome is positive) if own == atom else condition


def assume_text(condition: Residual, path: ir.Read, text: str) -> Residual:
    """The condition, given that a path holds a text."""
    for atom in set(atoms(condition)):
        if isinstance(atom, ir.Compare) and atom.left == path:
            outcome = _of_text(atom, text)
            if outcome is not None:
                condition = assume(condition, atom, outcome)
    return condition


def _of_text(atom: ir.Compare, text: str) -> bool | None:
    """The outcome of a comparison whose left side is the text; None where it cannot be told."""
    if atom.operator == "=" and isinstance(atom.right, ir.Constant):
        return atom.right.value.__class__ is str and atom.right.value == text
    if atom.operator == "in" and (texts := listed_texts(atom.right)) is not None:
        return text in texts
    return None


def listed_texts(value: ir.Value) -> tuple[str, ...] | None:
    """The items of a list of nothing but literal texts."""
    if not isinstance(value, ir.MakeList):
        return None
    texts = tuple(item.value for item in value.items if isinstance(item, ir.Constant) and isinstance(item.value, str))
    return texts if len(texts) == len(value.items) else None


def _joined(
    kind: type[ir.All] | type[ir.AnyOf],
    conditions: tuple[ir.Condition, ...],
    atom: Atom | None,
    outcome: bool,
    *,
    absorbing: bool,
) -> Residual:
    rest: list[ir.Condition] = []
    for inner in conditions:
        left = assume(inner, atom, outcome)
        if left is absorbing:
            return absorbing
        if not isinstance(left, bool):
            rest.append(left)
    if not rest:
        return not absorbing
    return rest[0] if len(rest) == 1 else kind(tuple(rest), span=rest[0].span)


def _positive(condition: ir.Condition) -> tuple[Atom, bool]:
    """The atom that a condition is, and whether it is that or its negation."""
    assert isinstance(condition, ir.Compare | ir.TextTest | ir.Holds)
    if (
        isinstance(condition, ir.Compare)
        and condition.operator == "!="
        and isinstance(condition.right, ir.Constant)
        and isinstance(condition.right.value, str)
    ):
        return ir.Compare("=", condition.left, condition.right, span=condition.span), False
    return condition, True
