"""What an action of a destination declares: its fields with their types, and how its requests are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Literal, TypeAlias

from ..frozen import dataclass
from .fields.field import Field
from .outcome import Request
from .pages import Pages

ConflictPolicy = Literal["reject", "fold", "split"]


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations that properties may hold instead of plain values, as a destination defines them."""

    sign: str
    """The first character of every operation's name, known or unknown."""
    names: Mapping[str, str]
    """Each name that is understood, with the name that is sent for it."""
    nearest: Callable[[str], str | None]
    """The known name that an unknown one was probably meant to be; None if no known name is close."""
    numeric: frozenset[str] = frozenset()
    """Operations that take numbers alone."""
    whole: frozenset[str] = frozenset()
    """Operations on all properties at once, which hold none."""


@dataclass(frozen=True, slots=True)
class Writes:
    """A field that becomes an operation: each key of its object, or the field itself, is a property."""

    field: str
    operation: str
    prefix: str = ""
    """What precedes the name of each property."""


Build: TypeAlias = Callable[..., list[Request]]
"""Requests from one checked payload: `build(payload, …)`; bound to a mapping and its settings.

`payload` holds the fields that go into the body under their own names, already of their declared types and fresh for
this call, so that `build` may change and keep it, as it may every object with known keys. Each control field is a
parameter of its name, None where it has no value. It comes by position, in the order of `Action.control_fields`: a call
by name costs twice as much. What comes after the last field with a value is left out, so each parameter of a field that
is not required has the default None. A field that is missing, empty text at the top level, or null (unless nullable)
has no value.
Raises Refused.
"""


@dataclass(frozen=True, slots=True)
class Binding:
    """What is known of a mapping when its action is bound: everything that does not depend on the event."""

    mapping: str
    """The mapping's name, which its requests bear."""
    settings: Any
    """The destination's own settings object."""
    conflict: ConflictPolicy = "reject"
    checks: bool = True
    """False leaves out the destination's own limits (ids, depth, sizes)."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a destination, as its catalog knows it."""

    name: str
    title: str
    description: str
    trigger: str
    """The action's default trigger, as FQL."""
    fields: tuple[Field, ...]
    bind: Callable[[Binding], Build]
    source: str = ""
    """The title of the page that the facts come from."""
    ours: bool = False
    """Segment has no such action, so a mapping that calls it cannot be exported."""
    sends: Literal["events", "other", "nothing"] = "other"
    """Events are counted, so that two mappings which send one event count it twice."""
    identity: tuple[str, ...] = ()
    """The fields of which at least one must have a value."""
    plain: tuple[str, ...] = ()
    """Fields whose properties are sent as they are, be they plain or operations."""
    operations: tuple[Writes, ...] = ()
    """Fields that become operations on properties, which may not go out in one request with plain ones."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The field that another part of the request comes from, by the path there; `[]` is any index."""
    unused: frozenset[str] = frozenset()
    """Control fields whose type is checked, as Segment does, and which the requests do not depend on."""

    @property
    def control_fields(self) -> tuple[str, ...]:
        """The fields that `build` gets by themselves, in the order of its parameters."""
        return tuple(field.name for field in self.fields if field.role == "control" and field.name not in self.unused)


class ActionPages(Pages[Action]):
    """The actions in the modules of a package; the name of each module is that of its action in snake case."""

    def __init__(self, package: str, folder: str) -> None:
        super().__init__(package, folder, "ACTION", _camel_case)


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
