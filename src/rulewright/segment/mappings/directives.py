"""Converts each of Segment's thirteen directives to an expression with the same meaning.

Source: the directives of mapping-kit in @segment/actions-core; what each of them does with a value of a type
it does not expect is what the function of the same purpose does in the language.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from ...dsl import ast
from ...runtime.semantics.javascript import unit_count
from ..problems import JsonPath, NoRuleForm, SegmentFormatError, kind
from . import arguments
from .arguments import ReadsMappings, is_directive, required, truthy
from .merge import may_hide_more, merged
from .nullability import may_be_missing
from .payload import reach, variable_for
from .segment_path import path_to_steps
from .template import read_template

LONGEST_LIQUID = 1000
"""The most characters of a Liquid template, in UTF-16 units."""

DirectiveReader: TypeAlias = Callable[[ReadsMappings, Any, JsonPath], ast.Expression]


def _path(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    return reach(reader.payload, path_to_steps(reader.text(value, place)))


def _template(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    return read_template(reader.text(value, place), reader.payload, place)


def _literal(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    return reader.read(value, place)


def _if(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    options = arguments.options(reader, value, place, "exists", "blank", "then", "else")
    test = "exists" if "exists" in options else "blank"
    otherwise: ast.Expression
    _, then, otherwise, subject = arguments.each(
        reader,
        lambda: _check_test(options, place),
        lambda: reader.read(options["then"], (*place, "then")) if "then" in options else ast.Omit(),
        lambda: reader.read(options["else"], (*place, "else")) if truthy(options.get("else")) else ast.Omit(),
        lambda: reader.read(options.get(test), (*place, test)),
    )
    if test == "exists":
        arguments.check_unused(reader, options, place, "blank")
    if isinstance(subject, ast.Omit | ast.Literal) and _is_absent(subject, test):
        return otherwise
    if test == "blank":
        return ast.Call("if", (ast.Call("blank", (subject,)), otherwise, then))
    if then == subject:
        return coalesce(subject, otherwise)
    return ast.Call("if", (ast.Call("exists", (subject,)), then, otherwise))


def _check_test(options: dict[str, Any], place: JsonPath) -> None:
    if not truthy(options.get("exists")) and not truthy(options.get("blank")):
        raise SegmentFormatError("`@if` needs `exists` or `blank`", place)


def _is_absent(subject: ast.Omit | ast.Literal, test: str) -> bool:
    if isinstance(subject, ast.Omit) or subject.value is None:
        return True
    return test == "blank" and not subject.value


def coalesce(subject: ast.Expression, otherwise: ast.Expression) -> ast.Expression:
    """The subject, or its replacement if it is missing or null; a chain of these is one call."""
    return ast.Call("coalesce", (*_alternatives(subject), *_alternatives(otherwise)))


def _alternatives(expression: ast.Expression) -> tuple[ast.Expression, ...]:
    is_chain = isinstance(expression, ast.Call) and expression.function == "coalesce"
    return expression.arguments if is_chain else (expression,)  # type: ignore[union-attr]


def _case(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    options = arguments.options(reader, value, place, "operator", "value")
    function, _, subject = arguments.each(
        reader,
        lambda: _case_function(options, place),
        lambda: _check_value(options, place),
        lambda: _subject(reader, options, place),
    )
    return subject if function is None else _applied(function, subject)


def _case_function(options: dict[str, Any], place: JsonPath) -> str | None:
    """None for an operator that Segment does not know, where there is nothing to apply it to."""
    place, value = (*place, "operator"), options.get("value")
    operator = arguments.text(required(options, "operator", place[:-1]), place)
    function = {"lower": "lowercase", "upper": "uppercase"}.get(operator)
    if function is not None or (operator and not is_directive(value) and not value):
        return function
    reason = f'the operator of `@case` is "lower" or "upper", found {json.dumps(operator)}'
    if operator and is_directive(value):
        raise NoRuleForm(f"{reason}: Segment fails where the value is text", place)
    raise SegmentFormatError(reason, place)


def _check_value(options: dict[str, Any], place: JsonPath) -> None:
    if "value" in options:
        arguments.check_text_or_directive(options["value"], (*place, "value"))


def _subject(reader: ReadsMappings, options: dict[str, Any], place: JsonPath) -> ast.Expression:
    """The `value`; Segment gives nothing for nothing."""
    value = options.get("value")
    return reader.read(value, (*place, "value")) if truthy(value) else ast.Omit()


def _applied(function: str, subject: ast.Expression) -> ast.Expression:
    return subject if isinstance(subject, ast.Omit) else ast.Call(function, (subject,))


def _replace(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    names = ("value", "pattern", "replacement", "pattern2", "replacement2", "ignorecase", "global")
    options = arguments.options(reader, value, place, *names)
    arguments.check_unused(reader, options, place, "pattern2", "replacement2")
    result: ast.Expression
    everywhere, any_case, _, pattern, replacement, second, result = arguments.each(
        reader,
        lambda: arguments.switch(options, "global", True, place),
        lambda: arguments.switch(options, "ignorecase", False, place),
        lambda: arguments.check_text_or_directive(required(options, "value", place), (*place, "value")),
        lambda: arguments.short_text(required(options, "pattern", place), (*place, "pattern"), least=1),
        lambda: arguments.short_text(options.get("replacement", ""), (*place, "replacement")),
        lambda: _second_texts(options, place),
        lambda: _subject(reader, options, place),
    )
    if isinstance(result, ast.Omit):
        return ast.Literal("") if options["value"] else result
    switches = (ast.Literal(any_case), ast.Literal(everywhere))
    given = 0 if everywhere and not any_case else 1 if everywhere else 2
    for texts in ((pattern, replacement), second):
        if texts is not None:
            result = ast.Call("replace", (result, *map(ast.Literal, texts), *switches[:given]))
    return result


def _second_texts(options: dict[str, Any], place: JsonPath) -> tuple[str, str] | None:
    """The second pattern and its replacement; Segment leaves them out if one of them is not a text."""
    pattern, replacement = options.get("pattern2"), options.get("replacement2")
    if replacement is None:
        replacement = ""
    if not pattern or not isinstance(pattern, str) or not isinstance(replacement, str):
        return None
    for name, text in (("pattern2", pattern), ("replacement2", replacement)):
        try:
            arguments.short_text(text, (*place, name))
        except SegmentFormatError as problem:
            raise NoRuleForm(f"{problem.reason}: Segment fails where the value is text", problem.place) from None
    return pattern, replacement


def _array_path(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    if not isinstance(value, list) or not value:
        actual = "an empty list" if value == [] else kind(value)
        raise SegmentFormatError(f"expected a list of a path and a shape, found {actual}", place)
    source, shape = value[0], value[1] if len(value) > 1 else None
    root_place = (*place, 0)
    try:
        arguments.check_text_or_directive(source, root_place)
    except SegmentFormatError as problem:
        reader.problems.append(problem)
        source = ""
    root = _path(reader, source, root_place) if isinstance(source, str) else reader.read(source, root_place)
    if not isinstance(shape, dict) or not shape or isinstance(root, ast.Omit | ast.Literal | ast.Template):
        return root
    variable = variable_for(root, reader.variables)
    item = reader.within(ast.Path((variable,)), variable).read(shape, (*place, 1))
    if may_be_missing(item):
        # An item without a value keeps its place in Segment's list, and is null in its JSON.
        item = coalesce(item, ast.Literal(None))
    return ast.Comprehension(item, variable, root)


def _flatten(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    options = arguments.options(reader, value, place, "separator", "value", "omitArrays")
    arguments.check_unused(reader, options, place, "omitArrays")
    separator, subject = arguments.each(
        reader,
        lambda: _separator(options, place),
        lambda: reader.read(required(options, "value", place), (*place, "value")),
    )
    if isinstance(subject, ast.Omit):
        return ast.Object(())
    given: list[ast.Expression] = [subject]
    keep_lists = truthy(options.get("omitArrays"))
    if separator != "." or keep_lists:
        given.append(ast.Literal(separator))
    if keep_lists:
        given.append(ast.Literal(True))
    return ast.Call("flatten", tuple(given))


def _separator(options: dict[str, Any], place: JsonPath) -> str:
    separator = arguments.text(required(options, "separator", place), (*place, "separator"))
    if not separator:
        raise SegmentFormatError("expected a separator, found an empty text", (*place, "separator"))
    return separator


def _json(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    options = arguments.options(reader, value, place, "mode", "value")
    function, _, subject = arguments.each(
        reader,
        lambda: _json_function(options, place),
        lambda: _check_filled(options, place),
        lambda: _subject(reader, options, place),
    )
    return ast.Omit() if function is None else _applied(function, subject)


def _json_function(options: dict[str, Any], place: JsonPath) -> str | None:
    """None for a mode in capitals: Segment takes the word in any case, and then knows it only in small letters."""
    mode = arguments.text(required(options, "mode", place), (*place, "mode"))
    functions = {"encode": "json_encode", "decode": "json_decode"}
    if mode.lower() not in functions:
        reason = f'the mode of `@json` is "encode" or "decode", found {json.dumps(mode)}'
        raise SegmentFormatError(reason, (*place, "mode"))
    return functions.get(mode)


def _check_filled(options: dict[str, Any], place: JsonPath) -> None:
    if not truthy(options.get("value")):
        raise SegmentFormatError("`@json` needs a `value` that is not empty", place)


def _merge(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    options = arguments.options(reader, value, place, "direction", "objects")
    direction, read = arguments.each(
        reader, lambda: _direction(options, place), lambda: _merged_objects(reader, options, place)
    )
    if direction == "left":
        read.reverse()
    parts = [each for each in read if not isinstance(each, ast.Omit)]
    if any(map(may_hide_more, parts[1:])):
        reason = (
            "in Segment a key that turns out undefined hides the same key of the objects before it; here it does not"
        )
        reader.notes.append(NoRuleForm(reason, place))
    return merged(parts)


def _direction(options: dict[str, Any], place: JsonPath) -> str:
    direction = arguments.text(required(options, "direction", place), (*place, "direction"))
    if direction.lower() not in ("left", "right"):
        reason = f'the direction of `@merge` is "left" or "right", found {json.dumps(direction)}'
        raise SegmentFormatError(reason, (*place, "direction"))
    return direction


def _merged_objects(reader: ReadsMappings, options: dict[str, Any], place: JsonPath) -> list[ast.Expression]:
    objects = required(options, "objects", place)
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise SegmentFormatError("expected a list of objects and directives", (*place, "objects"))
    return [reader.read(each, (*place, "objects", index)) for index, each in enumerate(objects)]


def _transform(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    options = arguments.options(reader, value, place, "apply", "mapping")
    apply, mapping = arguments.each(
        reader, *(partial(arguments.object_or_directive, options, name, place) for name in ("apply", "mapping"))
    )
    applied = reader.whole(apply, (*place, "apply"))
    return reader.within(applied).read(mapping, (*place, "mapping"))


def _exclude_when_null(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    subject = reader.read(value, place)
    if isinstance(subject, ast.Omit | ast.Literal):
        return ast.Omit() if isinstance(subject, ast.Omit) or subject.value is None else subject
    return ast.Call("compact", (subject,))


def _liquid(reader: ReadsMappings, value: Any, place: JsonPath) -> ast.Expression:
    template = arguments.text(value, place)
    if unit_count(template) > LONGEST_LIQUID:
        raise SegmentFormatError(f"Segment takes Liquid templates of up to {LONGEST_LIQUID} characters", place)
    payload = ast.Object(()) if isinstance(reader.payload, ast.Omit) else reader.payload
    return ast.Call("liquid", (ast.Literal(template), payload)) if template else ast.Literal("")


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
