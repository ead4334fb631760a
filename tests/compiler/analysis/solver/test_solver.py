"""What the solver answers for single triggers; the laws for random ones are in `test_solver_laws.py`."""

from __future__ import annotations

import pytest

from rulewright.compiler.analysis.solver.solver import Unknown, Unsatisfiable, Witness, satisfiable
from rulewright.dsl.syntax.builders.token_builder import MAX_STEPS
from tests.compiler.analysis.triggers import Event, Trigger, overlap

NO, UNKNOWN = "no event", "unknown"

ANSWERS: list[tuple[str, Event | str]] = [
    ('event = "A" and event = "B"', NO),
    ('event in ["A", "B"] and event != "A"', {"event": "B"}),
    ('event in ["A", 1, null, true] and event != "A" and event = 1', {"event": 1}),
    ("event in [] or false", NO),
    ("true", {}),
    ("null = event and event = null", {}),
    ("5 < properties.n and 6 >= properties.n", {"properties": {"n": 6}}),
    ("properties.n > 5 and properties.n < 6", {"properties": {"n": 5.5}}),
    ("properties.n > 9007199254740993 and properties.n != 9007199254740994", {"properties": {"n": 9007199254740995}}),
    ("properties.n < -3 and properties.n != -4", {"properties": {"n": -5}}),
    # --- text
    ('contains(event, "Order") and event != "Order"', {"event": "aOrder"}),
    ('!contains(event, "")', NO),
    ('match(event, "") and event = ""', {"event": ""}),
    ('match(event, "[^a-y]") and lowercase(event) = event', {"event": "z"}),
    ('match(event, "[]")', NO),
    ('match(event, "[]]")', NO),
    ('match(event, "[^]") or match(event, "[x-]") or match(event, "*[a-b-c]")', NO),
    ('match(event, "]")', {"event": "]"}),
    ('match(event, "[a") or match(event, "a\\\\")', NO),
    ('!match(event, "[x-]") and contains(event, "a")', {"event": "a"}),
    (r'match(event, "[\\]a]") and event != "a"', {"event": "]"}),
    (r'match(event, "[a\\-c]") and event != "a" and event != "c"', {"event": "-"}),
    ('match(event, "[z-a]")', NO),
    (r'match(event, "\\*") and event != "*"', NO),
    ('starts_with(event, "a") and ends_with(event, "b") and length(event) < 3', {"event": "ab"}),
    ("starts_with(event, 7)", {"event": "7"}),
    ("contains(event, 7)", {"event": "7"}),
    ('contains(event, name) and event = "a"', {"event": "a", "name": "a"}),
    # --- functions
    ('lowercase(event) = "order" and uppercase(event) = "ORDER" and event != "order"', {"event": "ordeR"}),
    ('lowercase(event) = "ß" and event != "ß"', {"event": "ẞ"}),
    ('uppercase(event) = "SS" and length(event) = 2 and event != "SS" and event != "ss" and event != "sS"', "some"),
    ('lowercase(event) = "σς" and event = "Σς"', {"event": "Σς"}),
    ("lowercase(event) = 5", {"event": 5}),
    ('length(event) = 3 and contains(event, "ア")', {"event": "ア"}),
    ("length(event) = 1.5", NO),
    ("length(event) < 0", NO),
    ("length(event) != 0 and event = null", NO),
    ("length(event) = null", {"event": 1}),
    ('typeof(event) = "list" and length(event) > 2', {"event": [1, 1, 1]}),
    ('typeof(event) = "bool" and event != true', {"event": False}),
    ('typeof(event) = "object" and event.name = null', {"event": {}}),
    ('exists(event) = false and event != "x"', {}),
    ("exists(event) and event = null", NO),
    ("blank(event) and length(event) > 0", {"event": [None]}),
    ("!(blank(event)) and event = 0", NO),
    ("blank(event) = true or blank(event) = false", {}),
    ('default(event, "x") = "x" and event != "x" and event != null', {"event": ""}),
    ('default(event, "y") = "x" and event = null', NO),
    ('number(event) > 5 and typeof(event) = "string"', {"event": "6"}),
    ("number(event) = null and event = true", {"event": True}),
    ("number(event) = 5 and event = 6", NO),
    ("bool(event) = true and event != true and event != 1", "some"),
    ("bool(event) = false and event = 0", {"event": 0}),
    ('bool(event) = false and typeof(event) = "list"', {"event": []}),
    ('bool(event) = true and typeof(event) = "list"', "some"),
    ("bool(event) = false and event != 0 and event != false", NO),
    ("bool(event) = true and event = 0", NO),
    ('bool(event) = null and typeof(event) = "object"', {"event": {"a": 1}}),
    ('string(event) = "true" and event != "true"', {"event": True}),
    ('string(event) = null and typeof(event) = "object"', {"event": {"a": 1}}),
    ('snakecase(event) = "a_b" and event = 5', NO),
    ('snakecase(event) = "a_b"', {"event": "a_b"}),
    ("snakecase(event) = 5", {"event": 5}),
    ('coalesce(userId, anonymousId) = "a" and userId = null', {"anonymousId": "a"}),
    ('coalesce(userId, anonymousId) = "a" and userId = "b"', NO),
    ('if(type = "track", event, name) = "a" and event = "b"', {"event": "b", "name": "a"}),
    ('(type = "track") = true and (type = "track" or event = "a") = false', NO),
    ('typeof([event]) = "list" and typeof({a: event}) = "object" and typeof({a: event}) = "list"', NO),
    ("keys(event) = 5", NO),
    ('merge(event, event) = "x"', NO),
    # --- lists
    ('"x" in properties.f and !("y" in properties.f) and length(properties.f) = 2', {"properties": {"f": ["x", "x"]}}),
    ("1 in properties.f and !(true in properties.f) and length(properties.f) = 1", {"properties": {"f": [1]}}),
    ("true in properties.f and length(properties.f) = 0", NO),
    (" and ".join(f"{number} in properties.f" for number in range(12)), UNKNOWN),
    ('length(properties.f) > 5000 and typeof(properties.f) = "list"', UNKNOWN),
    # --- paths on the way to paths
    ('context.device = "x" and context.device.id = "y"', NO),
    ('context.device = "x" and context.device.id = null', {"context": {"device": "x"}}),
    ("context.device = false and context.device.id = false", {"context": {"device": False}}),
    ("context.device = 5 and context.device.id = null", {"context": {"device": 5}}),
    ("context.device = true and context.device.id = null", {"context": {"device": True}}),
    ("context.device = 0 and context.device.id = null", NO),
    ('typeof(context) = "object" and context.ip = null', {"context": {}}),
    ('typeof(properties) = "object" and properties.a = null and properties.b != "x"', {"properties": {}}),
    # --- items, characters and lengths
    ("properties.products[0].price > 5", {"properties": {"products": [{"price": 6}]}}),
    ("properties.products[1] = 5 and properties.products[0] = null", {"properties": {"products": [None, 5]}}),
    ('properties.f[0] = "a" and properties.f = "abc"', {"properties": {"f": "abc"}}),
    ('properties.f[5] = "a" and properties.f = "abc"', UNKNOWN),
    ('properties.f.length = 3 and properties.f = "abc"', {"properties": {"f": "abc"}}),
    ('properties.f.length = 2 and typeof(properties.f) = "list"', UNKNOWN),
    ('properties.f[1].x = 1 and typeof(properties.f) = "list"', {"properties": {"f": [None, {"x": 1}]}}),
    # --- between paths
    ("properties.a = properties.b and properties.a = 5", {"properties": {"a": 5, "b": 5}}),
    ("properties.a < properties.b and properties.a > 5 and properties.b < 4", UNKNOWN),
    ("properties.a = properties.b and !(properties.a = properties.b)", NO),
    ('event in "Order Completed"', NO),
    ('!(event in "Order Completed")', "some"),
    ('event in 5 and type = "track"', NO),
    ('event in if(paid, "a", "b")', NO),
]


