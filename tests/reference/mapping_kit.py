"""Segment's mapping kit as a small interpreter: its JSON directives on an event, and the payload that they give.

Follows `mapping-kit` of the package `@segment/actions-core`; `@liquid`, which is a language of its own, is left out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rulewright.runtime.fields.coercion import coerce, missing_required
from rulewright.runtime.fields.field import Field
from rulewright.runtime.semantics.javascript import equals_empty_text, json_text, keys_in_order, template_text, text
from rulewright.runtime.semantics.missing import MISSING
from rulewright.runtime.semantics.property_access import read

_STEP = re.compile(r"\[(?=[\"'0-9])|\.|(?<=[\"'0-9])\]+")
_ESCAPED = re.compile(r"[-\[\]{}()*+?.,\\^$|#\s]")


def get(event: Any, path: str) -> Any:
    """The value at a path, MISSING where it leads nowhere."""
    if path in ("", "."):
        return event
    return read(event, [re.sub("['\"]", "", step) for step in _STEP.split(path) if step])


def transform(mapping: dict[str, Any], event: Any) -> dict[str, Any]:
    """The payload of a mapping, without what is missing."""
    payload = without_missing(resolve(mapping, event))
    assert isinstance(payload, dict)
    return payload


def coerced(fields: tuple[Field, ...], payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with its values of the fields' types. Raises Refused."""
    values = {field.name: coerce(field, payload.get(field.name, MISSING)) for field in fields}
    for field in fields:
        if field.required and values[field.name] is MISSING:
            raise missing_required(field.name)
    return {name: value for name, value in values.items() if value is not MISSING}


def resolve(mapping: Any, event: Any) -> Any:
    """The value of any part of a mapping."""
    if isinstance(mapping, list):
        return [resolve(item, event) for item in mapping]
    if not isinstance(mapping, dict):
        return mapping
    name = next((key for key in mapping if key.startswith("@")), None)
    if name and all(key.startswith("@") or key == "_metadata" for key in mapping):
        return _DIRECTIVES[name](mapping[name], event)
    return {key: resolve(value, event) for key, value in mapping.items()}


def without_missing(value: Any) -> Any:
    """The value without keys that are missing; in a list, what is missing is null once it is JSON."""
    if isinstance(value, list):
        return [None if item is MISSING else without_missing(item) for item in value]
    if isinstance(value, dict):
        return {key: without_missing(item) for key, item in value.items() if item is not MISSING}
    return value


def _path(value: Any, event: Any) -> Any:
    return get(event, resolve(value, event).replace("$.", "", 1))


def _template(value: Any, event: Any) -> str:
    def written(placeholder: re.Match[str]) -> str:
        return template_text(get(event, placeholder[1].strip()))

    whole = re.sub(r"\{\{\{([^}]+)\}\}\}", written, resolve(value, event))
    return re.sub(r"\{\{([^}]+)\}\}", written, whole)


def _if(options: Any, event: Any) -> Any:
    if options.get("exists"):
        value = resolve(options["exists"], event)
        holds = value is not MISSING and value is not None
    else:
        value = resolve(options["blank"], event)
        holds = value is not MISSING and value is not None and not equals_empty_text(value)
    if holds and "then" in options:
        return resolve(options["then"], event)
    return resolve(options["else"], event) if not holds and options.get("else") else MISSING


def _case(options: Any, event: Any) -> Any:
    if not options.get("value"):
        return MISSING
    value = resolve(options["value"], event)
    if not isinstance(value, str):
        return value
    return value.lower() if options["operator"] == "lower" else value.upper()


def _replace(options: Any, event: Any) -> Any:
    if not options.get("value"):
        return MISSING
    value = resolve(options["value"], event)
    if isinstance(value, bool | int | float):
        value = text(value)
    if not isinstance(value, str):
        return ""
    flags = re.IGNORECASE if options.get("ignorecase") else re.NOFLAG
    count = 0 if options.get("global", True) else 1
    for suffix in ("", "2"):
        if pattern := options.get(f"pattern{suffix}"):
            escaped = _ESCAPED.sub(lambda match: "\\" + match[0], pattern)
            replacement = options.get(f"replacement{suffix}") or ""
            value = re.sub(escaped, lambda _, to=replacement: to, value, count=count, flags=flags)  # type: ignore[misc]
    return value


def _array_path(options: Any, event: Any) -> Any:
    path, shape = (*options, None)[:2]
    root = get(event, path.replace("$.", "", 1)) if isinstance(path, str) else resolve(path, event)
    if isinstance(root, dict | list) and isinstance(shape, dict) and shape:
        return [resolve(shape, item) for item in (root if isinstance(root, list) else [root])]
    return root


def _flatten(options: Any, event: Any) -> Any:
    separator = resolve(options["separator"], event)
    omit_arrays = bool(options.get("omitArrays"))

    def flat(value: Any, prefix: str) -> dict[str, Any]:
        if isinstance(value, list) and not omit_arrays:
            value = {str(index): item for index, item in enumerate(value)}
        if not isinstance(value, dict):
            return {prefix: value}
        result: dict[str, Any] = {}
        for key in keys_in_order(value):
            result |= flat(value[key], f"{prefix}{separator}{key}" if prefix else key)
        return result

    return flat(resolve(options["value"], event), "")


def _json(options: Any, event: Any) -> Any:
    value = resolve(options["value"], event)
    if options["mode"] == "encode":
        return json_text(value)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _merge(options: Any, event: Any) -> Any:
    objects = [resolve(item, event) for item in options["objects"]]
    if resolve(options["direction"], event) == "left":
        objects.reverse()
    merged: dict[str, Any] = {}
    for item in objects:
        merged |= item if isinstance(item, dict) else {}
    return merged


def _transform(options: Any, event: Any) -> Any:
    return resolve(options["mapping"], transform(options["apply"], event))


def _exclude_when_null(value: Any, event: Any) -> Any:
    resolved = resolve(value, event)
    return MISSING if resolved is None else _without_nulls(resolved)


def _without_nulls(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _without_nulls(item) for key, item in value.items() if item is not None}


_DIRECTIVES = {
    "@path": _path,
    "@template": _template,
    "@if": _if,
    "@case": _case,
    "@replace": _replace,
    "@arrayPath": _array_path,
    "@flatten": _flatten,
    "@json": _json,
    "@merge": _merge,
    "@transform": _transform,
    "@excludeWhenNull": _exclude_when_null,
    "@literal": resolve,
}
