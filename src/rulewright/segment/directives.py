"""Segment's thirteen directives, each to the expression that means the same.

Source: the directives of mapping-kit in @segment/actions-core; what each of them does with a value of a type
it does not expect is what the function of the same purpose does in the language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from ..dsl import ast
from ..runtime.semantics.javascript import unit_count
from .merge import merged
from .nullability import may_be_missing
from .payload import reach, variable_for
from .problems import Place, SegmentFormatError, kind
from .segment_path import path_to_steps
from .template import read_template

if TYPE_CHECKING:
    from .mapping_reader import Reader

LONGEST_PATTERN = 10
"""Characters of a pattern or a replacement, in UTF-16 units."""
LONGEST_LIQUID = 1000
"""Characters of a Liquid template, in UTF-16 units."""

DirectiveReader: TypeAlias = "Callable[[Reader, Any, Place], ast.Expression]"


def _path(reader: Reader, value: Any, place: Place) -> ast.Expression:
    return reach(reader.payload, path_to_steps(reader.text(value, place)))


def _template(reader: Reader, value: Any, place: Place) -> ast.Expression:
    return read_template(reader.text(value, place), reader.payload, place)


def _literal(reader: Reader, value: Any, place: Place) -> ast.Expression:
    return reader.read(value, place)


def _if(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    if not _truthy(options.get("exists")) and not _truthy(options.get("blank")):
        raise SegmentFormatError("`@if` needs `exists` or `blank`", place)
    then = reader.read(options["then"], (*place, "then")) if "then" in options else ast.Omit()
    otherwise = reader.read(options["else"], (*place, "else")) if _truthy(options.get("else")) else ast.Omit()
    test = "exists" if "exists" in options else "blank"
    subject = reader.read(options[test], (*place, test))
    if isinstance(subject, ast.Omit | ast.Literal) and _is_absent(subject, test):
        return otherwise
    if test == "blank":
        return ast.Call("if", (ast.Call("blank", (subject,)), otherwise, then))
    if then == subject:
        return coalesce(subject, otherwise)
    return ast.Call("if", (ast.Call("exists", (subject,)), then, otherwise))


def _is_absent(subject: ast.Omit | ast.Literal, test: str) -> bool:
    if isinstance(subject, ast.Omit) or subject.value is None:
        return True
    return test == "blank" and not subject.value


def coalesce(subject: ast.Expression, otherwise: ast.Expression) -> ast.Expression:
    """The subject, or what stands for it where it is missing or null; a chain of these is one call."""
    return ast.Call("coalesce", (*_alternatives(subject), *_alternatives(otherwise)))


def _alternatives(expression: ast.Expression) -> tuple[ast.Expression, ...]:
    is_chain = isinstance(expression, ast.Call) and expression.function == "coalesce"
    return expression.arguments if is_chain else (expression,)  # type: ignore[union-attr]


def _case(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    operator = options.get("operator")
    functions = {"lower": "lowercase", "upper": "uppercase"}
    if operator not in functions:
        raise SegmentFormatError('the operator of `@case` is "lower" or "upper"', (*place, "operator"))
    _text_or_directive(options.get("value", ""), (*place, "value"))
    return _applied(reader, options, place, functions[operator])


def _applied(
    reader: Reader, options: dict[str, Any], place: Place, function: str, *arguments: ast.Expression
) -> ast.Expression:
    """A function of the `value`, where Segment gives nothing for nothing."""
    subject = reader.read(options["value"], (*place, "value")) if _truthy(options.get("value")) else ast.Omit()
    return subject if isinstance(subject, ast.Omit) else ast.Call(function, (subject, *arguments))


def _replace(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    everywhere = _switch(options, "global", True, place)
    any_case = _switch(options, "ignorecase", False, place)
    _text_or_directive(options.get("value"), (*place, "value"))
    if not options["value"]:
        return ast.Omit()
    result = reader.read(options["value"], (*place, "value"))
    if isinstance(result, ast.Omit):
        return ast.Literal("")
    switches = (ast.Literal(any_case), ast.Literal(everywhere))
    given = 0 if everywhere and not any_case else 1 if everywhere else 2
    for suffix in ("", "2"):
        pattern, replacement = options.get(f"pattern{suffix}"), options.get(f"replacement{suffix}")
        if suffix and (not pattern or not isinstance(pattern, str)):
            continue
        texts = (
            _short_text(pattern, (*place, f"pattern{suffix}"), least=1),
            "" if replacement is None else _short_text(replacement, (*place, f"replacement{suffix}")),
        )
        result = ast.Call("replace", (result, *map(ast.Literal, texts), *switches[:given]))
    return result


def _text_or_directive(value: Any, place: Place) -> None:
    if not isinstance(value, str) and not (isinstance(value, dict) and any(key.startswith("@") for key in value)):
        raise SegmentFormatError(f"this must be text or a directive, and is {kind(value)}", place)


def _switch(options: dict[str, Any], name: str, default: bool, place: Place) -> bool:
    value = options.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise SegmentFormatError(f"`{name}` is true or false, and this is {kind(value)}", (*place, name))
    return value


def _short_text(value: Any, place: Place, least: int = 0) -> str:
    if not isinstance(value, str):
        raise SegmentFormatError(f"this must be text, and is {kind(value)}", place)
    length = unit_count(value)
    if not least <= length <= LONGEST_PATTERN:
        raise SegmentFormatError(f"Segment takes {least} to {LONGEST_PATTERN} characters here, not {length}", place)
    return value


def _array_path(reader: Reader, value: Any, place: Place) -> ast.Expression:
    if not isinstance(value, list) or not value:
        raise SegmentFormatError(f"`@arrayPath` is a list of a path and a shape, and this is {kind(value)}", place)
    source, shape = value[0], value[1] if len(value) > 1 else None
    root_place = (*place, 0)
    _text_or_directive(source, root_place)
    root = _path(reader, source, root_place) if isinstance(source, str) else reader.read(source, root_place)
    if not isinstance(shape, dict) or not shape or isinstance(root, ast.Omit | ast.Literal | ast.Template):
        return root
    variable = variable_for(root, reader.variables)
    item = reader.within(ast.Path((variable,)), variable).read(shape, (*place, 1))
    if may_be_missing(item):
        # An item without a value keeps its place in Segment's list, and is null in its JSON.
        item = coalesce(item, ast.Literal(None))
    return ast.Comprehension(item, variable, root)


def _flatten(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    separator = _separator(options.get("separator"), (*place, "separator"))
    subject = reader.read(options.get("value"), (*place, "value"))
    if isinstance(subject, ast.Omit):
        return ast.Object(())
    arguments: list[ast.Expression] = [subject]
    keep_lists = _truthy(options.get("omitArrays"))
    if separator != "." or keep_lists:
        arguments.append(ast.Literal(separator))
    if keep_lists:
        arguments.append(ast.Literal(True))
    return ast.Call("flatten", tuple(arguments))


def _separator(value: Any, place: Place) -> str:
    if not isinstance(value, str) or not value:
        raise SegmentFormatError(f"this must be text, and is {'empty' if value == '' else kind(value)}", place)
    return value


def _json(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    mode = options.get("mode")
    functions = {"encode": "json_encode", "decode": "json_decode"}
    if mode not in functions:
        raise SegmentFormatError('the mode of `@json` is "encode" or "decode"', (*place, "mode"))
    if not _truthy(options.get("value")):
        raise SegmentFormatError("`@json` needs a value", place)
    return _applied(reader, options, place, functions[mode])


def _merge(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    direction, objects = options.get("direction"), options.get("objects")
    if not isinstance(direction, str) or direction.lower() not in ("left", "right"):
        raise SegmentFormatError('the direction of `@merge` is "left" or "right"', (*place, "direction"))
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise SegmentFormatError("`@merge` takes a list of objects and directives", (*place, "objects"))
    read = [_merged_object(reader, each, (*place, "objects", index)) for index, each in enumerate(objects)]
    if direction == "left":
        read.reverse()
    parts = [each for each in read if not isinstance(each, ast.Omit)]
    return merged(parts)


def _merged_object(reader: Reader, value: dict[str, Any], place: Place) -> ast.Expression:
    """One object of a merge; a key that never has a value counts here, for it hides the same key of the others."""
    is_directive = any(key.startswith("@") for key in value)
    return reader.read(value, place) if is_directive else reader.object(value, place)


def _transform(reader: Reader, value: Any, place: Place) -> ast.Expression:
    options = _options(value, place)
    apply, mapping = options.get("apply"), options.get("mapping")
    for name, part in (("apply", apply), ("mapping", mapping)):
        if not isinstance(part, dict):
            raise SegmentFormatError(f"`{name}` of `@transform` is an object, and this is {kind(part)}", (*place, name))
    applied = reader.whole(apply, (*place, "apply"))
    return reader.within(applied).read(mapping, (*place, "mapping"))


def _exclude_when_null(reader: Reader, value: Any, place: Place) -> ast.Expression:
    subject = reader.read(value, place)
    if isinstance(subject, ast.Omit | ast.Literal):
        return ast.Omit() if isinstance(subject, ast.Omit) or subject.value is None else subject
    return ast.Call("compact", (subject,))


def _liquid(reader: Reader, value: Any, place: Place) -> ast.Expression:
    if not isinstance(value, str):
        raise SegmentFormatError(f"a Liquid template is text, and this is {kind(value)}", place)
    if unit_count(value) > LONGEST_LIQUID:
        raise SegmentFormatError(f"Segment takes Liquid templates of up to {LONGEST_LIQUID} characters", place)
    payload = ast.Object(()) if isinstance(reader.payload, ast.Omit) else reader.payload
    return ast.Call("liquid", (ast.Literal(value), payload)) if value else ast.Literal("")


def _options(value: Any, place: Place) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SegmentFormatError(f"this must be an object, and is {kind(value)}", place)
    return value


def _truthy(value: Any) -> bool:
    """Whether JavaScript takes a JSON value as true: an empty list or object is."""
    return isinstance(value, dict | list) or bool(value)


READERS: dict[str, DirectiveReader] = {
    "@arrayPath": _array_path,
    "@case": _case,
    "@excludeWhenNull": _exclude_when_null,
    "@flatten": _flatten,
    "@if": _if,
    "@json": _json,
    "@liquid": _liquid,
    "@literal": _literal,
    "@merge": _merge,
    "@path": _path,
    "@replace": _replace,
    "@template": _template,
    "@transform": _transform,
}
