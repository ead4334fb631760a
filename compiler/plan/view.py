"""Derives the view of an event: the objects and values that the rules read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ...dsl.ast import Step
from .read_tree import ReadPath

LeafKind: TypeAlias = Literal["string", "object"]
"""What all readers of a path of the event expect there, if they agree."""


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """An object of the event, reduced to what the rules read of it."""

    path: tuple[Step, ...]
    fields: Mapping[Step, ViewField]

    def inner_first(self) -> Iterator[ViewPlan]:
        """This view and all views inside it, each after those inside of it."""
        for child in self.fields.values():
            if child.inside is not None:
                yield from child.inside.inner_first()
        yield self

    def field(self, steps: tuple[Step, ...]) -> ViewField | None:
        """The field at a path; None if the path continues into a value that is taken whole."""
        view: ViewPlan | None = self
        field = None
        for step in steps:
            field = None if view is None else view.fields[step]
            view = None if field is None else field.inside
        return field


@dataclass(frozen=True, slots=True)
class ViewField:
    """A key of an object."""

    inside: ViewPlan | None
    """The object that is read into; None for a value that is taken whole."""
    or_missing: bool
    """The value is MISSING where there is no such key, because a reader tells that from null; else it is None."""
    leaf: LeafKind | None
    """The value is text, or an object, or null, or else there is no view of the event: all its readers expect that."""


@dataclass(slots=True)
class _Node:
    children: dict[Step, _Node] = field(default_factory=dict)
    whole: bool = False
    tells_missing: bool = False
    leaf: LeafKind | None = None


def derive_view(reads: Iterable[ReadPath], leaves: Mapping[tuple[Step, ...], LeafKind]) -> ViewPlan | None:
    """The view for all reads; None if an event must be read whole. `leaves` are those that `find_leaves` gives."""
    top = _Node()
    for steps, null_is_missing in reads:
        if not steps:
            return None
        node = top
        for step in steps:
            node = node.children.setdefault(step, _Node())
        node.whole = True
        node.tells_missing |= not null_is_missing
        node.leaf = leaves.get(steps)
    return _view(top, ())


def _view(node: _Node, path: tuple[Step, ...]) -> ViewPlan:
    fields = {}
    for step, child in node.children.items():
        inner = _view(child, (*path, step)) if _is_object(child) else None
        or_missing = inner is None and _tells_missing(child)
        leaf = None if child.leaf == "string" and child.children else child.leaf
        fields[step] = ViewField(inner, or_missing, leaf)
    return ViewPlan(path, fields)


def _is_object(node: _Node) -> bool:
    """Whether nothing but keys of it are read, and by none whose reader tells missing from null."""
    keys_alone = bool(node.children) and all(isinstance(step, str) for step in node.children)
    return keys_alone and not node.whole and not _tells_missing(node)


def _tells_missing(node: _Node) -> bool:
    return node.tells_missing or any(map(_tells_missing, node.children.values()))
