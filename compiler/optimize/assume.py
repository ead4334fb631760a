"""Simplifies a condition once the outcome of one of its parts is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TypeAlias

from .. import ir

Residual: TypeAlias = ir.Condition | bool
"""A condition that is still open, or its outcome."""
Atom: TypeAlias = ir.Compare | ir.TextTest | ir.IsTrue
"""A condition that has no conditions in it; `a != "x"` counts as the negation of `a = "x"`."""


def atoms(condition: Residual) -> Iterator[Atom]:
    """The parts of a condition that decide it, some of them repeatedly."""
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
    """The condition, or its outcome if it is the same for every event."""
    return _answered(condition, frozenset(), frozenset())


def assume(condition: Residual, atom: Atom, outcome: bool) -> Residual:
    """The condition with each occurrence of an atom replaced by its outcome."""
    known_atoms = frozenset((atom,))
    return _answered(condition, known_atoms, known_atoms if outcome else frozenset())


def assume_texts(condition: ir.Condition, path: ir.Read, texts: Iterable[str]) -> dict[str, Residual]:
    """The condition that is left for each text, given that a path holds the text.

    A trigger may name thousands of texts, so each question about the path is asked once for all of them.
    """
    text_atoms: list[Atom] = []
    true: dict[str, list[int]] = {}
    """The questions that a text answers with yes, by number: to hash one takes as long as all texts that it names."""
    for atom in dict.fromkeys(atoms(condition)):
        accepted = _accepted(atom, path)
        if accepted is not None:
            for text in dict.fromkeys(accepted):
                true.setdefault(text, []).append(len(text_atoms))
            text_atoms.append(atom)
    alternatives = condition.conditions if isinstance(condition, ir.AnyOf) else ()
    enough = {_positive(part)[0] for part in alternatives if _is_positive(part)}
    sufficient = {number for number, atom in enumerate(text_atoms) if atom in enough}
    questions = frozenset(text_atoms)
    left: dict[tuple[int, ...], Residual] = {}
    result: dict[str, Residual] = {}
    for text in texts:
        holding = tuple(true.get(text, ()))
        if not sufficient.isdisjoint(holding):
            result[text] = True
            continue
        if holding not in left:
            left[holding] = _answered(condition, questions, frozenset(text_atoms[number] for number in holding))
        result[text] = left[holding]
    return result


def _accepted(atom: Atom, path: ir.Read) -> tuple[str, ...] | None:
    """The texts at a path for which a comparison holds; None if it does not depend on that alone."""
    if not isinstance(atom, ir.Compare) or atom.left != path:
        return None
    if atom.operator == "=" and isinstance(atom.right, ir.Constant):
        return (atom.right.value,) if isinstance(atom.right.value, str) else ()
    return listed_texts(atom.right) if atom.operator == "in" else None


def listed_texts(value: ir.Value) -> tuple[str, ...] | None:
    """The items of a list of nothing but literal texts; None for any other value."""
    if not isinstance(value, ir.MakeList):
        return None
    texts = tuple(item.value for item in value.items if isinstance(item, ir.Constant) and isinstance(item.value, str))
    return texts if len(texts) == len(value.items) else None


def _answered(condition: Residual, known_atoms: Set[Atom], holding: Set[Atom]) -> Residual:
    """The condition, given that of the atoms which were asked these hold, and no other."""
    match condition:
        case bool():
            return condition
        case ir.All(conditions):
            return _rest(ir.All, conditions, known_atoms, holding)
        case ir.AnyOf(conditions):
            return _rest(ir.AnyOf, conditions, known_atoms, holding)
        case ir.Not(inner):
            rest = _answered(inner, known_atoms, holding)
            return not rest if isinstance(rest, bool) else ir.Not(rest, span=condition.span)
        case _:
            atom, positive = _positive(condition)
            return (atom in holding) is positive if atom in known_atoms else condition


def _rest(
    kind: type[ir.All] | type[ir.AnyOf],
    conditions: tuple[ir.Condition, ...],
    known_atoms: Set[Atom],
    holding: Set[Atom],
) -> Residual:
    deciding = kind is ir.AnyOf
    rest: list[ir.Condition] = []
    for inner in conditions:
        left = _answered(inner, known_atoms, holding)
        if left is deciding:
            return deciding
        if not isinstance(left, bool):
            rest.append(left)
    if not rest:
        return not deciding
    return rest[0] if len(rest) == 1 else kind(tuple(rest), span=rest[0].span)


def _is_positive(condition: ir.Condition) -> bool:
    """Whether a condition is an atom, and not the negation of one."""
    return not isinstance(condition, ir.All | ir.AnyOf | ir.Not) and _positive(condition)[1]


def _positive(condition: ir.Condition) -> tuple[Atom, bool]:
    """The atom that a condition is, and whether it is that or its negation."""
    assert isinstance(condition, ir.Compare | ir.TextTest | ir.IsTrue)
    if (
        isinstance(condition, ir.Compare)
        and condition.operator == "!="
        and isinstance(condition.right, ir.Constant)
        and isinstance(condition.right.value, str)
    ):
        return ir.Compare("=", condition.left, condition.right, span=condition.span), False
    return condition, True
