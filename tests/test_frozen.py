"""Nodes are made, compared, hashed and shown as frozen dataclasses are."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from rulewright import frozen


def plain(make: Any) -> type:
    @make(frozen=True, slots=True)
    class Node:
        first: int
        rest: tuple[int, ...] = ()

    return Node


def with_a_place(make: Any) -> type:
    @make(frozen=True, slots=True, kw_only=True)
    class Base:
        place: int = dataclasses.field(default=0, compare=False, repr=False)

    @make(frozen=True, slots=True)
    class Node(Base):
        first: int
        rest: list[int] = dataclasses.field(default_factory=list, hash=False)

    return Node


def with_its_own_equality(make: Any) -> type:
    @make(frozen=True, slots=True)
    class Node:
        first: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Node) and abs(self.first) == abs(other.first)

        def __hash__(self) -> int:
            return abs(self.first)

    return Node


def without_equality(make: Any) -> type:
    @make(frozen=True, slots=True, eq=False)
    class Node:
        first: int

    return Node


SHAPES = pytest.mark.parametrize("shape", [plain, with_a_place, with_its_own_equality, without_equality])


@SHAPES
def test_nodes_are_as_frozen_dataclasses_are(shape: Any) -> None:
    ours, theirs = shape(frozen.dataclass), shape(dataclasses.dataclass)
    pairs = [(ours(number), theirs(number)) for number in (1, 1, -1, 2)]
    for left, expected_left in pairs:
        assert repr(left) == repr(expected_left)
        assert hash(left) == hash(left)
        for right, expected_right in pairs:
            assert (left == right) == (expected_left == expected_right)
            if left == right:
                assert hash(left) == hash(right)
    assert ours(1) != theirs(1)
    assert ours.__match_args__ == theirs.__match_args__
    assert dataclasses.replace(ours(1), first=2) == ours(2) or shape is without_equality


@pytest.mark.parametrize("arguments", [(), (1, [], 3), (1, [], 3, 4)])
def test_wrong_arguments_are_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        with_a_place(frozen.dataclass)(*arguments)


def test_a_place_is_neither_compared_nor_shown() -> None:
    node = with_a_place(frozen.dataclass)
    assert node(1, place=5) == node(1, place=6)
    assert hash(node(1, place=5)) == hash(node(1, place=6))
    assert "place=" not in repr(node(1, place=5))
    assert node(1).rest is not node(1).rest
