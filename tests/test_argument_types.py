"""Whoever gives a public function an argument of another type is told what it takes, where it is given."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import rulewright

RULES = """destination amplitude
mapping "A" -> logEventV2 {
  when type = "track"
  use defaults
  on conflict fold
}"""
ANY: Any = rulewright


class Unreadable:
    """An object of no type that anything takes; its `repr` is the same in each process that collects the tests."""

    def __repr__(self) -> str:
        return "an object"


OTHERS: list[Any] = [None, 5, 1.5, True, [], ["x"], (), {"type": "track"}.keys(), Unreadable()]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "0123456789abcdef")


def refused(call: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    with pytest.raises(TypeError) as caught:
        call(*arguments, **named)
    return str(caught.value)


@pytest.mark.parametrize("value", [*OTHERS, {}, b"x", bytearray(b"x")], ids=repr)
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("load", "rules as a path (str or Path) or as text (str)"),
        ("compile_source", "rules as a path (str or Path) or as text (str)"),
        ("compile_trigger", "a trigger as text (str)"),
        ("compile_expression", "an expression as text (str)"),
    ],
)
def test_rules_triggers_and_expressions_are_text(name: str, wanted: str, value: Any) -> None:
    assert refused(getattr(rulewright, name), value) == f"expected {wanted}, found {type(value).__name__}"


TRIGGERS = [
    'event = "x"', "true", "$ = null", "1 < 2 and event = 1", "2 < 1 and event = 1", "properties.a.b != 1",
    'contains("a", "a") or event = "x"', "if(1 < 2, 5, event) = 5", 'lowercase(event) = "x"', "event = type",
    '"x" in properties.list', "$.event = 5",
]  # fmt: skip
EXPRESSIONS = ["event", '"a"', "5", "$", "omit", "{ a: event }", "[p for p in properties.list]", 'if(true, "a", event)']


@pytest.mark.parametrize("value", [*OTHERS, "", "{}", b"{}"], ids=repr)
def test_an_event_is_a_dict(value: Any) -> None:
    hint = "; `map_bytes` of a mapper takes JSON text" if isinstance(value, str | bytes) else ""
    wanted = f"an event is an object: expected a dict, found {type(value).__name__}{hint}"
    assert refused(rulewright.load(RULES), value) == wanted
    for text in TRIGGERS:
        assert refused(rulewright.compile_trigger(text), value) == wanted, text
    for text in EXPRESSIONS:
        assert refused(rulewright.compile_expression(text), value) == wanted, text


class Event(dict[str, Any]):
    """A dict all the same."""


@pytest.mark.parametrize("text", TRIGGERS)
def test_a_dict_is_an_event_whatever_is_in_it(text: str) -> None:
    holds = rulewright.compile_trigger(text)
    for event in ({}, {"event": None}, {"event": 5, "properties": []}, {"properties": {"a": "x", "list": ["x"]}}):
        assert isinstance(holds(event), bool)
        assert holds(Event(event)) is holds(event)


@pytest.mark.parametrize("value", [*OTHERS, {}], ids=repr)
def test_the_text_of_an_event_is_text(value: Any) -> None:
    hint = "; call the mapper itself with a dict" if value == {} and isinstance(value, dict) else ""
    wanted = f"expected an event as JSON text (bytes or str), found {type(value).__name__}{hint}"
    whole = f"{RULES}\nkeep type"
    for rules in (RULES, whole):
        assert refused(rulewright.load(rules).map_bytes, value) == wanted


@pytest.mark.parametrize("text", [b'{"type": "x"}', '{"type": "x"}', bytearray(b'{"type": "x"}')])
def test_any_text_of_an_event_is_taken(text: Any) -> None:
    assert rulewright.load(RULES).map_bytes(text).failures == []


def test_settings_are_a_mapping_and_checks_on_or_off() -> None:
    for settings in ([], "apiKey", 5, [("apiKey", "k")]):
        wanted = f"expected settings as a mapping of names to values, found {type(settings).__name__}"
        assert refused(ANY.load, RULES, settings=settings) == wanted
    assert refused(ANY.load, RULES, checks="no") == "expected checks as True or False, found str"
    assert refused(ANY.load, RULES, checks=None) == "expected checks as True or False, found NoneType"
    assert rulewright.load(RULES, settings=MappingProxyType({"apiKey": "k"}), checks=False).settings.key == "k"
    assert refused(rulewright.Mapper, None) == "expected the PROGRAM of a compiled module, found NoneType"
    assert refused(rulewright.Mapper, RULES) == "expected the PROGRAM of a compiled module, found str"


def test_an_unknown_setting_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(ValueError, match=re.escape("api_key: no such setting; did you mean `apiKey`?")):
        rulewright.load(RULES, settings={"api_key": "k"})


def test_a_text_without_rules_is_not_taken_as_a_path() -> None:
    for text in ("", " ", "\t"):
        with pytest.raises(rulewright.RuleError, match="RW0005"):
            rulewright.load(text)


def test_what_deliver_takes(tmp_path: Path) -> None:
    mapper, queue = rulewright.load(RULES), tmp_path / "queue.db"
    deliver = ANY.deliver
    assert refused(deliver, None, [], queue=queue).startswith("expected a mapper, found a NoneType")
    assert refused(deliver, mapper, 1.5, queue=queue).startswith("expected events, found float")
    assert refused(deliver, mapper, [], queue=5) == "expected the queue as a path (str or Path), found int"
    assert refused(deliver, mapper, [], queue=queue, base_url=5) == "expected base_url as text (str), found int"
    assert refused(deliver, mapper, [], queue=queue, options={}) == "expected options as Options, found dict"
    assert not queue.exists()


NOT_JSON: list[Any] = [Unreadable(), {1: "a"}, {"a": {1, 2}}, {"a": [{None: 1}]}, Path("a.json"), b"\xff"]


@pytest.mark.parametrize("value", NOT_JSON, ids=repr)
@pytest.mark.parametrize("name", ["import_mapping", "import_subscriptions"])
def test_what_is_imported_is_json(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|cannot be read"):
        getattr(rulewright, name)(value)
