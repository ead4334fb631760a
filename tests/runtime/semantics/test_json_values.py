"""Events given as Python objects: each value arrives as the JSON value it stands for, or is refused by its path."""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.encoding import json_bytes
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.json_values import MOST_LEVELS, NotJson, json_value
from rulewright.runtime.semantics.plain import is_plain
from tests.strategies import odd_values


class Color(StrEnum):
    RED = "red"


class Size(IntEnum):
    SMALL = 1


class Plain(Enum):
    A = "a"


class Hostile(str):
    """Text whose own methods fail; none of them may be called."""

    def fail(self, *_args: Any) -> Any:
        raise RuntimeError("called")

    __str__ = __repr__ = __len__ = __iter__ = __format__ = fail


class NoZone(tzinfo):
    def utcoffset(self, _moment: Any) -> Any:
        raise RuntimeError("called")

    tzname = dst = utcoffset


class Silent:
    def __repr__(self) -> str:
        raise RuntimeError("called")

    __str__ = __repr__


class Unequal:
    """An object that nothing may be asked of."""

    def fail(self, *_args: Any) -> Any:
        raise RuntimeError("called")

    __eq__ = __hash__ = __bool__ = __len__ = __getattr__ = fail


@dataclass
class Line:
    price: float


Point = namedtuple("Point", "x y")

CONVERTED: list[tuple[Any, Any]] = [
    (datetime(2024, 5, 1, 12, 30, tzinfo=UTC), "2024-05-01T12:30:00+00:00"),
    (datetime(2024, 5, 1, 12, 30, 1, 250000, tzinfo=timezone(timedelta(hours=2))), "2024-05-01T12:30:01.250000+02:00"),
    (datetime(2024, 5, 1), "2024-05-01T00:00:00"),
    (date(2024, 5, 1), "2024-05-01"),
    (Decimal("1.5"), 1.5),
    (Decimal("1.50"), 1.5),
    (Decimal("5.00"), 5),
    (Decimal("-0"), 0),
    (Decimal("1E+3"), 1000),
    (Decimal("157963456373623809"), 157963456373623809),
    (Decimal("0.1"), 0.1),
    (Decimal(1) / Decimal(3), 1 / 3),
    (Decimal("1E-400"), 0.0),
    (2**70, 2**70),
    (-(2**63) - 1, -(2**63) - 1),
    (10**308, 10**308),
    ((1, "a"), [1, "a"]),
    (Point(1, 2), [1, 2]),
    (Color.RED, "red"),
    (Size.SMALL, 1),
    (Hostile("x"), "x"),
    (OrderedDict(a=1), {"a": 1}),
    (defaultdict(int, a=1), {"a": 1}),
    ({Color.RED: 1, Hostile("k"): 2}, {"red": 1, "k": 2}),
    ({"a": [{"b": (Decimal("1.5"),)}]}, {"a": [{"b": [1.5]}]}),
    (type("Float", (float,), {})(1.5), 1.5),
    (type("List", (list,), {})([1]), [1]),
]


@pytest.mark.parametrize(("value", "expected"), CONVERTED, ids=range(len(CONVERTED)))
def test_a_python_value_becomes_its_json_value(value: Any, expected: Any) -> None:
    converted = json_value(value)
    assert converted == expected
    assert type(converted) is type(expected)
    assert is_plain(converted, 100, 10, True)


REFUSED: list[tuple[Any, str]] = [
    ({1, 2}, "a Python set"),
    (frozenset(), "a Python frozenset"),
    (b"bytes", "a Python bytes"),
    (bytearray(b"b"), "a Python bytearray"),
    (UUID(int=5), "a Python UUID"),
    (Plain.A, "a Python Plain"),
    (Line(1.5), "a Python Line"),
    (time(12, 30), "a Python time"),
    (timedelta(1), "a Python timedelta"),
    (Fraction(1, 3), "a Python Fraction"),
    (1j, "a Python complex"),
    (MappingProxyType({"a": 1}), "a Python mappingproxy"),
    (range(3), "a Python range"),
    (iter([1]), "a Python list_iterator"),
    (object(), "a Python object"),
    (int, "a Python type"),
    (Silent(), "a Python Silent"),
    (Unequal(), "a Python Unequal"),
    (datetime(2024, 5, 1, tzinfo=NoZone()), "a Python datetime"),
]


