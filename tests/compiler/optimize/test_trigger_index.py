"""All triggers compiled together say the same as each by itself, for any triggers and events of a small world."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler.plan.program_plan import plan_program
from rulewright.loading.pipeline import compile_files, read

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
literals = st.one_of(texts, numbers, st.sampled_from(["true", "false", "null", "[]", '["a", 1]']))
constants = st.one_of(
    literals,
    st.builds("{} {} {}".format, literals, st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "in"]), literals),
    st.builds("{}{}({}, {})".format, st.sampled_from(["", "!"]), st.sampled_from(["contains", "match"]), texts, texts),
    st.builds("if({}, {}, {})".format, st.one_of(literals, paths), literals, literals),
    st.builds("coalesce({}, {})".format, literals, literals),
    st.builds("number({}) = {}".format, literals, numbers),
    st.builds("{} + {} = {}".format, numbers, numbers, numbers),
)
"""Conditions that hold for every event or for none: some of them are folded, the rest is asked of each event."""
atoms = st.one_of(
    constants,
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
    mappings = [f'mapping "{number}" -> mapUser {{\n when {condition}\n}}' for number, condition in enumerate(when)]
    return "\n".join(["destination amplitude", *mappings])


@settings(max_examples=150, deadline=None)
@given(st.lists(triggers, min_size=1, max_size=12), st.lists(events, min_size=1, max_size=8))
@example(["type = null", "properties.n <= 1 and !(properties.n <= 1)"], [{}, {"properties": {"n": 1}}])
@example(["true"], [{}])
def test_together_they_match_as_one_by_one(when: list[str], tried: list[dict[str, Any]]) -> None:
    mapper = rulewright.load(rules(when), settings={})
    alone = [rulewright.compile_trigger(condition) for condition in when]
    for event in tried:
        numbers = [number for number, holds in enumerate(alone) if holds(event)]
        assert list(mapper.program.match(event)) == numbers
        if "NaN" not in (line := json.dumps(event)):
            assert mapper.map_bytes(line).matched == list(map(str, numbers))


ALWAYS = [
    "true",
    "1 = 1",
    "!false",
    "!null",
    '"a" != "b"',
    'type = "track" or true',
    "!(1 = 2)",
    "2 > 1",
    '"a" in ["a"]',
]
NEVER = ["false", "null", "1 = 2", "!true", '"a"', 'type = "track" and false', "!(1 = 1)", "[] = 1", "event in []"]
BESIDE = ["", 'type = "track"', 'event in ["a", "b"]', "properties.n > 1", "event = type", "false", "true"]


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize(("when", "holds"), [(condition, condition in ALWAYS) for condition in [*ALWAYS, *NEVER]])
def test_a_constant_trigger_is_decided_alone_and_beside_any_other(when: str, holds: bool, beside: str) -> None:
    mapper = rulewright.load(rules([beside, when, beside] if beside else [when]), settings={})
    name = "1" if beside else "0"
    for event in ({"type": "track", "event": "a", "properties": {"n": 2}}, {"type": "page"}, {}):
        assert (name in mapper(event).matched) is holds
        assert (name in mapper.map_bytes(json.dumps(event)).matched) is holds


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_bounds_are_exact_at_the_bound(operator: str) -> None:
    when = [f"properties.n {operator} {limit}" for limit in (1, 2, 2, 3)]
    when.append(f'properties.n {operator} 2 and properties.t = "a"')
    when.append(f'properties.n {operator} 2 and properties.m != "a"')
    match = rulewright.load(rules(when), settings={}).program.match
    for number in (0, 1, 1.5, 2, 2.5, 3, 4, True, "2", None, float("nan"), float("inf"), -(10**400), 10**400):
        event = {"properties": {"n": number, "t": "a"}}
        assert list(match(event)) == [
            at for at, condition in enumerate(when) if rulewright.compile_trigger(condition)(event)
        ]


def test_bounds_alone_give_the_order_of_the_file() -> None:
    match = rulewright.load(rules(["properties.n > 3", "properties.n > 1", "properties.n > 2"]), settings={})
    assert match.program.match({"properties": {"n": 4}}) == (0, 1, 2)
    assert match({"properties": {"n": 2.5}}).matched == ["1", "2"]


@pytest.mark.untraced
def test_a_thousand_triggers_that_differ_in_a_text_share_one_question() -> None:
    text = rules([f'type = "track" and event = "e{number}"' for number in range(1000)])
    triggers = plan_program(compile_files(read(text))).triggers
    (index,) = triggers.indexes
    assert [number for bucket in index.buckets.values() for number, _ in bucket] == list(range(1000))
    assert (len({residual for bucket in index.buckets.values() for _, residual in bucket}), triggers.others) == (1, [])
    match = rulewright.load(text, settings={})
    assert list(match.program.match({"type": "track", "event": "e7"})) == [7]
    assert list(match.program.match({"type": "page", "event": "e7"})) == []
