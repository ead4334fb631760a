"""What is wrong with a Liquid template is found before any event comes, with its place in the text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.functions.liquid import FUNCTION
from rulewright.runtime.liquid.faults import template_fault
from tests.paths import DATA

_ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "liquid.jsonl").read_text(encoding="utf-8").split("\n") if line
]

FAULTS = {
    "{% for p in products %}x{% endfor %}": ("the tag `for` is disabled", "for"),
    "a{% case x %}{% endcase %}": ("the tag `case` is disabled", "case"),
    "ab{% bogus %}": ("unexpected tag 'bogus'", "bogus"),
    "{% liquid\n echo a\n for x in y\n endfor %}": ("the tag `for` is disabled", "for"),
    "{{ name | sort }}": ("the filter `sort` is disabled", "sort"),
    "{% if a %}b{% else %}{{ name | map: 'x' }}{% endif %}": ("the filter `map` is disabled", "map"),
    "{% assign x = a | reverse %}": ("the filter `reverse` is disabled", "reverse"),
    "{% capture x %}{{ a | uniq }}{% endcapture %}": ("the filter `uniq` is disabled", "uniq"),
    "{{ name | upcase | nosuch }}": ("unknown filter `nosuch`", "nosuch"),
    "{% liquid\n echo name | nosuch\n %}": ("unknown filter `nosuch`", "nosuch"),
    "{{ list | sample }}": ("`sample` asks for chance, and a rule has none", "sample"),
    "{{ name | append }}": ("the filter `append` needs a value after a colon", "append"),
    "{{ name | replace: 'a' }}": None,
    "{% if a %}x": ("expected tag endif, found end of expression", "{% if a %}x"),
    "x{{ name ": ("expected '}}', found end of file", "{{ name "),
    "x{{ a }}{{ name | upcase | }}": ("expected word, found end of expression", "{{ name | upcase | }}"),
    "{% if a = 1 %}{% endif %}": ("expected end of expression, found '='", "="),
    "{{ 'a }}": ('unexpected "\'"', "'"),
    "{{ name | date: blank }}": ("expected end of expression, found blank", "blank"),
    "": None,
    "{{ name | upcase | append: 'x' }}": None,
    "{% comment %}{{ x | nosuch }}{% endcomment %}": None,
    "{% raw %}{{ x | nosuch }}{% endraw %}": None,
    "{{ nosuch }}": None,
}


@pytest.mark.parametrize("template", FAULTS)
def test_a_fault_has_a_sentence_and_a_place(template: str) -> None:
    fault, expected = template_fault(template), FAULTS[template]
    if expected is None:
        assert fault is None
        return
    assert fault is not None
    assert (fault.message.removeprefix("the Liquid template fails: "), template[fault.start : fault.end]) == expected


def test_a_filter_of_nearly_that_name_is_suggested() -> None:
    fault = template_fault("{{ name | upcasse }}")
    assert fault is not None
    assert fault.help == "did you mean `upcase`?"


def test_what_fails_on_node_has_a_fault_and_what_renders_there_has_none_but_for_unknown_filters() -> None:
    (parameter, _) = FUNCTION.parameters
    assert parameter.fault is not None
    faults = [(row["template"], parameter.fault(row["template"])) for row in _ROWS if "template" in row]
    failing = {row["template"] for row in _ROWS if "error" in row}
    assert {template for template, fault in faults if fault is None} & failing == {'{{ "%zz" | url_decode }}'}
    wrong = [(template, fault) for template, fault in faults if fault is not None and template not in failing]
    assert [template for template, _ in wrong if "unknown_filter" not in template] == []


_PIECES = st.sampled_from(
    [*"{{ }} {% %} endif event append: 'x' | nosuch sort for liquid . ( ) , =".split(), " if ", "assign a = ", " "]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(_PIECES | st.text(max_size=3), max_size=14).map("".join))
def test_any_template_has_a_fault_within_its_text_or_none(template: str) -> None:
    fault = template_fault(template)
    if fault is not None:
        assert 0 <= fault.start <= len(template)
        assert fault.end is None or fault.start <= fault.end


@pytest.mark.parametrize(
    "call",
    [
        'liquid("{% for p in x %}{% endfor %}", $)',
        r'liquid("\{{ name | nosuch }}", $)',
        r'liquid("\{{ name", $)',
        "liquid(5, $)",
        f'liquid("{"x" * 1001}", $)',
        'format_time(timestamp, "%Q")',
        'format_time(timestamp, "%999d")',
        'replace(name, "", "x")',
        'uuid5(name, "here")',
    ],
)
def test_a_literal_with_which_a_call_always_fails_is_an_error(call: str) -> None:
    rules = f'destination amplitude\nmapping "A" -> identifyUser {{\n when type = "x"\n user_id = {call}\n}}'
    _, diagnostics = check_files(read_rules_text(rules))
    assert [diagnostic.code for diagnostic in diagnostics] == ["RW0308"]
    with pytest.raises(rulewright.RuleError, match="RW0308"):
        rulewright.compile_expression(call)


@pytest.mark.parametrize(
    "call",
    [
        "liquid(name, $)",
        'liquid("", $)',
        'format_time(timestamp, "%Y %%")',
        'format_time(timestamp, "")',
        'replace(name, " ", "")',
        'uuid5(name, "dns")',
        'uuid5(name, "6ba7b810-9dad-11d1-80b4-00c04fd430c8")',
        "format_time(timestamp)",
    ],
)
def test_a_literal_that_is_fair_is_not(call: str) -> None:
    rulewright.compile_expression(call)
