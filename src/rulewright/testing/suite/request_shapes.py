"""What a test can see of the requests of an action: taken from requests that fill every field."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ...compiler.analysis.schema_node import SchemaNode
from ...compiler.value_types import ANY, kind_of
from ...runtime.action import Action, Binding
from ...runtime.destinations import DESTINATIONS
from ...runtime.fields.field import Field
from ...runtime.fields.put import put
from ...runtime.outcome import Request
from ...trace.request_views import written

_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)
_SAMPLES: dict[str, Any] = {
    # A user agent wherever a text is taken: what is read off one has keys of its own.
    "string": _PHONE,
    "number": 1,
    "integer": 1,
    "boolean": True,
    "datetime": "2026-01-02T03:04:05.000Z",
}
_LEVELS_OF_BODY = 3
"""Itself, its lists, and their items. What is deeper holds an author's own keys."""
_OPEN = "any-key"
"""The key of a sample for an object that takes any."""
_TEXT = frozenset(("string",))
_OBJECT = frozenset(("object",))
_LIST = frozenset(("list",))


@cache
def seen_by_conditions(destination: str, action: str) -> SchemaNode:
    """The root of the conditions of an `expect` of a mapping to the action."""
    request = _closed({name: _text() for name in ("action", "method", "url")})
    for sample in _requests(destination, action):
        view = written(sample, "")
        for part in ("headers", "json", "form"):
            if part in view:
                _add(request.keys.setdefault(part, SchemaNode()), view[part], _LEVELS_OF_BODY)
    warning = _closed({name: _text() for name in ("field", "code", "message")})
    return _closed({"requests": _list(request), "warnings": _list(warning), "event": SchemaNode()})


SEEN_OF_FAILURE = SchemaNode(
    _OBJECT,
    {name: SchemaNode(_TEXT) for name in ("mapping", "field", "code", "message")} | {"event": SchemaNode()},
    closed=True,
)
"""The root of the conditions of an `expect failure`."""


@cache
def decoded(destination: str, action: str, part: str) -> SchemaNode:
    """What the JSON text of a part of a form holds."""
    place = SchemaNode()
    for sample in _requests(destination, action):
        if sample.form is not None and part in sample.form:
            content = json.loads(sample.form[part])
            _add(place, content, _LEVELS_OF_BODY - (1 if isinstance(content, list) else 2))
    return place


def forms_part(destination: str, action: str) -> str | None:
    """The part of a form that holds what the action sends, as JSON text; None for an action that sends JSON."""
    forms = (sample.form for sample in _requests(destination, action) if sample.form is not None)
    return next((name for form in forms for name, text in form.items() if text[:1] in ("{", "[")), None)


@cache
def _requests(destination: str, action: str) -> tuple[Request, ...]:
    target = DESTINATIONS[destination]
    settings = target.settings(dict.fromkeys(target.secrets, "sample"))
    declared: Action = target.actions[action]
    payload: dict[str, Any] = {}
    for field in declared.fields:
        if field.name not in declared.unused:
            put(payload, field, _sample(field))
    control = [payload.pop(name, None) for name in declared.control_fields]
    return tuple(declared.bind(Binding("", settings, "fold", False))(payload, *control))


def _sample(field: Field) -> Any:
    value = field.choices[0] if field.choices else _SAMPLES.get(field.type)
    if value is None:
        value = {_OPEN: "value"} if field.open else {}
        value |= {inner.name: _sample(inner) for inner in field.fields}
    return [value] if field.multiple else value


def _add(place: SchemaNode, value: Any, levels: int) -> None:
    """Adds a sample value to the possible values of a place."""
    if levels == 0 and isinstance(value, dict | list):
        return
    if isinstance(value, dict) and _OPEN in value:
        return  # its keys are an author's own
    if isinstance(value, dict):
        place.closed = True
        for key, inner in value.items():
            _add(place.keys.setdefault(key, SchemaNode()), inner, levels - 1)
    if isinstance(value, list):
        place.items = place.items or SchemaNode()
        for item in value:
            _add(place.items, item, levels - 1)
    kinds = _OBJECT if isinstance(value, dict) else _LIST if isinstance(value, list) else frozenset((kind_of(value),))
    place.kinds = kinds if place.kinds == ANY else place.kinds | kinds


def _closed(keys: dict[str, SchemaNode]) -> SchemaNode:
    return SchemaNode(_OBJECT, keys, closed=True)


def _list(items: SchemaNode) -> SchemaNode:
    return SchemaNode(_LIST, items=items)


def _text() -> SchemaNode:
    return SchemaNode(_TEXT)
