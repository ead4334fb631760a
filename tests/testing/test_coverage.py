"""What there is to try in rules, what the tests have tried, and the tests that are suggested for the rest."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.dsl.rule_error import RuleError
from rulewright.loading.rule_files import read_rules_text
from rulewright.testing.coverage.coverage import Coverage
from rulewright.testing.coverage.html_page import html
from rulewright.testing.coverage.lcov import lcov
from rulewright.testing.coverage.suggestions import suggest
from rulewright.testing.runner import run_suite
from rulewright.testing.suite.suite import read_suite
from rulewright.trace.traced_rules import TracedRules
from tests.expressions import expressions
from tests.paths import ROOT


def coverage(body: str, *events: dict[str, Any], head: str = "") -> Coverage:
    text = f'destination amplitude\n{head}mapping "M" -> logEventV2 {{\nevent_type = "x"\n{body}\n}}\n'
    rules = TracedRules.of(read_rules_text(text, "shop.rules"))
    covered = Coverage(rules)
    for event in events:
        covered.add(rules.tracer(event).steps())
    return covered


def test_hard_items_end_after_a_fixed_number_of_steps_and_are_named() -> None:
    globs = " or ".join(f'match(event, "*{number}?x{number}*")' for number in range(60))
    covered = Coverage(coverage(f"when {globs}").rules, steps=20_000)
    open_items = dict(covered.undecided)
    assert set(open_items) <= set(covered.missed)
    assert open_items[covered.items[-1]] == "the work budget of this command is spent"
    assert covered.items[0] not in open_items


def missed(coverage: Coverage) -> list[str]:
    return [item.sentence for item in coverage.missed]


ITEMS = [
    # the body of the mapping, and all that there is to try in it
    ('when type = "track"', ['`type = "track"` true', '`type = "track"` false']),
    ('when type = "track" and !(event = "a" or event = "b")',
     ['`type = "track"` true', '`type = "track"` false', '`event = "a"` true', '`event = "a"` false',
      '`event = "b"` true', '`event = "b"` false']),
    ("when true", []),
    ("when true\ncity = coalesce(a, b)",
     ["the first choice of `city`, `a`", "the first fallback of `city`, `b`", "`city` without any value"]),
    ('when true\ncity = coalesce(a, "x")',
     ["the first choice of `city`, `a`", 'the first fallback of `city`, `"x"`']),
    ("when true\ncity = a", ["`city` when `a` is there", "`city` when `a` is missing", "`city` when `a` is null"]),
    ("when true\ncity = lowercase(a)",
     ["`city` when `lowercase(a)` is there", "`city` when `lowercase(a)` is without a value"]),
    ('when true\ncity = "fixed"', []),
    ('when true\ncity = "<{{ a }}>"', []),
    ('when true\ncity = if(n > 1, "x", omit)',
     ["`n > 1` true", "`n > 1` false", 'the branch `"x"` of `city`', "the branch `omit` of `city`"]),
    ("when true\nuser_properties = { plan: traits.plan }",
     ["`user_properties.plan` when `traits.plan` is there", "`user_properties.plan` when `traits.plan` is missing",
      "`user_properties.plan` when `traits.plan` is null"]),
    ("when true\nproducts = [ { price: p.price } for p in l if p.n > 1 ]",
     ["`p.n > 1` true", "`p.n > 1` false", "`products[].price` when `p.price` is there",
      "`products[].price` when `p.price` is missing", "`products[].price` when `p.price` is null"]),
]  # fmt: skip


def test_fallbacks_are_numbered_as_in_english() -> None:
    values = ", ".join(f"properties.p{number}" for number in range(24))
    first, *fallbacks, _ = [
        item.sentence for item in coverage(f"when true\ncity = coalesce({values})").items if "`city`" in item.sentence
    ]
    assert first.startswith("the first choice")
    numbers = [sentence.split()[1] for sentence in fallbacks]
    assert numbers[:5] == ["first", "second", "third", "4th", "5th"]
    assert numbers[9:] == "10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th 21st 22nd 23rd".split()


@pytest.mark.parametrize(("body", "items"), ITEMS, ids=[row[0] for row in ITEMS])
def test_everything_that_can_be_tried_is_named(body: str, items: list[str]) -> None:
    assert [item.sentence for item in coverage(body).items] == items


def test_each_path_of_a_filter_is_a_thing_to_try() -> None:
    head = 'drop traits.*email*, p[].card when type = "track"\nkeep context.ip\n'
    sentences = ["`traits.*email*` dropped", "`p[].card` dropped", "`context.ip` kept"]
    covered = coverage("when true", head=head)
    assert [item.sentence for item in covered.items][2:] == sentences
    untouched = {"type": "track", "traits": {"plan": "pro"}, "p": [{"sku": 1}], "context": {}}
    assert missed(coverage("when true", untouched, head=head))[-3:] == sentences
    full = {"type": "track", "traits": {"work_email": "a"}, "p": [{}, {"card": 1}], "context": {"ip": "8.8.8.8"}}
    assert missed(coverage("when true", full, head=head)) == ['`type = "track"` false']
    page = {**full, "type": "page"}
    assert missed(coverage("when true", page, head=head)) == [
        '`type = "track"` true',
        *sentences[:2],
    ]


def test_suggested_tests_try_each_path_of_a_filter() -> None:
    covered = coverage("when true\nuser_id = userId", head="drop traits.*email*, p[].card\nkeep context.ip\n")
    suggest(covered, [])
    assert missed(covered) == []


def test_a_clause_counts_only_where_it_decided() -> None:
    covered = coverage('when type = "track" and event = "a"', {"type": "page", "event": "b"})
    assert missed(covered) == ['`type = "track"` true', '`event = "a"` true', '`event = "a"` false']


def test_defaults_are_not_the_authors_to_test() -> None:
    assert [item.sentence for item in coverage('when type = "a"\nuse defaults').items] == [
        '`type = "a"` true', '`type = "a"` false'
    ]  # fmt: skip


def test_filters_are_tried_as_well() -> None:
    covered = coverage('when type = "a"', {"type": "a"}, head="drop when a = 1\n")
    assert missed(covered) == ["`a = 1` true", '`type = "a"` false']
    assert [item.owner for item in covered.items] == ["", "", "M", "M"]


def test_what_no_event_can_try_is_proved_and_left_out() -> None:
    covered = coverage('when type = "track" and type != "page"', {"type": "track"}, {"type": "page"})
    assert missed(covered) == []
    assert [item.sentence for item in covered.impossible] == ['`type != "page"` false']
    assert covered.tried("triggers") == (3, 3)
    assert covered.percent() == 100


def test_the_parts_of_a_field_that_fails_count() -> None:
    covered = coverage('when true\ncity = if(a = "x", number(a), c)', {"a": "x"})
    assert [item.sentence for item in covered.items if covered.hits(item)] == ['`a = "x"` true']


def test_lcov_has_a_branch_for_each_thing_to_try() -> None:
    text = lcov([coverage('when type = "track" and event = "a"', {"type": "page"})])
    assert text.splitlines() == [
        "TN:", "SF:shop.rules", "BRDA:4,0,0,0", "BRDA:4,0,1,1", "BRDA:4,1,0,-", "BRDA:4,1,1,-",
        "BRF:4", "BRH:1", "DA:4,1", "LF:1", "LH:1", "end_of_record",
    ]  # fmt: skip


def test_the_page_shows_the_rules_and_escapes_them() -> None:
    page = html([coverage('when event = "<script>alert(1)</script>"', {"event": "x"})])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "never: `event = &#34;&lt;script&gt;" in page
    assert "http" not in page
    assert '<li class="missed">' in page


# --- suggestions ---------------------------------------------------------------------------------------------------


def rerun(folder: Path, rules: str, tests: str) -> Coverage:
    """The coverage of rules by tests that are written beside them; every test must pass."""
    (folder / "shop.rules").write_text(rules)
    (folder / "shop.test.rules").write_text(tests)
    result = run_suite(read_suite(folder / "shop.rules"), lambda name: True)
    assert [miss for failure in result.failed for miss in failure.misses] == []
    covered = Coverage(result.suite.rules)
    for case in result.results:
        covered.add(case.traced.steps())
    return covered


@pytest.mark.parametrize("rules", ["examples/shop.rules", "rules/amplitude/presets.rules"])
def test_suggested_tests_pass_and_try_everything(tmp_path: Path, rules: str) -> None:
    text = (ROOT / rules).read_text()
    suite = read_suite(ROOT / rules)
    suggested = suggest(Coverage(suite.rules), [trial.test for trial in suite.trials])
    assert suggested.without == []
    after = rerun(tmp_path, text, suggested.text())
    assert after.percent() == 100


def test_a_suggestion_is_an_event_and_what_the_rules_do_with_it() -> None:
    suggested = suggest(coverage('when type = "track"\nuser_id = userId\nuser_properties = { plan: traits.plan }'), [])
    assert suggested.text() == SUGGESTED


SUGGESTED = """# Suggested by `rulewright test --suggest`: what the rules do now, not what they should do.
# Read each expectation before you keep it.

