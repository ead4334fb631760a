"""The syntax tree: frozen nodes, each with its span; two are equal when they say the same, wherever they stand."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from .source import NOWHERE, Span

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
    """Text without holes, a number, `true`, `false` or `null`."""

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
    """Text with holes: `"Viewed {{ name }}"`. Text and expressions, in order; no two texts are neighbours."""

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
    """`!( contains(…) )`: plain negation, where `!contains(…)` is false for a value that is no text. The same for
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

# --- statements of a mapping ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class When(Node):
    """`when trigger`."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class UseDefaults(Node):
    """`use defaults`: the action's default for every field that the mapping does not name."""


@dataclass(frozen=True, slots=True)
class Assign(Node):
    """`field = expression`."""

    field: str
    value: Expression
    field_span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OnConflict(Node):
    """`on conflict fold`: what to do with plain user properties beside operations."""

    policy: str


Statement: TypeAlias = When | UseDefaults | Assign | OnConflict

# --- items of a file -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Destination(Node):
    """`destination name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Settings(Node):
    """`settings { name = value }`; the values are literals."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Include(Node):
    """`include "other.rules"`, relative to the file it stands in."""

    path: str


@dataclass(frozen=True, slots=True)
class SourceSchema(Node):
    """`source schema "plan.json"`: the author's tracking plan as JSON Schema."""

    path: str


@dataclass(frozen=True, slots=True)
class Drop(Node):
    """`drop when condition`: an event that meets it goes no further."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Strip(Node):
    """`drop properties.email, … when condition`: the mappings see the event without these paths."""

    paths: tuple[Path, ...]
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Keep(Node):
    """`keep properties.plan, … when condition`: of each object named, the mappings see these keys alone."""

    paths: tuple[Path, ...]
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """`mapping "Name" -> action { … }`; `disabled mapping` is checked, and never runs."""

    name: str
    action: str
    body: tuple[Statement, ...]
    enabled: bool = True
    name_span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)
    action_span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Defaults(Node):
    """`defaults action { … }`: what `use defaults` stands for; in the files of a destination."""

    action: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Given(Node):
    """`given { … }`, or `given "events.jsonl" line 3`: the event of a test."""

    event: Object | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Expect(Node):
    """`expect "Mapping" { condition … }`: what a test demands of the outcome."""

    kind: OneOf["matches", "no match", "failure", "nothing", "dropped"]
    mapping: str | None = None
    conditions: tuple[Expression, ...] = ()
    exact: Expression | None = None
    """`expect "Mapping" exactly [ … ]`: the requests, whole."""


@dataclass(frozen=True, slots=True)
class Case(Node):
    """`case "name" { field: value … }`: one row of a table; its entries are put into the given event."""

    name: str
    changes: Object
    expectations: tuple[Expect, ...]


TestStatement: TypeAlias = Given | Expect | Case


@dataclass(frozen=True, slots=True)
class Test(Node):
    """`test "what holds" { given … expect … }`."""

    name: str
    body: tuple[TestStatement, ...]


Item: TypeAlias = Destination | Settings | Include | SourceSchema | Drop | Strip | Keep | Mapping | Defaults | Test


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# text`, without the hash and the blanks after it."""

    text: str
    alone: bool
    """Nothing but blanks stands before it on its line."""


@dataclass(frozen=True, slots=True)
class File(Node):
    """A rule file: its items in order, and its comments, which `fmt` puts back where they belong."""

    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = dataclasses.field(default=(), compare=False)
