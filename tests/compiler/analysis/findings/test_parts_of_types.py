"""Parts that the events asked for do not have: where they are reported, and that no event reads them for anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler import ir
from rulewright.compiler.analysis.findings.types_asked_for import reads_with_types
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_trigger
from rulewright.loading.catalog import catalog

from .cases import TRACK, Case, assert_found, mapping

CONTEXT = analysis_context()
PAGE, MIXED = 'type = "page"', 'type in ["track", "page"]'
NAME = "event_type = coalesce(event, name)"


def case(when: str, underlined: str | None, help_: str | None = None, *lines: str) -> Case:
    return Case(when, mapping("A", when, *(lines or (NAME,))), "RW0416", underlined, None, help_)


CASES = [
    case(f'{TRACK} and event = "A" or {PAGE} and name = "B"', None),
    case(f'{TRACK} and event = "A" or {PAGE} and event = "B"', "event", "write `name`"),
    case(f'{MIXED} and (event = "A" or name = "B")', None),
    case('event = "A" or name = "B"', None),
    case(f'!({TRACK}) and event = "A"', "event"),
    case(f"{PAGE} and event = null", None),
    case(f"{PAGE} and !exists(event)", None),
    case(f"{PAGE} and event != null", "event"),
    case(MIXED, None, None, NAME, 'city = if(type = "page", name, event)'),
    case(MIXED, None, None, NAME, "city = if(exists(name), name, event)"),
    case(MIXED, "event", None, NAME, 'city = if(type = "page", event, "x")'),
    case(MIXED, "name", None, NAME, 'city = if(type != "track", "x", name)'),
    case('type = "identify"', "properties.city", "write `traits.city`", 'event_type = "x"', "city = properties.city"),
    case(
        'type = "alias"', "properties.city", "write `context.traits.city`", 'event_type = "x"', "city = properties.city"
    ),
    case('type = "identify"', None, None, 'event_type = "x"', "event_properties = properties"),
    case('type = "identify"', None, None, 'event_type = "x"', "city = coalesce(traits.city, properties.city)"),
    case(f"{TRACK} and traits.plan = 'pro'", "traits.plan", "write `context.traits.plan`, or `properties.plan`"),
    case('type = "alias" and traits.plan = "pro"', "traits.plan", "write `context.traits.plan`"),
    case('type = "identify" and groupId = "x"', "groupId", "write `context.groupId`"),
    case(f'{TRACK} and category = "x"', "category", "write `properties.category`"),
    case('type = "group" and name = "x"', "name", "write `traits.name`"),
    Case("filter", 'drop when type = "track" and traits.a = 1\n' + mapping("A", TRACK), "RW0416", "traits.a"),
    Case("filter", "drop when traits.a = 1\n" + mapping("A", TRACK), "RW0416", None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_findings(case: Case) -> None:
    assert_found(case)


_types = st.sampled_from(CONTEXT.types)
_asks = st.one_of(
    _types.map('type = "{}"'.format),
    _types.map('"{}" != type'.format),
    st.lists(_types, min_size=1, max_size=3).map(lambda types: f"type in {json.dumps(types)}"),
)
_of_types = st.tuples(_asks, st.sampled_from(("and", "or")), _asks).map(" ".join)
_conditions = st.recursive(
    st.one_of(
        _asks,
        _of_types.map("(({}) and PATH = 1)".format),
        _of_types.map("!(({}) and PATH = 1)".format),
        st.just("PATH = 1"),
        st.just("PATH != 1"),
        st.just("if(type = 'page', PATH, PATH) = 1"),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" and ".join).map("({})".format),
        st.tuples(inner, inner).map(" or ".join).map("({})".format),
        inner.map("!({})".format),
        st.tuples(inner, inner).map(lambda two: f"if({two[0]}, PATH, {two[1]}) = 1"),
    ),
    max_leaves=8,
)


def condition_of(text: str) -> Any:
    """The condition with another property in each place of PATH."""
    first, *rest = text.split("PATH")
    numbered = first + "".join(f"properties.p{number}{part}" for number, part in enumerate(rest))
    expression, diagnostics = read_trigger(Source("shop.rules", numbered))
    assert expression is not None
    assert diagnostics == []
    return Resolver(catalog(), []).condition(expression)


@given(_conditions, st.lists(st.sampled_from((1, 2)), min_size=20, max_size=20))
def test_no_event_of_another_type_reads_a_part_for_anything(text: str, values: list[int]) -> None:
    condition = condition_of(text)
    properties = {f"p{number}": value for number, value in enumerate(values)}
    for read, types in reads_with_types(condition, frozenset(CONTEXT.types)):
        if read == ir.Read(ir.EVENT, ("type",)):
            continue
        key = str(read.steps[-1])
        changed = {**properties, key: 3 - properties[key]}
        for type_ in set(CONTEXT.types) - types:
            event, other = {"type": type_, "properties": properties}, {"type": type_, "properties": changed}
            assert CONTEXT.value_of(condition, event) == CONTEXT.value_of(condition, other)
