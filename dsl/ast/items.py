"""The nodes of statements, items and files."""

from __future__ import annotations

import dataclasses
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from ...frozen import dataclass
from ..source import NOWHERE, Span
from .expressions import (
    Entry,
    Expression,
    Node,
    Object,
    Step,
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
class Language(Node):
    """`language 1`: the version of the language that the file is written in."""

    version: str


@dataclass(frozen=True, slots=True)
class Destination(Node):
    """`destination name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Settings(Node):
    """`settings { name = value }`; the values are literals or lists of texts, which the compiler checks."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Include(Node):
    """`include "other.rules"`, relative to the file that contains it."""

    path: str


@dataclass(frozen=True, slots=True)
class SourceSchema(Node):
    """`source schema "plan.json"`: the author's tracking plan as JSON Schema."""

    path: str


class EveryItem(NamedTuple):
    """`[]`: every item of a list."""


class KeyPattern(NamedTuple):
    """`*email*`: every key of an object that the glob matches."""

    glob: str


FilterStep: TypeAlias = Step | EveryItem | KeyPattern
EventPath: TypeAlias = tuple[FilterStep, ...]


@dataclass(frozen=True, slots=True)
class FilterPath(Node):
    """`traits.*email*` or `properties.products[].card`: what a filter takes out or keeps."""

    steps: EventPath
    rooted: bool = False
    """Written with `$`."""


@dataclass(frozen=True, slots=True)
class Drop(Node):
    """`drop when condition`: an event that meets it goes no further."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Strip(Node):
    """`drop properties.email, … when condition`: the mappings see the event without these paths."""

    paths: tuple[FilterPath, ...]
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Keep(Node):
    """`keep properties.plan, … when condition`: of each object named, the mappings see these keys alone."""

    paths: tuple[FilterPath, ...]
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
    """`defaults action { … }`: the fields that `use defaults` adds; in the files of a destination."""

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

    kind: OneOf["matches", "no match", "failure", "nothing", "dropped", "snapshot", "no value"]
    mapping: str | None = None
    conditions: tuple[Expression, ...] = ()
    exact: Expression | None = None
    """`expect "Mapping" exactly [ … ]`: the requests, whole."""
    path: FilterPath | None = None
    """`expect no value of traits.email in requests`: the path."""


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


@dataclass(frozen=True, slots=True)
class ForAny(Node):
    """`for any event where condition`: the events that a law is about; all of them without a condition."""

    where: Expression | None = None


LawStatement: TypeAlias = ForAny | Expect


@dataclass(frozen=True, slots=True)
class Law(Node):
    """`law "what always holds" { for any event where … expect … }`: what the author demands for every event."""

    name: str
    body: tuple[LawStatement, ...]


@dataclass(frozen=True, slots=True)
class Unread(Node):
    """An item that was not read, because its text is known from before."""


Item: TypeAlias = (
    Language
    | Destination
    | Settings
    | Include
    | SourceSchema
    | Drop
    | Strip
    | Keep
    | Mapping
    | Defaults
    | Test
    | Law
    | Unread
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# text`, without the hash and the blanks after it."""

    text: str
    alone: bool
    """It has only blanks before it on its line."""


@dataclass(frozen=True, slots=True)
class File(Node):
    """A rule file: its items in order, and its comments, which `fmt` puts back where they belong."""

    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = dataclasses.field(default=(), compare=False)
