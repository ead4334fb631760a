"""The part in C withstands keys and classes that act while they are looked at, and tables that are not well formed.

What once crashed the interpreter runs in an interpreter of its own, so that a crash is a failure of one test.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.mapping.copy_table import KINDS, copies
from rulewright.runtime.native import native
from rulewright.runtime.opt_outs import _holds_false
from rulewright.runtime.semantics.missing import MISSING
from tests.hostile_values import ARMED, Refusing, empty_armed
from tests.native_part import needs_native

pytestmark = needs_native

INSIDE, TEXT, ITEMS = (KINDS.index(kind) for kind in ("inside", "text", "items"))


def plain(_event: Any) -> tuple[Any, ...]:
    return ("plain",)


class Key(str):
    """A key that acts when it is compared."""

    __slots__ = ("act",)
    act: Any

    def __eq__(self, other: object) -> bool:
        return bool(self.act())

    __hash__ = str.__hash__


def key(text: str, act: Any) -> Key:
    made = Key(text)
    made.act = act
    return made


class Short(tuple[Any, ...]):
    """A tuple that says it is empty."""

    __slots__ = ()

    def __len__(self) -> int:
        return 0


ID = ("text", (("item", "id"),), (("id",), ("a", "id")))
LINES: Any = copies(plain, {"payload": {}}, ("items", (("payload", "lines"),), (("lines",),), (ID,)))

CRASHES = {
    "a list that its own key drops": """
event = {}
def drop():
    event.clear()
    return [object() for _ in range(1000)] is None
event["lines"] = [{key("id", drop): "a"}, *({"id": "b"} for _ in range(500))]
LINES(event)
""",
    "an object that its own key drops": """
event = {}
INNER = copies(plain, {"payload": {}}, *(("text", (("payload", name),), (("a", name),)) for name in ("b", "c")))
event["a"] = {key("b", lambda: event.clear()): "x", "c": "y"}
INNER(event)
""",
    "a tuple of sources that says it is empty": """
row = (TEXT, 0, Short((0, f"key{n}") for n in range(5000)), Short((0, f"key{n}") for n in range(5000)), None)
try:
    native.Table(plain, MISSING, (dict,), ({},), (), (row,))
except TypeError:
    pass
""",
    "a row that puts another object in place of the event": """
try:
    table = native.Table(plain, MISSING, (dict,), ({},), (), ((INSIDE, 0, ((0, "a"),), (), None),))
except ValueError:
    pass
else:
    event = {"a": {}}
    held = [event] * 100
    before = sys.getrefcount(event)
    for _ in range(50):
        table(event)
    assert sys.getrefcount(event) == before
""",
    "tables of items inside of each other": """
table, event = native.Table(None, MISSING, (dict,), ({},), (), ()), {}
try:
    for _ in range(20_000):
        plain_or_none = plain if _ == 19_999 else None
        table = native.Table(plain_or_none, MISSING, (dict,), ({},), (), ((ITEMS, 0, ((0, "a"),), ((0, "a"),), table),))
        event = {"a": [event]}
except ValueError:
    pass
else:
    table(event)