test "M: type = 'track' true" {
  given {
    "type": "track",
    "event": "Something Happened",
    "userId": "user-0001",
    "messageId": "message-0001",
    "timestamp": "2026-01-02T03:04:05.000Z"
  }
  expect "M"
  case "user_id when userId is missing" { userId: omit }
    expect failure "M" { field = "user_id" }
  case "user_id when userId is null" { userId: null }
    expect failure "M" { field = "user_id" }
  case "user_properties.plan when traits.plan is there" { traits: { plan: "pro" } }
    expect "M" { requests[0].json.events[0].user_properties.plan = "pro" }
  case "user_properties.plan when traits.plan is null" { traits: { plan: null } }
    expect "M" { requests[0].json.events[0].user_properties.plan = null }
  case "type = 'track' false" { type: "identify", event: omit }
    expect no "M"
}
"""


FAILING = 'mapping "Failing" -> logEventV2 {\nwhen type != "group"\nevent_type = event\n}\n'
SENDING = 'mapping "Sending" -> logEventV2 {\nwhen type = "page"\nevent_type = "x"\nuser_id = userId\n}\n'


@pytest.mark.parametrize(
    ("mappings", "expected"),
    [(FAILING, 'expect failure "Failing" { field = "event_type" }'), (FAILING + SENDING, 'expect "Sending"')],
)
def test_an_event_that_a_filter_lets_through_shows_it_by_a_mapping_that_sends_or_by_a_failure(
    tmp_path: Path, mappings: str, expected: str
) -> None:
    text = f'destination amplitude\ndrop when type = "page" and context.page.path = "/x"\n{mappings}'
    tests = suggest(Coverage(TracedRules.of(read_rules_text(text, "shop.rules"))), []).text()
    of_filters = next(part for part in tests.split("\ntest ") if part.startswith('"filters'))
    assert expected in of_filters
    rerun(tmp_path, text, tests)


@settings(max_examples=50, deadline=None)
@given(expressions, st.booleans())
def test_suggestions_for_any_rules_pass(text: str, filters: bool) -> None:
    rules = (
        f'destination amplitude\n{f"drop when {text}" if filters else ""}\nmapping "M" -> logEventV2 {{\n'
        f'when {text}\nevent_type = "x"\nuser_id = userId\ncity = {text}\nuser_properties = {{ a: {text} }}\n}}\n'
        f"{FAILING}"
    )
    try:
        traced = TracedRules.of(read_rules_text(rules, "shop.rules"))
    except RuleError:
        return
    covered = Coverage(traced)
    tests = suggest(covered, []).text()
    if tests:
        with TemporaryDirectory() as folder:
            rerun(Path(folder), rules, tests)
