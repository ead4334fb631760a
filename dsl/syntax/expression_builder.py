"""Converts syntax trees to frozen nodes with spans, and checks what the grammar cannot: depth, duplicate keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar, cast

from .. import ast
from ..diagnostics.diagnostic import Diagnostic, Label
from ..source import Span
from .interpolation import has_comment, placeholder_text, placeholders
from .parser import PlainEntry, plain_parts
from .paths import is_simple_path, name, path_steps, steps
from .strings import SURROGATE, unescape

MAX_DEPTH = 100
MAX_STEPS = 50
"""Of a path. Each object on the way may be a level of the generated code, and Python takes 100 of those."""
_CONSTANTS: dict[str, ast.Scalar] = {"true": True, "false": False, "null": None, "omit": None}
AnyStep = TypeVar("AnyStep", bound=ast.FilterStep)
ParsePlaceholder = Callable[[Span, str, int], "ast.Expression | None"]
"""Reads the expression in a placeholder, from its place, its text, and how deep the placeholder is nested."""


class NamedPart(NamedTuple):
    """A field or an entry in a syntax tree, before its value is built."""

    name: str
    name_span: Span
    value: Any
    span: Span


class ExpressionBuilder:
    """Turns the trees of one stretch of a source into nodes, and collects what is wrong with them."""

    def __init__(
        self, stretch: Span, parse_placeholder: ParsePlaceholder, diagnostics: list[Diagnostic], depth: int = 0
    ) -> None:
        self.stretch = stretch
        self.parse_placeholder = parse_placeholder
        self.diagnostics = diagnostics
        self.depth = depth
        self.templates = True

    # --- places ----------------------------------------------------------------------------------------------------

    def span(self, part: Any) -> Span:
        """The span of a token or a tree."""
        place: Any = part if isinstance(part, str) else part.meta
        return self.stretch.within(place.start_pos, place.end_pos)

    def report(self, code: str, message: str, span: Span, *help_: str, others: tuple[Label, ...] = ()) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help=help_, others=others))

    # --- expressions -----------------------------------------------------------------------------------------------

    def expression(self, part: Any) -> ast.Expression:
        """The node of a tree, a token or a part of a token that is an expression."""
        if isinstance(part, PlainEntry):
            return self._written(part.value, self.stretch.within(part.value_start, part.end))
        if isinstance(part, str):
            return self._written(part, self.span(part))
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

    def _written(self, token: str, span: Span) -> ast.Expression:
        """The node of an expression that is one token."""
        first = token[0]
        if first in "\"'":
            return self._text(token[1:-1], span)
        if first in ".0123456789":
            return ast.Literal(self._number(token, span), span=span)
        if token in _CONSTANTS:
            return ast.Omit(span=span) if token == "omit" else ast.Literal(_CONSTANTS[token], span=span)
        if token == "not":
            advice = "write `!` before what is negated, or `!( … )`"
            self.report("RW0101", "unknown operator `not`", span, advice)
        rooted, path_of = path_steps(token)
        return ast.Path(self.checked_steps(path_of, span), rooted, span=span)

    def checked_steps(self, path_of: tuple[AnyStep, ...], span: Span) -> tuple[AnyStep, ...]:
        """The steps of a path, no more of them than a path may have."""
        for step in path_of:
            if isinstance(step, str) and not step.isascii():
                self._whole(step, span)
        if len(path_of) <= MAX_STEPS:
            return path_of
        self.report(
            "RW0104", f"this path has {len(path_of):,} steps, and {MAX_STEPS} is the limit", span, "name fewer steps"
        )
        return path_of[:MAX_STEPS]

    def _unescaped(self, text: str, span: Span) -> str:
        return self._whole(unescape(text), span)

    def _whole(self, text: str, span: Span) -> str:
        """The text; half of a character in it is reported, because it cannot be sent."""
        if not text.isascii() and (half := SURROGATE.search(text)) is not None:
            message = f"`\\u{ord(half[0]):04x}` is half of a character, which cannot be sent"
            self.report("RW0110", message, span, r"write both halves, as in `\ud83d\ude00`, or the character itself")
        return text

    def _number(self, digits: str, span: Span) -> int | float:
        if digits.isdecimal() and digits.isascii() and len(digits) <= 300:
            return int(digits)
        value = float(digits)
        if math.isinf(value):
            self.report("RW0106", f"`{digits[:20]}` is larger than any number can be", span)
        return value

    def _text(self, text: str, span: Span) -> ast.Expression:
        spans = placeholders(text) if self.templates and "{{" in text else []
        if not spans:
            return ast.Literal(self._unescaped(text, span), span=span)
        parts: list[str | ast.Expression] = []
        at = 0
        for start, end, inside, inside_end in spans:
            if end < 0:
                self.report(
                    "RW0108",
                    "unclosed placeholder",
                    span.within(1 + start, 1 + len(text)),
                    "close it with `}}`",
                    "write `\\{{` for the braces themselves",
                )
                break
            if start > at:
                parts.append(self._unescaped(text[at:start], span))
            at = end
            node = self._placeholder(span.within(1 + inside, 1 + inside_end))
            if node is not None:
                parts.append(node)
        if at < len(text):
            parts.append(self._unescaped(text[at:], span))
        return ast.Template(tuple(parts), span=span)

    def _placeholder(self, place: Span) -> ast.Expression | None:
        written = place.text
        bare = written.strip()
        if is_simple_path(bare):
            start = written.index(bare)
            span = place.within(start, start + len(bare))
            return ast.Path(self.checked_steps(path_steps(bare)[1], span), span=span)
        if not bare:
            whole = place.within(-2, len(written) + 2)
            self.report("RW0108", "empty placeholder", whole, "write a path in it, as in `{{ name }}`")
        elif has_comment(written):
            self.report("RW0108", "unexpected comment in a placeholder", place, "write the comment after the text")
        else:
            return self.parse_placeholder(place, placeholder_text(written), self.depth + 1)
        return None

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
            field = self._written(plain.name, self.stretch.within(plain.start, plain.name_end))
            span = self.stretch.within(plain.start, plain.end)
            yield ast.Comparison("=", field, self.expression(plain), span=span)
