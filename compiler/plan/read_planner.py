"""Which paths a function reads, and the local names it reads them by: each object on the way is fetched once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ...dsl.ast import Step
from .. import ir
from ..emit.python_code import Body, Names, Python, code, literal
from .derive_view import View

_NOTHING = Python("NOTHING")


@dataclass(slots=True)
class _Place:
    """A step of one or more paths; it is a container when a path goes on from it."""

    children: dict[Step, _Place] = field(default_factory=dict)
    uses: int = 0
    """How often the value itself is read where null and missing are the same."""
    always: bool = False
    """The container is fetched at once, for something outside of its own block reads from it."""
    container: Python | None = None
    view: View | None = None
    """What the container is a view of; else it is read as a dict is."""
    is_object: bool = False
    """The container is a dict in its own block, which is passed over where there is none."""
    nothing: Python = _NOTHING
    """What the container is where there is no such object."""
    value: Python | None = None


class Reads:
    """The reads from one root: the event of a function, or the item of a loop."""

    def __init__(self, root: Python, names: Names, whole: Python, view: View | None = None) -> None:
        self._whole = whole
        self._names = names
        self._top = _Place(always=True, container=root, view=view)

    def plan(self, reads: Iterable[tuple[tuple[Step, ...], bool]], block: tuple[Step, ...] = ()) -> None:
        """Takes note of reads to come: the steps, and whether null and missing are the same there.

        The objects that lead to a block are fetched where it begins, and not before.
        """
        for steps, nulls in reads:
            place = self._top
            for depth, step in enumerate(steps, 1):
                place = place.children.setdefault(step, _Place())
                if depth < len(steps) and steps[:depth] != block[:depth]:
                    place.always = True
            place.uses += nulls

    def write(self, body: Body) -> None:
        """Writes what fetches the containers that are always needed, and every value that is read more than once."""
        self._fetch_inside(self._top, body)

    def _fetch_inside(self, place: _Place, body: Body) -> None:
        for step, child in place.children.items():
            if child.uses > 1:
                child.value = self._names.fresh(str(step))
                body.add("{} = {}", child.value, self._get(place, step, nulls=True))
            if child.always and child.container is None:
                self._fetch(place, step, child, body)
                if child.view is not None:
                    body.lines[-1] = replace(body.lines[-1], text=code("{} or {}", body.lines[-1].text, child.nothing))
                self._make_readable(child, body)
                self._fetch_inside(child, body)

    def _fetch(self, parent: _Place, step: Step, place: _Place, body: Body) -> None:
        """Gives a container its name."""
        place.container = self._names.fresh(f"in_{step}")
        if parent.view is None:
            body.add("{} = {}.get({}, NOTHING)", place.container, parent.container or Python(""), literal(step))
            return
        place.view = parent.view.fields[step].inside
        if place.view is not None:
            place.nothing = place.view.nothing
        body.add("{} = {}", place.container, self._get(parent, step, nulls=False))

    @staticmethod
    def _make_readable(place: _Place, body: Body) -> None:
        assert place.container is not None
        if place.view is not None:
            return
        if any(isinstance(key, int) for key in place.children):
            body.add("{} = readable({})", place.container, place.container)
        elif not place.is_object:
            with body.block("if {}.__class__ is not dict:", place.container):
                body.add("{} = readable({})", place.container, place.container)

    @contextmanager
    def block(self, path: tuple[Step, ...], body: Body, *, nulls: bool) -> Iterator[None]:
        """A block that is passed over where the object at the path is missing or, with `nulls`, null."""
        parent = self._place(path[:-1])
        place = parent.children[path[-1]]
        if place.container is not None:
            with body.block("if {} is not {}:", place.container, place.nothing):
                yield
            return
        place.container = self._names.fresh(f"in_{path[-1]}")
        if parent.view is not None:
            found = parent.view.fields[path[-1]]
            place.view, place.is_object = found.inside, found.leaf == "object"
        nothing = Python("None") if nulls else Python("MISSING")
        body.add("{} = {}", place.container, self._get(parent, path[-1], nulls=nulls))
        with body.block("if {} is not {}:", place.container, nothing):
            self._make_readable(place, body)
            self._fetch_inside(place, body)
            yield

    def get(self, steps: tuple[Step, ...], *, nulls: bool) -> Python:
        """The code that reads a path; with `nulls`, a value that is missing reads as None, else as MISSING."""
        if not steps:
            return self._whole
        place = self._place(steps[:-1])
        child = place.children[steps[-1]]
        if nulls and child.value is not None:
            return child.value
        return self._get(place, steps[-1], nulls=nulls)

    def _place(self, steps: tuple[Step, ...]) -> _Place:
        place = self._top
        for step in steps:
            place = place.children[step]
        return place

    @staticmethod
    def _get(parent: _Place, step: Step, *, nulls: bool) -> Python:
        assert parent.container is not None
        if parent.view is None:
            return code("{}.get({})" if nulls else "{}.get({}, MISSING)", parent.container, literal(step))
        found = parent.view.fields[step]
        attribute = code("{}.{}", parent.container, found.attribute)
        return code("null_for_missing({})", attribute) if nulls and found.or_missing else attribute


def reads_of(values: Iterable[tuple[ir.Value, bool]], root: int) -> Iterator[tuple[tuple[Step, ...], bool]]:
    """All reads from a root in the values, each given with whether null and missing are the same to its reader."""
    pending = list(values)
    while pending:
        value, nulls = pending.pop()
        if isinstance(value, ir.Read):
            if value.root == root:
                yield value.steps, nulls
            continue
        pending.extend(parts_with_nulls(value, nulls))


def parts_with_nulls(value: ir.Value, nulls: bool) -> list[tuple[ir.Value, bool]]:
    """The values that a value is made from, each with whether null and missing are the same where it stands."""
    match value:
        case ir.Get(target):
            return [(target, False)]
        case ir.Text(parts):
            return [(part, True) for part in parts if not isinstance(part, str)]
        case ir.MakeObject(entries):
            return [(entry, False) for _, entry in entries]
        case ir.MakeList(items):
            return [(item, True) for item in items]
        case ir.Each(item, _, iterable, condition):
            looped: list[tuple[ir.Value, bool]] = [(item, False), (iterable, nulls)]
            return looped if condition is None else [*looped, (condition, True)]
        case ir.Apply(_, arguments):
            return [(argument, False) for argument in arguments]
        case ir.Choose(condition, then, otherwise):
            return [(condition, True), (then, nulls), (otherwise, nulls)]
        case ir.Coalesce(values):
            return [*((one, True) for one in values[:-1]), (values[-1], nulls)]
        case ir.Negative(operand):
            return [(operand, True)]
        case ir.Arithmetic(_, left, right) | ir.Compare(_, left, right):
            return [(left, True), (right, True)]
        case ir.All(conditions) | ir.AnyOf(conditions):
            return [(condition, True) for condition in conditions]
        case ir.Not(condition):
            return [(condition, True)]
        case ir.TextTest(_, arguments):
            return [(argument, True) for argument in arguments]
        case ir.Holds(inner):
            return [(inner, True)]
        case _:
            return []
