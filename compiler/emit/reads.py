"""Writes the code that fetches the objects of an event, each once, and the code of each read."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...dsl.ast import Step
from ..plan.read_tree import ReadTree
from .python_code import Body, Names, Python, code, literal
from .view_classes import ViewClass


@dataclass(slots=True)
class _Object:
    """An object that the code reads from."""

    name: Python
    view: ViewClass | None
    """What it is a view of; else it is read as a dict is."""
    values: dict[Step, Python] = field(default_factory=dict)
    """The variables that hold values which are read more than once."""
    inner: dict[Step, _Object] = field(default_factory=dict)


class Reads:
    """The reads from one root: the event of a function, the item of a loop, or a value that was read ahead."""

    def __init__(self, root: Python, whole: Python, view: ViewClass | None = None) -> None:
        """`whole` is the code of the root itself, as an author reads it."""
        self._whole = whole
        self._top = _Object(root, view)

    def fetch(self, tree: ReadTree, body: Body, names: Names) -> None:
        """Writes what fetches the objects that are read from, and every value that is read more than once."""
        self._fetch(self._top, tree, body, names)

    def _fetch(self, parent: _Object, tree: ReadTree, body: Body, names: Names) -> None:
        for step, child in tree.children.items():
            if child.uses > 1:
                name = names.fresh(str(step))
                body.add("{} = {}", name, _read(parent, step, null_is_missing=True))
                parent.values[step] = name
            if child.children:
                name = names.fresh(f"in_{step}")
                view = None if parent.view is None else parent.view.inner.get(step)
                parent.inner[step] = object_ = _Object(name, view)
                if view is not None:
                    body.add("{} = {} or {}", name, _read(parent, step, null_is_missing=False), view.nothing)
                elif parent.view is not None:
                    body.add("{} = {}", name, _read(parent, step, null_is_missing=False))
                else:
                    body.add("{} = {}.get({}, NOTHING)", name, parent.name, literal(step))
                if view is None:
                    _make_readable(name, child, body)
                self._fetch(object_, child, body, names)

    def get(self, steps: tuple[Step, ...], *, null_is_missing: bool) -> Python:
        """The code that reads a path; with `null_is_missing`, a missing value reads as None, else as MISSING."""
        if not steps:
            return self._whole
        parent = self._top
        for step in steps[:-1]:
            parent = parent.inner[step]
        if null_is_missing and steps[-1] in parent.values:
            return parent.values[steps[-1]]
        return _read(parent, steps[-1], null_is_missing=null_is_missing)


def _make_readable(name: Python, tree: ReadTree, body: Body) -> None:
    if any(isinstance(step, int) for step in tree.children):
        body.add("{} = readable({})", name, name)
    else:
        with body.block("if {}.__class__ is not dict:", name):
            body.add("{} = readable({})", name, name)


def _read(parent: _Object, step: Step, *, null_is_missing: bool) -> Python:
    if parent.view is None:
        return code("{}.get({})" if null_is_missing else "{}.get({}, MISSING)", parent.name, literal(step))
    attribute = code("{}.{}", parent.name, parent.view.attributes[step])
    or_missing = parent.view.view.fields[step].or_missing
    return code("null_for_missing({})", attribute) if null_is_missing and or_missing else attribute
