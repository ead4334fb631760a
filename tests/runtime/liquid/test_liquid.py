"""Liquid gives what Segment's @liquid gave on Node, within the same limits, and without a clock or chance."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.functions.liquid import liquid
from rulewright.runtime.liquid import number_filters, text_filters, value_filters
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.missing import MISSING
from tests.paths import DATA

*_ROWS, _LAST = [json.loads(line) for line in (DATA / "liquid.jsonl").read_text(encoding="utf-8").split("\n") if line]
_EVENT: dict[str, Any] = _LAST["event"]


def test_templates_that_render_on_node_render_the_same() -> None:
    rendered = [(row["template"], row["output"]) for row in _ROWS if "output" in row]
    assert len(rendered) > 2000
    assert [
        (template, output, result) for template, output in rendered if (result := liquid(template, _EVENT)) != output
    ] == []


def test_templates_that_fail_on_node_fail_in_one_sentence() -> None:
    failing = [row["template"] for row in _ROWS if "error" in row]
    assert len(failing) > 40
    for template in failing:
        with pytest.raises(ValueFailure) as failure:
            liquid(template, _EVENT)
        assert "\n" not in str(failure.value)


@pytest.mark.parametrize("filter_", ["date", "date: '%Y'", "date_to_string", "date_to_xmlschema", "date_to_rfc822"])
@pytest.mark.parametrize("value", [1714566896789, "1714566896789"])
def test_milliseconds_are_not_taken_for_seconds(value: object, filter_: str) -> None:
    with pytest.raises(ValueFailure, match="is a time beyond the year 9999; a number is in seconds"):
        liquid(f"{{{{ x | {filter_} }}}}", {"x": value})
    assert liquid("{{ x | date: '%Y' }}", {"x": 253402300799}) == "9999"


def test_every_filter_of_ours_is_held_to_node() -> None:
    used = " ".join(row["template"] for row in _ROWS)
    ours = text_filters.FILTERS | number_filters.FILTERS | value_filters.FILTERS
    assert [name for name in ours if f"| {name}" not in used] == ["sample"]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ 'aXbXc' | replace_first: 'X', '-' }}", "a-bXc"),
        ("{{ 'aXbXc' | replace: 'X', '-' }}", "a-b-c"),
        ("{{ 'aXbXc' | remove_first: 'X' }}", "abXc"),
        ("{{ 'aXbXc' | remove: 'X' }}", "abc"),
        ("{{ 'aXbXc' | replace_last: 'X', '-' }}", "aXb-c"),
        ("{{ 'aXbXc' | remove_last: 'X' }}", "aXbc"),
    ],
)
def test_one_occurrence_or_all_are_replaced(template: str, text: str) -> None:
    assert liquid(template, {}) == text


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{% for p in products %}{% endfor %}", "the tag `for` is disabled"),
        ("{{ list | sort }}", "the filter `sort` is disabled"),
        ("{{ list | map: 'x' }}", "the filter `map` is disabled"),
        ("{{ 'now' | date: '%Y' }}", "`now` asks for a clock, and a rule has none"),
        ("{{ 'today' | date_to_string }}", "`today` asks for a clock, and a rule has none"),
        ("{{ list | sample }}", "`sample` asks for chance, and a rule has none"),
        ("{{ type | append }}", "the filter `append` needs a value after a colon"),
        ("{{ time | date: '%999d' }}", "`%999d` is wider than 100 characters"),
        ("{{ time | date: '%99999d' }}", "`%99999d` is wider than 100 characters"),
        ("{{ time | date: '%H', 'Mars/Base' }}", "`Mars/Base` is not a time zone"),
        ("{{ time | date: '%H', '../../etc/passwd' }}", "`../../etc/passwd` is not a time zone"),
        ("{{ type | slugify: 'odd' }}", "slugify knows no mode `odd`"),
        ("{{ '%zz' | url_decode }}", "the text is not URL-encoded"),
        ("{% assign a = (1..100001) %}{{ a | join }}", "the range (1..100001) has more than 100,000 items"),
        ("x" * 1001, '"' + "x" * 58 + "… is longer than the 1000 characters that a template may have"),
        (5, "5 is a number, not a template"),
        (None, "null is not a template"),
        (MISSING, "missing is not a template"),
    ],
)
def test_refusals(template: Any, sentence: str) -> None:
    with pytest.raises(ValueFailure) as failure:
        liquid(template, _EVENT)
    assert str(failure.value).removeprefix("the Liquid template fails: ") == sentence


_LARGE = 157963456373623809
_EXACT = {
    "plus: 1": _LARGE + 1,
    "minus: 1": _LARGE - 1,
    "times: 3": _LARGE * 3,
    "times: -1": -_LARGE,
    "divided_by: 1": _LARGE,
    "divided_by: 3": _LARGE // 3,
    "divided_by: 2, true": _LARGE // 2,
    "divided_by: -2, true": _LARGE // -2,
    "modulo: 10": _LARGE % 10,
    "modulo: -10": _LARGE % -10,
    "at_least: 1": _LARGE,
    "at_most: 157963456373623810": _LARGE,
    "abs": _LARGE,
    "floor": _LARGE,
    "ceil": _LARGE,
    "round": _LARGE,
    "to_integer": _LARGE,
}


@pytest.mark.parametrize("value", [_LARGE, str(_LARGE)], ids=["number", "text"])
@pytest.mark.parametrize(("call", "result"), _EXACT.items(), ids=_EXACT.keys())
def test_whole_numbers_are_computed_to_the_last_digit(call: str, result: int, value: object) -> None:
    assert liquid(f"{{{{ id | {call} }}}}", {"id": value}) == str(result)


def test_whole_numbers_are_summed_to_the_last_digit() -> None:
    assert liquid("{{ ids | sum }}", {"ids": [_LARGE, 1, str(_LARGE)]}) == str(_LARGE * 2 + 1)


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ("divided_by: 2", "78981728186811900"),
        ("plus: 0.5", "157963456373623800"),
        ("divided_by: 0", "Infinity"),
        ("modulo: 0", "NaN"),
    ],
)
def test_what_is_not_a_whole_number_is_a_double(call: str, result: str) -> None:
    assert liquid(f"{{{{ id | {call} }}}}", {"id": _LARGE}) == result


def test_digits_do_not_grow_without_end() -> None:
    squared = "{% assign x = 99 %}" + "{% assign x = x | times: x %}" * 20 + "{{ x }}"
    assert liquid(squared, {}) == "Infinity"


@pytest.mark.parametrize(
    "template", ["{{ event | }}", "{{ type | base64_decode }}", "{% if %}", "{{ name | default: blank }}"]
)
def test_failures_of_the_library_are_failures_of_the_rule(template: str) -> None:
    with pytest.raises(ValueFailure, match=r"^the Liquid template fails: "):
        liquid(template, _EVENT)


def test_no_text_grows_without_bound() -> None:
    doubling = "{% assign x = 'abcdefghij' %}" + "{% assign x = x | append: x %}" * 30 + "{{ x }}"
    with pytest.raises(ValueFailure, match="a text grew beyond 1000000 characters"):
        liquid(doubling, {})
    written = "{% assign x = 'abcdefghij' %}" + "{% assign x = x | append: x %}" * 16 + "{{ x }}{{ x }}"
    with pytest.raises(ValueFailure, match="a text grew beyond 1000000 characters"):
        liquid(written, {})
    captured = "{% assign x = 'abcdefghij' %}" + "{% assign x = x | append: x %}" * 16
    with pytest.raises(ValueFailure, match="a text grew beyond 1000000 characters"):
        liquid(captured + "{% capture y %}{{ x }}{{ x }}{% endcapture %}", {})


def test_the_limit_counts_characters() -> None:
    assert liquid("{{ text }}", {"text": "é" * 1_000_000}) == "é" * 1_000_000
    with pytest.raises(ValueFailure, match="a text grew beyond 1000000 characters"):
        liquid("{{ text }}!", {"text": "é" * 1_000_000})


@pytest.mark.parametrize(
    "template", ["{{ text }}", "{{ text | append: '' }}", "{% capture c %}{{ text }}{% endcapture %}{{ c }}"]
)
def test_half_of_a_character_is_written_as_it_is(template: str) -> None:
    """The destination repairs it, and says so, as it does in any other text."""
    assert liquid(template, {"text": "cut \ud83d"}) == "cut \ud83d"


@pytest.mark.parametrize("name", ["now", "today"])
def test_the_clock_of_the_library_is_not_there(name: str) -> None:
    assert liquid(f"{{% if {name} %}}a time{{% else %}}nothing{{% endif %}}", {}) == "nothing"
    assert liquid(f"{{% if {name} == nil %}}nothing{{% endif %}}", {}) == "nothing"


def test_an_event_may_have_keys_of_any_name() -> None:
    assert liquid("{{ now }}{{ today }}", {"now": "n", "today": "t"}) == "nt"
    assert liquid("{{ self }}{{ globals }}{{ __class__ }}", {"self": 1}) == "1"
    assert liquid("{{ type.__class__ }}{{ list.append }}{{ object.keys }}", _EVENT) == ""


def test_the_event_is_not_changed() -> None:
    event = {"c": 1, "list": [1, 2]}
    liquid("{% increment c %}{% assign list = 5 %}{{ list | push: 3 }}", event)
    assert event == {"c": 1, "list": [1, 2]}


@pytest.mark.parametrize("data", [None, MISSING, {}])
def test_no_data_is_an_empty_object(data: Any) -> None:
    assert liquid("a{{ x }}", data) == "a"


@pytest.mark.parametrize("data", ["x", 5, [1], True])
def test_data_is_an_object(data: Any) -> None:
    with pytest.raises(ValueFailure, match="not an object"):
        liquid("a", data)


_PIECES = st.sampled_from(
    [
        *"{{ }} {% %} endif event append: 'x' date: split: ( ) 1..9 [ ] . - endcapture raw endraw # , nil".split(),
        *(" if ", " | ", " == ", "assign a = ", "liquid\n", "capture a", " "),
    ]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(_PIECES | st.text(max_size=3), max_size=14).map("".join))
def test_any_template_renders_or_fails_in_a_sentence(template: str) -> None:
    try:
        assert isinstance(liquid(template, _EVENT), str)
    except ValueFailure as failure:
        assert str(failure)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"length": 5.5}, "5.5"),
        ({"length": "xy"}, "xy"),
        ({"length": None}, "0"),
        ({"length": []}, ""),
        ({"x": 1}, "0"),
    ],
)
def test_the_size_of_an_object_is_its_own_length(value: Any, text: str) -> None:
    assert liquid("{{ a | size }}", {"a": value}) == text


_LONG = {"n": 100_000, "m": 10**30, "items": [1, 2]}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% assign a = (1..n) %}{{ a | size }}", "100000"),
        ("{% assign a = (1..n) %}{{ a | last }}", "100000"),
        ("{% assign a = (n..1) %}{{ a | size }}", "0"),
        ("{% if (1..n) contains 5 %}yes{% endif %}", "yes"),
    ],
)
def test_a_range_from_an_event_is_read_up_to_its_limit(template: str, text: str) -> None:
    assert liquid(template, _LONG) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ (0..n) }}", "{% assign a = (0..n) %}{{ a | join }}", "{% assign a = (0..m) %}{{ a | compact }}",
        "{% if (0..m) contains 'x' %}{% endif %}", "{% if (0..m) == (0..m) %}{% endif %}", "{% echo (0..m) %}",
        "{% assign a = (0..m) %}{{ a | append: 'x' }}", "{% assign a = (0..m) %}{{ a | size }}",
    ],
)  # fmt: skip
def test_a_longer_range_fails_before_it_takes_memory(template: str) -> None:
    with pytest.raises(ValueFailure):
        liquid(template, _LONG)
