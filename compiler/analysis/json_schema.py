"""Reads JSON Schema of any draft as what is known of paths, one level at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ..value_types import ANY, kind_of
from .schema_node import Below, SchemaNode, both, either
from .schema_references import REFERENCES, References

_KINDS = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "object": "object",
    "array": "list",
    "null": "null",
    "any": "any",  # draft 3
}
_OF_KEYS = ("properties", "patternProperties")
_MAPS = (*_OF_KEYS, "$defs", "definitions", "dependentSchemas")
"""Keywords with a schema for each name."""
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("items", "additionalItems", "additionalProperties", "then", "else", "if", "not", "contains", "propertyNames")
_MOST_LEVELS = 50
"""Schemas that one path is put together from, one within another."""
_COSTLY = re.compile(r"[(\\]|(?:[*+{].*){4}")
"""What a regular expression needs to take exponential time, or time of a high power: such a pattern is not tried."""
_ANY_KEY = re.compile("")
"""In place of a pattern that is not tried: every key may be known, and nothing is known of it."""


_TIMES = {"date-time": "2026-05-01T09:00:00.000Z", "date": "2026-05-01"}
"""JSON Schema Validation, section 7.3.1."""


class JsonSchema:
    """A schema. Keywords that only narrow values, such as `minimum`, are ignored."""

    def __init__(self, schema: Any, references: References | None = None) -> None:
        """With `references`, the schema is a part of a larger document that defines what it refers to."""
        self._schema = schema
        self._references = references or References(schema)
        self._read_before: dict[int, SchemaNode] = {}

    def root(self) -> SchemaNode:
        """What the schema says of the values that it describes."""
        return self._node(self._schema)

    def problems(self) -> Iterator[str]:
        """A sentence for each part of the schema that is ignored, because it cannot be read."""
        waiting: list[tuple[Any, str]] = [(self._schema, "#")]
        heights: dict[int, int] = {}
        seen: set[int] = set()
        while waiting:
            schema, place = waiting.pop()
            if isinstance(schema, bool) or id(schema) in seen:
                continue
            seen.add(id(schema))
            if not isinstance(schema, Mapping):
                yield f"expected a schema at `{place}`, found {_described(schema)}"
                continue
            yield from self._problems_of(schema, place)
            if self._leads_back(schema, heights):
                yield f"the schema at `{place}` leads back to itself"
            elif heights[id(schema)] == _MOST_LEVELS + 1:
                yield f"the schema at `{place}` has more than {_MOST_LEVELS} schemas within one another at one path"
            waiting += reversed(list(_inner(schema, place)))

    def _problems_of(self, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        for word in REFERENCES:
            if word in schema and (problem := self._references.problem(schema[word])) is not None:
                yield f"`{word}` at `{place}` {problem}"
        for word in _MAPS:
            if word in schema and not isinstance(schema[word], Mapping):
                yield f"expected an object at `{place}/{word}`, found {_described(schema[word])}"
        for word in _LISTS:
            if word in schema and not isinstance(schema[word], list):
                yield f"expected a list at `{place}/{word}`, found {_described(schema[word])}"
        names = schema.get("type", [])
        for name in names if isinstance(names, list) else [names]:
            if not (isinstance(name, Mapping) or (isinstance(name, str) and name in _KINDS)):
                yield f"expected a type of JSON Schema at `{place}`, found {_described(name)}"

    def _leads_back(self, schema: Mapping[str, Any], heights: dict[int, int]) -> bool:
        """Whether a schema is put together from itself, without a key or an item between.

        `heights` keeps how many schemas are within one another, for each schema that was looked at.
        """
        if id(schema) in heights:
            return False
        leads_back = False
        path: list[tuple[Any, Iterator[Any]]] = [(schema, self._parts(schema))]
        within = {id(schema)}
        heights[id(schema)] = 1
        while path:
            current, parts = path[-1]
            part = next(parts, None)
            if part is None:
                path.pop()
                within.discard(id(current))
                if path:
                    above = id(path[-1][0])
                    heights[above] = max(heights[above], heights[id(current)] + 1)
            elif id(part) in within:
                leads_back = True
            elif id(part) in heights:
                heights[id(current)] = max(heights[id(current)], heights[id(part)] + 1)
            else:
                path.append((part, self._parts(part)))
                within.add(id(part))
                heights[id(part)] = 1
        return leads_back

    def _parts(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        """The schemas that one is put together from, at the same path."""
        for part in (*self._conjuncts(schema), *(part for parts in _alternatives(schema) for part in parts)):
            if isinstance(part, Mapping):
                yield part

    def _conjuncts(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        for word in REFERENCES:
            if word in schema:
                yield self._references.target(schema[word])
        yield from _list(schema, "allOf")

    def _node(self, schema: Any, above: tuple[int, ...] = ()) -> SchemaNode:
        if not isinstance(schema, Mapping) or id(schema) in above or len(above) > _MOST_LEVELS:
            return SchemaNode()
        if id(schema) not in self._read_before:
            within = (*above, id(schema))
            nodes = [self._own(schema), *(self._node(part, within) for part in self._conjuncts(schema))]
            nodes += (
                either([self._node(part, within) for part in alternatives]) for alternatives in _alternatives(schema)
            )
            self._read_before[id(schema)] = both(nodes)
        return self._read_before[id(schema)]

    def _own(self, schema: Mapping[str, Any]) -> SchemaNode:
        """What the keywords of a schema say by themselves."""
        names = schema.get("type")
        named = [names] if isinstance(names, str) else names if isinstance(names, list) else []
        kinds = frozenset(_KINDS.get(name, "any") if isinstance(name, str) else "any" for name in named)
        values = [schema["const"]] if "const" in schema else _list(schema, "enum") or None
        if values is None and kinds == {"null"}:
            values = [None]
        if not kinds and values:
            kinds = frozenset(map(kind_of, values))
        others = schema.get("additionalProperties")
        closed = others is False or schema.get("unevaluatedProperties") is False
        return SchemaNode(
            ANY if not kinds or "any" in kinds else kinds,
            closed=closed,
            open_=others is not None and not closed,
            examples=[*(values or ()), *_list(schema, "examples"), *_of_format(schema)],
            listed=values,
            below=Below(
                {key: self._later(inner) for key, inner in _entries(schema, "properties") if inner is not False},
                tuple(
                    (_ANY_KEY, SchemaNode) if (pattern := _pattern(key)) is None else (pattern, self._later(inner))
                    for key, inner in _entries(schema, "patternProperties")
                    if inner is not False
                ),
                self._later(others) if isinstance(others, Mapping) and others else None,
                self._items(schema),
            ),
        )

    def _items(self, schema: Mapping[str, Any]) -> Callable[[], SchemaNode] | None:
        """The items of a list, also of one that has a schema for each place."""
        places = [*_list(schema, "prefixItems"), *_list(schema, "items")]
        places += [schema[word] for word in ("items", "additionalItems") if isinstance(schema.get(word), Mapping)]
        return (lambda: either([self._node(place) for place in places])) if places else None

    def _later(self, schema: Any) -> Callable[[], SchemaNode]:
        return partial(self._node, schema)


def _alternatives(schema: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The alternatives of a schema; one that is `false` never holds."""
    for word in ("anyOf", "oneOf"):
        alternatives = [part for part in _list(schema, word) if part is not False]
        if alternatives:
            yield alternatives
    if "if" in schema and ("then" in schema or "else" in schema):
        branches = [schema.get("then", True), schema.get("else", True)]
        yield [part for part in branches if part is not False] or [True]


