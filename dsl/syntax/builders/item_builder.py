"""Converts the syntax tree of an item to its node: mappings, tests with their expectations, and the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from ... import ast
from ...diagnostics.diagnostic import Label
from ...source import Span
from ..paths import filter_steps, name
from ..strings import quote
from .expression_builder import ExpressionBuilder


class ItemBuilder(ExpressionBuilder):
    """A builder that knows items and statements as well as expressions."""

    def item(self, tree: Any) -> ast.Item:
        """The node of a whole item."""
        return cast("ast.Item", getattr(self, f"_{tree.children[0].data}")(tree.children[0]))

    def _string(self, token: Any) -> str:
        return self._unescaped(token[1:-1], self.span(token))

    def _title(self, token: Any) -> str:
        return name(token) if token.type == "NAME" else self._string(token)

    def _name_of(self, what: str, token: Any) -> str:
        title = self._title(token)
        if token.type == "NAME":
            self.report(
                "RW0101",
                f"expected the name of {what} in quotes, found `{token}`",
                self.span(token),
                f"write `{quote(title)}`",
            )
        return title

    # --- short items -----------------------------------------------------------------------------------------------

    def _language(self, tree: Any) -> ast.Item:
        token = tree.children[0]
        return ast.Language(str(token), span=self.span(tree))

    def _destination(self, tree: Any) -> ast.Item:
        return ast.Destination(name(tree.children[0]), span=self.span(tree))

    def _settings(self, tree: Any) -> ast.Item:
        entries = tuple(
            ast.Entry(name(key), self.expression(value), span=span) for key, _, value, span in self.named(tree.children)
        )
        return ast.Settings(entries, span=self.span(tree))

    def _include(self, tree: Any) -> ast.Item:
        return ast.Include(self._string(tree.children[0]), span=self.span(tree))

    def _source_schema(self, tree: Any) -> ast.Item:
        return ast.SourceSchema(self._string(tree.children[0]), span=self.span(tree))

    def _drop(self, tree: Any) -> ast.Item:
        return ast.Drop(self.trigger(tree.children[0].children[0]), span=self.span(tree))

    def _strip(self, tree: Any) -> ast.Item:
        return ast.Strip(*self._paths(tree), span=self.span(tree))

    def _keep(self, tree: Any) -> ast.Item:
        return ast.Keep(*self._paths(tree), span=self.span(tree))

    def _paths(self, tree: Any) -> tuple[tuple[ast.FilterPath, ...], ast.Expression | None]:
        paths, *when = tree.children
        nodes = tuple(self._filter_path(token) for token in paths.children)
        return nodes, self.trigger(when[0].children[0]) if when else None

    def _filter_path(self, token: Any) -> ast.FilterPath:
        span = self.span(token)
        rooted, steps = filter_steps(token)
        if steps and isinstance(steps[-1], ast.EveryItem):
            whole = token[: token.rindex("[")]
            self.report("RW0101", "a path of a filter cannot end with `[]`", span, f"write `{whole}`")
        return ast.FilterPath(self.checked_steps(steps, span), rooted, span=span)

    # --- mappings --------------------------------------------------------------------------------------------------

    def _mapping(self, tree: Any) -> ast.Item:
        children = list(tree.children)
        enabled = getattr(children[0], "type", "") != "DISABLED"
        title, *rest = children if enabled else children[1:]
        if rest[0].type == "ARROW":
            rest = rest[1:]
        else:
            example = f"mapping {quote(self._title(title))} -> {rest[0]} {{ … }}"
            self.report("RW0101", f"expected `->`, found `{rest[0]}`", self.span(rest[0]), f"write `{example}`")
        action, *body = rest
        return ast.Mapping(
            self._name_of("a mapping", title),
            name(action),
            self._body(body),
            enabled,
            self.span(title),
            self.span(action),
            span=self.span(tree),
        )

    def _defaults(self, tree: Any) -> ast.Item:
        action, *body = tree.children
        return ast.Defaults(name(action), self._body(body), span=self.span(tree))

    def _body(self, trees: list[Any]) -> tuple[ast.Statement, ...]:
        seen: dict[str, Span] = {}
        statements = []
        for tree in trees:
            for statement in cast("Iterable[ast.Statement]", getattr(self, f"_{tree.data}")(tree)):
                statements.append(statement)
                if isinstance(statement, ast.Assign):
                    code, name, place = "RW0209", statement.field, statement.field_span
                else:
                    code, name, place = "RW0109", f" {tree.data}", statement.span
                if seen.setdefault(name, place) is not place:
                    what = f"field `{name}`" if code == "RW0209" else f"`{tree.data.replace('_', ' ')}`"
                    self.report(code, f"duplicate {what}", place, others=(Label(seen[name], "first here"),))
        return tuple(statements)

    def _when(self, tree: Any) -> Iterator[ast.Statement]:
        yield ast.When(self.trigger(tree.children[0]), span=self.span(tree))

    def _use_defaults(self, tree: Any) -> Iterator[ast.Statement]:
        yield ast.UseDefaults(span=self.span(tree))

    def _on_conflict(self, tree: Any) -> Iterator[ast.Statement]:
        yield ast.OnConflict(name(tree.children[0]), span=self.span(tree))

    def _assign(self, tree: Any) -> Iterator[ast.Statement]:
        for field, name_span, value_part, span in self.named([tree]):
            yield ast.Assign(name(field), self.expression(value_part), name_span, span=span)

    # --- tests -----------------------------------------------------------------------------------------------------

    def _test(self, tree: Any) -> ast.Item:
        title, *body = tree.children
        statements = tuple(cast("ast.TestStatement", getattr(self, f"_{part.data}")(part)) for part in body)
        return ast.Test(self._name_of("a test", title), statements, span=self.span(tree))

    def _given_object(self, tree: Any) -> ast.TestStatement:
        return ast.Given(event=self._literal_object(tree.children[0]), span=self.span(tree))

    def _given_file(self, tree: Any) -> ast.TestStatement:
        path, *number = tree.children
        line = self._number(number[0], self.span(number[0])) if number else None
        if line is not None and (isinstance(line, float) or line < 1):
            self.report(
                "RW0101",
                f"expected the number of a line, found `{number[0]}`",
                self.span(number[0]),
                "count lines from 1",
            )
            line = None
        return ast.Given(file=self._string(path), line=line, span=self.span(tree))

    def _literal_object(self, tree: Any) -> ast.Object:
        self.templates = False
        try:
            return cast("ast.Object", self.expression(tree))
        finally:
            self.templates = True

    def _case(self, tree: Any) -> ast.TestStatement:
        title, changes, *expectations = tree.children
        return ast.Case(
            self._string(title),
            self._literal_object(changes),
            tuple(cast("ast.Expect", getattr(self, f"_{part.data}")(part)) for part in expectations),
            span=self.span(tree),
        )

    def _law(self, tree: Any) -> ast.Item:
        title, *body = tree.children
        statements = tuple(cast("ast.LawStatement", getattr(self, f"_{part.data}")(part)) for part in body)
        return ast.Law(self._name_of("a law", title), statements, span=self.span(tree))

    def _for_any(self, tree: Any) -> ast.ForAny:
        return ast.ForAny(self.trigger(tree.children[0]) if tree.children else None, span=self.span(tree))

    def _expect_matches(self, tree: Any) -> ast.Expect:
        title, conditions = tree.children
        return ast.Expect("matches", self._string(title), self.triggers(conditions.children), span=self.span(tree))

    def _expect_match(self, tree: Any) -> ast.Expect:
        return ast.Expect("matches", self._string(tree.children[0]), span=self.span(tree))

    def _expect_exactly(self, tree: Any) -> ast.Expect:
        title, whole = tree.children
        return ast.Expect("matches", self._string(title), exact=self.trigger(whole), span=self.span(tree))

    def _expect_no_match(self, tree: Any) -> ast.Expect:
        return ast.Expect("no match", self._string(tree.children[0]), span=self.span(tree))

    def _expect_failure(self, tree: Any) -> ast.Expect:
        title, *conditions = tree.children
        demanded = self.triggers(conditions[0].children) if conditions else ()
        return ast.Expect("failure", self._string(title), demanded, span=self.span(tree))

    def _expect_nothing(self, tree: Any) -> ast.Expect:
        return ast.Expect("nothing", span=self.span(tree))

    def _expect_dropped(self, tree: Any) -> ast.Expect:
        return ast.Expect("dropped", span=self.span(tree))

    def _expect_snapshot(self, tree: Any) -> ast.Expect:
        return ast.Expect("snapshot", span=self.span(tree))

    def _expect_no_value(self, tree: Any) -> ast.Expect:
        return ast.Expect("no value", path=self._filter_path(tree.children[0]), span=self.span(tree))
