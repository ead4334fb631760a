"""Converts tokens to nodes: paths, numbers, constants, and texts with their placeholders."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from ... import ast
from ...diagnostics.diagnostic import Diagnostic, Label
from ...source import Span
from ..paths import is_simple_path, path_steps
from ..strings import SURROGATE, unescape
from .interpolation import has_comment, placeholder_text, placeholders

MAX_STEPS = 50
"""Of a path. Each object on the way may be a level of the generated code, and Python takes 100 of those."""
_CONSTANTS: dict[str, ast.Scalar] = {"true": True, "false": False, "null": None, "omit": None}
AnyStep = TypeVar("AnyStep", bound=ast.FilterStep)
ParsePlaceholder = Callable[[Span, str, int], "ast.Expression | None"]
"""Reads the expression in a placeholder, from its place, its text, and how deep the placeholder is nested."""


class TokenBuilder:
    """Turns the tokens of one stretch of a source into nodes, and collects what is wrong with them."""

    def __init__(
        self, stretch: Span, parse_placeholder: ParsePlaceholder, diagnostics: list[Diagnostic], depth: int = 0
    ) -> None:
        self.stretch = stretch
        self.parse_placeholder = parse_placeholder
        self.diagnostics = diagnostics
        self.depth = depth
        """How many expressions enclose the one that is being built."""
        self.templates = True
        """Whether texts have placeholders."""

    def span(self, part: Any) -> Span:
        """The span of a token or a tree."""
        place: Any = part if isinstance(part, str) else part.meta
        return self.stretch.within(place.start_pos, place.end_pos)

    def report(self, code: str, message: str, span: Span, *help_: str, others: tuple[Label, ...] = ()) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help=help_, others=others))

    def token(self, token: str, span: Span) -> ast.Expression:
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
