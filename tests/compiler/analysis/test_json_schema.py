"""What is read from JSON Schema never excludes an event that the schema allows, and what cannot be read is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.compiler.analysis.json_schema import JsonSchema
from rulewright.compiler.analysis.schema_node import SchemaNode
from rulewright.compiler.value_types import kind_of

KEYS = ("a", "x1")
SCALARS = ("s", 1, 2.5, None, True)
TYPES = ("string", "number", "integer", "boolean", "null")

_scalar_schemas = st.one_of(
    st.sampled_from(TYPES).map(lambda name: {"type": name}),
    st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True).map(lambda names: {"type": names}),
    st.sampled_from(SCALARS).map(lambda value: {"const": value}),
    st.lists(st.sampled_from(SCALARS), min_size=1, max_size=3, unique_by=repr).map(lambda values: {"enum": values}),
    st.sampled_from(["one", "two"]).map(lambda name: {"$ref": f"#/$defs/{name}"}),
    st.just({"$ref": "#named"}),
    st.just({}),
)


def _objects(inner: st.SearchStrategy[Any], *, closed: bool) -> st.SearchStrategy[dict[str, Any]]:
    others: st.SearchStrategy[Any] = st.just(False) if closed else st.sampled_from([False, True, {"type": "string"}])
    return st.fixed_dictionaries(
        {"type": st.just("object"), "additionalProperties": others},
        optional={
            "properties": st.dictionaries(st.sampled_from(KEYS), inner, max_size=2),
            "patternProperties": st.dictionaries(st.sampled_from(["^x", "[0-9]$", "(a|b)"]), inner, max_size=1),
        },
    )


def _lists(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        inner.map(lambda items: {"type": "array", "items": items}),
        inner.map(lambda items: {"type": "array", "prefixItems": [items], "items": False}),
    )


def _composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of schemas; alternatives are closed, because a key that only one has is taken to be as that one says."""
    part = st.one_of(_objects(inner, closed=True), _scalar_schemas.filter(bool))
    alternatives = st.lists(part, min_size=2, max_size=3)
    return st.one_of(
        _objects(inner, closed=False),
        _lists(inner),
        alternatives.map(lambda parts: {"anyOf": parts}),
        alternatives.map(lambda parts: {"oneOf": parts}),
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"allOf": parts}),
        st.tuples(inner, inner).map(lambda parts: {**parts[0], "allOf": [parts[1]]}),
        st.tuples(inner, _objects(inner, closed=True), _objects(inner, closed=True)).map(
            lambda parts: {"if": parts[0], "then": parts[1], "else": parts[2]}
        ),
    )


_schemas = st.one_of(_composed(_scalar_schemas), st.recursive(_scalar_schemas, _composed, max_leaves=6))
_CLOSED = {"$anchor": "named", "type": "object", "additionalProperties": False}
_documents = st.tuples(_schemas, _schemas).map(
    lambda parts: {
        "allOf": [parts[0]],
        "$defs": {
            "one": {"type": "string"},
            "two": {"anyOf": [{"type": "null"}, {"const": 1}]},
            "three": _CLOSED | {"properties": {"a": {"$ref": "#named"}, "x1": parts[1]}},
        },
    }
)
_values = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=2) | st.lists(inner, max_size=1),
    max_leaves=3,
)
_PLAIN = [*SCALARS, [], {}, *({key: value} for key in KEYS for value in SCALARS), *([value] for value in SCALARS)]
"""Every value that is not deep: few random ones are as a random schema has it."""


def _excluded(value: Any, node: SchemaNode, path: str = "$") -> Iterator[str]:
    """Every part of a value that is not as a node says."""
    kind = "object" if isinstance(value, dict) else "list" if isinstance(value, list) else kind_of(value)
    if kind not in node.kinds:
        yield f"{path} is {kind}, not {sorted(node.kinds)}"
    if node.listed is not None and value not in node.listed:
        yield f"{path} is {value!r}, not one of {node.listed}"
    for key, inner in value.items() if isinstance(value, dict) else ():
        below = node.inside(key)
        if below is None and node.closed:
            yield f"{path} has no {key}"
        elif below is not None:
            yield from _excluded(inner, below, f"{path}.{key}")
    for number, inner in enumerate(value) if isinstance(value, list) else ():
        if (below := node.inside(str(number))) is not None:
            yield from _excluded(inner, below, f"{path}[{number}]")


@given(_documents, st.lists(_values, max_size=10))
def test_what_is_read_excludes_no_value_that_the_schema_allows(schema: dict[str, Any], values: list[Any]) -> None:
    read = JsonSchema(schema)
    assert list(read.problems()) == []
    root, validator = read.root(), jsonschema.Draft202012Validator(schema)
    for value in [*_PLAIN, *values]:
        if validator.is_valid(value):
            assert list(_excluded(value, root)) == []


_ELSEWHERE = "which is not in this file, and no other file is read"


