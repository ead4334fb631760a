"""Converts an expression to the Segment mapping that gives the same value, if Segment has a form for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from ...compiler import ir
from ...compiler.optimize.rewrite import simplified
from ...compiler.resolve.expressions import Resolver
from ...dsl import ast
from ...dsl.format.expressions import expression_to_text
from ...loading.catalog import catalog
from ..problems import NoSegmentForm
from .export_calls import CALL_WRITERS
from .mapping_reader import ROOT_DIRECTIVE
from .nullability import may_be_missing
from .payload import EVENT
from .segment_path import path_to_steps, steps_to_path, steps_to_placeholder
from .template import read_template

NULL = ast.Literal(None)


def write_mapping(expression: ast.Expression) -> Any:
    """The Segment mapping of an expression, as decoded JSON. Raises NoSegmentForm if directives cannot express it."""
    return ExpressionWriter(EVENT).write(expression)


class ExpressionWriter:
    """Writes expressions whose values come from one payload: the event, or one item of a list."""

    def __init__(self, payload: ast.Path) -> None:
        self.payload = payload

    def write(self, node: ast.Expression) -> Any:
        """The mapping that gives the value of the expression. Raises NoSegmentForm."""
        match node:
            case ast.Literal(value):
                return value
            case ast.Path():
                return {"@path": self._path(node)}
            case ast.Template():
                return self._template(node)
            case ast.Object(entries):
                return self._object(entries)
            case ast.List(items):
                return [None if isinstance(item, ast.Omit) else self.write(item) for item in items]
            case ast.Access(target, steps):
                return self._access(target, steps)
            case ast.Comprehension():
                return self._comprehension(node)
            case ast.Call(function, arguments):
                writer = CALL_WRITERS.get(function)
                if writer is None:
                    raise NoSegmentForm(f"Segment has no function `{function}`")
                return writer(self, arguments)
            case ast.Arithmetic() | ast.Negative():
                constant = simplified(Resolver(catalog(), []).value(node))
                if isinstance(constant, ir.Constant):
                    return constant.value
        raise NoSegmentForm(f"Segment's mappings have nothing like `{expression_to_text(node)}`")

    def directive(self, node: ast.Expression) -> Any:
        """As `write`, for a place where Segment needs a directive, or ignores a literal that is false in JavaScript."""
        written = self.write(node)
        is_directive = isinstance(written, dict) and any(key.startswith("@") for key in written)
        return written if is_directive or (isinstance(written, str) and written) else {"@literal": written}

    def steps(self, path: ast.Path) -> tuple[ast.Step, ...]:
        """The steps from the payload. Raises NoSegmentForm for a path that starts elsewhere."""
        start = self.payload.steps
        if not start:
            return path.steps
        if path.rooted or path.steps[:1] != start:
            raise NoSegmentForm(
                f"inside a list Segment sees nothing but the item, and `{expression_to_text(path)}` is not part of it"
            )
        return path.steps[1:]

    def _path(self, path: ast.Path) -> str:
        """As Segment's own presets have it: `$.` before a path from the event, and not before one from an item."""
        steps = self.steps(path)
        bare = steps_to_placeholder(steps) if self.payload.steps and steps else None
        written = bare if bare is not None and path_to_steps(bare) == steps else steps_to_path(steps)
        if written is None:
            raise NoSegmentForm(f"Segment's paths have no way to write `{expression_to_text(path)}`")
        return written

    def _template(self, template: ast.Template) -> Any:
        """A `@template`; one whose placeholders hold more than paths reads them from a `@transform` of their own."""
        placeholders = [self._placeholder(part) for part in template.parts]
        if None not in placeholders:
            return {
                "@template": self._filled(
                    template, [placeholder for placeholder in placeholders if placeholder is not None], self.payload
                )
            }
        numbers = count(1)
        names = [part if isinstance(part, str) else f"part{next(numbers)}" for part in template.parts]
        applied = {name: part for name, part in zip(names, template.parts, strict=True) if not isinstance(part, str)}
        payload = ast.Object(tuple(ast.Entry(name, part) for name, part in applied.items()))
        text = self._filled(template, names, payload)
        apply = {name: self.write(part) for name, part in applied.items()}
        return {"@transform": {"apply": apply, "mapping": {"@template": text}}}

    def _placeholder(self, part: str | ast.Expression) -> str | None:
        """The text between the braces for a path; the text itself for text; None for any other expression."""
        if isinstance(part, str):
            return part
        return steps_to_placeholder(self.steps(part)) if isinstance(part, ast.Path) else None

    def _filled(self, template: ast.Template, placeholders: list[str], payload: ast.Expression) -> str:
        parts = zip(template.parts, placeholders, strict=True)
        text = "".join(
            placeholder if isinstance(part, str) else f"{{{{{placeholder}}}}}" for part, placeholder in parts
        )
        if read_template(text, payload, ()) != template:
            raise NoSegmentForm(f"Segment's templates cannot hold the braces of {expression_to_text(template)}")
        return text

    def _object(self, entries: Sequence[ast.Entry]) -> dict[str, Any]:
        for entry in entries:
            if entry.key.startswith("@") or entry.key == ROOT_DIRECTIVE:
                raise NoSegmentForm(f"the key `{entry.key}` is one of Segment's own")
        return {entry.key: self.write(entry.value) for entry in entries if not isinstance(entry.value, ast.Omit)}

    def _access(self, target: ast.Expression, steps: tuple[ast.Step, ...]) -> Any:
        path = steps_to_path(("value", *steps))
        if path is None:
            raise NoSegmentForm("Segment's paths have no way to write one of these keys")
        return {"@transform": {"apply": {"value": self.write(target)}, "mapping": {"@path": path}}}

    def _comprehension(self, node: ast.Comprehension) -> Any:
        if node.condition is not None:
            raise NoSegmentForm("Segment has no condition for the items of a list")
        iterable = node.iterable
        source: Any = self._path(iterable) if isinstance(iterable, ast.Path) else self.directive(iterable)
        item = _without_null(node.item)
        if item == node.item and may_be_missing(item):
            raise NoSegmentForm("an item without a value is left out here, and is null in Segment's list")
        shape = ExpressionWriter(ast.Path((node.variable,))).write(item)
        if not isinstance(shape, dict) or not shape:
            shape = {"@literal": shape}
        return {"@arrayPath": [source, shape]}


def _without_null(item: ast.Expression) -> ast.Expression:
    """`x` for `coalesce(x, null)`, which is what the import writes for an item that may have no value."""
    if isinstance(item, ast.Call) and item.function == "coalesce" and item.arguments[-1] == NULL:
        rest = item.arguments[:-1]
        shorter = rest[0] if len(rest) == 1 else ast.Call("coalesce", rest)
        return shorter if may_be_missing(shorter) else item
    return item
