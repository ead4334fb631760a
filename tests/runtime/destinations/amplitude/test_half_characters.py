"""Half of a character is replaced, and keys that become the same lose no value."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.destinations.amplitude.action_requests import EVENT, properties, repaired


@pytest.mark.parametrize(
    ("text", "sent", "is_said"),
    [
        ("\ud83d" + "\udc00", "\U0001f400", False),
        ("\ufffd\ud83d" + "\udc00", "\ufffd\U0001f400", False),
        ("\udc00\ud83d", "\ufffd" * 2, True),
    ],
)
def test_two_halves_that_a_rule_joins_are_one_character(text: str, sent: str, is_said: bool) -> None:
    (request,), repairs = repaired("logEventV2", {**EVENT, **properties({"text": text, text: 1})})
    assert request.json is not None
    assert request.json["events"][0]["event_properties"] == {"text": sent, sent: 1}
    assert bool(repairs) is is_said


@pytest.mark.parametrize(
    ("keys", "sent", "said"),
    [
        (["a\ud800", "a\udc00"], ["a\ufffd", "a\ufffd\ufffd"], 2),
        (["a\ud800", "a\ufffd"], ["a\ufffd\ufffd", "a\ufffd"], 1),
        (["\ufffd", "\ufffd\ufffd", "\ud800"], ["\ufffd", "\ufffd\ufffd", "\ufffd\ufffd\ufffd"], 1),
        (["\ud83d" + "\udc00", "\U0001f400"], ["\U0001f400\ufffd", "\U0001f400"], 1),
    ],
)
@pytest.mark.parametrize("depth", [0, 1])
def test_keys_that_become_the_same_lose_no_value(keys: list[str], sent: list[str], said: int, depth: int) -> None:
    def numbered(names: list[str]) -> dict[str, Any]:
        members: dict[str, Any] = {name: number for number, name in enumerate(names)}
        return {"in": members} if depth else members

    (request,), repairs = repaired("logEventV2", {**EVENT, **properties(numbered(keys))})
    assert request.json is not None
    assert request.json["events"][0]["event_properties"] == numbered(sent)
    assert [code for _, code, _ in repairs] == ["half_character"] * said
