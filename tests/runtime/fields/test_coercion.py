"""Values come to the type of their field as Segment brings them there, or are refused with the value shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.runtime.fields.coercion import BY_TYPE, coerce
from rulewright.runtime.fields.field import Field, FieldType
from rulewright.runtime.outcome import Refused
from rulewright.runtime.repairs import Repair, take_repairs
from rulewright.runtime.semantics.description import json_type, shown
from rulewright.runtime.semantics.json_values import NotJson
from rulewright.runtime.semantics.missing import MISSING

INFINITY = float("inf")


@pytest.fixture(autouse=True)
def _take_repairs() -> Iterator[None]:
    """No note of a repair is left to the mapper of a later test."""
    yield
    take_repairs("")


TAKEN: list[tuple[FieldType, Any, Any]] = [
    ("string", "a", "a"),
    ("string", 1.0, "1"),
    ("string", 1e21, "1e+21"),
    ("string", True, "true"),
    ("string", ["a"], "a"),
    ("string", [False], "false"),
    ("number", 1.5, 1.5),
    ("number", True, 1),
    ("number", " 12 ", 12),
    ("number", "0x10", 16),
    ("number", ["1e3"], 1000),
    ("number", "Infinity", INFINITY),
    ("number", INFINITY, INFINITY),
    ("integer", 3.0, 3),
    ("integer", "5.0", 5),
    ("integer", False, 0),
    ("integer", "-Infinity", -INFINITY),
    ("integer", INFINITY, INFINITY),
    ("boolean", True, True),
    ("boolean", "true", True),
    ("boolean", "false", False),
    ("boolean", 1, True),
    ("boolean", 0.0, False),
    ("boolean", [1], True),
    ("datetime", "2024-05-01", "2024-05-01"),
    ("datetime", "1714521600000", "1714521600000"),
    ("datetime", 1714521600, 1714521600),
    ("datetime", ["2024-05-01"], ["2024-05-01"]),
    ("datetime", -1, -1),
    ("object", {"a": None}, {"a": None}),
]


@pytest.mark.parametrize(("type_", "value", "expected"), TAKEN)
def test_a_value_comes_to_its_type(type_: FieldType, value: Any, expected: Any) -> None:
    coerced = coerce(Field("field", "", type_, ""), value)
    assert coerced == expected
    assert type(coerced) is type(expected)


@pytest.mark.parametrize(
    ("type_", "value", "code", "message"),
    [
        ("string", False, "boolean_as_text", 'false is sent as the text "false"'),
        ("string", [True], "boolean_as_text", 'true is sent as the text "true"'),
        ("number", True, "boolean_as_number", "true is sent as the number 1"),
        ("number", [False], "boolean_as_number", "false is sent as the number 0"),
        ("integer", True, "boolean_as_number", "true is sent as the number 1"),
        ("number", " 0X1f ", "number_in_text", '" 0X1f " is sent as the number 31'),
        ("integer", "0b11", "number_in_text", '"0b11" is sent as the number 3'),
        ("integer", ["0o17"], "number_in_text", '"0o17" is sent as the number 15'),
    ],
)
def test_a_probably_mistaken_conversion_is_noted(type_: FieldType, value: Any, code: str, message: str) -> None:
    take_repairs("")
    coerce(Field("field", "", type_, ""), value)
    assert take_repairs("M") == [Repair("M", "field", code, message)]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("string", "false"),
        ("string", "0x10"),
        ("string", 1),
        ("number", "010"),
        ("number", "1e3"),
        ("number", "-0.5"),
        ("number", "Infinity"),
        ("integer", 0),
        ("integer", "7"),
        ("boolean", True),
        ("boolean", "true"),
    ],
)
def test_a_usual_conversion_is_not(type_: FieldType, value: Any) -> None:
    take_repairs("")
    coerce(Field("field", "", type_, ""), value)
    assert take_repairs("M") == []


REFUSED: list[tuple[FieldType, Any, str]] = [
    ("string", {"a": 1}, 'must be a string but it is an object: {"a":1}'),
    ("string", [], "must be a string but it is a list: []"),
    ("string", ["a", "b"], 'must be a string but it is a list: ["a","b"]'),
    ("string", [["a"]], 'must be a string but it is a list: ["a"]'),
    ("string", INFINITY, "must be a string but it is a number: Infinity"),
    ("string", [float("nan")], "must be a string but it is a number: NaN"),
    ("number", "12,50", 'must be a number but it is a string: "12,50"'),
    ("integer", 1.5, "must be a whole number but it is a number: 1.5"),
    ("integer", "1.5", 'must be a whole number but it is a string: "1.5"'),
    ("boolean", "yes", 'must be true or false but it is a string: "yes"'),
    ("boolean", 2, "must be true or false but it is a number: 2"),
    ("boolean", [[True]], "must be true or false but it is a list: [true]"),
    ("datetime", "soon", 'must be a time but it is a string: "soon"'),
    ("datetime", "2024", 'must be a time but it is a string: "2024"'),
    ("datetime", 5, "must be a time in milliseconds or seconds since 1970, but it is a number: 5"),
    ("datetime", [1e21], "must be a time but it is a list: [1e+21]"),
    ("datetime", INFINITY, "must be a time in milliseconds or seconds since 1970, but it is a number: Infinity"),
    ("string", {1}, "must be a string but it is a Python set"),
    ("number", NotJson("a Python set"), "must be a number but it is a Python set"),
    ("object", 2**70, "must be an object but it is a number: 1180591620717411303424"),
    ("datetime", True, "must be a time but it is a boolean: true"),
    ("object", [{}], "must be an object but it is a list: [{}]"),
    ("object", "x" * 99, 'must be an object but it is a string: "' + "x" * 58 + "…"),
]


@pytest.mark.parametrize(("type_", "value", "message"), REFUSED)
def test_a_value_that_cannot_is_refused_and_shown(type_: FieldType, value: Any, message: str) -> None:
    with pytest.raises(Refused) as refused:
        coerce(Field("field", "", type_, ""), value)
    assert (refused.value.code, refused.value.field, refused.value.message) == ("wrong_type", "field", message)


NAMED = Field(
    "named", "", "object", "", fields=(Field("name", "", "string", "", visible=True), Field("note", "", "string", ""))
)
PRODUCT = Field(
    "products",
    "",
    "object",
    "",
    multiple=True,
    fields=(Field("price", "", "number", ""), Field("name", "", "string", ""), Field("sold", "", "boolean", "")),
)
SETTINGS = Field(
    "settings",
    "",
    "object",
    "",
    fields=(
        Field("behavior", "", "string", "", choices=("auto", "use_mapping")),
        Field("length", "", "integer", "", nullable=True),
    ),
    open=False,
)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Field("id", "", "string", ""), None, MISSING),
        (Field("id", "", "string", ""), "", MISSING),
        (Field("id", "", "string", ""), MISSING, MISSING),
        (Field("id", "", "string", "", nullable=True), None, None),
        (Field("id", "", "string", "", nullable=True), "", MISSING),
        (Field("id", "", "string", "", nullable=True), [5], "5"),
        (Field("id", "", "string", "", nullable=True), [True], "true"),
        (Field("id", "", "string", "", nullable=True), [0], "0"),
        (Field("id", "", "string", "", nullable=True), [None], None),
        (Field("id", "", "string", "", nullable=True), [""], MISSING),
        (Field("id", "", "string", ""), [None], MISSING),
        (Field("id", "", "string", ""), [""], MISSING),
        (Field("id", "", "string", ""), " ", " "),
        (Field("id", "", "string", "", visible=True), " ", MISSING),
        (Field("id", "", "string", "", visible=True), ["\u200b"], MISSING),
        (Field("id", "", "string", "", visible=True, nullable=True), [" "], MISSING),
        (Field("id", "", "string", "", visible=True, nullable=True), None, None),
        (Field("id", "", "string", "", visible=True), " a ", " a "),
        (Field("id", "", "string", "", visible=True), 0, "0"),
        (Field("price", "", "number", ""), " ", MISSING),
        (Field("price", "", "number", ""), [None], MISSING),
        (Field("price", "", "number", ""), [""], MISSING),
        (Field("price", "", "number", ""), [0], 0),
        (Field("price", "", "number", ""), " 0 ", 0),
        (Field("quantity", "", "integer", ""), "\t", MISSING),
        (PRODUCT, [{"price": " "}, {"price": [" "]}, {"price": [None]}], [{}, {}, {}]),
        (NAMED, {"name": "", "note": "", "else": ""}, {"note": "", "else": ""}),
        (NAMED, {"name": [None], "note": None}, {}),
        (Field("length", "", "integer", "", nullable=True), ["5"], 5),
        (Field("length", "", "integer", "", nullable=True), [True], 1),
        (Field("length", "", "integer", "", nullable=True), [False], 0),
        (Field("length", "", "integer", "", nullable=True), [0], None),
        (Field("length", "", "integer", "", nullable=True), [""], None),
        (SETTINGS, {"behavior": "auto", "length": None, "else": 1}, {"behavior": "auto", "length": None}),
        (SETTINGS, {"behavior": None, "length": ""}, {}),
        (PRODUCT, {"price": "5"}, [{"price": 5}]),
        (PRODUCT, [{"price": None, "name": None, "sold": None}], [{}]),
        (
            PRODUCT,
            [{"price": "", "name": "", "sold": ""}, {"price": 0, "sold": False}],
            [{"name": ""}, {"price": 0, "sold": False}],
        ),
        (PRODUCT, [None, "", {"else": None}], [{"else": None}]),
        (PRODUCT, [], []),
        (Field("tags", "", "string", "", multiple=True), "a", ["a"]),
        (Field("tags", "", "string", "", multiple=True), ["", None, 1], ["", "1"]),
        (Field("ids", "", "integer", "", multiple=True), ["", "1"], [1]),
    ],
)
def test_what_is_empty_is_left_out_where_segment_leaves_it_out(field: Field, value: Any, expected: Any) -> None:
    assert coerce(field, value) == expected


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        (Field("id", "", "string", "", nullable=True), ["user-1"], "wrong_type", "id"),
        (Field("id", "", "string", "", nullable=True), [["x"]], "wrong_type", "id"),
        (Field("id", "", "string", "", nullable=True), [{}], "wrong_type", "id"),
        (Field("length", "", "integer", "", nullable=True), [5], "wrong_type", "length"),
        (Field("length", "", "integer", "", nullable=True), [1.5], "wrong_type", "length"),
        (Field("length", "", "integer", "", nullable=True), ["x"], "wrong_type", "length"),
        (SETTINGS, {"behavior": "other"}, "not_a_choice", "settings.behavior"),
        (PRODUCT, [{"price": 1}, {"price": "x"}], "wrong_type", "products[1].price"),
        (PRODUCT, [None, {"price": "x"}], "wrong_type", "products[1].price"),
        (PRODUCT, "text", "wrong_type", "products[0]"),
    ],
)
def test_a_refusal_names_the_place(field: Field, value: Any, code: str, path: str) -> None:
    with pytest.raises(Refused) as refused:
        coerce(field, value)
    assert (refused.value.code, refused.value.field) == (code, path)


def test_an_object_is_copied_and_the_event_stays_as_it_is() -> None:
    given_value = {"behavior": "auto", "length": "5"}
    assert coerce(SETTINGS, given_value) == {"behavior": "auto", "length": 5}
    assert given_value == {"behavior": "auto", "length": "5"}


def test_a_value_outside_json_is_shown_by_its_type() -> None:
    assert (shown(object()), json_type(object()), json_type(None)) == ("a Python object", "a Python object", "null")
    assert (shown(float("nan")), shown({"a": {1}}), shown("\ud83d")) == ("NaN", "a Python dict", '"\\ud83d"')


@settings(max_examples=200, deadline=None)
@example("number", float("nan"))
@example("integer", [float("nan")])
@example("integer", INFINITY)
@given(
    st.sampled_from(sorted(BY_TYPE)),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=3),
)
def test_a_coerced_value_is_stable(type_: FieldType, value: Any) -> None:
    try:
        once = BY_TYPE[type_](value, "field")
    except Refused:
        return
    again = BY_TYPE[type_](once, "field")
    assert again is once or again == once  # NaN passes, and equals nothing
