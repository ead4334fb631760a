"""The checked program: what the rules mean, with every name resolved; frozen, and equal for equal rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from operator import is_
from typing import Any, ClassVar, TypeAlias, TypeVar

from ..dsl.ast import ArithmeticOperator, ComparisonOperator, EventPath, Scalar, Step
from ..dsl.source import NOWHERE, Span
from ..frozen import dataclass
from .catalog import ActionSchema, DestinationSchema, FieldSchema

AnyPart = TypeVar("AnyPart", bound=Any)

EVENT = 0
"""The root of the event; the variables of comprehensions count from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An expression of the program. `span` is the author's text that it comes from; equality ignores it."""

    CHILDREN: ClassVar[tuple[str, ...]] = ()
    """The fields that hold nodes, or tuples of such."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Node):
    """Text, a number, true, false or null."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        # Python has true equal to 1, and the language has not.
        return (
            isinstance(other, Constant)
            and self.value == other.value
            and isinstance(self.value, bool) is isinstance(other.value, bool)
        )

    def __hash__(self) -> int:
        return hash((isinstance(self.value, bool), self.value))


@dataclass(frozen=True, slots=True)
class Omit(Node):
    """What `omit` means: no value at all."""


@dataclass(frozen=True, slots=True)
class Read(Node):
    """A path, from the event or from a variable."""

    root: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Get(Node):
    """Steps into a computed value."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("target",)

    target: Value
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Template(Node):
    """A template: plain text and values, joined."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("parts",)

    parts: tuple[str | Value, ...]


@dataclass(frozen=True, slots=True)
class MakeObject(Node):
    """An object; keys whose value is missing are left out."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("entries",)

    entries: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class MakeList(Node):
    """A list; a missing item becomes null, so that the others keep their places."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("items",)

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ForEach(Node):
    """A comprehension: over a list, or over one object as a list of one; any other value is its own result."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("item", "iterable", "condition")

    item: Value
    variable: int
    iterable: Value
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the catalog on its arguments, defaults filled in."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("arguments",)

    function: str
    arguments: tuple[Value, ...]
    fails: bool
    returns: str


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if(condition, then, otherwise)`."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("condition", "then", "otherwise")

    condition: Condition
    then: Value
    otherwise: Value


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """The first of the values that is neither missing nor null; when there is none, the last."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("values",)

    values: tuple[Value, ...]
    visible: bool = False
    """Blank values are passed over as well: the coalesce fills a field for an ID or a name."""


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """The number with the other sign."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("operand",)

    operand: Value


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Arithmetic on two numbers; missing if one of them is missing or null."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("left", "right")

    operator: ArithmeticOperator
    left: Value
    right: Value


# --- conditions: true or false for every event -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class All(Node):
    """Every one of the conditions; true when there is none."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("conditions",)

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """At least one of the conditions; false when there is none."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("conditions",)

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """True if the condition is false."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("condition",)

    condition: Condition


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A comparison, by the language's table."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("left", "right")

    operator: ComparisonOperator
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """`contains` or `match`; `negated` is `!contains(…)`, which is false for a value that is not text."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("arguments",)

    function: str
    arguments: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsTrue(Node):
    """Whether a value is true; no other value counts as true."""

    CHILDREN: ClassVar[tuple[str, ...]] = ("value",)

    value: Value


Setting: TypeAlias = Scalar | tuple[Scalar, ...]
"""A setting of the destination: a plain value, or a list of them."""

Condition: TypeAlias = All | AnyOf | Not | Compare | TextTest | IsTrue
Value: TypeAlias = (
    Constant | Omit | Read | Get | Template | MakeObject | MakeList | ForEach | Call | If | Coalesce | Negative
    | Arithmetic | Condition
)  # fmt: skip
CONDITIONS = (All, AnyOf, Not, Compare, TextTest, IsTrue)

# --- the whole -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field and the value it gets; the span is the whole assignment."""

    facts: FieldSchema
    value: Value
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping that can be run."""

    name: str
    action: ActionSchema
    trigger: Condition
    fields: tuple[FieldValue, ...]
    conflict: str
    says_conflict: bool
    """The author chose the policy; else it is the one that sends nothing wrong."""
    enabled: bool
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def has_default(self, name: str | None) -> bool:
        """Whether the field of this name has the value that `use defaults` gives it."""
        return any(value.facts.name == name and not value.span.is_within(self.span) for value in self.fields)


@dataclass(frozen=True, slots=True)
class Filter:
    """`drop when`, `drop paths` or `keep paths`, in file order, before any mapping."""

    kind: str
    """`drop`, `strip` or `keep`."""
    condition: Condition | None
    paths: tuple[EventPath, ...] = ()
    places: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    """Where each path is written."""
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Program:
    """A rule file with its includes, checked."""

    destination: DestinationSchema | None
    settings: tuple[tuple[str, Setting], ...]
    filters: tuple[Filter, ...]
    mappings: tuple[Mapping, ...]


def with_parts(node: AnyPart, change: Callable[[Any], Any]) -> AnyPart:
    """The node with `change` applied to each of its direct parts; the node itself if no part changes.

    A tuple counts as a node with its items as parts. Anything else, such as the key of an entry, is returned unchanged.
    """
    if isinstance(node, tuple):
        parts = tuple(map(change, node))
        return node if all(map(is_, parts, node)) else parts  # type: ignore[return-value]
    if not isinstance(node, Node):
        return node
    changed: dict[str, Any] = {}
    for name in node.CHILDREN:
        before = getattr(node, name)
        if isinstance(before, tuple | Node) and (after := change(before)) is not before:
            changed[name] = after
    return replace(node, **changed) if changed else node


def walk(node: Any) -> Iterator[Any]:
    """The node and all nodes inside it, parents first; tuples and field values are entered, but not yielded."""
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, Node):
            yield current
            if children := current.CHILDREN:
                pending.extend([getattr(current, name) for name in reversed(children)])
        elif isinstance(current, tuple):
            pending += current[::-1]
        elif isinstance(current, FieldValue):
            pending.append(current.value)
