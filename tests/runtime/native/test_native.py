"""The part in C: it says what Python says, keeps no value longer than it should, and refuses a table that is none."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude import limits
from rulewright.runtime.mapping import copy_table as tables
from rulewright.runtime.mapping.copy_table import KINDS, copies
from rulewright.runtime.mapping.view import object_view, string
from rulewright.runtime.native import native
from rulewright.runtime.opt_outs import _holds_false
from rulewright.runtime.semantics.dates import _iso_milliseconds
from rulewright.runtime.semantics.missing import MISSING
from rulewright.runtime.semantics.object_keys import _add_missing, _has_only, _surely_has_ids
from tests.cli.processes import environment
from tests.paths import ROOT

pytestmark = pytest.mark.skipif(native is None, reason="the part in C was not built: there is no compiler here")

TIMES = """
2024-02-29T00:00:00.000Z 2023-02-29T00:00:00.000Z 1900-02-29T00:00:00.000Z 2000-02-29T23:59:59.999Z
0001-01-01T00:00:00.000Z 0000-01-01T00:00:00.000Z 9999-12-31T23:59:59.999Z 1969-12-31T23:59:59.999Z
2024-13-01T00:00:00.000Z 2024-00-01T00:00:00.000Z 2024-01-00T00:00:00.000Z 2024-04-31T00:00:00.000Z
2024-01-01T24:00:00.000Z 2024-01-01T00:60:00.000Z 2024-01-01T00:00:60.000Z 2024-01-01T00:00:00.0000
2024-01-01T00:00:00,000Z 2024/01/01T00:00:00.000Z 2024-01-01t00:00:00.000Z 2024-01-01T00:00:00.000z
2024-01-01T00:00:00.00Z 2024-01-01T00:00:00.0000Z +024-01-01T00:00:00.000Z 2024-01-01T00:00:0_.000Z
٢٠٢٤-01-01T00:00:00.000Z 2024-01-01T00:00:00.00\u0660Z x
""".split()


@pytest.mark.parametrize("text", [*TIMES, "", None, 1700000000000, b"2024-01-01T00:00:00.000Z"])
def test_a_time_is_read_as_python_reads_it(text: Any) -> None:
    assert native.iso_milliseconds(text) == _iso_milliseconds(text)


@given(st.datetimes(), st.integers(0, 23), st.sampled_from("0123456789-:.TZ+ ٣"))
def test_any_time_is_read_as_python_reads_it(moment: Any, place: int, other: str) -> None:
    text = f"{moment.isoformat(timespec='milliseconds')}Z"
    assert native.iso_milliseconds(text) == _iso_milliseconds(text)
    changed = text[:place] + other + text[place + 1 :]
    assert native.iso_milliseconds(changed) == _iso_milliseconds(changed)


@pytest.mark.parametrize(
    "value",
    [{}, {"a": False}, {"a": 0, "b": None, "c": ""}, {"a": {"b": False}}, {1: True, 2: False}, [False], False, None],
)
def test_false_is_found_in_an_object_as_python_finds_it(value: Any) -> None:
    assert native.holds_false({"at": value}, "at") is _holds_false({"at": value}, "at")


NAMES = ("a", "b")


@pytest.mark.parametrize(
    ("value", "has_only"),
    [
        ({}, True),
        ({"b": 1}, True),
        ({"b": 1, "a": None}, True),
        ({"a": 1, "c": 1}, False),
        ({1: 1}, False),
        ({type("Text", (str,), {})("a"): 1}, False),
        (type("Dict", (dict,), {})(), False),
        (["a"], False),
        (None, False),
    ],
)
def test_keys_are_compared_with_names_as_python_compares_them(value: Any, has_only: bool) -> None:
    assert native.has_only(value, NAMES) is _has_only(value, NAMES) is has_only


class Text(str):
    pass


@pytest.mark.parametrize(
    ("value", "has_ids"),
    [
        ({"a": "12345"}, True),
        ({"b": "12345", "a": None}, True),
        ({"a": "12345", "b": "123456", "c": "1"}, True),
        ({"a": "éüößä"}, False),
        ({"a": "1234"}, False),
        ({"a": "12345", "b": "1234"}, False),
        ({"a": "01234"}, True),
        ({"a": "00123"}, False),
        ({"a": "00000"}, False),
        ({"a": " 12345"}, False),
        ({"a": "12345 "}, False),
        ({"a": "\u200b12345"}, False),
        ({"a": "12345\u200b"}, False),
        ({"a": "1 2\u200b345~"}, True),
        ({"a": "!12345"}, True),
        ({"a": "12345\x7f"}, False),
        ({"a": ""}, False),
        ({"a": "12345", "b": ""}, False),
        ({"a": 12345}, False),
        ({"a": Text("12345")}, False),
        ({"a": None, "b": None}, False),
        ({"c": "12345"}, False),
        ({}, False),
    ],
)
def test_usual_ids_are_told_from_those_that_have_to_be_checked(value: Any, has_ids: bool) -> None:
    assert native.surely_has_ids(value, ("a", "b"), 5) is has_ids
    assert not _surely_has_ids(value, ("a", "b"), 5)


@pytest.mark.parametrize(("value", "has_ids"), [("0", False), ("1", True), ("é", False), ("", False)])
def test_an_id_of_one_character_is_usual_if_it_is_a_sign_of_ascii_but_zero(value: str, has_ids: bool) -> None:
    assert native.surely_has_ids({"a": value}, ("a", "b"), 1) is has_ids


IDS = [
    "none",
    "unknown",
    "anonymous",
    "   anonymous   ",
    "\u200bundefined\u200b",
    "0" * 36,
    "00000000-0000-0000-0000-000000000000",
    None,
]


@given(st.dictionaries(st.sampled_from(["user_id", "device_id"]), st.text(max_size=14) | st.sampled_from(IDS)))
def test_usual_ids_are_accepted(ids: dict[str, Any]) -> None:
    if native.surely_has_ids(ids, ("user_id", "device_id"), limits.SURELY_LONG_ID):
        limits.check_ids(ids.get("user_id"), ids.get("device_id"), None)


@pytest.mark.parametrize("arguments", [(), ({}, NAMES), ([], NAMES, 5), ({}, [], 5), ({}, NAMES, "5"), ({}, ([],), 5)])
def test_ids_are_looked_for_in_a_dict(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.surely_has_ids(*arguments)


@pytest.mark.parametrize("add", [getattr(native, "add_missing", _add_missing), _add_missing])
@pytest.mark.parametrize(
    ("target", "source", "result"),
    [
        ({}, {}, {}),
        ({"a": 1}, {}, {"a": 1}),
        ({}, {"b": 1, "a": 2}, {"b": 1, "a": 2}),
        ({"c": 0, "a": None}, {"b": 1, "a": 2, "d": 3}, {"c": 0, "a": None, "b": 1, "d": 3}),
    ],
)
def test_only_missing_keys_are_added(add: Any, target: Any, source: Any, result: Any) -> None:
    target, given = dict(target), dict(source)
    add(target, given)
    assert list(target.items()) == list(result.items())
    assert given == source


@pytest.mark.parametrize("arguments", [(), ({},), ({}, []), ({}, {"a"}), ({}, NAMES, 1)])
def test_keys_are_compared_with_a_tuple(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.has_only(*arguments)


@pytest.mark.parametrize("arguments", [(), ({},), ({}, [("a", 1)]), ([], {}), ({}, {}, {})])
def test_keys_are_added_to_a_dict_from_a_dict(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.add_missing(*arguments)


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
        is_usual = any(value is one or (value == one and type(value) is type(one)) for one in USUAL[kind])
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
        return sum(type(found) is Mark for found in gc.get_objects())

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


def test_a_run_without_the_part_in_c_sends_the_same() -> None:
    rules, events = "rules/amplitude/presets.rules", "examples/events.jsonl"
    command = [sys.executable, "-m", "rulewright", "run", rules, events]
    with_c, without = (
        subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, check=False)
        for more in ({}, {"RULEWRIGHT_NATIVE": "off"})
    )
    assert with_c.stdout.count(b"\n") > 100
    assert (with_c.returncode, with_c.stdout, with_c.stderr) == (without.returncode, without.stdout, without.stderr)
