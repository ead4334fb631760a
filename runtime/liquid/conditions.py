"""Comparisons of Liquid's conditions, by JavaScript's rules: the library would refuse a string beside a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liquid.ast import Node
from liquid.builtin.expressions import logical
from liquid.builtin.expressions.primitive import Blank, Empty, Nil
from liquid.builtin.tags.if_tag import IfNode, IfTag
from liquid.builtin.tags.unless_tag import UnlessNode, UnlessTag
from liquid.context import RenderContext
from liquid.expression import Expression
from liquid.stream import TokenStream

from ..semantics.description import type_name
from ..semantics.javascript import WHITESPACE, text
from ..semantics.json_values import taken_from
from .conversions import is_nil, items, number_or_nan

_WORDS = (Nil, Empty, Blank)
"""`nil`, `empty` and `blank` as an author writes them: they equal what they name, and `<` and `<=` with them are
false."""


def equal(left: Any, right: Any) -> bool:
    """`==`: of the same type and the same value; lists by their items, and an object equals only itself."""
    pending = [(left, right)]
    for first, second in taken_from(pending, left, right):
        if isinstance(first, list | tuple | range) and isinstance(second, list | tuple | range):
            if len(items(first)) != len(items(second)):
                return False
            pending.extend(zip(first, second, strict=True))
        elif not _same(first, second):
            return False
    return True


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, _WORDS):
        return _names(left, right)
    if isinstance(right, _WORDS):
        return _names(right, left)
    if isinstance(left, list | tuple | range):
        return False
    if isinstance(left, dict) or is_nil(left):
        return left is right or (is_nil(left) and is_nil(right) and (left is None) == (right is None))
    return type_name(left) == type_name(right) and bool(left == right)


def _names(word: Expression, value: Any) -> bool:
    """Whether a value is what `nil`, `empty` or `blank` names."""
    nothing = isinstance(value, Nil) or (is_nil(value) and not isinstance(value, _WORDS))
    if isinstance(word, Nil):
        return nothing
    if isinstance(word, Blank):
        if nothing or value is False:
            return True
        value = value.strip(WHITESPACE) if isinstance(value, str) else value
    return isinstance(value, str | list | tuple | range | dict) and len(value) == 0


def before(left: Any, right: Any) -> bool:
    """`<`: two texts by their characters, anything else by its number."""
    pair = _comparable(left, right)
    return pair is not None and bool(pair[0] < pair[1])


def not_after(left: Any, right: Any) -> bool:
    """`<=`, which is not the opposite of `>` if a value is not a number."""
    pair = _comparable(left, right)
    return pair is not None and bool(pair[0] <= pair[1])


def _comparable(left: Any, right: Any) -> tuple[Any, Any] | None:
    if isinstance(left, _WORDS) or isinstance(right, _WORDS):
        return None
    left, right = (text(value) if isinstance(value, list | dict) else value for value in (left, right))
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    return number_or_nan(left), number_or_nan(right)


def contains(left: Any, right: Any) -> bool:
    """`contains`: an item of a list, or a part of a text by its own text; anything else has nothing in it."""
    if isinstance(left, list | tuple | range):
        return any(equal(item, right) for item in items(left))
    return isinstance(left, str | Empty | Blank) and _part(right) in _part(left)


def _part(value: Any) -> str:
    """`String(value)`, where `empty` and `blank` are empty text."""
    if isinstance(value, Empty | Blank):
        return ""
    if value is None or isinstance(value, Nil):
        return "null"
    return "undefined" if is_nil(value) else text(value)


class _Comparison(Expression):
    """A comparison of two values."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, written: Any, operator: Callable[[Any, Any], bool]) -> None:
        super().__init__(written.token)
        self.left: Expression = written.left
        self.right: Expression = written.right
        self.operator = operator

    def evaluate(self, context: RenderContext) -> bool:
        left, right = (
            operand if isinstance(operand, _WORDS) else operand.evaluate(context) for operand in (self.left, self.right)
        )
        return self.operator(left, right)

    def children(self) -> list[Expression]:
        return [self.left, self.right]


_OPERATORS: dict[type[Expression], Callable[[Any, Any], bool]] = {
    logical.EqExpression: equal,
    logical.NeExpression: lambda left, right: not equal(left, right),
    logical.LtExpression: before,
    logical.GtExpression: lambda left, right: before(right, left),
    logical.LeExpression: not_after,
    logical.GeExpression: lambda left, right: not_after(right, left),
    logical.ContainsExpression: contains,
}


def _compared(expression: Expression) -> Expression:
    """The same expression, with every comparison made one of ours."""
    if isinstance(expression, logical.LogicalNotExpression):
        return _negated(_compared(expression.right))
    if isinstance(expression, logical.LogicalAndExpression | logical.LogicalOrExpression):
        return type(expression)(expression.token, _compared(expression.left), _compared(expression.right))
    operator = _OPERATORS.get(type(expression))
    return expression if operator is None else _Comparison(expression, operator)


def _negated(expression: Expression) -> Expression:
    """The opposite of a condition, of its first part alone where it has several: `not` binds tighter than `and`."""
    if isinstance(expression, logical.LogicalAndExpression | logical.LogicalOrExpression):
        return type(expression)(expression.token, _negated(expression.left), expression.right)
    return logical.LogicalNotExpression(expression.token, expression)


def _with_our_comparisons(node: Node) -> Node:
    """The `if` or `unless`, whose conditions are made to compare as ours do."""
    if isinstance(node, IfNode | UnlessNode):
        for condition in (node.condition, *(alternative.expression for alternative in node.alternatives)):
            if isinstance(condition, logical.BooleanExpression):
                condition.expression = _compared(condition.expression)
    return node


class JavaScriptIf(IfTag):
    """`{% if … %}`."""

    def parse(self, stream: TokenStream) -> Node:
        return _with_our_comparisons(super().parse(stream))


class JavaScriptUnless(UnlessTag):
    """`{% unless … %}`."""

    def parse(self, stream: TokenStream) -> Node:
        return _with_our_comparisons(super().parse(stream))