def _inner(schema: Mapping[str, Any], place: str) -> Iterator[tuple[Any, str]]:
    """The schemas in a schema, with their places."""
    for word in _MAPS:
        for key, inner in _entries(schema, word):
            escaped = str(key).replace("~", "~0").replace("/", "~1")
            yield inner, f"{place}/{word}/{escaped}"
    for word in (*_LISTS, "items"):
        for number, inner in enumerate(_list(schema, word)):
            yield inner, f"{place}/{word}/{number}"
    for word in _SINGLE:
        if word in schema and not (word == "items" and isinstance(schema[word], list)):
            yield schema[word], f"{place}/{word}"


def _pattern(text: str) -> re.Pattern[str] | None:
    """A pattern of keys; None for one that Python does not take, or that may take long."""
    try:
        return None if _COSTLY.search(text) else re.compile(text)
    except (re.error, OverflowError):
        return None


def _entries(schema: Mapping[str, Any], word: str) -> Iterator[tuple[str, Any]]:
    entries = schema.get(word)
    if isinstance(entries, Mapping):
        yield from entries.items()


def _list(schema: Mapping[str, Any], word: str) -> list[Any]:
    values = schema.get(word)
    return values if isinstance(values, list) else []


def _described(value: Any) -> str:
    kind = kind_of(value)
    article = {"null": "", "object": "an "}.get(kind, "a ")
    return f"`{value}`" if kind == "string" else f"{article}{kind}"


def _of_format(schema: Mapping[str, Any]) -> list[str]:
    """A text in the format that a schema names, where that is a time."""
    name = schema.get("format")
    return [_TIMES[name]] if isinstance(name, str) and name in _TIMES else []
