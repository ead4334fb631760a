"""The nodes of expressions: frozen, with spans; two nodes with the same meaning are equal, wherever they are."""

from __future__ import annotations

import dataclasses
from typing import Literal as OneOf
from typing import TypeAlias

from ...frozen import dataclass
from ..source import NOWHERE, Span

Scalar: TypeAlias = str | int | float | bool | None
Step: TypeAlias = str | int
"""One step of a path: a key of an object, or an index of a list."""

ComparisonOperator: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">=", "in"]
ArithmeticOperator: TypeAlias = OneOf["+", "-", "*", "/"]
LogicalOperator: TypeAlias = OneOf["and", "or"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything an author wrote."""

    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


# --- expressions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """Text without placeholders, a number, `true`, `false` or `null`."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        """Equal in kind as well: 1, 1.0 and true are three literals."""
        if not isinstance(other, Literal):
            return NotImplemented
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Omit(Node):
    """The author says: leave this field out."""


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`context.device.id`, `p.price` in a comprehension, or `$.type`; `$` alone is the whole event."""

    steps: tuple[Step, ...]
    rooted: bool = False
    """Written with `$`: the first step is a key of the event even where a variable has its name."""


@dataclass(frozen=True, slots=True)
class Access(Node):
    """Steps into the value of any other expression: `first(properties.products).price`."""

    target: Expression
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Template(Node):
    """Text with placeholders: `"Viewed {{ name }}"`. Text and expressions, in order; no two texts are neighbors."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """`key: value` in an object, or `name = value` in settings."""

    key: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Object(Node):
    """`{ key: expression, … }`."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class List(Node):
    """`[ expression, … ]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comprehension(Node):
    """`[ item for variable in iterable if condition ]`."""

    item: Expression
    variable: str
    iterable: Expression
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`name(argument, …)`; `if(condition, then, else)` and `coalesce(…)` are calls as well."""

    function: str
    arguments: tuple[Expression, ...]
    name_span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`!operand`."""

    operand: Expression
    grouped: bool = False
    """`!( contains(…) )`: plain negation, where `!contains(…)` is false for a value that is not text. The same for
    `match`; False for every other operand."""


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-operand`, of anything but a number literal, which carries its own sign."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Logical(Node):
    """`a and b and c`: two or more operands of one operator."""

    operator: LogicalOperator
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right`."""

    operator: ComparisonOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right`, numbers only."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


Expression: TypeAlias = (
    Literal
    | Omit
    | Path
    | Access
    | Template
    | Object
    | List
    | Comprehension
    | Call
    | Not
    | Negative
    | Logical
    | Comparison
    | Arithmetic
)
