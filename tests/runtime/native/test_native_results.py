"""What the part in C does with results: it calls `build` with them, and makes an object for each item of a list."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from rulewright.runtime.mapping.copy_table import copies
from rulewright.runtime.semantics.missing import MISSING
from tests.native_part import needs_native

pytestmark = needs_native


def plain(_event: Any) -> tuple[Any, ...]:
    return ("plain",)


# --- tables that call what takes their results -----------------------------------------------------------------------


def whole(_event: Any, build: Any) -> Any:
    return build("plain")


def arguments(*given_: Any) -> Any:
    return given_


WHOLE: Any = copies(
    whole, {"payload": {}, "time": None, "batch": True}, ("text", (("payload", "id"),), (("id",),)), required=("id",)
)


def test_results_are_given_as_arguments() -> None:
    assert WHOLE({"id": "a"}, arguments) == ({"id": "a"}, None, True)
    assert WHOLE({"id": 7}, arguments) == ("plain",)


def test_what_lacks_a_required_key_is_left_to_the_function() -> None:
    assert WHOLE({}, arguments) == ("plain",)


def test_what_refuses_the_results_is_called_by_the_function_again() -> None:
    calls: list[Any] = []

    def build(*given_: Any) -> None:
        calls.append(given_)
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused") as caught:
        WHOLE({"id": "a"}, build)
    assert calls == [({"id": "a"}, None, True), ("plain",)]
    assert [entry.name for entry in caught.traceback[1:]] == ["whole", "build"]


def test_an_interruption_is_not_tried_again() -> None:
    calls: list[Any] = []

    def build(*given_: Any) -> None:
        calls.append(given_)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        WHOLE({"id": "a"}, build)
    assert len(calls) == 1


# --- items -----------------------------------------------------------------------------------------------------------

WITH_ITEMS: Any = copies(
    plain,
    {"payload": {}},
    (
        "items",
        (("payload", "lines"),),
        (("lines",),),
        (("number", (("item", "price"),), (("price",),)), ("text", (("item", "id"),), (("id",), ("about", "id")))),
    ),
)


@pytest.mark.parametrize(
    ("lines", "copied"),
    [
        ([], []),
        ([{}], [{}]),
        ([{"price": 1, "id": "a", "other": 2}, {"about": {"id": ""}}], [{"price": 1, "id": "a"}, {"id": ""}]),
        ([{"price": MISSING}], [{}]),
    ],
)
def test_items_are_copied_one_by_one(lines: Any, copied: Any) -> None:
    assert WITH_ITEMS({"lines": lines}) == ({"lines": copied},)


@pytest.mark.parametrize(
    "lines",
    [
        {},
        "a",
        [7],
        [None],
        [[]],
        [{"price": None}],
        [{"price": "1"}],
        [{"about": None}],
        [{"about": 7}],
        [{}, {"id": 7}],
    ],
)
def test_odd_items_are_left_to_the_function(lines: Any) -> None:
    assert WITH_ITEMS({"lines": lines}) == ("plain",)


def test_items_are_let_go() -> None:
    values: list[Any] = ["id-" + "x" * 9, 7.5, {"price": 7.5}]
    usual = {"lines": [{"id": values[0], "price": values[1]}, values[2]]}
    odd = {"lines": [{"id": values[0], "price": values[1]}, values[2], 7]}
    before = [sys.getrefcount(value) for value in values]
    for _ in range(1000):
        WITH_ITEMS(usual)
        WITH_ITEMS(odd)
        WHOLE({"id": values[0]}, arguments)
    assert [sys.getrefcount(value) for value in values] == before


def test_a_list_that_grows_shorter_while_it_is_read() -> None:
    class Key(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            lines.clear()
            return False

        __hash__ = str.__hash__

    lines: list[Any] = [{Key("price"): 1}, {}, {}]
    assert WITH_ITEMS({"lines": lines}) == ({"lines": [{}]},)
