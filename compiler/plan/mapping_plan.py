"""What a mapping does, as data: rows that copy values, and values that are computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ...dsl.ast import Scalar
from ...dsl.source import NOWHERE, Span
from .. import ir
from ..catalog import FieldSchema
from .read_tree import ReadTree

TargetLevel: TypeAlias = Literal["top", "inside", "item"]
"""Where a field is: at the top, in an object, or in an item of a list. Empty text is not a value at the
top, null is not a value at the top and in an object, and in an item everything but a missing value counts."""

Use: TypeAlias = Literal["sent", "control", "checked"]
"""A value is sent in the body, or given to the action's `build` as an argument, or only has to be of the right type."""

KeyPath: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value goes."""

    path: KeyPath
    """The field, and for a key of an object the keys that lead there."""
    facts: FieldSchema | None
    """None for a key that the action does not know and keeps as it is."""
    level: TargetLevel
    use: Use
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def is_control(self) -> bool:
        """Whether the value is a parameter of `build`."""
        return self.level == "top" and self.use == "control"

    @property
    def null_is_missing(self) -> bool:
        """Whether null and missing are the same to the target."""
        return self.facts is not None and not self.facts.nullable and self.level != "item"


@dataclass(frozen=True, slots=True)
class Create:
    """An object that is made for every event, and that other instructions fill."""

    target: Target
    fixed: tuple[tuple[str, Scalar], ...] = ()
    """What it holds for every event."""


@dataclass(frozen=True, slots=True)
class Store:
    """A value that is computed once, and stored into all targets that accept it in the same way."""

    value: ir.Value
    targets: tuple[Target, ...]


Instruction: TypeAlias = Create | Store


@dataclass(frozen=True, slots=True)
class Row:
    """A value that is only copied: the kind that is accepted unchanged, the targets, and the sources."""

    kind: str
    """As the runtime's tables of copies name it."""
    targets: tuple[Target, ...]
    """Empty for a value that is read ahead for a computed value."""
    sources: tuple[KeyPath, ...]
    """The value is that of the first of these paths with anything but null."""
    items: tuple[Row, ...] = ()
    """Of a list whose items are copied one by one: the rows for each of them."""


@dataclass(frozen=True, slots=True)
class CopyResult:
    """A result of rows: the payload (whose path is empty), a control field, or a value that is read ahead."""

    path: KeyPath
    fixed: tuple[tuple[str, Scalar], ...] | None = None
    """What is in it for every event, if it is an object that is filled."""
    constant: Scalar = None
    """What it is for every event, if it is not filled."""
    root: int = ir.EVENT
    """Of a value that is read ahead, its root; the path is where it is read."""


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """The rows of a mapping, in the order in which they fill the results."""

    rows: tuple[Row, ...]
    results: tuple[CopyResult, ...]


@dataclass(frozen=True, slots=True)
class MappingPlan:
    """What a mapping does for an event: it copies values, then computes others, then calls `build`."""

    mapping: ir.Mapping
    copies: CopyPlan | None
    """None where nothing is copied."""
    computed: tuple[Instruction, ...]
    reads: ReadTree
    """What the computed instructions read from the event itself."""
    arguments: tuple[CopyResult, ...]
    """What `build` gets, in the order of its parameters, up to the last that has a value."""
    required: tuple[str, ...]
    """The required fields that have no value for some event."""
    constants: tuple[tuple[str, Scalar], ...]
    """The control fields that have the same value for every event, as the author wrote it."""

    @property
    def required_keys(self) -> tuple[str, ...]:
        """Those of the required fields that are keys of the payload."""
        control = {facts.name for facts in self.mapping.action.fields if facts.role == "control"}
        return tuple(name for name in self.required if name not in control)

    @property
    def required_arguments(self) -> tuple[str, ...]:
        """Those of the required fields that are parameters of `build`."""
        return tuple(name for name in self.required if name in self.mapping.action.control_fields)

    @property
    def is_only_copied(self) -> bool:
        """Whether rows do everything, and call `build` with their results."""
        return self.copies is not None and not self.computed and not self.required_arguments

    @property
    def is_idle(self) -> bool:
        """Whether nothing is done for any event, because the action sends nothing and no field is set."""
        has_rows = self.copies is not None and bool(self.copies.rows)
        return self.mapping.action.sends == "nothing" and not has_rows and not self.computed
