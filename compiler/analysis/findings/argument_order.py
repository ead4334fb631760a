"""Findings on arguments in the wrong order: a text of the rules where a function takes the event's value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.strings import quote_as
from ... import ir
from ...value_types import NOTHING, kinds, never_blank, never_empty

TEXT_TESTS = frozenset(("contains", "match", "starts_with", "ends_with"))
"""Functions that say whether a text, their first argument, meets another."""
_CHANGES = frozenset(("replace", "split", "format_time"))
"""Functions that make something of their first argument, as their second says."""
_SEPARATOR = re.compile(r"\s*[,;|]\s*")


def argument_order_findings(written: Iterable[ir.Node]) -> Iterator[Diagnostic]:
    """RW0418 for swapped arguments, as in `contains("Order", event)` and `coalesce("web", context.device.type)`."""
    for node in written:
        match node:
            case ir.TextTest(function, (ir.Constant(str()) as text, other)) if _is_of_event(other):
                yield _swapped_test(function, text, other, "!" if node.negated else "")
            case ir.Call(function, (ir.Constant(str()) as text, other)) if function in TEXT_TESTS and _is_of_event(
                other
            ):
                yield _swapped_test(function, text, other, "")
            case ir.Call(function, (ir.Constant(str()) as text, other, *rest)) if function in _CHANGES:
                if _is_of_event(other) and (function != "format_time" or "%" in str(text.value)):
                    # An argument that is left out has the span of the call.
                    arguments = [other, text, *(argument for argument in rest if argument.span != node.span)]
                    message = f"`{function}` takes the value of the event first, and `{text.span.text}` is none"
                    yield Diagnostic("RW0418", message, text.span, help=(f"write `{_call(function, arguments)}`",))
            case ir.Coalesce(values, visible):
                yield from _never_passed_over("coalesce", values, visible=visible)
            case ir.Call("default", values):
                yield from _never_passed_over("default", values)
            case _:
                pass


def _is_of_event(value: ir.Value) -> bool:
    return any(isinstance(node, ir.Read) for node in ir.walk(value))


def _swapped_test(function: str, text: ir.Constant, other: ir.Value, sign: str) -> Diagnostic:
    message = f"`{function}` looks in its first argument, and `{text.span.text}` is the same for every event"
    instead = f"{sign}{_call(function, [other, text])}"
    listed = [item for item in _SEPARATOR.split(str(text.value)) if item]
    if function == "contains" and len(listed) > 1:
        items = ", ".join(quote_as(text.span.text, item) for item in listed)
        instead = f"{other.span.text} in [{items}]"
        instead = f"!({instead})" if sign else instead
    return Diagnostic("RW0418", message, text.span, help=(f"write `{instead}`",))


def _never_passed_over(function: str, values: tuple[ir.Value, ...], *, visible: bool = False) -> Iterator[Diagnostic]:
    """Of `coalesce("web", context.device.type)`: what comes behind a value that is always there is never used."""
    for number, value in enumerate(values[:-1]):
        if _is_always_there(value, function, visible=visible):
            message = f"`{value.span.text}` is always there, so `{function}` never gives what comes after it"
            before, after = list(values[:number]), list(values[number + 1 :])
            instead = _call(function, [*before, *after, value])
            if isinstance(value, ir.Template):
                instead = _with_template(function, before, value, after)
            yield Diagnostic("RW0418", message, value.span, help=(f"write `{instead}`",))
            return


def _is_always_there(value: ir.Value, function: str, *, visible: bool) -> bool:
    possible = kinds(value)
    if possible & NOTHING:
        return False
    if visible:
        return "list" not in possible and ("string" not in possible or never_blank(value))
    return function == "coalesce" or "string" not in possible or never_empty(value)


def _with_template(function: str, before: list[ir.Value], value: ir.Template, after: list[ir.Value]) -> str:
    """The call with a template where the event has what it reads."""
    part = next((part for part in value.parts if not isinstance(part, str)), value)
    if len(value.parts) == 1:
        return _call(function, [*before, part, *after])
    rest = _written(after[0]) if len(after) == 1 else _call(function, after)
    instead = f"if(exists({_written(part)}), {_written(value)}, {rest})"
    return f"{function}({', '.join([*map(_written, before), instead])})" if before else instead


def _call(function: str, arguments: list[ir.Value]) -> str:
    return f"{function}({', '.join(map(_written, arguments))})"


def _written(value: ir.Value) -> str:
    return " ".join(value.span.text.split())