@pytest.mark.parametrize(
    ("schema", "problems"),
    [
        ({"$ref": "#/$defs/oder"}, ["`$ref` at `#` leads to `#/$defs/oder`, which does not exist"]),
        ({"$ref": "#oder"}, ["`$ref` at `#` leads to `#oder`, which does not exist"]),
        (
            {"properties": {"a/b": {"$ref": "order.json#/x"}}},
            [f"`$ref` at `#/properties/a~1b` leads to `order.json#/x`, {_ELSEWHERE}"],
        ),
        ({"items": [{"$ref": "http://["}]}, [f"`$ref` at `#/items/0` leads to `http://[`, {_ELSEWHERE}"]),
        ({"$dynamicRef": 5}, ["`$dynamicRef` at `#` is not text"]),
        ({"$ref": "#/title", "title": "Order"}, ["`$ref` at `#` leads to `#/title`, which is not a schema"]),
        ({"$ref": "#"}, ["the schema at `#` leads back to itself"]),
        (
            {"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
            ["the schema at `#` leads back to itself"],
        ),
        ({"properties": ["a"]}, ["expected an object at `#/properties`, found a list"]),
        ({"anyOf": {"type": "string"}}, ["expected a list at `#/anyOf`, found an object"]),
        ({"properties": {"a": "string"}}, ["expected a schema at `#/properties/a`, found `string`"]),
        ({"type": "text"}, ["expected a type of JSON Schema at `#`, found `text`"]),
        ({"type": ["string", None]}, ["expected a type of JSON Schema at `#`, found null"]),
        # What is data or a name, and not a schema.
        ({"properties": {"$ref": {"type": "string"}}, "examples": [{"$ref": "#/x"}], "default": {"$ref": 1}}, []),
        ({"enum": [{"$ref": "#/nowhere"}], "const": {"type": "text"}, "required": ["type"]}, []),
        # What leads somewhere.
        ({"allOf": [{"type": "object"}], "properties": {"a": {"$ref": "#/allOf/0"}}}, []),
        ({"properties": {"a": {"$ref": "#"}}}, []),
        ({"$id": "https://example.com/a", "properties": {"b": {"$ref": "https://example.com/a#"}}}, []),
        ({"$id": "https://example.com/a", "$defs": {"b": {"$id": "b"}}, "items": {"$ref": "/b"}}, []),
        ({"id": "http://example.com/a#", "definitions": {"b": {"id": "#b"}}, "items": {"$ref": "#b"}}, []),
        ({"$defs": {"a b": True}, "items": {"$ref": "#/$defs/a%20b"}}, []),
    ],
    ids=json.dumps,
)  # fmt: skip
def test_a_part_of_a_schema_that_says_nothing_is_told(schema: dict[str, Any], problems: list[str]) -> None:
    assert list(JsonSchema(schema).problems()) == problems
    assert JsonSchema(schema).root() is not None


def test_a_schema_within_itself_is_known_at_every_depth() -> None:
    schema = {"properties": {"name": {"type": "string"}, "child": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}}
    node: SchemaNode | None = JsonSchema(schema).root()
    for _ in range(30):
        assert node is not None
        assert node.keys.keys() == {"name", "child"}
        node = node.inside("child")


def test_schemas_that_are_put_together_without_end_are_told() -> None:
    definitions = {str(number): {"$ref": f"#/$defs/{number + 1}"} for number in range(5_000)} | {"5000": {}}
    schema = JsonSchema({"properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": definitions})
    assert schema.root().inside("a") is not None
    (problem,) = schema.problems()
    assert problem.endswith("has more than 50 schemas within one another at one path")


@pytest.mark.parametrize("word", ["allOf", "anyOf"])
def test_the_work_does_not_grow_with_the_ways_through_a_schema(word: str) -> None:
    definitions = {str(n): {word: [{"$ref": f"#/$defs/{n + 1}"}] * 3} for n in range(20)} | {"20": {"type": "string"}}
    schema = JsonSchema({"$ref": "#/$defs/0", "$defs": definitions})
    assert list(schema.problems()) == []
    assert schema.root().kinds == {"string"}


@pytest.mark.parametrize("pattern", ["(a+)+$", "^(?:x|y)", "\\d", "[", "*", "a*b*c*d*e"])
def test_a_pattern_that_is_not_tried_excludes_no_key(pattern: str) -> None:
    node = JsonSchema({"patternProperties": {pattern: {"type": "string"}}, "additionalProperties": False}).root()
    inner = node.inside("a" * 40 + "b")
    assert inner is not None
    assert inner.is_blank


BY_NAME = {"properties": {"a": {"type": ["string", "null"]}}}
BY_PATTERN = {"patternProperties": {"a": {"type": ["string", "number"]}}}


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        (BY_NAME | BY_PATTERN, ["string"]),
        ({"allOf": [BY_NAME, BY_PATTERN]}, ["string"]),
        ({"anyOf": [BY_NAME, BY_PATTERN]}, ["null", "number", "string"]),
    ],
    ids=["one schema", "allOf", "anyOf"],
)
def test_a_key_that_is_known_by_name_and_by_a_pattern_is_as_both_say(schema: Any, kinds: list[str]) -> None:
    node = JsonSchema(schema).root().inside("a")
    assert node is not None
    assert sorted(node.kinds) == kinds
