"""Expressions to text: on one line if they fit, otherwise broken at brackets and operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from .. import ast
from ..source import Span
from ..syntax.paths import is_bare_key, write_name, write_path, write_steps
from ..syntax.strings import enclose, escape, quote
from .comments import Comments, comment_text

MAX_WIDTH = 104
INDENT = "  "

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _UNARY, _ACCESS, _ATOM = range(8)
_LEVELS: dict[type[ast.Node], int] = {
    ast.Comparison: _COMPARISON,
    ast.Not: _UNARY,
    ast.Negative: _UNARY,
    ast.Access: _ACCESS,
}


def expression_to_text(node: ast.Expression, *, depth: int = 0, json: bool = False) -> str:
    """The expression on one line.

    `depth` counts the texts in whose placeholders it is, and chooses its quotes; `json` puts keys of objects in quotes.
    """
    return _Flat(depth, json).text(node)


class _Flat(NamedTuple):
    """Writes expressions on one line."""

    depth: int
    json: bool

    def text(self, node: ast.Expression, least: int = _OR) -> str:
        """The text of a node, in parentheses where its level is below `least`."""
        written = self._bare(node)
        return written if _level(node) >= least else f"({written})"

    def _bare(self, node: ast.Expression) -> str:
        match node:
            case ast.Literal(value=value):
                return self._literal(value)
            case ast.Path(steps=steps, rooted=rooted):
                return write_path(steps, rooted=rooted, depth=self.depth)
            case ast.Omit():
                return "omit"
            case ast.Template(parts=parts):
                return self._template(parts)
            case ast.Call(function=function, arguments=arguments):
                return f"{function}({self._joined(arguments)})"
            case ast.Object(entries=entries):
                inside = ", ".join(self.entry(entry) for entry in entries)
                return f"{{ {inside} }}" if entries else "{}"
            case ast.List(items=items):
                return f"[{self._joined(items)}]"
            case ast.Access(target=target, steps=steps):
                return f"{self._container(target)}{write_steps(steps, self.depth)}"
            case ast.Not(operand=operand, grouped=grouped):
                return f"!({self.text(operand)})" if grouped else f"!{self.text(operand, _UNARY)}"
            case ast.Negative(operand=operand):
                return f"-{self.text(operand, _UNARY)}"
            case ast.Logical(operator=operator, operands=operands):
                least = _level(node)
                return f" {operator} ".join(self.text(operand, least) for operand in operands)
            case ast.Comparison(operator=operator, left=left, right=right):
                return f"{self.text(left, _SUM)} {operator} {self.text(right, _SUM)}"
            case ast.Arithmetic(operator=operator, left=left, right=right):
                level = _level(node)
                return f"{self.text(left, level)} {operator} {self.text(right, level + 1)}"
            case ast.Comprehension(item=item, condition=condition):
                test = f" if {self.text(condition)}" if condition else ""
                return f"[ {self.text(item)} {self.loop(node)}{test} ]"

    def loop(self, node: ast.Comprehension) -> str:
        return f"for {write_name(node.variable)} in {self.text(node.iterable)}"

    def entry(self, entry: ast.Entry) -> str:
        return f"{self.key(entry)}: {self.text(entry.value)}"

    def key(self, entry: ast.Entry) -> str:
        return entry.key if not self.json and is_bare_key(entry.key) else quote(entry.key, self.depth)

    def _joined(self, nodes: Sequence[ast.Expression]) -> str:
        return ", ".join(self.text(node) for node in nodes)

    def _container(self, target: ast.Expression) -> str:
        bare = isinstance(target, ast.Call | ast.Object | ast.List | ast.Comprehension)
        return self.text(target, _OR if bare else _ATOM + 1)

    def _literal(self, value: ast.Scalar) -> str:
        if isinstance(value, str):
            return quote(value, self.depth)
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        return repr(value)

    def _template(self, parts: Sequence[str | ast.Expression]) -> str:
        written = [
            escape(part, self.depth, before_placeholder=index + 1 < len(parts))
            if isinstance(part, str)
            else self._placeholder(part)
            for index, part in enumerate(parts)
        ]
        return enclose("".join(written), self.depth)

    def _placeholder(self, node: ast.Expression) -> str:
        text = _Flat(self.depth + 1, self.json).text(node)
        # A third brace would be read as one of the placeholder's own.
        blank = " " if text[0] == "{" or text[-1] == "}" else ""
        return f"{{{{{blank}{text}{blank}}}}}"


def _level(node: ast.Expression) -> int:
    """How tightly the outermost operator of a node binds."""
    match node:
        case ast.Logical(operator=operator):
            return _OR if operator == "or" else _AND
        case ast.Arithmetic(operator=operator):
            return _SUM if operator in "+-" else _PRODUCT
        case ast.Literal(value=int() | float() as value) if value.__class__ is not bool and repr(value)[0] == "-":
            return _UNARY
    return _LEVELS.get(type(node), _ATOM)


Write: TypeAlias = Callable[[], str]


class Fragment(NamedTuple):
    """One of the lines that a broken expression falls into: its place, its text, and what follows it on its line."""

    span: Span
    write: Write
    separator: str = ""
    closing: str = ""


class Layout:
    """Writes expressions over as many lines as they need, with their comments."""

    def __init__(self, comments: Comments, *, json: bool = False) -> None:
        self.comments = comments
        self.flat = _Flat(0, json)

    def write(self, node: ast.Expression, indent: str, column: int, least: int = _OR) -> str:
        """The text of a node that begins at `column`; its further lines are indented at least by `indent`."""
        text = self.flat.text(node, least)
        fits = column + len(text) <= MAX_WIDTH
        comments = self.comments.count_within(node.span)
        if fits and not comments:
            return text
        mark = self.comments.mark()
        broken = self._grouped(node, indent) if _level(node) < least else self._broken(node, indent, column)
        if fits and self.comments.count_within(node.span) == comments:
            # None found a place in it, so they go above whatever it is a part of.
            self.comments.go_back(mark)
            return text
        return broken or text

    def _broken(self, node: ast.Expression, indent: str, column: int) -> str:
        """Over several lines; empty where nothing of the node can be broken."""
        inner = indent + INDENT
        match node:
            case ast.Object(entries=entries) if entries:
                parts = [self._entry(entry, inner) for entry in entries]
                return self._block("{", _separated(parts), "}", node.span, indent)
            case ast.List(items=items) if items:
                return self._block("[", _separated(self._parts(items, inner)), "]", node.span, indent)
            case ast.Call(function=function, arguments=arguments) if arguments:
                parts = _separated(self._parts(arguments, inner))
                return self._block(f"{function}(", parts, ")", node.span, indent)
            case ast.Comprehension():
                return self._comprehension(node, indent, column)
            case ast.Logical() | ast.Arithmetic():
                return f"\n{inner}".join(
                    self._lines(self._operands(node, inner), node.span, opened=False, closed=False)
                )
            case ast.Comparison(operator=operator, left=left, right=right):
                start = f"{self.write(left, indent, column, _SUM)} {operator} "
                return start + self.write(right, indent, _column(start, column), _SUM)
            case ast.Not(operand=operand, grouped=grouped):
                return "!" + self.write(operand, indent, column + 1, _ATOM + 1 if grouped else _UNARY)
            case ast.Negative(operand=operand):
                return "-" + self.write(operand, indent, column + 1, _UNARY)
            case ast.Access(target=target, steps=steps):
                bare = isinstance(target, ast.Call | ast.Object | ast.List | ast.Comprehension)
                return self.write(target, indent, column, _OR if bare else _ATOM + 1) + write_steps(steps)
        return ""

    def _grouped(self, node: ast.Expression, indent: str) -> str:
        """In parentheses, the operands below each other."""
        inner = indent + INDENT
        if isinstance(node, ast.Logical | ast.Arithmetic):
            parts = self._operands(node, inner)
        else:
            parts = self._parts([node], inner)
        return self._block("(", parts, ")", node.span, indent, opened=False)

    def _comprehension(self, node: ast.Comprehension, indent: str, column: int) -> str:
        tests = [node.condition] if node.condition else []
        lines = [self.flat.text(node.item), self.flat.loop(node), *(f"if {self.flat.text(test)}" for test in tests)]
        widest = max(map(len, lines)) + len("[  ]")
        if not self.comments.count_within(node.span) and column + widest <= MAX_WIDTH:
            return "[ " + f"\n{' ' * column}  ".join(lines) + " ]"
        inner = indent + INDENT
        head = f"for {write_name(node.variable)} in "
        parts = [
            *self._parts([node.item], inner),
            self._after(head, node.iterable, inner),
            *(self._after("if ", test, inner) for test in tests),
        ]
        return self._block("[", parts, "]", node.span, indent)

    def _operands(self, node: ast.Logical | ast.Arithmetic, indent: str) -> list[Fragment]:
        level = _level(node)
        if isinstance(node, ast.Logical):
            first, *rest = node.operands
            others = [(f"{node.operator} ", operand, level) for operand in rest]
        else:
            others = []
            first = node
            while isinstance(first, ast.Arithmetic) and _level(first) == level:
                others.insert(0, (f"{first.operator} ", first.right, level + 1))
                first = first.left
        return [
            self._after("", first, indent, level),
            *(self._after(head, operand, indent, least) for head, operand, least in others),
        ]

    def _parts(self, nodes: Sequence[ast.Expression], indent: str) -> list[Fragment]:
        return [self._after("", node, indent) for node in nodes]

    def _after(self, head: str, node: ast.Expression, indent: str, least: int = _OR) -> Fragment:
        def write() -> str:
            return head + self.write(node, indent, len(indent) + len(head), least)

        return Fragment(node.span, write, closing=")" if _level(node) < least else "")

    def _entry(self, entry: ast.Entry, indent: str) -> Fragment:
        head = f"{self.flat.key(entry)}: "
        return Fragment(entry.span, lambda: head + self.write(entry.value, indent, len(indent) + len(head)))

    def _block(
        self, opening: str, parts: list[Fragment], closing: str, span: Span, indent: str, *, opened: bool = True
    ) -> str:
        lines = self._lines(parts, span, opened=opened)
        inside = "".join(f"\n{indent}{INDENT}{line}" for line in lines)
        return f"{opening}{inside}\n{indent}{closing}"

    def _lines(self, parts: list[Fragment], span: Span, *, opened: bool = True, closed: bool = True) -> list[str]:
        """A line for each part, and for each comment on its own line or that cannot keep its place.

        If no bracket of the node itself is before the first part (`opened`), or after the last (`closed`), the comments
        there are left to whatever the node is a part of.
        """
        lines: list[str] = []
        at = span.start
        for part in parts:
            above = self.comments.between(at, part.span.start)
            text = part.write() + part.separator
            if opened or part is not parts[0]:
                # What the part could not keep inside goes above it.
                above += self.comments.between(part.span.start, part.span.end)
            if closed or part is not parts[-1]:
                text += self.comments.behind(span.source, part.span.end, part.closing)
            lines.extend(comment_text(comment) for comment in above)
            lines.append(text)
            at = part.span.end
        if closed:
            lines.extend(comment_text(comment) for comment in self.comments.between(at, span.end))
        return lines


def _separated(parts: list[Fragment]) -> list[Fragment]:
    return [*(part._replace(separator=",") for part in parts[:-1]), parts[-1]]


def _column(text: str, column: int) -> int:
    """The column after a text that began at `column`."""
    last = text.rfind("\n")
    return column + len(text) if last < 0 else len(text) - last - 1
