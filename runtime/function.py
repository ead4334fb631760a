"""What a function of the rule language declares, so that the checker, the compiler and the documentation agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ..frozen import dataclass
from .semantics.failure import ValueFailure

ValueType = Literal["any", "string", "number", "integer", "boolean", "object", "list", "null"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a literal argument, so that the call fails or never holds, whatever the event."""

    message: str
    help: str = ""
    start: int = 0
    end: int | None = None
    """The part of a text that is at fault; to its end if `end` is None."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `default` is None for a required one, else the rule text of the value it has when left out."""

    name: str
    type: ValueType
    default: str | None = None
    variadic: bool = False
    """The last parameter may be given any number of times, at least once unless `default` is set."""
    fault: Callable[[Any], Fault | None] | None = None
    """Finds what is wrong with a literal, so that a check can say so before any event comes."""


@dataclass(frozen=True, slots=True)
class Example:
    """A line of documentation that is run as a test: the expression on the event gives the result."""

    expression: str
    event: Any
    result: Any
    """MISSING where the example shows that the field is left out; an exception type is never used here."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the rule language: pure, total but for ValueFailure, and always ending."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: ValueType
    sentence: str
    """What it does, in one sentence, lower case, without a full stop."""
    examples: tuple[Example, ...]
    """The first is the one shown in short; the others are the edge cases."""
    call: Callable[..., Any]
    """Takes plain values, MISSING among them, and never changes them."""
    fails: bool = False
    """The call may raise ValueFailure: a field then fails its mapping, and a trigger reads the call as missing."""
    absence: Callable[[], Fault | None] | None = None
    """Says that a library is not installed that every call needs; None where the function needs none."""
    source: str = ""
    """The page that the behavior comes from, by title, where there is one."""


def failing(call: Callable[[Any], Any]) -> Callable[[Any], Fault | None]:
    """A `fault` that tries the literal: whatever the call fails on is at fault."""

    def fault(literal: Any) -> Fault | None:
        try:
            call(literal)
        except ValueFailure as failure:
            return Fault(str(failure))
        return None

    return fault