@pytest.mark.parametrize(("value", "what"), REFUSED, ids=[what for _, what in REFUSED])
def test_a_value_that_json_cannot_hold_is_marked(value: Any, what: str) -> None:
    for found in (json_value(value), json_value([value])[0], json_value({"a": value})["a"]):
        assert type(found) is NotJson
        assert found.what == what
    with pytest.raises(ValueFailure, match=what):
        json_bytes(json_value({"a": [value]}))


@pytest.mark.parametrize("key", [1, 1.5, None, True, (1, 2), b"k", 10**5000], ids=range(7))
def test_a_key_that_is_not_text_is_marked(key: Any) -> None:
    converted = json_value({"a": 1, key: 2})
    (name,) = converted.keys() - {"a"}
    assert converted[name].what == f"a value at a key that is a Python {type(key).__name__}, not text"


def test_what_never_ends_is_marked_where_it_would_go_on() -> None:
    cycle: dict[str, Any] = {"a": 1}
    cycle["in"] = [cycle]
    assert str(json_value(cycle)) == "{'a': 1, 'in': [<an object or a list that holds itself>]}"
    twice = [1]
    assert json_value([twice, twice]) == [[1], [1]]
    bomb: Any = [1]
    for _ in range(60):
        bomb = [bomb, bomb]
    assert "<an object or a list of more than 10,000,000 values>" in str(json_value(bomb))


def test_nesting_ends_at_a_fixed_depth() -> None:
    for levels in (MOST_LEVELS, 100_000):
        value: Any = {"leaf": 1}
        for _ in range(levels):
            value = [value]
        converted = json_value(value)
        for _ in range(MOST_LEVELS):
            (converted,) = converted
        assert type(converted) is NotJson
        assert converted.what == "a value nested more than 1,000 levels deep"
    value = 1
    for _ in range(MOST_LEVELS):
        value = {"in": value}
    converted = json_value(value)
    for _ in range(MOST_LEVELS):
        converted = converted["in"]
    assert converted == 1


@settings(max_examples=300, deadline=None)
@given(odd_values)
def test_a_converted_value_is_plain_but_for_what_is_marked(value: Any) -> None:
    before = repr(value)
    converted = json_value(value)
    assert repr(value) == before
    assert json_value(converted) == converted or "nan" in repr(converted).lower()
    pending = [converted]
    for part in pending:
        assert type(part) in (str, int, float, bool, type(None), list, dict, NotJson)
        pending += part.values() if type(part) is dict else part if type(part) is list else []


# --- events ----------------------------------------------------------------------------------------------------------

RULES = """
destination amplitude

mapping "Events" -> logEventV2 {
  when type = "track"
  user_id = userId
  event_type = event
  time = timestamp
  location_lat = properties.latitude
  event_properties = properties
  user_properties = { tier: context.tier, "label": "{{context.tier}}!" }
}

mapping "People" -> identifyUser {
  when type = "track" and properties.plan = "pro"
  user_id = userId
  city = context.city
  user_properties = properties
}
"""
MAPPER = rulewright.load(RULES)
EVENT = {"type": "track", "event": "Seen", "userId": "user-1"}


@pytest.mark.parametrize(("value", "expected"), CONVERTED, ids=range(len(CONVERTED)))
@pytest.mark.parametrize("checks", [True, False])
def test_an_event_of_python_values_comes_to_what_its_json_text_comes_to(
    value: Any, expected: Any, checks: bool
) -> None:
    mapper = MAPPER if checks else rulewright.load(RULES, checks=False)
    event = {**EVENT, "properties": {"plan": "pro", "value": value, "list": [{"value": value}]}}
    outcome = mapper(event)
    assert outcome.failures == []
    of_text = mapper.map_bytes(json.dumps(json_value(event)))
    assert [request.body for request in outcome.requests] == [request.body for request in of_text.requests]
    assert outcome.warnings == of_text.warnings == []
    request = outcome.requests[0]
    properties = json.loads(request.body)["events"][0]["event_properties"]
    assert properties["value"] == properties["list"][0]["value"] == expected
    if checks:
        assert request.json == json.loads(request.body)


