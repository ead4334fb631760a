"""The clause that decided a trigger: the smallest part that made it true or false, with what it read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..compiler import ir
from ..dsl.diagnostics.fixes import edited
from ..dsl.source import Span
from ..dsl.syntax.strings import quote
from ..runtime.semantics.description import type_name
from ..runtime.semantics.event import Event
from ..trace.evaluation import Traced, trace
from ..trace.traced_rules import words
from .readings import Reading, reading, readings


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a condition, and why it was true or false."""

    text: str
    """Empty for a condition that no author wrote: what it read says enough."""
    holds: bool
    readings: tuple[Reading, ...]
    span: Span
    help: str = ""
    """What to write instead, where a comparison failed by the kind of its value or by its spelling alone."""

    def __str__(self) -> str:
        if not self.text:
            return ", ".join(map(str, self.readings))
        truth = f"{self.text} is {'true' if self.holds else 'false'}"
        return f"{truth}: {', '.join(map(str, self.readings))}" if self.readings else truth


def deciding(condition: Traced, event: Event) -> Clause:
    """The smallest clause that decided the condition: of a false `and`, the part that was false."""
    node = condition.node
    if isinstance(node, ir.All | ir.AnyOf) and condition.parts:
        decisive = isinstance(node, ir.AnyOf)
        if condition.value is decisive:
            return deciding(condition.parts[-1], event)
    operands = _operands(condition, event) if isinstance(node, ir.Compare | ir.TextTest) else []
    operands = operands or readings(condition, event)
    help_ = "" if condition.value else _help(condition, event)
    return Clause(words(node.span), bool(condition.value), tuple(operands), node.span, help_)


def _operands(condition: Traced, event: Event) -> list[Reading]:
    """Both sides of a comparison, but for literals; what a function gave, and from what."""
    by_text: dict[str, Reading] = {}
    constants = [part.value for part in condition.parts if isinstance(part.node, ir.Constant)]
    for part in condition.parts:
        if isinstance(part.node, ir.Constant | ir.MakeList):
            continue
        odd = any(constant is not None and type_name(constant) != type_name(part.value) for constant in constants)
        textless = isinstance(condition.node, ir.TextTest) and type_name(part.value) != "string"
        read = reading(part, event, with_kind=odd or textless)
        by_text[read.text] = replace(read, failed=part.failed)
        if not isinstance(part.node, ir.Read):
            by_text.update((inner.text, inner) for inner in readings(part, event))
    return list(by_text.values())


_WRAPPERS = ("number", "string", "bool", "lowercase", "trim")


def _help(condition: Traced, event: Event) -> str:
    """The clause with its value turned into the other kind, or into lower case, where it would then hold."""
    node = condition.node
    if not isinstance(node, ir.Compare | ir.TextTest) or not condition.parts:
        return ""
    subject = next((part for part in condition.parts if not isinstance(part.node, ir.Constant)), None)
    if subject is None or not isinstance(subject.node, ir.Read):
        return ""
    for function in _WRAPPERS:
        if _sensible(function, subject.value):
            changed = _wrapped(node, subject.node, function)
            if changed is not None and _holds(changed, event):
                return _with_call(node, subject.node, function)
    return ""


def _holds(condition: ir.Condition, event: Event) -> bool:
    """Whether it is true, and no function in it is without a value."""
    steps: list[Traced] = []
    return bool(trace(condition, event, in_trigger=True, steps=steps).value) and not any(step.failed for step in steps)


def _sensible(function: str, value: Any) -> bool:
    match function:
        case "number" | "lowercase" | "trim":
            return isinstance(value, str)
        case "bool":
            return value in ("true", "false")
        case _:
            return isinstance(value, int | float)


def _wrapped(node: ir.Compare | ir.TextTest, subject: ir.Read, function: str) -> ir.Condition | None:
    """The condition with a call around its path; None for a path that begins with a variable."""
    if subject.root != ir.EVENT:
        return None

    def around(value: ir.Value) -> ir.Value:
        if value is subject:
            return ir.Call(function, (value,), True, "any")
        return _lowered(value) if function == "lowercase" else value

    if isinstance(node, ir.Compare):
        return replace(node, left=around(node.left), right=around(node.right))
    return replace(node, arguments=tuple(map(around, node.arguments)))


def _lowered(value: ir.Value) -> ir.Value:
    if isinstance(value, ir.Constant) and isinstance(value.value, str):
        return replace(value, value=value.value.lower())
    if isinstance(value, ir.MakeList):
        return replace(value, items=tuple(map(_lowered, value.items)))
    return value


def _with_call(node: ir.Compare | ir.TextTest, subject: ir.Read, function: str) -> str:
    """The author's text with the call in it."""
    span, inner = node.span, subject.span
    edits = [(inner.start, inner.end, f"{function}({inner.text})")]
    if function == "lowercase":
        edits += [
            (part.span.start, part.span.end, quote(part.value.lower()))
            for part in ir.walk(node)
            if isinstance(part, ir.Constant) and isinstance(part.value, str)
        ]
    text = edited(span.source.text[: span.end], edits)
    return " ".join(text[span.start :].split())
