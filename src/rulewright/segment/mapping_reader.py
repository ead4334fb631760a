"""Reads any part of a Segment mapping, whose paths start at one payload, to an expression."""

from __future__ import annotations

import sys
from typing import Any

from ..dsl import ast
from .directives import READERS
from .nullability import without_omitted
from .problems import Place, SegmentFormatError, kind

MOST_NESTED = 200
"""So many keys and indexes lead to a part of a mapping, at most; a rule can be nested half as deep."""
_SHOWN = 6
MAX_NUMBER = sys.float_info.max
ROOT_DIRECTIVE = "__segment_internal_directive"
"""The key under which Segment keeps a directive that has the whole mapping as its own `mapping`."""


class Reader:
    """Reads mappings whose paths start at one payload."""

    def __init__(self, payload: ast.Expression, variables: tuple[str, ...] = ()) -> None:
        self.payload = payload
        self.variables = variables
        """The names of the items that stand around, from the outermost list inwards."""

    def whole(self, mapping: Any, place: Place) -> ast.Expression:
        """The expression of a whole mapping, with a root directive taken as Segment takes it."""
        if isinstance(mapping, dict) and ROOT_DIRECTIVE in mapping:
            mapping = _with_root_directive(mapping, place)
        return self.read(mapping, place)

    def read(self, mapping: Any, place: Place) -> ast.Expression:
        """The expression of any part of a mapping."""
        if len(place) > MOST_NESTED:
            raise SegmentFormatError("this is nested so deep that it has no form in the language", place[:_SHOWN])
        if isinstance(mapping, dict):
            if any(key.startswith("@") for key in mapping):
                return self._directive(mapping, place)
            return without_omitted(self.object(mapping, place))
        if isinstance(mapping, list):
            return ast.List(tuple(self.read(value, (*place, index)) for index, value in enumerate(mapping)))
        if isinstance(mapping, float) and mapping.is_integer() and abs(mapping) < 2**53:
            return ast.Literal(int(mapping))
        if isinstance(mapping, int | float) and not -MAX_NUMBER <= mapping <= MAX_NUMBER:
            raise SegmentFormatError("this is larger than any number can be, or none", place)
        if mapping is None or isinstance(mapping, str | int | float):
            return ast.Literal(mapping)
        raise SegmentFormatError(f"a mapping is JSON, and this is {type(mapping).__name__}", place)

    def object(self, mapping: dict[str, Any], place: Place) -> ast.Object:
        """An object with all its keys, those whose value is always missing as well."""
        return ast.Object(tuple(ast.Entry(key, self.read(value, (*place, key))) for key, value in mapping.items()))

    def _directive(self, mapping: dict[str, Any], place: Place) -> ast.Expression:
        names = [key for key in mapping if key != "_metadata"]
        if len(names) != 1:
            raise SegmentFormatError("beside a directive an object has no other key but `_metadata`", place)
        name = names[0]
        place = (*place, name)
        reader = READERS.get(name)
        if reader is None:
            raise SegmentFormatError(f"Segment has no directive `{name}`", place)
        return reader(self, mapping[name], place)

    def text(self, value: Any, place: Place) -> str:
        """Text that stands in the mapping itself; Segment takes one from the event as well, the language does not."""
        if isinstance(value, dict):
            expression = self.read(value, place)
            if isinstance(expression, ast.Literal) and isinstance(expression.value, str):
                return expression.value
            raise SegmentFormatError("text that comes out of the event has no form in the language here", place)
        if not isinstance(value, str):
            raise SegmentFormatError(f"this must be text, and is {kind(value)}", place)
        return value

    def within(self, payload: ast.Expression, *variables: str) -> Reader:
        """A reader of what a list's items or a `@transform` give its mapping."""
        return Reader(payload, (*self.variables, *variables))


def _with_root_directive(mapping: dict[str, Any], place: Place) -> Any:
    root = mapping[ROOT_DIRECTIVE]
    fields = {key: value for key, value in mapping.items() if key != ROOT_DIRECTIVE}
    place = (*place, ROOT_DIRECTIVE)
    if not isinstance(root, dict) or len(root) != 1:
        raise SegmentFormatError("the root mapping is a single directive", place)
    [(name, options)] = root.items()
    if not isinstance(options, dict):
        raise SegmentFormatError("the root directive is an object", (*place, name))
    return {name: {**options, "mapping": fields}}
