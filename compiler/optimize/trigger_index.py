"""Indexes triggers by what an event must hold at a path, so that most triggers are never tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .. import ir
from .assume import Residual, assume, assume_texts, listed_texts, settled

FEW = 8
"""So many triggers for one text are decided together without a second look at where else they could be sorted."""


@dataclass(slots=True)
class Index:
    """The triggers that can only hold when a path has one of some texts, by that text."""

    path: ir.Read
    buckets: dict[str, list[tuple[int, Residual]]] = field(default_factory=dict)
    """By text: the numbers of the triggers and what is left of each, in the order of the file."""


@dataclass(slots=True)
class Bounds:
    """The triggers that can only hold when the number at a path is beyond a bound, sorted by the bound."""

    path: ir.Read
    operator: str
    """`<`, `<=`, `>` or `>=`, of the number to the bound."""
    entries: list[tuple[float, int, Residual]] = field(default_factory=list)
    """Bound, number of the trigger, and what is left of it."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """All triggers, each in one place: by a text, by a bound, or among the others, which are tried for every event."""

    indexes: list[Index]
    bounds: list[Bounds]
    others: list[tuple[int, Residual]]

    def paths(self) -> list[ir.Read]:
        """The paths that are read from every event."""
        return [*(index.path for index in self.indexes), *(bounds.path for bounds in self.bounds)]


def index_triggers(triggers: Sequence[ir.Condition]) -> Sorted:
    """Sorts triggers by a text, by a bound, or among the others; those that are never true are left out.

    Entry and residual condition together hold for the same events as the trigger.
    """
    keys = [dict(keys_of(trigger)) for trigger in triggers]
    crowd = Counter((path, text) for by_path in keys for path, texts in by_path.items() for text in texts)
    reach = Counter(path for by_path in keys for path in by_path)
    widest = max(reach, key=lambda path: reach[path], default=None)
    indexes: dict[ir.Read, Index] = {}
    bounds: dict[tuple[ir.Read, str], Bounds] = {}
    others: list[tuple[int, Residual]] = []
    for number, (trigger, by_path) in enumerate(zip(triggers, keys, strict=True)):
        if not by_path:
            bound = bound_of(trigger)
            if bound is None:
                outcome = settled(trigger)
                if outcome is not False:
                    others.append((number, outcome))
            else:
                path, operator, limit = bound.left, bound.operator, bound.right
                assert isinstance(path, ir.Read) and isinstance(limit, ir.Constant)
                residual = assume(trigger, bound, True)
                if residual is not False:
                    entry = (limit.value, number, residual)
                    bounds.setdefault((path, operator), Bounds(path, operator)).entries.append(entry)  # type: ignore[arg-type]
            continue

        def crowded(path: ir.Read, by_path: dict[ir.Read, tuple[str, ...]] = by_path) -> int:
            return max((crowd[path, text] for text in by_path[path]), default=0)

        best = min(by_path, key=crowded)
        if widest in by_path and crowded(widest) <= FEW:
            best = widest
        index = indexes.setdefault(best, Index(best))
        for text, left in assume_texts(trigger, best, by_path[best]).items():
            if left is not False:
                index.buckets.setdefault(text, []).append((number, left))
    for known in bounds.values():
        known.entries.sort(key=lambda entry: entry[:2])
    return Sorted(list(indexes.values()), list(bounds.values()), others)


def bound_of(condition: ir.Condition) -> ir.Compare | None:
    """A comparison of a path with a number that must hold for the condition to be true; None if there is none."""
    match condition:
        case ir.Compare("<" | "<=" | ">" | ">=", ir.Read(ir.EVENT) as path, ir.Constant(limit)) if (
            limit.__class__ in (int, float) and path.steps
        ):
            return condition
        case ir.All(conditions):
            return next((bound for inner in conditions if (bound := bound_of(inner)) is not None), None)
        case _:
            return None


def keys_of(condition: ir.Condition) -> Iterable[tuple[ir.Read, tuple[str, ...]]]:
    """Paths of the event, each with texts of which it must hold one for the condition to be true."""
    match condition:
        case ir.Compare("=", ir.Read(ir.EVENT) as path, ir.Constant(text)) if isinstance(text, str) and path.steps:
            yield path, (text,)
        case ir.Compare("in", ir.Read(ir.EVENT) as path, items) if path.steps:
            texts = listed_texts(items)
            if texts is not None:
                yield path, tuple(dict.fromkeys(texts))
        case ir.AnyOf(conditions):
            yield from _of_all(conditions)
        case ir.All(conditions):
            # The fewer texts, the fewer events.
            bounds: dict[ir.Read, tuple[str, ...]] = {}
            for inner in conditions:
                for path, texts in keys_of(inner):
                    if path not in bounds or len(texts) < len(bounds[path]):
                        bounds[path] = texts
            yield from bounds.items()


def _of_all(conditions: tuple[ir.Condition, ...]) -> Iterable[tuple[ir.Read, tuple[str, ...]]]:
    """Paths that every one of the conditions has a key for, with the texts of all."""
    every = [dict(keys_of(inner)) for inner in conditions]
    for path in every[0] if every else ():
        if all(path in keys for keys in every):
            yield path, tuple(dict.fromkeys(text for keys in every for text in keys[path]))
