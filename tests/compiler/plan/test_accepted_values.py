"""A value that a target accepts unchanged is one that its field's coercion gives back as the same object."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.compiler.plan.accepted_values import accepted_kind, accepts_constant, accepts_null
from rulewright.compiler.plan.mapping_plan import Target, TargetLevel
from rulewright.runtime.fields.coercion import coerce, coerce_inside
from rulewright.runtime.fields.field import Field, FieldRole, FieldType
from rulewright.runtime.mapping.copy_table import KINDS
from rulewright.runtime.semantics.accepted_values import ACCEPTED
from rulewright.runtime.semantics.missing import MISSING

VALUES: list[Any] = [None, MISSING, "", " ", "\u200b", "\u00a0b", "a", "日", "true", "1", 0, 1, -7, 10**30, 0.0, 1.5]
VALUES += [float("inf"), float("nan"), True, False, [], ["a"], [""], {}, {"a": 1}]
UNCHANGED = {
    "filled text": [" ", "\u200b", "\u00a0b", "a", "日", "true", "1"],
    "visible text": ["a", "true", "1"],
    "text": ["", " ", "\u200b", "\u00a0b", "a", "日", "true", "1"],
    "object": [{}, {"a": 1}],
    "number": [0, 1, -7, 10**30, 0.0, 1.5],
    "integer": [0, 1, -7, 10**30],
    "boolean": [True, False],
}


def target_of(field: Field, level: TargetLevel) -> Target:
    return Target((field.name,), field, level, "control" if field.role == "control" else "sent")


def coerced(target: Target, field: Field, value: Any) -> Any:
    if target.level == "top":
        return coerce(field, value)
    return coerce_inside(field, value, field.name)


def fields() -> Iterator[Field]:
    """Fields as actions declare them: only text is ever an ID, and only text and whole numbers are nullable."""
    for type_, flags, role in product(get_args(FieldType), product((False, True), repeat=4), get_args(FieldRole)):
        nullable, visible, multiple, limited = flags
        if (nullable and type_ not in ("string", "integer")) or (type_ != "string" and (visible or limited)):
            continue
        choices = ("a", " ") if limited else ()
        yield Field(
            "f", "F", type_, "", nullable=nullable, visible=visible, multiple=multiple, choices=choices, role=role
        )


TARGETS = [(target_of(field, level), field) for field in fields() for level in get_args(TargetLevel)]
values = st.sampled_from(VALUES) | st.text(max_size=3) | st.floats() | st.integers()


@pytest.mark.parametrize("kind", ACCEPTED)
def test_values_that_are_accepted_unchanged(kind: str) -> None:
    assert [value for value in VALUES if ACCEPTED[kind].accepts(value)] == UNCHANGED[kind]


def test_every_kind_of_row_has_its_test() -> None:
    assert set(KINDS) - {f"{kind} or null" for kind in ACCEPTED} - set(ACCEPTED) == {"inside", "anything", "items"}


@given(values)
def test_coercion_gives_an_accepted_value_back(value: Any) -> None:
    for target, field in TARGETS:
        kind = accepted_kind(target)
        if kind in ACCEPTED and ACCEPTED[kind].accepts(value):
            assert coerced(target, field, value) is value


def test_coercion_gives_an_accepted_null_back() -> None:
    accepting = [(target, field) for target, field in TARGETS if accepts_null(target)]
    assert accepting
    assert [coerced(target, field, None) for target, field in accepting] == [None] * len(accepting)


@given(values.filter(lambda value: isinstance(value, str | int | float)))
def test_coercion_gives_an_accepted_constant_back(value: Any) -> None:
    for target, field in TARGETS:
        if field.type == "datetime":
            assert not accepts_constant(target, value)
        elif accepts_constant(target, value):
            assert coerced(target, field, value) is value


@pytest.mark.parametrize(
    ("value", "is_accepted"), [("a", True), (" a", True), ("日", True), (" ", False), ("\u200b", False), ("", False)]
)
def test_a_visible_constant_is_judged_as_a_whole(value: str, is_accepted: bool) -> None:
    target = target_of(Field("id", "ID", "string", "", visible=True), "top")
    assert accepts_constant(target, value) is is_accepted
