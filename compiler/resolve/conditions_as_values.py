"""Findings on `or` and `and` used for values, as in JavaScript; in rules they give true or false."""

from __future__ import annotations

from .. import ir
from ..catalog import FieldSchema
from ..value_types import kinds
from .expressions import Resolver

_BOOLEAN = frozenset(("boolean",))


def check_fallbacks(facts: FieldSchema, value: ir.Value, resolver: Resolver) -> bool:
    """Reports `or` and `and` in place of `coalesce` and `if`; returns whether the value of the field itself is one."""
    inner = {field.name: field for field in facts.fields}
    match value:
        case ir.AnyOf() | ir.All():
            if facts.type != "boolean":
                _report("RW0301", value, f"`{facts.name}` takes {_article(facts.type)}", resolver)
                return True
        case ir.Coalesce(values):
            for alternative in values:
                check_fallbacks(facts, alternative, resolver)
        case ir.If(_, then, otherwise):
            check_fallbacks(facts, then, resolver)
            check_fallbacks(facts, otherwise, resolver)
        case ir.ForEach(item, _, iterable) if facts.multiple:
            _check_part(iterable, resolver)
            check_fallbacks(facts, item, resolver)
        case ir.MakeObject(entries) if inner:
            for key, entry in entries:
                if key in inner:
                    check_fallbacks(inner[key], entry, resolver)
                else:
                    _check_part(entry, resolver)
        case _:
            _check_part(value, resolver)
    return False


def _check_part(value: ir.Value, resolver: Resolver) -> None:
    """RW0313 of every place inside a value whose type nobody declares."""
    match value:
        case ir.AnyOf(conditions) | ir.All(conditions):
            if any(isinstance(operand, ir.IsTrue) and kinds(operand.value) != _BOOLEAN for operand in conditions):
                _report("RW0313", value, "a value is expected here", resolver)
        case ir.If(condition, then, otherwise):
            _check_operands(condition, resolver)
            _check_part(then, resolver)
            _check_part(otherwise, resolver)
        case ir.MakeObject(entries):
            for _, entry in entries:
                _check_part(entry, resolver)
        case ir.Template(parts):
            for part in parts:
                if not isinstance(part, str):
                    _check_part(part, resolver)
        case ir.Coalesce(values) | ir.MakeList(values) | ir.Call(_, values):
            for inner in values:
                _check_part(inner, resolver)
        case ir.ForEach(item, _, iterable):
            _check_part(iterable, resolver)
            _check_part(item, resolver)
        case ir.Arithmetic(_, left, right):
            _check_part(left, resolver)
            _check_part(right, resolver)
        case _:
            return


def _check_operands(condition: ir.Condition, resolver: Resolver) -> None:
    """The sides of the comparisons in a condition are values again."""
    for node in ir.walk(condition):
        if isinstance(node, ir.Compare):
            _check_part(node.left, resolver)
            _check_part(node.right, resolver)


def _report(code: str, value: ir.AnyOf | ir.All, wanted: str, resolver: Resolver) -> None:
    word = "or" if isinstance(value, ir.AnyOf) else "and"
    *first, last = [condition.span.text for condition in value.conditions]
    if word == "or" and all(isinstance(condition, ir.IsTrue) for condition in value.conditions):
        help_: tuple[str, ...] = (f"write `coalesce({', '.join((*first, last))})` for the first value that exists",)
    elif word == "and" and len(first) == 1 and isinstance(value.conditions[-1], ir.IsTrue):
        test = f"exists({first[0]})" if isinstance(value.conditions[0], ir.IsTrue) else first[0]
        help_ = (f"write `if({test}, {last}, omit)`",)
    else:
        help_ = ("write `if(condition, value, omit)`",)
    resolver.report(code, f"`{word}` gives true or false, and {wanted}", value.span, *help_)


def _article(type_: str) -> str:
    return f"an {type_}" if type_[0] in "aeio" else f"a {type_}"
