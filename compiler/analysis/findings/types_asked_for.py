"""The reads of a value with the types of event for which each is read: those that the conditions around it ask for."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir

_TYPE = ir.Read(ir.EVENT, ("type",))


def reads_with_types(value: ir.Value, types: frozenset[str]) -> Iterator[tuple[ir.Read, frozenset[str]]]:
    """Each read of which something is expected: other values are beside those in `coalesce` and `default`.

    `types` are those of the events that the value is made of.
    """
    pending: list[tuple[ir.Node, frozenset[str]]] = [(value, types)]
    while pending:
        node, here = pending.pop()
        match node:
            case ir.Read():
                yield node, here
            case ir.Coalesce() | ir.Call("default"):
                pass
            case ir.Compare("=", ir.Read(), ir.Constant(None)) | ir.Not(ir.IsTrue(ir.Call("exists", (ir.Read(),)))):
                pass  # it is asked whether there is nothing
            case ir.All(parts):
                within = _narrowed(node, here)
                pending += [(part, within) for part in reversed(parts)]
            case ir.AnyOf(parts):
                pending += [(part, _narrowed(part, here)) for part in reversed(parts)]
            case ir.If(condition, then, otherwise):
                pending += [
                    (otherwise, _narrowed(condition, here, holds=False)),
                    (then, _narrowed(condition, here)),
                    (condition, here),
                ]
            case _:
                pending += [(child, here) for child in reversed(list(_children(node)))]


def _children(node: ir.Node) -> Iterator[ir.Node]:
    parts = [getattr(node, name) for name in reversed(node.CHILDREN)]
    while parts:
        part = parts.pop()
        if isinstance(part, ir.Node):
            yield part
        elif isinstance(part, tuple):
            parts += part[::-1]


def _narrowed(condition: ir.Condition, types: frozenset[str], *, holds: bool = True) -> frozenset[str]:
    """The types of the events for which a condition may hold, or may not."""
    match condition:
        case ir.Not(inner):
            return _narrowed(inner, types, holds=not holds)
        case ir.All(parts) | ir.AnyOf(parts):
            if isinstance(condition, ir.All) is holds:
                for part in parts:
                    types = _narrowed(part, types, holds=holds)
                return types
            return frozenset().union(*(_narrowed(part, types, holds=holds) for part in parts))
        case ir.Compare("=" | "!=" as operator, left, right):
            if left == _TYPE and isinstance(right, ir.Constant):
                asked = {right.value}
            elif right == _TYPE and isinstance(left, ir.Constant):
                asked = {left.value}
            else:
                return types
            return types & asked if (operator == "=") is holds else types - asked
        case ir.Compare("in", left, ir.MakeList(items)) if left == _TYPE:
            asked = {item.value for item in items if isinstance(item, ir.Constant)}
            if holds:
                return types & asked if len(asked) == len(items) else types
            return types - asked
        case _:
            return types
