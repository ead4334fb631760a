"""Reads any part of a Segment mapping, whose paths start at one payload, to an expression."""

from __future__ import annotations

import sys
from typing import Any, Self

from ...dsl import ast
from ..problems import JsonPath, NoRuleForm, SegmentFormatError, kind
from .arguments import ProblemsListed, check_text_or_directive, is_directive
from .directives import READERS
from .nullability import without_omitted

MOST_NESTED = 200
"""The most keys and indexes that lead to a part of a mapping; a rule can be nested half as deep."""
_SHOWN = 6
MAX_NUMBER = sys.float_info.max
ROOT_DIRECTIVE = "__segment_internal_directive"
"""The key under which Segment keeps a directive that has the whole mapping as its own `mapping`."""


class MappingReader:
    """Reads mappings whose paths start at one payload, and collects the problems of all parts."""

    def __init__(
        self,
        payload: ast.Expression,
        variables: tuple[str, ...] = (),
        problems: list[SegmentFormatError] | None = None,
        notes: list[SegmentFormatError] | None = None,
    ) -> None:
        self.payload = payload
        self.variables = variables
        """The names of the enclosing items, from the outermost list inward."""
        self.problems: list[SegmentFormatError] = [] if problems is None else problems
        """In the order of the mapping; what `whole` and `read` give for such a part means nothing."""
        self.notes: list[SegmentFormatError] = [] if notes is None else notes
        """Parts whose expression is not for every event what Segment has."""

    def whole(self, mapping: Any, place: JsonPath) -> ast.Expression:
        """As `read`, the expression of a whole mapping; a directive at its root counts as in Segment."""
        if isinstance(mapping, dict) and ROOT_DIRECTIVE in mapping:
            try:
                mapping = _with_root_directive(mapping, place)
            except SegmentFormatError as problem:
                return self._problem(problem)
        expression: ast.Expression = without_omitted(self.read(mapping, place))
        return expression

    def read(self, mapping: Any, place: JsonPath) -> ast.Expression:
        """The expression of any part of a mapping; `omit` where the part itself is wrong, which `problems` then say."""
        try:
            return self._read(mapping, place)
        except ProblemsListed:
            return ast.Omit()
        except SegmentFormatError as problem:
            return self._problem(problem)

    def _problem(self, problem: SegmentFormatError) -> ast.Expression:
        self.problems.append(problem)
        return ast.Omit()

    def _read(self, mapping: Any, place: JsonPath) -> ast.Expression:
        if len(place) > MOST_NESTED:
            raise NoRuleForm("this is nested so deep that it has no form in the language", place[:_SHOWN])
        if isinstance(mapping, dict):
            if is_directive(mapping):
                return self._directive(mapping, place)
            return self._object(mapping, place)
        if isinstance(mapping, list):
            return ast.List(tuple(self.read(value, (*place, index)) for index, value in enumerate(mapping)))
        if isinstance(mapping, float) and mapping.is_integer() and abs(mapping) < 2**53:
            return ast.Literal(int(mapping))
        if isinstance(mapping, bool) or mapping is None:
            return ast.Literal(mapping)
        if isinstance(mapping, str):
            return ast.Literal(mapping)
        if isinstance(mapping, int | float):
            if not -MAX_NUMBER <= mapping <= MAX_NUMBER:
                raise NoRuleForm("this number has no form in the language: it is not finite", place)
            return ast.Literal(mapping)
        raise SegmentFormatError(f"expected JSON, found {type(mapping).__name__}", place)

    def _object(self, mapping: dict[str, Any], place: JsonPath) -> ast.Object:
        # A key that never has a value stays until the end: in a merge it hides the same key of the others.
        return ast.Object(tuple(ast.Entry(key, self.read(value, (*place, key))) for key, value in mapping.items()))

    def _directive(self, mapping: dict[str, Any], place: JsonPath) -> ast.Expression:
        names = [key for key in mapping if key != "_metadata"]
        if len(names) != 1:
            raise SegmentFormatError("expected no other key beside a directive but `_metadata`", place)
        name = names[0]
        place = (*place, name)
        reader = READERS.get(name)
        if reader is None:
            raise SegmentFormatError(f"Segment has no directive `{name}`", place)
        return reader(self, mapping[name], place)

    def text(self, value: Any, place: JsonPath) -> str:
        """A literal text of the mapping.

        Raises NoRuleForm for text from the event, which only Segment accepts, and SegmentFormatError for anything else.
        """
        if is_directive(value):
            known = len(self.problems)
            expression = self.read(value, place)
            if isinstance(expression, ast.Literal) and isinstance(expression.value, str):
                return expression.value
            if len(self.problems) > known:
                raise self.problems.pop()
            raise NoRuleForm("a text that comes out of the event has no form in the language here", place)
        check_text_or_directive(value, place)
        return str(value)

    def within(self, payload: ast.Expression, *variables: str) -> Self:
        """A reader of mappings inside a list or a `@transform`, whose paths start at another payload."""
        return type(self)(payload, (*self.variables, *variables), self.problems, self.notes)


def _with_root_directive(mapping: dict[str, Any], place: JsonPath) -> Any:
    root = mapping[ROOT_DIRECTIVE]
    fields = {key: value for key, value in mapping.items() if key != ROOT_DIRECTIVE}
    place = (*place, ROOT_DIRECTIVE)
    if not isinstance(root, dict) or len(root) != 1:
        raise SegmentFormatError("expected a single directive", place)
    [(name, options)] = root.items()
    if not isinstance(options, dict):
        raise SegmentFormatError(f"expected an object, found {kind(options)}", (*place, name))
    return {name: {**options, "mapping": fields}}
