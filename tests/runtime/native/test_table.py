"""A table in C copies usual values, leaves the rest to Python, and keeps no value longer than it should."""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest

from rulewright.runtime.mapping import copy_table as tables
from rulewright.runtime.mapping.copy_table import KINDS, copies
from rulewright.runtime.mapping.view import object_view, string
from rulewright.runtime.native import native
from rulewright.runtime.semantics.missing import MISSING
from tests.native_part import needs_native

pytestmark = needs_native


def plain(_event: Any) -> tuple[Any, ...]:
    return ("plain",)


ITEMS = KINDS.index("items")
ROWS: Any = (
    ("filled text", (("payload", "id"), ("payload", "again")), (("device", "id"), ("id",))),
    ("anything", (("time",),), (("time",),)),
)
TABLE: Any = copies(plain, {"payload": {"fixed": 1}, "time": None}, *ROWS)


@pytest.mark.parametrize(
    ("event", "results"),
    [
        ({}, ({"fixed": 1}, None)),
        ({"id": "a", "time": 7}, ({"fixed": 1, "id": "a", "again": "a"}, 7)),
        ({"id": "a", "device": {"id": "b"}}, ({"fixed": 1, "id": "b", "again": "b"}, None)),
        ({"id": "a", "device": {"id": None}}, ({"fixed": 1, "id": "a", "again": "a"}, None)),
        ({"id": "a", "device": None}, ({"fixed": 1, "id": "a", "again": "a"}, None)),
        ({"id": None, "time": None}, ({"fixed": 1}, None)),
        ({"id": "a", "device": "b"}, ("plain",)),
        ({"id": "a", "device": {"id": ""}}, ({"fixed": 1}, None)),
        ({"id": 7}, ("plain",)),
        ([], ("plain",)),
        (None, ("plain",)),
    ],
)
def test_a_table_copies_the_usual_and_leaves_the_rest(event: Any, results: Any) -> None:
    assert TABLE(event) == results


VALUES: list[Any] = [
    "a",
    "",
    "é",
    "日",
    " ",
    "\u00a0a",
    "\u200b",
    "\x7f",
    7,
    -(10**30),
    7.5,
    float("inf"),
    float("nan"),
    True,
    False,
    None,
    {},
    {"a": 1},
    [],
    ["a"],
]
USUAL: dict[str, list[Any]] = {
    "filled text": ["a", "é", "日", " ", "\u00a0a", "\u200b", "\x7f"],
    "filled text or null": ["a", "é", "日", " ", "\u00a0a", "\u200b", "\x7f", None],
    "visible text": ["a", "é", "日"],
    "visible text or null": ["a", "é", "日", None],
    "text": ["a", "", "é", "日", " ", "\u00a0a", "\u200b", "\x7f"],
    "object": [{}, {"a": 1}],
    "number": [7, -(10**30), 7.5],
    "integer": [7, -(10**30)],
    "boolean": [True, False],
    "anything": [value for value in VALUES if value is not None],
}


def test_each_kind_has_its_usual_values() -> None:
    assert ["inside", *USUAL, "items"] == list(KINDS)


@pytest.mark.parametrize("kind", list(USUAL))
def test_a_value_is_usual_by_its_kind(kind: str) -> None:
    table = copies(plain, {"payload": {}}, (kind, (("payload", "a"),), (("a",),)))
    assert table({}) == table({"a": MISSING}) == ({},)
    for value in VALUES:
        is_usual = any(value is usual or (value == usual and type(value) is type(usual)) for usual in USUAL[kind])
        if is_usual:
            assert repr(table({"a": value})) == repr(({"a": value},)), value
        elif value is None or (value == "" and kind.startswith(("filled", "visible"))):
            assert table({"a": value}) == ({},), value
        else:
            assert table({"a": value}) == ("plain",), value


VISIBLE: Any = copies(
    plain, {"payload": {}}, ("visible text", (("payload", "id"),), (("device", "id"), ("a",), ("b",)))
)


@pytest.mark.parametrize(
    ("event", "result"),
    [
        ({"device": {"id": "d"}, "a": "a"}, {"id": "d"}),
        ({"device": {"id": ""}, "a": "a"}, {"id": "a"}),
        ({"device": {"id": None}, "a": "", "b": "b"}, {"id": "b"}),
        ({"a": "", "b": ""}, {}),
        ({"a": "", "b": None}, {}),
        ({"a": ""}, {}),
        ({"a": "", "b": 7}, "plain"),
        ({"device": {"id": " "}, "a": "a"}, "plain"),
        ({"device": {"id": [""]}, "a": "a"}, "plain"),
    ],
)
def test_a_source_that_is_empty_is_passed_over_where_text_must_be_visible(event: Any, result: Any) -> None:
    assert VISIBLE(event) == (result,)


def test_a_subclass_is_not_usual() -> None:
    class Text(str): ...

    class Object(dict[str, Any]): ...

    assert TABLE({"id": Text("a")}) == ("plain",)
    assert TABLE({"id": "a", "device": Object(id="b")}) == ("plain",)


