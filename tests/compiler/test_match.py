"""All triggers compiled together say the same as each by itself, for any triggers and events of a small world."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulewright

TEXTS = ["a", "b", "c", ""]
PATHS = ["type", "event", "properties.n", "properties.t"]
VALUES: list[Any] = [*TEXTS, 0, 1, 2.5, -1, True, False, None, float("nan"), [], ["a"], {}, {"n": 1}]

events = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(VALUES),
        "event": st.sampled_from(VALUES),
        "properties": st.one_of(
            st.sampled_from(VALUES),
            st.fixed_dictionaries({}, optional={"n": st.sampled_from(VALUES), "t": st.sampled_from(VALUES)}),
        ),
    },
)
paths = st.sampled_from(PATHS)
texts = st.sampled_from([f'"{text}"' for text in TEXTS])
numbers = st.sampled_from(["0", "1", "2.5", "-1"])
atoms = st.one_of(
    st.builds("{} {} {}".format, paths, st.sampled_from(["=", "!="]), st.one_of(texts, numbers, st.just("null"))),
    st.builds("{} {} {}".format, paths, st.sampled_from(["<", "<=", ">", ">="]), numbers),
    st.builds("{} in [{}, {}]".format, paths, texts, texts),
    st.builds("{}contains({}, {})".format, st.sampled_from(["", "!"]), paths, texts),
    st.builds("{} = true".format, paths),
    paths,
)
triggers = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=5,
)


def rules(when: list[str]) -> str:
    mappings = [f'mapping "{number}" -> mapUser {{\n when {one}\n}}' for number, one in enumerate(when)]
    return "\n".join(["destination amplitude", *mappings])


@settings(max_examples=150, deadline=None)
@given(st.lists(triggers, min_size=1, max_size=12), st.lists(events, min_size=1, max_size=8))
@example(["type = null", "properties.n <= 1 and !(properties.n <= 1)"], [{}, {"properties": {"n": 1}}])
def test_together_they_match_as_one_by_one(when: list[str], tried: list[dict[str, Any]]) -> None:
    match = rulewright.load(rules(when), settings={}).program.match
    alone = [rulewright.compile_trigger(one) for one in when]
    for event in tried:
        assert list(match(event)) == [number for number, holds in enumerate(alone) if holds(event)]


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_bounds_are_exact_at_the_bound(operator: str) -> None:
    when = [f"properties.n {operator} {limit}" for limit in (1, 2, 2, 3)]
    when.append(f'properties.n {operator} 2 and properties.t = "a"')
    when.append(f'properties.n {operator} 2 and properties.m != "a"')
    match = rulewright.load(rules(when), settings={}).program.match
    for number in (0, 1, 1.5, 2, 2.5, 3, 4, True, "2", None):
        event = {"properties": {"n": number, "t": "a"}}
        assert list(match(event)) == [at for at, one in enumerate(when) if rulewright.compile_trigger(one)(event)]


def test_bounds_alone_give_the_order_of_the_file() -> None:
    match = rulewright.load(rules(["properties.n > 3", "properties.n > 1", "properties.n > 2"]), settings={})
    assert match.program.match({"properties": {"n": 4}}) == (0, 1, 2)
    assert match({"properties": {"n": 2.5}}).matched == ["1", "2"]


def test_a_thousand_triggers_that_differ_in_a_text_share_one_question() -> None:
    source = rulewright.compile_source(rules([f'type = "track" and event = "e{number}"' for number in range(1000)]))
    assert source.count("def holds") == 2, "one of events, and one of their views"
    match = rulewright.load(rules([f'type = "track" and event = "e{number}"' for number in range(1000)]), settings={})
    assert list(match.program.match({"type": "track", "event": "e7"})) == [7]
    assert list(match.program.match({"type": "page", "event": "e7"})) == []
