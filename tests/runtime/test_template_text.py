"""An object has no text: what a template writes for it is noted, wherever templates write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright import load

OBJECT = '{"id":7} has no text, and is written as `[object Object]`'
IN_LIST = '[1,{"id":7}] has no text, and is written as `[object Object]`'


def warnings_of(value: str, sent: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    """The warnings of an event whose name is `value`, the same for its object and for its text."""
    mapper = load(
        f"""destination amplitude
mapping "A" -> logEventV2 {{
  when type = "track"
  event_type = {value}
  user_id = userId
}}
"""
    )
    event = {"type": "track", "userId": "user-1", "properties": sent}
    outcome, of_text = mapper(event), mapper.map_bytes(json.dumps(event))
    assert outcome.failures == []
    assert outcome.warnings == of_text.warnings
    assert [warning.mapping for warning in outcome.warnings] == ["A"] * len(outcome.warnings)
    return [(warning.field, warning.code, warning.message) for warning in outcome.warnings]


@pytest.mark.parametrize("value", ['"Viewed {{properties.a}}"', "concat(properties.a)", 'join([properties.a], "-")'])
def test_an_object_in_a_text_is_noted(value: str) -> None:
    assert warnings_of(value, {"a": {"id": 7}}) == [(None, "object_as_text", OBJECT)]


def test_an_object_in_a_list_is_noted() -> None:
    assert warnings_of('"Viewed {{properties.a}}"', {"a": [1, {"id": 7}]}) == [(None, "object_as_text", IN_LIST)]


@pytest.mark.parametrize("sent", ["Home", "[object Object]", 5, True, [1, "a"], ["[object Object"], []])
def test_what_has_a_text_is_not(sent: Any) -> None:
    assert warnings_of('"Viewed {{properties.a}}"', {"a": sent}) == []


def test_an_object_that_only_a_trigger_reads_is_not() -> None:
    mapper = load(
        """destination amplitude
mapping "A" -> logEventV2 {
  when type = "track" and "{{properties.a}}" != "x"
  event_type = event
  user_id = userId
}
"""
    )
    outcome = mapper({"type": "track", "event": "Seen", "userId": "user-1", "properties": {"a": {}}})
    assert (len(outcome.requests), outcome.warnings) == (1, [])