""",
}


@pytest.mark.parametrize("code", CRASHES.values(), ids=list(CRASHES))
def test_nothing_crashes_the_interpreter(code: str) -> None:
    setup = f"from {__name__} import *\nfrom {__name__} import native, copies\n"
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-c", setup + code], capture_output=True, text=True, check=False, timeout=100
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_a_lookup_that_raises_is_the_last() -> None:
    asked: list[str] = []

    def refuse() -> bool:
        asked.append("first")
        raise ValueError("not equal")

    def answer() -> bool:
        asked.append("second")
        return True

    table: Any = copies(plain, {"payload": {}}, ("text", (("payload", "id"),), (("first",), ("second",))))
    with pytest.raises(ValueError, match="not equal"):
        table({key("first", refuse): "a", key("second", answer): "b"})
    assert asked == ["first"]


class Number(int): ...


SOURCES, PLACES = ((0, "id"),), ((0, "id"),)
OF_ITEMS: Any = None if native is None else native.Table(None, MISSING, (dict,), ({},), (), ())


@pytest.mark.parametrize(
    "row",
    [
        Short((TEXT, 0, SOURCES, PLACES, None)),
        (TEXT, 0, Short(SOURCES), PLACES, None),
        (TEXT, 0, SOURCES, Short(PLACES), None),
        (TEXT, 0, (Short(SOURCES[0]),), PLACES, None),
        (TEXT, 0, SOURCES, (Short(PLACES[0]),), None),
        (TEXT, 0, ((Number(0), "id"),), PLACES, None),
        (Number(TEXT), 0, SOURCES, PLACES, None),
        (TEXT, True, SOURCES, PLACES, None),
        (TEXT, 0, ((0, Key("id")),), PLACES, None),
        (TEXT, 0, ((2**70, "id"),), PLACES, None),
        (TEXT, 1, SOURCES, PLACES, None),
        (TEXT, 0, SOURCES, PLACES, OF_ITEMS),
        (INSIDE, 0, SOURCES, (), None),
        (INSIDE, 1, SOURCES, PLACES, None),
        (ITEMS, 0, SOURCES, PLACES, None),
    ],
    ids=lambda row: re.sub(r" at 0x[0-9a-f]+", "", repr(row)),
)
def test_a_row_has_exact_types_and_nothing_idle(row: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        native.Table(plain, MISSING, (dict, dict), ({},), (), (row,))


@pytest.mark.parametrize(
    "given_",
    [
        (7, MISSING, (dict,), ({},), (), ()),
        (plain, MISSING, Short((dict,)), ({},), (), ()),
        (plain, MISSING, (dict,), Short(({},)), (), ()),
        (plain, MISSING, (dict,), ({},), Short(("id",)), ()),
        (plain, MISSING, (dict,), ({},), (), Short()),
        (plain, MISSING, (dict,), ({},), ([],), ()),
        (plain, MISSING, (dict,), ({},), (Key("id"),), ()),
        (plain, MISSING, (dict,), ({Key("id"): 1},), (), ()),
    ],
)
def test_a_table_has_exact_types(given_: Any) -> None:
    with pytest.raises(TypeError):
        native.Table(*given_)


@pytest.mark.parametrize("limits", [("x", 1), (1, "x"), (2**70, 1), (1, 2**70)])
def test_nothing_is_asked_after_a_limit_that_is_not_a_number(limits: tuple[Any, Any]) -> None:
    asked: list[Any] = []

    class Asked:
        def __bool__(self) -> bool:
            asked.append(self)
            return True

    with pytest.raises((TypeError, OverflowError)):
        native.is_plain("a", *limits, Asked())  # type: ignore[arg-type]
    assert asked == []


def test_false_is_found_without_asking_a_subclass() -> None:
    for value in (Refusing(a=False), Refusing(a=0)):
        assert native.holds_false(Refusing(at=value), "at") is _holds_false(Refusing(at=value), "at")


ACTS = st.sampled_from([lambda: bool(ARMED), lambda: False, lambda: bool(ARMED and 1 / 0), empty_armed])


def fresh(value: Any, made: list[Any]) -> Any:
    """A copy of an event that nothing else holds, with its objects and lists in `made`."""
    if isinstance(value, dict):
        copied: Any = type(value)()
        for name, inner in dict.items(value):
            dict.__setitem__(copied, name, fresh(inner, made))
    elif isinstance(value, list):
        copied = [fresh(inner, made) for inner in value]
    else:
        return value
    made.append(copied)
    return copied


def objects(inner: Any) -> Any:
    names = st.sampled_from(["id", "lines", "a"])
    keys = names | st.builds(key, names, ACTS)
    return st.builds(dict, st.lists(st.tuples(keys, inner), max_size=4)) | st.builds(
        Refusing, st.dictionaries(names, inner, max_size=2)
    )


VALUES = st.recursive(
    st.sampled_from(["", "a", 0, 1.5, True, False, None, MISSING]),
    lambda inner: st.lists(inner, max_size=3) | objects(inner),
    max_leaves=12,
)
EVENTS = objects(VALUES) | st.builds(lambda lines: {"lines": lines}, st.lists(objects(VALUES), max_size=3))
KINDS_OF_VALUES = ((kind, (("payload", kind),), (("id",), ("a", "id"), ("a", "lines"))) for kind in KINDS[1:-1])
OF_ITEMS_ALONE = ("items", (("payload", "lines"),), (("lines",), ("a", "lines")), (ID,))
TABLES: list[Any] = [
    copies(plain, {"payload": {}, "time": None}, *KINDS_OF_VALUES, OF_ITEMS_ALONE),
    copies(plain, {"payload": {}}, OF_ITEMS_ALONE),
]


@settings(max_examples=300)
@given(EVENTS, st.sampled_from(TABLES))
def test_a_hostile_event_is_copied_left_or_refused(event: Any, table: Any) -> None:
    """Under sanitizers (`make sanitize`), this looks at what is read and let go."""
    held: list[Any] = []
    event = fresh(event, held)
    ARMED.extend(held)
    del held
    try:
        made = table(event)
    except ZeroDivisionError:
        return
    finally:
        ARMED.clear()
    assert made == ("plain",) or [type(result) for result in made][:1] == [dict]
    native.is_plain(event, 5, 5, True)
    native.holds_false(event, "a")


@pytest.mark.parametrize("look", [getattr(native, "holds_false", _holds_false), _holds_false])
def test_a_key_that_cannot_be_compared_may_hold_false(look: Callable[[Any, str], bool]) -> None:
    assert look({key("a", lambda: bool(1 / 0)): {}}, "a") is True
    assert look({key("a", lambda: False): {"b": False}}, "a") is False


@pytest.mark.parametrize("arguments", [(), ({},), ([], "a"), (None, "a"), ({}, "a", "b")])
def test_false_is_looked_for_in_a_dict(arguments: Any) -> None:
    with pytest.raises(TypeError):
        native.holds_false(*arguments)
