"""The kinds of value that an expression can give, and whether it can fail, so that the emitter omits guards."""

from __future__ import annotations

from typing import TypeAlias

from ..runtime.semantics.blank import is_blank
from . import ir

Kinds: TypeAlias = frozenset[str]
"""Of: missing, null, string, number, boolean, list, object."""

ANY: Kinds = frozenset(("missing", "null", "string", "number", "boolean", "list", "object"))
NOTHING: Kinds = frozenset(("missing", "null"))
_RETURNS: dict[str, Kinds] = {
    "any": ANY,
    "string": frozenset(("string",)),
    "number": frozenset(("number",)),
    "integer": frozenset(("number",)),
    "boolean": frozenset(("boolean",)),
    "object": frozenset(("object",)),
    "list": frozenset(("list",)),
    "null": frozenset(("null",)),
}


def kinds(value: ir.Value) -> Kinds:
    """All kinds that a value may have for some event, and possibly more."""
    match value:
        case ir.Read() | ir.Get():
            return ANY
        case ir.Constant(constant):
            return frozenset((kind_of(constant),))
        case ir.Omit():
            return frozenset(("missing",))
        case ir.Template():
            return _RETURNS["string"]
        case ir.MakeObject():
            return _RETURNS["object"]
        case ir.MakeList():
            return _RETURNS["list"]
        case ir.ForEach(_, _, iterable):
            return (kinds(iterable) - {"object"}) | {"list"}
        case ir.Call(_, _, _, returns):
            # A function gives a missing or null argument back, or missing where it has no answer.
            return _RETURNS[returns] | NOTHING
        case ir.If(_, then, otherwise):
            return kinds(then) | kinds(otherwise)
        case ir.Coalesce(values):
            *tried, last = values
            return frozenset().union(*(kinds(alternative) - NOTHING for alternative in tried)) | kinds(last)
        case ir.Negative() | ir.Arithmetic():
            return _RETURNS["number"] | {"missing"}
        case _:
            return _RETURNS["boolean"]


def kind_of(value: object) -> str:
    """The kind of a JSON value: `null`, `boolean`, `string`, `list`, `object` or `number`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else "object" if isinstance(value, dict) else "number"


def never_empty(value: ir.Value) -> bool:
    """Whether the text that a value gives has at least one character, whatever the event."""
    match value:
        case ir.Constant(constant):
            return isinstance(constant, str) and constant != ""
        case ir.Template(parts):
            return any(never_empty(part) if not isinstance(part, str) else part != "" for part in parts)
        case _:
            return False


def never_blank(value: ir.Value) -> bool:
    """Whether the text that a value gives is not blank, whatever the event."""
    match value:
        case ir.Constant(constant):
            return isinstance(constant, str) and not is_blank(constant)
        case ir.Template(parts):
            return any(not is_blank(part) if isinstance(part, str) else never_blank(part) for part in parts)
        case _:
            return False


def may_be_blank(value: ir.Value) -> bool:
    """Whether a value that is neither missing nor null may be blank text, or a list of one."""
    match value:
        case ir.If(_, then, otherwise):
            return may_be_blank(then) or may_be_blank(otherwise)
        case _:
            return bool(kinds(value) & {"string", "list"}) and not never_blank(value)


def may_fail(value: ir.Value) -> bool:
    """Whether some event makes a function or an operator in an expression fail, which fails its mapping."""
    return any(map(can_fail, ir.walk(value)))


def can_fail(node: ir.Node) -> bool:
    """Whether a node itself can fail, when all inside it have a value."""
    return node.fails if isinstance(node, ir.Call) else isinstance(node, ir.Negative | ir.Arithmetic)
