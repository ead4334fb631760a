"""Converts calls of functions to the Segment directives with the same result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from ...dsl import ast
from ...dsl.format.expressions import expression_to_text
from ...runtime.semantics.javascript import unit_count
from ..problems import NoSegmentForm
from .arguments import LONGEST_PATTERN
from .merge import merged

Arguments: TypeAlias = tuple[ast.Expression, ...]


class WritesExpressions(Protocol):
    """What writes the arguments of a call."""

    def write(self, node: ast.Expression) -> Any: ...
    def directive(self, node: ast.Expression) -> Any: ...
    def steps(self, path: ast.Path) -> tuple[ast.Step, ...]: ...


def _coalesce(writer: WritesExpressions, arguments: Arguments) -> Any:
    first, *rest = arguments
    if not rest:
        return writer.write(first)
    written = writer.directive(first)
    options = {"exists": written, "then": written}
    otherwise = rest[0] if len(rest) == 1 else ast.Call("coalesce", tuple(rest))
    return {"@if": options | _else(writer, otherwise)}


def _else(writer: WritesExpressions, node: ast.Expression) -> dict[str, Any]:
    """Segment takes a false `else` for none."""
    if isinstance(node, ast.Omit):
        return {}
    written = writer.write(node)
    return {"else": written if written or isinstance(written, dict | list) else {"@literal": written}}


def _if(writer: WritesExpressions, arguments: Arguments) -> Any:
    test, then, otherwise = arguments
    if isinstance(test, ast.Not):
        return _if(writer, (test.operand, otherwise, then))
    match test:
        case ast.Comparison("!=", subject, ast.Literal(None)):
            return _if(writer, (ast.Call("exists", (subject,)), then, otherwise))
        case ast.Comparison("=", subject, ast.Literal(None)):
            return _if(writer, (ast.Call("exists", (subject,)), otherwise, then))
        case ast.Call("blank", (subject,)):
            kind, then, otherwise = "blank", otherwise, then
        case ast.Call("visible", (subject,)):
            # the nearest that Segment has: it takes white space for a value
            kind = "blank"
        case ast.Call("exists", (subject,)):
            kind = "exists"
        case _:
            raise NoSegmentForm(f"`@if` asks `exists` or `blank`, not `{expression_to_text(test)}`")
    options = {kind: writer.directive(subject)}
    if not isinstance(then, ast.Omit):
        options["then"] = writer.write(then)
    return {"@if": options | _else(writer, otherwise)}


def _test(function: str) -> CallWriter:
    def write(writer: WritesExpressions, arguments: Arguments) -> Any:
        return _if(writer, (ast.Call(function, arguments), ast.Literal(True), ast.Literal(False)))

    return write


def _case(operator: str) -> CallWriter:
    return lambda writer, arguments: {"@case": {"operator": operator, "value": writer.directive(arguments[0])}}


def _json(mode: str) -> CallWriter:
    return lambda writer, arguments: {"@json": {"mode": mode, "value": writer.directive(arguments[0])}}


def _replace(writer: WritesExpressions, arguments: Arguments) -> Any:
    subject, options = arguments[0], _replace_options(arguments)
    if isinstance(subject, ast.Call) and subject.function == "replace":
        first = _replace_options(subject.arguments)
        if _switches(first) == _switches(options) and not _is_replacement(subject.arguments[0]):
            second = {"pattern2": options["pattern"], "replacement2": options["replacement"]}
            return {"@replace": {"value": writer.directive(subject.arguments[0]), **first, **second}}
    return {"@replace": {"value": writer.directive(subject), **options}}


def _is_replacement(node: ast.Expression) -> bool:
    """Whether a value is a call of `replace`; its directive then takes the call around it as the second pattern."""
    return isinstance(node, ast.Call) and node.function == "replace"


def _switches(options: dict[str, Any]) -> tuple[Any, Any]:
    return options.get("ignorecase", False), options.get("global", True)


def _replace_options(arguments: Arguments) -> dict[str, Any]:
    pattern, replacement, any_case, everywhere = _literals(
        "replace", arguments[1:], (None, None, False, True), (str, str, bool, bool)
    )
    for text in (pattern, replacement):
        if unit_count(text) > LONGEST_PATTERN or not pattern:
            raise NoSegmentForm(f"`@replace` takes texts of up to {LONGEST_PATTERN} characters, and a pattern of one")
    options = {"pattern": pattern, "replacement": replacement}
    if any_case:
        options["ignorecase"] = True
    if not everywhere:
        options["global"] = False
    return options


def _flatten(writer: WritesExpressions, arguments: Arguments) -> Any:
    separator, omit_arrays = _literals("flatten", arguments[1:], (".", False), (str, bool))
    if not separator:
        raise NoSegmentForm("`@flatten` needs a separator")
    options = {"value": writer.write(arguments[0]), "separator": separator}
    return {"@flatten": options | ({"omitArrays": True} if omit_arrays else {})}


def _literals(function: str, given: Arguments, defaults: tuple[Any, ...], types: tuple[type, ...]) -> list[Any]:
    """The values of arguments that are written out, with the defaults of those left out."""
    values = list(defaults)
    for index, argument in enumerate(given):
        if not isinstance(argument, ast.Literal) or not isinstance(argument.value, types[index]):
            shown = expression_to_text(argument)
            raise NoSegmentForm(f"`@{function}` takes its options as they are written, not `{shown}`")
        values[index] = argument.value
    return values


def _merge(writer: WritesExpressions, arguments: Arguments) -> Any:
    parts = list(arguments)
    while parts and isinstance(parts[0], ast.Call) and parts[0].function == "without":
        inner = parts[0].arguments[0]
        if not isinstance(inner, ast.Call) or inner.function != "merge":
            break
        parts = [*inner.arguments, *parts[1:]]
    call = ast.Call("merge", arguments)
    if merged(parts) != call and len(parts) > 1:
        raise NoSegmentForm("a key that is missing in the later object would hide the same key of the earlier ones")
    objects = [each if isinstance(each, dict) else {"@literal": each} for each in map(writer.write, parts)]
    return {"@merge": {"objects": objects, "direction": "right"}}


def _liquid(writer: WritesExpressions, arguments: Arguments) -> Any:
    [template] = _literals("liquid", arguments[:1], ("",), (str,))
    written = {"@liquid": template}
    payload = arguments[1]
    if isinstance(payload, ast.Path) and not writer.steps(payload):
        return written
    applied = writer.write(payload)
    if not isinstance(applied, dict):
        raise NoSegmentForm("a Liquid template reads an object")
    return {"@transform": {"apply": applied, "mapping": written}}


CallWriter: TypeAlias = Callable[[WritesExpressions, Arguments], Any]

CALL_WRITERS: dict[str, CallWriter] = {
    "blank": _test("blank"),
    "coalesce": _coalesce,
    "compact": lambda writer, arguments: {"@excludeWhenNull": writer.write(arguments[0])},
    "exists": _test("exists"),
    "flatten": _flatten,
    "if": _if,
    "json_decode": _json("decode"),
    "json_encode": _json("encode"),
    "liquid": _liquid,
    "lowercase": _case("lower"),
    "merge": _merge,
    "replace": _replace,
    "uppercase": _case("upper"),
}