FIELDS: list[tuple[str, Any, str, Any]] = [
    ("userId", Hostile("user-1"), "user_id", "user-1"),
    ("userId", 157963456373623809, "user_id", "157963456373623809"),
    ("userId", Decimal("157963456373623809"), "user_id", "157963456373623809"),
    ("event", Color.RED, "event_type", "red"),
    ("timestamp", datetime(2024, 5, 1, 12, tzinfo=UTC), "time", 1714564800000),
    ("timestamp", datetime(2024, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))), "time", 1714564800000),
    ("timestamp", date(2024, 5, 1), "time", 1714521600000),
    ("timestamp", Decimal("1714564800000"), "time", 1714564800000),
    ("properties", OrderedDict(latitude=Decimal("1.5")), "location_lat", 1.5),
    ("properties", {"latitude": (2,)}, "location_lat", 2),
    ("context", defaultdict(str, tier=Size.SMALL), "user_properties", {"tier": 1, "label": "1!"}),
    ("context", {"tier": Decimal("2.50")}, "user_properties", {"tier": 2.5, "label": "2.5!"}),
]


@pytest.mark.parametrize(("key", "value", "field", "expected"), FIELDS, ids=range(len(FIELDS)))
def test_every_field_takes_the_converted_value(key: str, value: Any, field: str, expected: Any) -> None:
    (request,) = MAPPER({**EVENT, key: value}).requests
    assert request.json is not None
    assert request.json["events"][0][field] == expected


def test_an_event_of_a_subclass_of_dict_is_an_event() -> None:
    assert MAPPER(OrderedDict(EVENT)).requests == MAPPER(EVENT).requests
    for other in (MappingProxyType(EVENT), [EVENT], None, "{}"):
        with pytest.raises(TypeError, match="an event is an object"):
            MAPPER(other)  # type: ignore[arg-type]


def test_a_trigger_reads_the_converted_value() -> None:
    matches = rulewright.load(RULES.replace('"pro"', '"2024-05-01"'))
    assert matches({**EVENT, "properties": {"plan": date(2024, 5, 1)}}).matched == ["Events", "People"]


@pytest.mark.parametrize(("value", "what"), REFUSED, ids=[what for _, what in REFUSED])
def test_what_json_cannot_hold_is_refused_by_its_path(value: Any, what: str) -> None:
    outcome = MAPPER({**EVENT, "properties": {"plan": "pro", "list": [{"a": value}]}})
    assert outcome.requests == []
    assert [(failure.mapping, failure.field, failure.code) for failure in outcome.failures] == [
        ("Events", "event_properties.list[0].a", "not_json"),
        ("People", "user_properties.list[0].a", "not_json"),
    ]
    assert outcome.failures[0].message == f"is {what}, which is not a JSON value"
    (failure,) = MAPPER({**EVENT, "userId": value}).failures
    assert (failure.field, failure.message) == ("user_id", f"must be a string but it is {what}")


def test_what_no_rule_reads_is_not_refused() -> None:
    outcome = MAPPER({**EVENT, "messageId": {1}, "context": {"app": Silent(), "tier": "gold"}})
    assert outcome.failures == []
    assert len(outcome.requests) == 1


def test_a_value_that_a_function_reads_is_refused_at_the_rule() -> None:
    (failure,) = MAPPER({**EVENT, "context": {"tier": {1}}}).failures
    assert "a Python set" in failure.message
    assert failure.span is not None
    assert "user_properties" in failure.span.text


ODD_EVENTS: dict[str, Any] = {"a": {}, "b": {}}
ODD_EVENTS["a"]["in"] = ODD_EVENTS


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize(
    "value",
    [ODD_EVENTS, 10**5000, "\ud83d", {"\ud83d": 1}, Silent(), float("nan"), NotJson("x"), {1: 2}, lambda: 1, Unequal()],
    ids=range(10),
)
def test_nothing_that_an_event_holds_can_raise(value: Any, checks: bool) -> None:
    mapper = rulewright.load(RULES, checks=checks)
    for key in ("type", "event", "userId", "timestamp", "properties", "context", "integrations"):
        mapper({**EVENT, key: value})
        mapper({**EVENT, key: {"All": value, "consent": {"categoryPreferences": value}}})
        mapper({**EVENT, "properties": {"plan": "pro", "latitude": value, "in": {"a": [value]}}})
        mapper({**EVENT, "context": {"tier": value, "city": value}})
        odd_key: Any = value if isinstance(value, str | int) else "odd"
        mapper({**EVENT, odd_key: 1})


