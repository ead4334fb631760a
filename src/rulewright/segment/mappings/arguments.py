"""The arguments of Segment's directives, checked as Segment checks them.

A function that takes the `place` of an argument raises SegmentFormatError for one that Segment refuses.
Source: `validate` of mapping-kit in @segment/actions-core.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self

from ...dsl import ast
from ...runtime.semantics.javascript import unit_count
from ..problems import JsonPath, SegmentFormatError, kind

LONGEST_PATTERN = 10
"""The most characters of a pattern or a replacement, in UTF-16 units."""


class ReadsMappings(Protocol):
    """What a directive is read with: it reads the mappings inside it, and keeps what is wrong with them."""

    payload: ast.Expression
    variables: tuple[str, ...]
    problems: list[SegmentFormatError]
    notes: list[SegmentFormatError]

    def whole(self, mapping: Any, place: JsonPath) -> ast.Expression: ...
    def read(self, mapping: Any, place: JsonPath) -> ast.Expression: ...
    def text(self, value: Any, place: JsonPath) -> str: ...
    def within(self, payload: ast.Expression, *variables: str) -> Self: ...


class ProblemsListed(Exception):
    """Raised for a directive whose problems its reader has already."""


def each(reader: ReadsMappings, *checks: Callable[[], Any]) -> list[Any]:
    """What each of the checks gives. All are run, so that a problem of one argument hides none of another.

    Raises ProblemsListed where one of them raises SegmentFormatError.
    """
    values, failed = [], False
    for check in checks:
        try:
            values.append(check())
        except SegmentFormatError as problem:
            reader.problems.append(problem)
            failed = True
    if failed:
        raise ProblemsListed
    return values


def options(reader: ReadsMappings, value: Any, place: JsonPath, *names: str) -> dict[str, Any]:
    """The arguments of a directive by their names; one that Segment does not know is only checked."""
    if not isinstance(value, dict):
        raise SegmentFormatError(f"expected an object, found {kind(value)}", place)
    for name, argument in value.items():
        if name.startswith("@"):
            reader.problems.append(SegmentFormatError(f"expected an argument, found the directive `{name}`", place))
        elif name not in names:
            reader.read(argument, (*place, name))
    return value


def check_unused(reader: ReadsMappings, options: dict[str, Any], place: JsonPath, *names: str) -> None:
    """Arguments whose type alone matters are checked completely, as Segment checks every argument."""
    for name in names:
        if isinstance(options.get(name), dict):
            reader.read(options[name], (*place, name))


def required(options: dict[str, Any], name: str, place: JsonPath) -> Any:
    """An argument that must be there, if only as null."""
    if name not in options:
        raise SegmentFormatError(f"`{place[-1]}` needs `{name}`", place)
    return options[name]


def truthy(value: Any) -> bool:
    """Whether JavaScript takes a JSON value as true: an empty list or object is."""
    return isinstance(value, dict | list) or bool(value)


def is_directive(value: Any) -> bool:
    """Whether a JSON value is a directive, or was meant to be one."""
    return isinstance(value, dict) and any(key.startswith("@") for key in value)


def check_text_or_directive(value: Any, place: JsonPath) -> None:
    """Raises SegmentFormatError for a value of any other type."""
    if not isinstance(value, str) and not is_directive(value):
        raise SegmentFormatError(f"expected text or a directive, found {kind(value)}", place)


def text(value: Any, place: JsonPath) -> str:
    """An argument that is text, and no directive."""
    if not isinstance(value, str):
        raise SegmentFormatError(f"expected text, found {kind(value)}", place)
    return value


def object_or_directive(options: dict[str, Any], name: str, place: JsonPath) -> dict[str, Any]:
    """An argument that must be there, and be a mapping of its own."""
    value = required(options, name, place)
    if not isinstance(value, dict):
        raise SegmentFormatError(f"expected an object or a directive, found {kind(value)}", (*place, name))
    return value


def short_text(value: Any, place: JsonPath, least: int = 0) -> str:
    """A pattern or a replacement: a text of `least` to LONGEST_PATTERN characters."""
    length = unit_count(text(value, place))
    if not least <= length <= LONGEST_PATTERN:
        raise SegmentFormatError(f"expected {least} to {LONGEST_PATTERN} characters, found {length}", place)
    return str(value)


def switch(options: dict[str, Any], name: str, default: bool, place: JsonPath) -> bool:
    """An argument that is true or false, and may be left out."""
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise SegmentFormatError(f"expected true or false, found {kind(value)}", (*place, name))
    return value
