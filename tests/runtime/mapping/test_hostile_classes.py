"""An event of classes with methods of their own is taken by the values it holds, and nothing escapes the mapper."""

from __future__ import annotations

from typing import Any

import pytest

import rulewright
from tests.hostile_values import Refusing

RULES = """destination amplitude
mapping "Seen" -> logEventV2 {
  when type = "track"
  event_type = event
  user_id    = userId
  city       = lowercase(properties.city)
}
"""
EVENT = {"type": "track", "event": "Seen", "userId": "user-1", "properties": {"city": "X"}}


class Key(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise ValueError("not to be compared")

    __hash__ = str.__hash__


class Posing:
    """A key that is not text, and raises when it is asked for its class."""

    @property
    def __class__(self) -> Any:
        raise ValueError("not to be asked")

    @__class__.setter
    def __class__(self, _other: Any) -> None: ...


@pytest.mark.parametrize("consent", [{}, {"consentCategories": ["ads"]}], ids=["no consent", "consent"])
@pytest.mark.parametrize("integrations", [None, {"All": True}, {"All": False}, {"All": False, "Amplitude": True}])
@pytest.mark.parametrize("outer", [dict, Refusing])
@pytest.mark.parametrize("inner", [dict, Refusing])
def test_an_object_of_a_class_is_taken_by_what_it_holds(
    outer: Any, inner: Any, integrations: Any, consent: Any
) -> None:
    mapper = rulewright.load(RULES, settings={"apiKey": "KEY", **consent})
    more = {} if integrations is None else {"integrations": integrations}
    expected = mapper({**EVENT, **more})
    done = mapper(outer({**EVENT, **{key: inner(value) for key, value in more.items()}}))
    assert [request.body for request in done.requests] == [request.body for request in expected.requests]
    assert (done.opted_out, done.failures) == (expected.opted_out, expected.failures)


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize("name", ["integrations", "type", None])
def test_a_key_of_a_class_does_not_escape(name: str | None, checks: bool) -> None:
    mapper = rulewright.load(RULES, settings={"apiKey": "KEY"}, checks=checks)
    odd: Any = Posing() if name is None else Key(name)
    event = {odd: EVENT.get(name or "", "x"), **{key: value for key, value in EVENT.items() if key != name}}
    outcome = mapper(event)
    assert (outcome.matched, outcome.failures) == (["Seen"], [])


@pytest.mark.parametrize("checks", [True, False])
def test_an_event_whose_class_cannot_be_asked_for_is_not_an_event(checks: bool) -> None:
    mapper = rulewright.load(RULES, settings={"apiKey": "KEY"}, checks=checks)
    with pytest.raises(TypeError, match="expected a dict, found Posing"):
        mapper(Posing())  # type: ignore[arg-type]