@pytest.mark.parametrize(("text", "expected"), ANSWERS, ids=[text for text, _ in ANSWERS])
def test_answers(text: str, expected: Event | str) -> None:
    trigger = Trigger(text)
    answer = satisfiable(trigger.formula, trigger)
    if isinstance(answer, Witness):
        assert trigger(answer.event)
        assert expected in ("some", answer.event)
    else:
        assert isinstance(answer, Unsatisfiable if expected == NO else Unknown), answer


def test_too_many_alternatives_are_not_decided() -> None:
    parts = [f"(a{number} = b{number} or c{number} = d{number})" for number in range(12)]
    trigger = Trigger(" and ".join(parts))
    assert isinstance(satisfiable(trigger.formula, lambda event: False), Unknown)


def test_patterns_too_many_to_combine_are_not_decided() -> None:
    texts = [f'contains(event, "{letter}{letter}x")' for letter in "abcdefghijklmnop"]
    assert isinstance(satisfiable(Trigger(" and ".join(texts)).formula), Unknown)


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_trigger_may_be_as_long_as_it_likes(word: str) -> None:
    long = Trigger(f" {word} ".join(f'!contains(event, "w{number}")' for number in range(2000)))
    assert isinstance(satisfiable(long.formula), Unknown)
    listed = Trigger(f" {word} ".join(f'event != "w{number}"' for number in range(2000)))
    assert isinstance(satisfiable(listed.formula), Witness)


def test_a_path_of_as_many_steps_as_a_path_may_have_is_decided() -> None:
    assert isinstance(satisfiable(Trigger(".".join(["properties"] * MAX_STEPS) + " = 1").formula), Witness)


def test_an_overlap_of_triggers_that_share_no_value_needs_no_search() -> None:
    first, second = Trigger('type = "a" and (x = 1 or y = 2)'), Trigger('type = "b" and (x = 1 or y = 2)')
    assert isinstance(overlap(first, second), Unsatisfiable)


def test_the_plainest_event_takes_usual_values() -> None:
    trigger = Trigger('contains(event, "Order") and event != "Order Completed" and context.ip != "x"')
    usual: dict[tuple[str, ...], tuple[str, ...]] = {
        ("event",): ("Order Completed", "Order Refunded"),
        ("context",): (),
    }
    assert satisfiable(trigger.formula, trigger, lambda path: usual.get(path, ())) == Witness(
        {"event": "Order Refunded"}
    )
