"""Which paths a function reads, and the local names it reads them by: each object on the way is fetched once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..dsl.ast import Step
from . import program
from .python_code import Body, Names, Python, code, literal


@dataclass(slots=True)
class _Place:
    """A step of one or more paths; it is a container when a path goes on from it."""

    children: dict[Step, _Place] = field(default_factory=dict)
    uses: int = 0
    """How often the value itself is read where null and missing are the same."""
    container: Python | None = None
    value: Python | None = None


class Reads:
    """The reads from one root: the event of a function, or the item of a loop."""

    def __init__(self, root: Python, names: Names, whole: Python) -> None:
        self._root = root
        self._whole = whole
        self._names = names
        self._top = _Place()

    def plan(self, reads: Iterable[tuple[tuple[Step, ...], bool]]) -> None:
        """Takes note of all reads to come: the steps, and whether null and missing are the same there."""
        for steps, nulls in reads:
            place = self._top
            for step in steps:
                place = place.children.setdefault(step, _Place())
            place.uses += nulls

    def write(self, body: Body) -> None:
        """Writes what fetches the containers, and every value that is read more than once."""
        if self._top.children:
            self._top.container = self._root
            self._containers(self._top, body, at_root=True)

    def _containers(self, place: _Place, body: Body, *, at_root: bool) -> None:
        container = place.container
        assert container is not None
        for step, child in place.children.items():
            if not child.children:
                if child.uses > 1:
                    child.value = self._names.fresh(str(step))
                    body.add("{} = {}", child.value, self._get(container, step, None))
                continue
            child.container = self._names.fresh(f"in_{step}")
            body.add("{} = {}", child.container, self._get(container, step, Python("NOTHING")))
            if any(isinstance(key, int) for key in child.children):
                body.add("{} = readable({})", child.container, child.container)
            else:
                with body.block("if {}.__class__ is not dict:", child.container):
                    body.add("{} = readable({})", child.container, child.container)
            self._containers(child, body, at_root=False)

    def get(self, steps: tuple[Step, ...], *, nulls: bool) -> Python:
        """The code that reads a path; with `nulls`, a value that is missing reads as None, else as MISSING."""
        if not steps:
            return self._whole
        place = self._top
        for step in steps[:-1]:
            place = place.children[step]
        child = place.children[steps[-1]]
        if nulls and child.value is not None:
            return child.value
        assert place.container is not None
        return self._get(place.container, steps[-1], None if nulls else Python("MISSING"))

    def container(self, steps: tuple[Step, ...]) -> Python | None:
        """The name of the object that a path's last step is read from; None for the root itself."""
        place = self._top
        for step in steps[:-1]:
            place = place.children[step]
        return None if place is self._top else place.container

    @staticmethod
    def _get(container: Python, step: Step, default: Python | None) -> Python:
        if default is None:
            return code("{}.get({})", container, literal(step))
        return code("{}.get({}, {})", container, literal(step), default)


def reads_of(values: Iterable[tuple[program.Value, bool]], root: int) -> Iterator[tuple[tuple[Step, ...], bool]]:
    """All reads from a root in the values, each given with whether null and missing are the same to its reader."""
    pending = list(values)
    while pending:
        value, nulls = pending.pop()
        if isinstance(value, program.Read):
            if value.root == root:
                yield value.steps, nulls
            continue
        pending.extend(parts_with_nulls(value, nulls))


def parts_with_nulls(value: program.Value, nulls: bool) -> list[tuple[program.Value, bool]]:
    """The values that a value is made from, each with whether null and missing are the same where it stands."""
    match value:
        case program.Get(target):
            return [(target, False)]
        case program.Text(parts):
            return [(part, True) for part in parts if not isinstance(part, str)]
        case program.MakeObject(entries):
            return [(entry, False) for _, entry in entries]
        case program.MakeList(items):
            return [(item, True) for item in items]
        case program.Each(item, _, iterable, condition):
            looped: list[tuple[program.Value, bool]] = [(item, False), (iterable, nulls)]
            return looped if condition is None else [*looped, (condition, True)]
        case program.Apply(_, arguments):
            return [(argument, False) for argument in arguments]
        case program.Choose(condition, then, otherwise):
            return [(condition, True), (then, nulls), (otherwise, nulls)]
        case program.Coalesce(values):
            return [*((one, True) for one in values[:-1]), (values[-1], nulls)]
        case program.Negative(operand):
            return [(operand, True)]
        case program.Arithmetic(_, left, right) | program.Compare(_, left, right):
            return [(left, True), (right, True)]
        case program.All(conditions) | program.AnyOf(conditions):
            return [(condition, True) for condition in conditions]
        case program.Not(condition):
            return [(condition, True)]
        case program.TextTest(_, arguments):
            return [(argument, True) for argument in arguments]
        case program.Holds(inner):
            return [(inner, True)]
        case _:
            return []
