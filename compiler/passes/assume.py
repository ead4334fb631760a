"""What is left of a condition once the outcome of one of its parts is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from .. import program

Residual: TypeAlias = program.Condition | bool
"""A condition that is still open, or its outcome."""
Atom: TypeAlias = program.Compare | program.TextTest | program.Holds
"""A condition that has no conditions in it; `a != "x"` counts as the negation of `a = "x"`."""


def atoms(condition: Residual) -> Iterator[Atom]:
    """The parts of a condition that would decide it, each as often as it stands there."""
    match condition:
        case program.All(conditions) | program.AnyOf(conditions):
            for inner in conditions:
                yield from atoms(inner)
        case program.Not(inner):
            yield from atoms(inner)
        case bool():
            return
        case _:
            yield _positive(condition)[0]


def settled(condition: program.Condition) -> Residual:
    """The condition; its outcome where nothing in it is left to ask, as in what folding made of `true`."""
    return assume(condition, None, True)


def assume(condition: Residual, atom: Atom | None, outcome: bool) -> Residual:
    """The condition, given the outcome of an atom wherever it stands in it."""
    match condition:
        case bool():
            return condition
        case program.All(conditions):
            return _joined(program.All, conditions, atom, outcome, absorbing=False)
        case program.AnyOf(conditions):
            return _joined(program.AnyOf, conditions, atom, outcome, absorbing=True)
        case program.Not(inner):
            rest = assume(inner, atom, outcome)
            return not rest if isinstance(rest, bool) else program.Not(rest, span=condition.span)
        case _:
            own, positive = _positive(condition)
            return (outcome is positive) if own == atom else condition


def assume_text(condition: Residual, path: program.Read, text: str) -> Residual:
    """The condition, given that a path holds a text."""
    for atom in set(atoms(condition)):
        if isinstance(atom, program.Compare) and atom.left == path:
            outcome = _of_text(atom, text)
            if outcome is not None:
                condition = assume(condition, atom, outcome)
    return condition


def _of_text(atom: program.Compare, text: str) -> bool | None:
    """The outcome of a comparison whose left side is the text; None where it cannot be told."""
    if atom.operator == "=" and isinstance(atom.right, program.Constant):
        return atom.right.value.__class__ is str and atom.right.value == text
    if atom.operator == "in" and (texts := listed_texts(atom.right)) is not None:
        return text in texts
    return None


def listed_texts(value: program.Value) -> tuple[str, ...] | None:
    """The items of a list of nothing but literal texts."""
    if not isinstance(value, program.MakeList):
        return None
    texts = tuple(
        item.value for item in value.items if isinstance(item, program.Constant) and isinstance(item.value, str)
    )
    return texts if len(texts) == len(value.items) else None


def _joined(
    kind: type[program.All] | type[program.AnyOf],
    conditions: tuple[program.Condition, ...],
    atom: Atom | None,
    outcome: bool,
    *,
    absorbing: bool,
) -> Residual:
    rest: list[program.Condition] = []
    for inner in conditions:
        left = assume(inner, atom, outcome)
        if left is absorbing:
            return absorbing
        if not isinstance(left, bool):
            rest.append(left)
    if not rest:
        return not absorbing
    return rest[0] if len(rest) == 1 else kind(tuple(rest), span=rest[0].span)


def _positive(condition: program.Condition) -> tuple[Atom, bool]:
    """The atom that a condition is, and whether it is that or its negation."""
    assert isinstance(condition, program.Compare | program.TextTest | program.Holds)
    if (
        isinstance(condition, program.Compare)
        and condition.operator == "!="
        and isinstance(condition.right, program.Constant)
        and isinstance(condition.right.value, str)
    ):
        return program.Compare("=", condition.left, condition.right, span=condition.span), False
    return condition, True
