"""C copies what the Python function of the same rows copies, for any rows and any event, and no key becomes code."""

from __future__ import annotations

import ast
import json
import sys
import traceback
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.mapping.copy_function import write_copy_function
from rulewright.runtime.mapping.copy_reads import Row
from rulewright.runtime.mapping.copy_table import CopyTable, copies
from rulewright.runtime.mapping.view import View, an_object, anything, inside, object_view, or_missing, string
from rulewright.runtime.repairs import take_repairs
from rulewright.runtime.semantics.blank import is_blank
from tests.native_part import needs_native

from .copied import arguments, said
from .random_copies import FIELDS, events, tables, wide_tables


def view_of(table: CopyTable, data: st.DataObject) -> View:
    """A view that holds what a table reads, as sure of it as it happens to be."""
    tree: dict[str, Any] = {}
    for _, _, paths_, *_ in table.rows:
        for path in paths_:
            node = tree
            for key in path:
                node = node.setdefault(key, {})
            node[""] = {}
    return object_view(**{key: key_of(key, node, data) for key, node in tree.items() if key})


def key_of(name: str, node: dict[str, Any], data: st.DataObject) -> Any:
    inner = {key: key_of(key, below, data) for key, below in node.items() if key}
    if inner and "" not in node:
        return inside(name, object_view(**inner))
    key = anything(name) if inner else data.draw(st.sampled_from([anything(name), string(name), an_object(name)]))
    return or_missing(key) if data.draw(st.booleans()) else key


@needs_native
@settings(max_examples=150, deadline=None)
@given(tables | wide_tables, st.lists(events, min_size=1, max_size=4))
def test_any_rows_copy_the_same_in_c_and_in_python(table: CopyTable, given_: list[dict[str, Any]]) -> None:
    in_c, in_python = table.of_events(), table.function(None)
    for event in given_:
        before = repr(event)
        assert said(in_c, event) == said(in_python, event)
        assert said(in_c, event, arguments) == said(in_python, event, arguments)
        assert repr(event) == before


@settings(max_examples=150, deadline=None)
@given(tables | wide_tables, st.lists(events, min_size=1, max_size=4), st.data())
def test_any_rows_copy_the_same_from_a_view(
    table: CopyTable, given_: list[dict[str, Any]], data: st.DataObject
) -> None:
    view = view_of(table, data)
    from_event, from_view, in_python = table.function(None), table.of_views(view), table.function(view)
    for event in given_:
        try:
            seen = msgspec.json.decode(json.dumps(event), type=view)
        except (msgspec.MsgspecError, ValueError):
            continue
        assert said(from_view, seen) == said(in_python, seen)
        if tells_missing(table, view):
            assert said(from_view, seen) == said(from_event, json.loads(json.dumps(event)))


@needs_native
@pytest.mark.parametrize("count", [5, 6, 21, 41, 42, 43, 64])
@pytest.mark.parametrize("given_", ["all", "none", "first", "last", "all but the first"])
def test_a_payload_with_room_has_the_keys_that_were_set(count: int, given_: str) -> None:
    keys = [f"key{number}" for number in range(count)]
    rows_of_keys: list[Row] = [("anything", (("payload", key),), ((key,),)) for key in keys]
    taken = {"all": keys, "none": [], "first": keys[:1], "last": keys[-1:], "all but the first": keys[1:]}[given_]
    copy = copies(arguments, {"payload": {}}, *rows_of_keys)
    event = dict.fromkeys(reversed(taken), 7)
    for _ in range(2):
        (payload,) = copy(event)
        assert list(payload.items()) == [(key, 7) for key in taken]
        payload["later"] = 8
        assert list(payload) == [*taken, "later"]


@needs_native
def test_a_payload_that_begins_with_a_constant_is_copied_from_it() -> None:
    rows_of_keys: list[Row] = [("anything", (("payload", key),), ((key,),)) for key in "abcdefgh"]
    copy = copies(arguments, {"payload": {"fixed": 1}}, *rows_of_keys)
    assert repr(copy({"c": 3, "a": 2})) == "({'fixed': 1, 'a': 2, 'c': 3},)"