def test_results_are_new_each_time() -> None:
    first, _ = TABLE({"id": "a"})
    first["changed"] = True
    assert TABLE({"id": "a"}) == ({"fixed": 1, "id": "a", "again": "a"}, None)


def test_values_are_let_go() -> None:
    values: list[Any] = ["id-" + "x" * 9, {"id": None}, 10**30, 7.5]
    usual = {"id": values[0], "device": values[1], "time": values[2]}
    odd = {"id": values[0], "device": {"id": values[3]}, "time": values[2]}
    before, nothing = [sys.getrefcount(value) for value in values], sys.getrefcount(None)
    for _ in range(1000):
        TABLE(usual)
        TABLE(odd)
    assert [sys.getrefcount(value) for value in values] == before
    assert abs(sys.getrefcount(None) - nothing) < 500


def test_a_table_goes_with_its_module() -> None:
    class Mark: ...

    def count() -> int:
        gc.collect()
        return sum(type(living) is Mark for living in gc.get_objects())

    def module() -> None:
        names: dict[str, Any] = {"mark": Mark()}
        exec("def copy(event): return mark", names)  # noqa: S102 -- a cycle as generated modules have it
        names["copy"] = copies(names["copy"], {"payload": {}}, *ROWS[:1])

    module()
    assert count() == 0


def test_an_error_of_the_function_comes_through() -> None:
    def fails(_event: Any) -> tuple[Any, ...]:
        raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"):
        copies(fails, {"payload": {}}, *ROWS[:1])({"id": 7})


def test_a_key_that_cannot_be_compared_comes_through() -> None:
    class Key(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            raise ValueError("no equal")

        __hash__ = str.__hash__

    with pytest.raises(ValueError, match="no equal"):
        TABLE({Key("id"): "a"})


@pytest.mark.parametrize(
    "row",
    [
        7,
        (),
        (0, 0, 7, (), None),
        (0, 0, (), 7, None),
        (3, 0, (), ()),
        (len(KINDS), 0, (), (), None),
        (-1, 0, (), (), None),
        (0, 2, (), (), None),
        (0, -1, (), (), None),
        (1, 0, ((2, "id"),), (), None),
        (1, 0, ((0, 7),), (), None),
        (1, 0, ((0, "id", 1),), (), None),
        (1, 0, (7,), (), None),
        (1, 0, (), ((2, "id"),), None),
        (1, 0, (), ((-1, "id"),), None),
        (1, 0, (), ((1, "id"),), None),
        (1, 0, (), ((0, 7),), None),
        (1, 0, (), ((0, None),), None),
        (ITEMS, 0, (), (), None),
        (ITEMS, 0, (), (), TABLE),
    ],
)
def test_an_invalid_row_makes_no_table(row: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        native.Table(plain, MISSING, (dict, dict), ({}, None), (), (row,))


def test_a_view_is_read_by_its_own_members() -> None:
    view, other = object_view(id=string("id")), object_view(id=string("id"))
    (member_,) = (view.id,)  # type: ignore[attr-defined]
    row: Any = (1, 0, ((0, member_),), ((0, "id"),), None)
    made = native.Table(plain, MISSING, (view,), ({},), (), (row,))
    assert made(view(id="a")) == ({"id": "a"},)
    assert made(other(id="a")) == made({"id": "a"}) == ("plain",)
    for nodes in ((other,), (dict,)):
        with pytest.raises(ValueError, match="key"):
            native.Table(plain, MISSING, nodes, ({},), (), (row,))


@pytest.mark.parametrize(
    ("nodes", "results", "message"),
    [
        ((), ({},), "1 to 64 nodes"),
        ((dict,) * 65, ({},), "1 to 64 nodes"),
        ((7,), ({},), "a node is a type"),
        ((dict,), (), "1 to 64 results"),
        ((dict,), ({},) * 65, "1 to 64 results"),
        ((dict,), (7,), "the first result is a dict"),
    ],
)
def test_a_table_has_its_bounds(nodes: Any, results: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        native.Table(plain, MISSING, nodes, results, (), ())


@pytest.mark.parametrize("given_", [(), ({}, {}, {})])
def test_a_table_takes_an_event_and_what_takes_the_results(given_: Any) -> None:
    with pytest.raises(TypeError, match="an event, and what is called"):
        TABLE(*given_)


def test_rows_with_too_many_objects_are_left_to_python() -> None:
    many: Any = [("text", (), ((f"object{number}", "id"),)) for number in range(native.MOST_NODES)]
    assert copies(plain, {"payload": {}}, *many) is plain
    assert copies(plain, {"payload": {}}, *many[:-1]) is not plain
    assert copies(plain, {"payload": {}}, ("items", (), (("lines",),), many)) is plain
    assert copies(plain, {"payload": {}} | {f"result{number}": None for number in range(native.MOST_RESULTS)}) is plain


def test_without_the_part_in_c_the_function_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "native", None)
    assert copies(plain, {"payload": {}}, *ROWS[:1]) is plain
