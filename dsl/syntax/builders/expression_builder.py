"""Converts the syntax trees of expressions to nodes, and checks what the grammar cannot: depth, duplicate keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from ... import ast
from ...diagnostics.diagnostic import Label
from ...source import Span
from ..parser import PlainEntry, plain_parts
from ..paths import name, steps
from .token_builder import TokenBuilder

MAX_DEPTH = 100


class NamedPart(NamedTuple):
    """A field or an entry in a syntax tree, before its value is built."""

    name: str
    name_span: Span
    value: Any
    span: Span


class ExpressionBuilder(TokenBuilder):
    """A builder that knows expressions of several tokens as well."""

    def expression(self, part: Any) -> ast.Expression:
        """The node of a tree, a token or a part of a token that is an expression."""
        if isinstance(part, PlainEntry):
            return self.token(part.value, self.stretch.within(part.value_start, part.end))
        if isinstance(part, str):
            return self.token(part, self.span(part))
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                return self._too_deep(part)
            return cast("ast.Expression", getattr(self, f"_{part.data}")(part))
        finally:
            self.depth -= 1

    def _too_deep(self, part: Any) -> ast.Expression:
        if not any(diagnostic.code == "RW0104" for diagnostic in self.diagnostics):
            self.report(
                "RW0104",
                f"this is nested more than {MAX_DEPTH} deep",
                self.span(part),
                "move a part into a simpler rule",
            )
        return ast.Literal(None, span=self.span(part))

    def named(self, trees: list[Any]) -> Iterator[NamedPart]:
        """The fields or entries in trees, in order."""
        within = self.stretch.within
        for tree in trees:
            if len(tree.children) == 1:
                for plain in plain_parts(tree.children[0]):
                    start, end = plain.start, plain.end
                    yield NamedPart(plain.name, within(start, plain.name_end), plain, within(start, end))
            else:
                name_token, value = tree.children
                yield NamedPart(name_token, self.span(name_token), value, self.span(tree))

    def _access(self, tree: Any) -> ast.Expression:
        target, path_of = tree.children
        node = self.expression(target)
        span = self.span(tree)
        if isinstance(node, ast.Path):
            return ast.Path(self.checked_steps(node.steps + steps(path_of), span), node.rooted, span=span)
        if isinstance(node, ast.Access):
            return ast.Access(node.target, self.checked_steps(node.steps + steps(path_of), span), span=span)
        return ast.Access(node, self.checked_steps(steps(path_of), span), span=span)

    def _call(self, tree: Any) -> ast.Expression:
        function, *arguments = tree.children
        nodes = tuple(self.expression(argument) for argument in arguments)
        return ast.Call(str(function), nodes, self.span(function), span=self.span(tree))

    def _object(self, tree: Any) -> ast.Object:
        seen: dict[str, Span] = {}
        entries = []
        for key_token, key_span, value, span in self.named(tree.children):
            key = self._unescaped(key_token[1:-1], key_span) if key_token[0] in "\"'" else str(key_token)
            if key in seen:
                self.report("RW0107", f"duplicate key `{key}`", key_span, others=(Label(seen[key], "first here"),))
            seen[key] = key_span
            entries.append(ast.Entry(key, self.expression(value), span=span))
        return ast.Object(tuple(entries), span=self.span(tree))

    def _list(self, tree: Any) -> ast.List:
        return ast.List(tuple(self.expression(child) for child in tree.children), span=self.span(tree))

    def _comprehension(self, tree: Any) -> ast.Expression:
        item, variable, iterable, *condition = tree.children
        return ast.Comprehension(
            self.expression(item),
            name(variable),
            self.expression(iterable),
            self.expression(condition[0]) if condition else None,
            span=self.span(tree),
        )

    def _not(self, tree: Any) -> ast.Expression:
        sign, operand_part = tree.children
        operand = self.expression(operand_part)
        of_text = isinstance(operand, ast.Call) and operand.function in ("contains", "match")
        return ast.Not(operand, of_text and sign.type == "NOT_GROUP", span=self.span(tree))

    def _negative(self, tree: Any) -> ast.Expression:
        sign, operand_tree = tree.children
        operand = self.expression(operand_tree)
        span = self.span(tree)
        if isinstance(operand, ast.Literal) and type(operand.value) in (int, float):
            number = cast("int | float", operand.value)
            return ast.Literal(number if sign == "+" else -number, span=span)
        if sign == "+":
            self.report(
                "RW0101",
                "unexpected `+` before a value that is not a number",
                self.span(sign),
                "write `number(…)` to turn text into a number",
            )
        return ast.Negative(operand, span=span)

    def _logical(self, tree: Any) -> ast.Expression:
        operator = cast("ast.LogicalOperator", str(tree.data))
        operands: list[ast.Expression] = []
        for child in tree.children:
            operand = self.expression(child)
            # Parentheses around operands of the same operator say nothing.
            if isinstance(operand, ast.Logical) and operand.operator == operator:
                operands.extend(operand.operands)
            else:
                operands.append(operand)
        return ast.Logical(operator, tuple(operands), span=self.span(tree))

    _and = _or = _logical

    def _comparison(self, tree: Any) -> ast.Expression:
        left_part, operator, right_part = tree.children
        left = self.expression(left_part)
        span = self.span(tree)
        if isinstance(left, ast.Not) and not isinstance(left_part, str) and operator != "in":
            self.report(
                "RW0402", "`!` negates only the path, not the comparison", self.span(left_part),
                f"write `!({span.text[left.span.start - span.start + 1 :].strip()})`",
            )  # fmt: skip
        right = self.expression(right_part)
        return ast.Comparison(cast("ast.ComparisonOperator", str(operator)), left, right, span=span)

    def _arithmetic(self, tree: Any) -> ast.Expression:
        first, *rest = tree.children
        # Each operator takes all before it as its left operand, so the first operand is the deepest.
        deeper = len(rest) // 2 - 1
        if self.depth + deeper > MAX_DEPTH:
            return self._too_deep(tree)
        self.depth += deeper
        node = self.expression(first)
        self.depth -= deeper
        for operator, operand_part in zip(rest[::2], rest[1::2], strict=True):
            operand = self.expression(operand_part)
            span = node.span.to(operand.span)
            node = ast.Arithmetic(cast("ast.ArithmeticOperator", str(operator)), node, operand, span=span)
        return node

    _sum = _product = _arithmetic

    def trigger(self, part: Any) -> ast.Expression:
        """An expression in which text has no placeholders, as in FQL."""
        self.templates = False
        try:
            return self.expression(part)
        finally:
            self.templates = True

    def triggers(self, parts: Iterable[Any]) -> tuple[ast.Expression, ...]:
        """Conditions one after the other; a field with a value is one as well."""
        self.templates = False
        try:
            return tuple(node for part in parts for node in self._conditions(part))
        finally:
            self.templates = True

    def _conditions(self, part: Any) -> Iterator[ast.Expression]:
        if getattr(part, "type", "") != "PLAIN_FIELDS":
            yield self.expression(part)
            return
        for plain in plain_parts(part):
            field = self.token(plain.name, self.stretch.within(plain.start, plain.name_end))
            span = self.stretch.within(plain.start, plain.end)
            yield ast.Comparison("=", field, self.expression(plain), span=span)