def tells_missing(table: CopyTable, view: View) -> bool:
    """Whether a view tells null from nothing wherever a row does, as the compiler's views do."""
    asked = [path[0] for kind, _, paths_, *_ in table.rows for path in paths_ if kind.endswith("or null")]
    defaults = dict(zip(view.__struct_fields__, view.__struct_defaults__, strict=True))
    return all(defaults[key] is not None for key in asked)


HOSTILE = "'\"); __import__('os').abort(); #\"\"\"\n\\'{}\u2028\x00\ud800"


def names_in(text: str) -> set[str]:
    """The names of a piece of code, and the kinds of its statements."""
    nodes = list(ast.walk(ast.parse(text)))
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {type(node).__name__ for node in nodes}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12) | st.just(HOSTILE))
def test_a_key_is_never_code(key: str) -> None:
    def text(key: str) -> str:
        line = ("anything", (("item", key),), ((key,), (key, key)))
        copied = (
            ("visible text", (("payload", "visible text"),), ((key, key, key), (key,))),
            ("items", (("payload", "lines"),), ((key,),), (line,)),
            ("anything", ((key,),), ((key, key),)),
        )
        return write_copy_function(CopyTable(FIELDS, {"payload": {key: key}, key: None}, copied, (key,)), None).text

    assert names_in(text(key)) == names_in(text("plain"))


@needs_native
@pytest.mark.parametrize("kind", ["visible text", "visible text or null"])
def test_each_character_in_which_nothing_is_seen_is_blank(kind: str) -> None:
    function = CopyTable(FIELDS, {"payload": {}}, ((kind, (("payload", kind),), (("a",),)),)).of_events()
    unseen = [character for character in map(chr, range(sys.maxunicode + 1)) if is_blank(character)]
    taken = [f"U+{ord(character):04X}" for character in unseen if function({"a": character}) != ({},)]
    take_repairs("")
    assert not taken
    assert len(unseen) > 300
    assert function({"a": unseen[-1] + "b"}) == ({kind: unseen[-1] + "b"},)


def test_a_result_that_is_not_a_constant_is_refused() -> None:
    with pytest.raises(TypeError, match="expected a key or a constant, found list"):
        write_copy_function(CopyTable(FIELDS, {"payload": {}, "time": []}, ()), None)


def test_numbers_that_are_not_finite_are_constants() -> None:
    table = CopyTable(FIELDS, {"payload": {}, "low": float("-inf"), "none": float("nan")}, ())
    assert repr(table.function(None)({})) == "({}, -inf, nan)"


def test_the_function_is_written_when_it_is_called_for_the_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []

    def write(*given_: Any) -> Any:
        written.append(given_)
        return write_copy_function(*given_)

    monkeypatch.setattr("rulewright.runtime.mapping.copy_table.write_copy_function", write)
    row = ("number", (("payload", "number"),), (("a",),))
    function = CopyTable(FIELDS, {"payload": {}}, (row,)).function(None)
    assert not written
    assert function({"a": 1}) == function({"a": "1"}) == function({"a": 1}, arguments) == ({"number": 1},)
    assert len(written) == 1


def test_a_traceback_shows_the_line_of_the_function() -> None:
    class Odd(dict[str, Any]):
        def get(self, _key: str, _default: Any = None) -> Any:
            raise LookupError

    row = ("number", (("payload", "number"),), (("a",),))
    function = CopyTable(FIELDS, {"payload": {}}, (row,)).function(None)
    with pytest.raises(LookupError) as caught:
        function(Odd())
    shown = traceback.extract_tb(caught.value.__traceback__)
    assert [frame.line for frame in shown if frame.name == "copied"] == ["value = event.get('a')"]


def test_objects_that_are_deeper_than_python_nests_blocks_are_read() -> None:
    path = ("a",) * 150
    event: Any = {"a": 7}
    for _ in path[1:]:
        event = {"a": event}
    function = CopyTable(FIELDS, {"payload": {}}, (("number", (("payload", "number"),), (path,)),)).function(None)
    assert function(event) == ({"number": 7},)
    assert function({"a": {}}) == ({},)
