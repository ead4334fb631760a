"""Changes of a text beside fixes: formatting of a part, JSON that was pasted, and comparisons that repeat a value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.authoring.formatting import formatted, formatted_range
from rulewright.authoring.pasted_json import translations
from rulewright.authoring.repeated_values import Extraction, extractions
from rulewright.authoring.symbols import tree_of
from rulewright.dsl.source import Source
from rulewright.loading.expressions import compile_trigger

UGLY = """destination amplitude

mapping "A"   -> logEventV2 {
   when type="track"
  use defaults  # why
}

mapping "B" -> logEventV2 {
     when type = "page"
}
"""


def _with(text: str, start: int, end: int) -> str:
    formatted = formatted_range(Source("a", text), tree_of(text), start, end)
    return text if formatted is None else text[: formatted.start] + formatted.text + text[formatted.end :]


def test_only_the_items_of_the_range_are_formatted() -> None:
    at = UGLY.index("type=")
    after = _with(UGLY, at, at)
    assert 'mapping "A" -> logEventV2 {\n  when type = "track"\n  use defaults  # why\n}' in after
    assert after.endswith(UGLY[UGLY.index('mapping "B"') :])


def test_an_error_in_another_item_does_not_matter() -> None:
    text = UGLY.replace('when type = "page"', "when = =")
    assert _with(text, text.index("type="), text.index("type=")).count('when type = "track"') == 1
    assert _with(text, text.index("= ="), text.index("= =")) == text
    assert formatted(Source("a", text)) is None


def test_the_range_of_everything_is_formatted_as_the_file_is() -> None:
    whole = formatted(Source("a", UGLY))
    assert whole is not None
    assert _with(UGLY, 0, len(UGLY)) == whole.text
    assert _with(whole.text, 0, len(whole.text)) == whole.text


EVENT = {"type": "track", "event": "Order Completed", "properties": {"total": 3}}
SUBSCRIPTION = {
    "name": "Orders",
    "subscribe": 'type = "track"',
    "partnerAction": "logEventV2",
    "mapping": {"user_id": {"@path": "$.userId"}, "event_type": {"@path": "$.event"}},
    "enabled": True,
}
JSON: list[tuple[object, str]] = [
    (EVENT, 'mapping "Order Completed" -> logPurchase {\n  when type = "track" and event = "Order Completed"'),
    ({"type": "track", "event": 'A "B"'}, 'mapping "A \\"B\\"" -> logEventV2 {'),
    ({"type": "identify", "traits": {}}, 'mapping "Identify calls" -> identifyUser {\n  when type = "identify"'),
    ({"type": "group"}, 'mapping "Group calls" -> groupIdentifyUser {'),
    ({"type": "alias"}, 'mapping "Alias calls" -> mapUser {'),
    ([SUBSCRIPTION], 'mapping "Orders" -> logEventV2 {'),
    ({"user_id": {"@path": "$.userId"}}, "user_id: userId"),
]


@pytest.mark.parametrize(("value", "text"), JSON)
@pytest.mark.parametrize("indent", [None, 2])
def test_pasted_json_becomes_rules(value: object, text: str, indent: int | None) -> None:
    pasted = json.dumps(value, indent=indent)
    before = "destination amplitude\n\n"
    place = len(before) + pasted.index('"')
    translated = list(translations(f"{before}{pasted}\n\n# more\n", place, place, "amplitude"))
    assert (translated[0].start, translated[0].end) == (len(before), len(before) + len(pasted))
    assert text in translated[0].text
    assert "destination" not in translated[0].text
    assert tree_of(translated[0].text).items or isinstance(value, dict)


def test_a_pasted_event_can_be_a_test() -> None:
    pasted = json.dumps(EVENT)
    _, test = translations(pasted, 0, 0, "amplitude")
    assert test.text.startswith('test "Order Completed" {\n  given { "type": "track"')


def test_an_event_with_a_number_that_cannot_be_written_becomes_a_mapping_and_no_test() -> None:
    (mapping,) = translations('{"type": "track", "event": "Order", "total": 1e400}', 0, 0, "amplitude")
    assert mapping.text.startswith('mapping "Order"')


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', '["a"]', '{"type": "track"', UGLY, '{"type": 3}', "[" * 5_000])
def test_what_is_no_json_of_segment_is_left_alone(text: str) -> None:
    assert list(translations(text, len(text) // 2, len(text) // 2, "amplitude")) == []


HEAD = 'mapping "A" -> logEventV2 {\n  when '


def _extractions(condition: str) -> list[Extraction]:
    return list(extractions(tree_of(f"{HEAD}{condition}\n}}\n"), len(HEAD) + 1))


@pytest.mark.parametrize(
    ("condition", "extracted"),
    [
        ('event = "a" or event = "b" or event = "c"', ['event in ["a", "b", "c"]']),
        ('event != "a" and event != "b"', ['!(event in ["a", "b"])']),
        ('event = "a" or name = "b"', []),
        ('event = "a" or type = "x" or event = "b"', []),
        ('event = "a" and event = "b"', []),
        ('type = "x" and (event = "a" or event = "b")', []),
    ],
)
def test_a_value_that_is_compared_again_is_written_once(condition: str, extracted: list[str]) -> None:
    assert [extraction.text for extraction in _extractions(condition)] == extracted


LITERALS = st.sampled_from(['"a"', '"1"', '""', "1", "0", "1.0", "true", "false", "null"])
VALUES = st.sampled_from(["a", "1", "", 1, 0, 1.0, True, False, None, [], ["a"], {}, {"a": 1}])


@given(st.lists(LITERALS, min_size=2, max_size=3), st.sampled_from([("=", "or"), ("!=", "and")]), VALUES, st.booleans())
def test_the_shorter_condition_holds_for_the_same_events(
    literals: list[str], words: tuple[str, str], value: object, missing: bool
) -> None:
    condition = f" {words[1]} ".join(f"p.x {words[0]} {literal}" for literal in literals)
    event = {} if missing else {"p": {"x": value}}
    for extraction in _extractions(condition):
        start, end = extraction.span.start - len(HEAD), extraction.span.end - len(HEAD)
        shorter = condition[:start] + extraction.text + condition[end:]
        assert compile_trigger(shorter)(event) is compile_trigger(condition)(event)