def endless(kind: str) -> Any:
    """Values that go on and on, or nearly so."""
    value: Any = {"leaf": 1}
    if kind == "cycle":
        value["in"] = [value]
    for _ in range({"doubled": 60, "deep": 100_000}.get(kind, 0)):
        value = {"a": value, "b": value} if kind == "doubled" else {"in": value}
    return value


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("cycle", "event_properties.x.in[0]"),
        ("doubled", "event_properties.x"),
        ("deep", "event_properties.x" + ".in" * 39),
    ],
)
def test_a_value_without_an_end_is_refused_by_its_path(kind: str, path: str) -> None:
    (failure,) = MAPPER({**EVENT, "properties": {"x": endless(kind)}}).failures
    assert failure.code == "not_json"
    assert failure.field is not None
    assert failure.field.startswith(path)
    assert len(failure.message) < 200


@pytest.mark.parametrize("levels", [40, 41, 199, 201, 300, 600, 900])
@pytest.mark.parametrize("lists", [True, False])
def test_deep_values_are_sent_alike_as_objects_and_as_text(levels: int, lists: bool) -> None:
    value: Any = 1
    for _ in range(levels):
        value = [value] if lists else {"in": value}
    event = {**EVENT, "properties": {"x": value, "plan": "pro"}}
    start, end = ("[", "]") if lists else ('{"in":', "}")
    text = json.dumps({**EVENT, "properties": {"x": "here", "plan": "pro"}})
    of_object, of_text = MAPPER(event), MAPPER.map_bytes(text.replace('"here"', start * levels + "1" + end * levels))
    assert of_object.failures == of_text.failures == []
    assert [request.body for request in of_object.requests] == [request.body for request in of_text.requests]
    assert of_object.warnings == of_text.warnings
    assert bool(of_object.warnings) == (lists or levels > 39)


def test_half_of_a_character_is_repaired_and_said_in_both_forms() -> None:
    event = {**EVENT, "event": "cut \ud83d", "properties": {"whole": "😀", "\udc00": "x"}}
    of_object, of_text = MAPPER(event), MAPPER.map_bytes(json.dumps(event))
    assert of_object.warnings == of_text.warnings
    assert [(repair.field, repair.code) for repair in of_object.warnings] == [
        ("event_type", "half_character"),
        ("event_properties.\ufffd", "half_character"),
    ]
    for outcome in (of_object, of_text):
        sent = json.loads(outcome.requests[0].body)["events"][0]
        assert sent["event_type"] == "cut \ufffd"
        assert sent["event_properties"] == {"whole": "😀", "\ufffd": "x"}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["type", "event", "userId", "timestamp", "properties", "context"]), odd_values))
@pytest.mark.parametrize("checks", [True, False])
def test_any_python_object_comes_to_requests_or_failures(checks: bool, odd: dict[str, Any]) -> None:
    mapper = MAPPER if checks else rulewright.load(RULES, checks=False)
    outcome = mapper({**EVENT, **odd})
    for request in outcome.requests if checks else []:
        json.loads(request.body)
        if request.json is not None:
            assert request.json == json.loads(request.body)


HUGE = {
    "1e400": float("inf"),
    "-1e400": float("-inf"),
    "9" * 4300: 10**4300 - 1,
    "1" + "0" * 4300: 10**4300,
    "-1" + "0" * 4300: -(10**4300),
    "1" + "0" * 5000: 10**5000,
    "1" + "0" * 308: 10**308,
    "1" + "0" * 309: 10**309,
}


@pytest.mark.parametrize("digits", HUGE, ids=range(len(HUGE)))
def test_a_number_beyond_all_doubles_is_repaired_alike_as_object_and_as_text(digits: str) -> None:
    of_object = MAPPER({**EVENT, "properties": {"n": HUGE[digits]}})
    of_text = MAPPER.map_bytes(json.dumps({**EVENT, "properties": {"n": "here"}}).replace('"here"', digits))
    assert of_object.failures == of_text.failures == []
    assert of_object.warnings == of_text.warnings
    assert [request.body for request in of_object.requests] == [request.body for request in of_text.requests]
    assert [repair.code for repair in of_text.warnings] == ([] if digits == "1" + "0" * 308 else ["not_finite"])


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400, oops", "1e999x", "01e400"])
def test_text_that_is_not_json_stays_so_beside_a_huge_number(text: str) -> None:
    line = f'{{"type": "track", "event": "Seen", "userId": "user-1", "properties": {{"a": 1e400, "n": {text}}}}}'
    with pytest.raises(ValueError, match="JSON"):
        MAPPER.map_bytes(line)
