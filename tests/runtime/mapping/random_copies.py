"""Random tables of rows, and events for them with odd values."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rulewright.runtime.fields.field import Field, FieldType
from rulewright.runtime.mapping.copy_reads import Row
from rulewright.runtime.mapping.copy_table import CopyTable

TYPES: dict[str, FieldType] = {
    "filled text": "string",
    "filled text or null": "string",
    "visible text": "string",
    "visible text or null": "string",
    "text": "string",
    "object": "object",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}
AT_TOP = [kind for kind in TYPES if kind != "text"]
IN_OBJECT = [kind for kind in TYPES if not kind.startswith("filled") and not kind.endswith("null")]


def field(path: str, kind: str) -> Field:
    name = path.rpartition(".")[2]
    visible, nullable = kind.startswith("visible"), kind.endswith("or null")
    return Field(name, name, TYPES[kind], "", nullable=nullable, visible=visible, path=path)


FIELDS = {kind: field(kind, kind) for kind in AT_TOP}
FIELDS |= {f"control {kind}": field(f"control {kind}", kind) for kind in AT_TOP}
FIELDS |= {f"made.{kind}": field(f"made.{kind}", kind) for kind in IN_OBJECT}
ITEM_FIELDS = tuple(field(kind, kind) for kind in IN_OBJECT)
FIELDS["lines"] = Field("lines", "lines", "object", "", multiple=True, fields=ITEM_FIELDS, path="lines")
FIELDS |= {f"lines.{kind}": field(f"lines[].{kind}", kind) for kind in IN_OBJECT}
FIELDS["time"] = Field("time", "time", "datetime", "", role="control", path="time")
RESULTS: dict[str, Any] = {"payload": {}, "made": {"fixed": 1.5}, "time": None, "constant": True, "$.read": None}
RESULTS |= {f"control {kind}": None for kind in AT_TOP}

KEYS = ["a", "b", "c"]
paths = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3).map(tuple)
short_paths = st.sampled_from(KEYS).map(lambda key: (key,))


def sources(kind: str) -> SearchStrategy[tuple[tuple[str, ...], ...]]:
    """A row that tells null from nothing reads keys of the event alone, as the compiler has it."""
    of = short_paths if kind.endswith("or null") else paths
    return st.lists(of, min_size=1, max_size=3, unique=True).map(tuple)


def rows_of_kind(kind: str) -> SearchStrategy[Row]:
    places: list[Any] = []
    if kind in AT_TOP:
        places = [(("payload", kind),), ((f"control {kind}",),), ((None, kind),)]
    if kind in IN_OBJECT:
        places += [(("made", kind),), (("made", kind), (None, f"made.{kind}"))]
    return st.tuples(st.just(kind), st.sampled_from(places), sources(kind))


item_rows = st.sampled_from(IN_OBJECT).flatmap(
    lambda kind: st.tuples(st.just(kind), st.just((("item", kind),)), sources(kind))
) | st.tuples(st.just("anything"), st.just((("item", "own.key"),)), sources("anything"))
lists = st.tuples(
    st.just("items"), st.just((("payload", "lines"),)), sources("items"), st.lists(item_rows, max_size=4).map(tuple)
)
rows = (
    st.sampled_from(list(TYPES)).flatmap(rows_of_kind)
    | lists
    | st.tuples(st.just("anything"), st.sampled_from([(("time",),), (("$.read",),)]), sources("anything"))
)
tables = st.builds(
    CopyTable,
    st.just(FIELDS),
    st.just(RESULTS),
    # No two rows fill one place.
    st.lists(rows, max_size=10, unique_by=lambda row: row[1][0]).map(tuple),
    st.sampled_from([(), ("visible text",), ("number", "lines")]),
)
wide_tables = st.permutations(AT_TOP).flatmap(
    lambda kinds: st.builds(
        CopyTable,
        st.just(FIELDS),
        st.just(RESULTS),
        st.tuples(*(st.tuples(st.just(kind), st.just((("payload", kind),)), sources(kind)) for kind in kinds)),
        st.sampled_from([(), ("visible text",)]),
    )
)
"""Tables whose payload has so many keys that it is made with room for them."""
values: SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        " ",
        "\u200b",
        "\u3164",
        "\u2800b",
        "a",
        "日",
        "\u00a0b",
        0,
        -7,
        1.5,
        10**30,
        True,
        False,
        [],
        ["a"],
        [""],
        [None],
        {},
    ]
) | st.floats(allow_nan=False)
events = st.dictionaries(
    st.sampled_from(KEYS),
    st.recursive(
        values,
        lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=3) | st.lists(inner, max_size=3),
        max_leaves=12,
    ),
    max_size=3,
)
