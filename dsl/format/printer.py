"""The printer: the canonical text of a rule file or an item."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from .. import ast
from ..source import Span
from ..syntax.paths import write_filter_path, write_name
from ..syntax.strings import quote
from .comments import Comments, blank_line_between, comment_text
from .expressions import INDENT, MAX_WIDTH, Layout, expression_to_text

_MOST_PADDING = 12
"""Two names that differ by more letters than this make no column."""
_AMBIGUOUS = re.compile(r"[-(\[]|(?:when|use|on|for|if)\b")
"""A condition that begins with one of these needs a comma before it, or it would continue the condition before."""
_SHORT = (ast.Include, ast.Drop, ast.Strip, ast.Keep)


def file_to_text(file: ast.File) -> str:
    """A file with its comments in canonical form, with a line end at the end; empty for an empty file."""
    printer = _Printer(Comments(file.comments))
    parts = [_Part(item, partial(printer.item, item)) for item in file.items]
    lines = printer.stack(parts, file.span, "", _apart)
    return "".join(f"{line}\n" for line in lines)


def item_to_text(item: ast.Item) -> str:
    """One item without comments, without a line end."""
    return _Printer(Comments(())).item(item)


class _Part(NamedTuple):
    """What begins a line of its own: an item or a statement, and how it is written."""

    node: ast.Node
    write: Callable[[], str]


_Apart: TypeAlias = Callable[[ast.Node, ast.Node], bool]


def _apart(first: ast.Node, second: ast.Node) -> bool:
    """Whether a blank line separates two items; short items of the same kind may follow each other directly."""
    return not (isinstance(first, _SHORT) and type(first) is type(second))


def _together(first: ast.Node, second: ast.Node) -> bool:
    return False


class _Printer:
    """Writes items and statements with their comments."""

    def __init__(self, comments: Comments) -> None:
        self.comments = comments
        self.layout = Layout(comments)
        self.json_layout = Layout(comments, json=True)

    # --- lines -----------------------------------------------------------------------------------------------------

    def stack(self, parts: Sequence[_Part], span: Span, indent: str, apart: _Apart = _together) -> list[str]:
        """The lines of parts below each other with the comments between them; blank lines of the author are kept."""
        lines: list[str] = []
        at = span.start

        def put(text: str, start: int, end: int, *, blank: bool = False) -> None:
            nonlocal at
            if lines and (blank or blank_line_between(span.source, at, start)):
                lines.append("")
            lines.append(f"{indent}{text}")
            at = max(at, end)

        before: ast.Node | None = None
        for node, write in parts:
            above = self.comments.between(at, node.span.start)
            text = write()
            # What a part could not keep inside goes above it.
            above += self.comments.between(node.span.start, node.span.end)
            blank = before is not None and apart(before, node)
            for comment in above:
                put(comment_text(comment), comment.span.start, min(comment.span.end, node.span.start), blank=blank)
                blank = False
            text += self.comments.behind(node.span.source, node.span.end)
            put(text, node.span.start, node.span.end, blank=blank)
            before = node
        for comment in self.comments.between(at, span.end):
            put(comment_text(comment), comment.span.start, comment.span.end)
        return lines

    def _braces(self, head: str, parts: Sequence[_Part], span: Span, indent: str = "") -> str:
        first = parts[0].node.span.start if parts else span.end
        opening = f"{head} {{{self.comments.behind_opening(span.start, first)}"
        lines = self.stack(parts, span, indent + INDENT)
        if not lines and opening.endswith("{"):
            return f"{opening}}}"
        return "\n".join([opening, *lines, f"{indent}}}"])

    def _after(self, head: str, node: ast.Expression, indent: str = "") -> str:
        return head + self.layout.write(node, indent, len(indent) + len(head))

    # --- items -----------------------------------------------------------------------------------------------------

    def item(self, item: ast.Item) -> str:
        match item:
            case ast.Language(version=version):
                return f"language {version}"
            case ast.Destination(name=name):
                return f"destination {write_name(name)}"
            case ast.Include(path=path):
                return f"include {quote(path)}"
            case ast.SourceSchema(path=path):
                return f"source schema {quote(path)}"
            case ast.Settings():
                return self._settings(item)
            case ast.Drop(condition=condition):
                return self._after("drop when ", condition)
            case ast.Strip(paths=paths, condition=condition):
                return self._paths("drop", paths, condition)
            case ast.Keep(paths=paths, condition=condition):
                return self._paths("keep", paths, condition)
            case ast.Mapping(name=name, action=action, enabled=enabled):
                word = "mapping" if enabled else "disabled mapping"
                return self._braces(f"{word} {quote(name)} -> {write_name(action)}", self._body(item.body), item.span)
            case ast.Defaults(action=action):
                return self._braces(f"defaults {write_name(action)}", self._body(item.body), item.span)
            case ast.Test(name=name, body=body):
                parts = [_Part(part, partial(self._test_statement, part)) for part in body]
                return self._braces(f"test {quote(name)}", parts, item.span)
            case ast.Unread():
                return item.span.text
            case ast.Law(name=name):
                parts = [_Part(part, partial(self._law_statement, part)) for part in item.body]
                return self._braces(f"law {quote(name)}", parts, item.span)

    def _settings(self, item: ast.Settings) -> str:
        if len(item.entries) == 1 and not self.comments.count_within(item.span):
            entry = item.entries[0]
            text = f"settings {{ {write_name(entry.key)} = {expression_to_text(entry.value)} }}"
            if len(text) <= MAX_WIDTH:
                return text
        return self._braces("settings", self._aligned(item.entries), item.span)

    def _paths(self, word: str, paths: Sequence[ast.FilterPath], condition: ast.Expression | None) -> str:
        written = [write_filter_path(path.steps, rooted=path.rooted) for path in paths]
        if written[0] == "when":
            written[0] = "\\when"
        head = f"{word} {', '.join(written)}"
        return head if condition is None else self._after(f"{head} when ", condition)

    # --- statements ------------------------------------------------------------------------------------------------

    def _body(self, statements: Sequence[ast.Statement]) -> list[_Part]:
        parts: list[_Part] = []
        for run in _runs(statements):
            if isinstance(run[0], ast.Assign):
                parts.extend(self._aligned([node for node in run if isinstance(node, ast.Assign)]))
            else:
                parts.append(_Part(run[0], partial(self._statement, run[0])))
        return parts

    def _statement(self, statement: ast.Statement) -> str:
        match statement:
            case ast.When(condition=condition):
                return self._after("when ", condition, INDENT)
            case ast.UseDefaults():
                return "use defaults"
            case ast.OnConflict(policy=policy):
                return f"on conflict {write_name(policy)}"
            case ast.Assign():
                return self._assign(statement, 0)

    def _aligned(self, nodes: Sequence[ast.Assign | ast.Entry]) -> list[_Part]:
        """Assignments with their `=` below each other, up to a blank line or a value of several lines."""
        parts: list[_Part] = []
        column: list[ast.Assign | ast.Entry] = []

        def end_column() -> None:
            widths = [len(_name(node)) for node in column]
            width = max(widths, default=0)
            if len(column) == 2 and width - min(widths) > _MOST_PADDING:
                width = 0
            parts.extend(_Part(node, partial(self._assign, node, width)) for node in column)
            column.clear()

        for node in nodes:
            if column and blank_line_between(node.span.source, column[-1].span.end, node.span.start):
                end_column()
            column.append(node)
            if self._is_long(node):
                end_column()
        end_column()
        return parts

    def _is_long(self, node: ast.Assign | ast.Entry) -> bool:
        mark = self.comments.mark()
        text = self._assign(node, 0)
        self.comments.go_back(mark)
        return "\n" in text

    def _assign(self, node: ast.Assign | ast.Entry, width: int) -> str:
        return self._after(f"{_name(node):{width}} = ", node.value, INDENT)

    # --- tests -----------------------------------------------------------------------------------------------------

    def _test_statement(self, statement: ast.TestStatement) -> str:
        match statement:
            case ast.Given(file=str(file), line=line):
                return f"given {quote(file)}" + ("" if line is None else f" line {line}")
            case ast.Given(event=event):
                return "given " + self.json_layout.write(event or ast.Object(()), INDENT, len(f"{INDENT}given "))
            case ast.Case(name=name, changes=changes, expectations=expectations):
                head = self._after(f"case {quote(name)} ", changes, INDENT)
                head += self.comments.behind(changes.span.source, changes.span.end)
                parts = [_Part(part, partial(self._expect, part, INDENT * 2)) for part in expectations]
                rest = Span(statement.span.source, changes.span.end, statement.span.end)
                return "\n".join([head, *self.stack(parts, rest, INDENT * 2)])
            case ast.Expect():
                return self._expect(statement, INDENT)

    def _law_statement(self, statement: ast.LawStatement) -> str:
        if isinstance(statement, ast.Expect):
            return self._expect(statement, INDENT)
        head = "for any event"
        return head if statement.where is None else self._after(f"{head} where ", statement.where, INDENT)

    def _expect(self, expect: ast.Expect, indent: str) -> str:
        if expect.path is not None:
            path = write_filter_path(expect.path.steps, rooted=expect.path.rooted)
            return f"expect no value of {path} in requests"
        if expect.kind in ("nothing", "dropped", "snapshot"):
            return f"expect {expect.kind}"
        word = {"no match": "no ", "failure": "failure "}.get(expect.kind, "")
        head = f"expect {word}{quote(expect.mapping or '')}"
        if expect.exact is not None:
            head += " exactly "
            return head + self.json_layout.write(expect.exact, indent, len(indent) + len(head))
        if not expect.conditions:
            return head
        texts = [expression_to_text(condition) for condition in expect.conditions]
        line = f"{head} {{ {texts[0]} }}"
        if len(texts) == 1 and not self.comments.count_within(expect.span) and len(indent + line) <= MAX_WIDTH:
            return line
        commas = ["," if _AMBIGUOUS.match(following) else "" for following in texts[1:]] + [""]
        parts = [
            _Part(condition, partial(self._condition, condition, comma, indent + INDENT))
            for condition, comma in zip(expect.conditions, commas, strict=True)
        ]
        return self._braces(head, parts, expect.span, indent)

    def _condition(self, condition: ast.Expression, comma: str, indent: str) -> str:
        return self._after("", condition, indent) + comma


def _name(node: ast.Assign | ast.Entry) -> str:
    return write_name(node.field if isinstance(node, ast.Assign) else node.key)


def _runs(statements: Sequence[ast.Statement]) -> list[list[ast.Statement]]:
    """Neighboring assignments together, every other statement alone."""
    runs: list[list[ast.Statement]] = []
    for statement in statements:
        if runs and isinstance(statement, ast.Assign) and isinstance(runs[-1][0], ast.Assign):
            runs[-1].append(statement)
        else:
            runs.append([statement])
    return runs
