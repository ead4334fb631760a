"""Comparisons and text tests of what a function gives, or a schema says: never true where that is said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler import ir
from rulewright.compiler.analysis.findings.condition_parts import never_true_findings
from rulewright.compiler.analysis.findings.constants import constant_findings
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_trigger
from rulewright.loading.catalog import catalog

from .cases import Case, assert_found, mapping

CONTEXT = analysis_context()


def case(condition: str, code: str, underlined: str | None, help_: str | None = None) -> Case:
    return Case(condition, mapping("A", f"userId = 'u' or {condition}"), code, underlined, None, help_)


def equal(condition: str, underlined: str | None, help_: str | None = None) -> Case:
    return case(condition, "RW0412", underlined, help_)


def of_text(condition: str, help_: str | None = None, *, is_found: bool = True) -> Case:
    return case(condition, "RW0414", condition if is_found else None, help_)


def always(condition: str, help_: str | None = None, *, is_found: bool = True) -> Case:
    rules = mapping("A", f'type = "track" and ({condition})')
    return Case(condition, rules, "RW0405", condition if is_found else None, None, help_)


CASES = [
    equal('lowercase(event) = "Order"', '"Order"', 'write `lowercase(event) = "order"`'),
    equal('lowercase(event) != "Order"', '"Order"', 'write `lowercase(event) != "order"`'),
    equal('lowercase(event) = "order"', None),
    equal('typeof(event) = "int"', '"int"', 'write `typeof(event) = "number"`'),
    equal('exists(userId) = "true"', '"true"', "write `exists(userId)`"),
    equal('exists(userId) != "true"', '"true"', "write `!exists(userId)`"),
    equal('exists(userId) = "false"', '"false"', "write `!exists(userId)`"),
    equal("exists(userId) = true", None),
    equal('length(event) = "5"', '"5"', "write `length(event) = 5`"),
    equal('number(properties.total) != "5"', '"5"', "write `number(properties.total) != 5`"),
    equal("round(properties.total) = null", None),
    equal("(properties.a + 1) = null", None),
    equal(
        'timestamp_ms(timestamp) = "2024-01-01"',
        '"2024-01-01"',
        'write `timestamp_ms(timestamp) = timestamp_ms("2024-01-01")`',
    ),
    equal('timestamp = "2024-01-01"', '"2024-01-01"', 'write `starts_with(timestamp, "2024-01-01")`'),
    equal('timestamp != "2024-01"', '"2024-01"', 'write `!starts_with(timestamp, "2024-01")`'),
    equal('timestamp = "2024-01-01T00:00:00Z"', None),
    equal('properties.date = "2024-01-01"', None),
    equal('context.network.wifi in ["true", false]', '"true"', "write `true`"),
    equal('context.screen.width in [1024, "768"]', '"768"', "write `768`"),
    equal('context.page.keywords = "a"', '"a"', 'write `"a" in context.page.keywords`'),
    equal('context.page.keywords != "a"', '"a"', 'write `!("a" in context.page.keywords)`'),
    equal('context.page.keywords in ["a"]', '"a"', 'write `"a" in context.page.keywords`'),
    of_text('contains(properties.products, "a")', 'write `"a" in properties.products`'),
    of_text('!contains(properties.products, "a")', 'write `!("a" in properties.products)`'),
    of_text('starts_with(context.screen.width, "5")', 'write `starts_with(string(context.screen.width), "5")`'),
    of_text(
        'match(context.page.keywords, "a*")',
        'write `length([item for item in context.page.keywords if match(item, "a*")]) > 0`',
    ),
    of_text('contains(context.page, "x")'),
    of_text('contains(properties.total, "5")', is_found=False),
    of_text('contains(properties.tags, "x")', is_found=False),
    of_text('contains(userId, "x")', is_found=False),
    of_text('contains("abc", event)', is_found=False),
    always('event != "A" or event != "B"', 'write `event != "A" and event != "B"`'),
    always('event != "A" or properties.a = 1 or event != "B"'),
    always('event != "A" or name != "B"', is_found=False),
    always('event != "A" or event != "A"', is_found=False),
    always('event = "A" or event = "B"', is_found=False),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_findings(case: Case) -> None:
    assert_found(case)


_PATHS = st.sampled_from(("properties.a", "properties.b"))
_FUNCTIONS = (
    "lowercase", "uppercase", "trim", "typeof", "exists", "blank", "length", "number", "integer", "round", "string",
    "first", "keys", "timestamp_ms", "json_encode", "bool", "kebabcase", "abs", "visible",
)  # fmt: skip
_values = st.one_of(
    _PATHS,
    st.tuples(st.sampled_from(_FUNCTIONS), _PATHS).map(lambda call: f"{call[0]}({call[1]})"),
    _PATHS.map('split({}, ",")'.format),
    _PATHS.map("coalesce({}, 1)".format),
    _PATHS.map('default({}, "Order")'.format),
    _PATHS.map("({} + 1)".format),
)
_constants = st.sampled_from(('"Order"', '"order"', '"5"', '"true"', '"number"', '""', "5", "1.5", "true", "null"))
_anything = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        ("Order", "order", "5", " 5", "1.5", "true", "a,b", "", 0, 5, 1.5, [], ["Order"], [5], {}, {"a": 1})
    ),
)


def condition_of(text: str) -> Any:
    expression, diagnostics = read_trigger(Source("shop.rules", text))
    assert expression is not None
    assert diagnostics == []
    return Resolver(catalog(), []).condition(expression)


def findings_of(condition: ir.Condition) -> list[Diagnostic]:
    return [*constant_findings(list(ir.walk(condition)), CONTEXT), *never_true_findings([condition], CONTEXT)]


@given(_values, _constants, st.booleans(), _anything, _anything)
def test_what_is_never_given_is_never_equal(value: str, constant: str, swapped: bool, a: Any, b: Any) -> None:
    condition = condition_of(f"{constant} = {value}" if swapped else f"{value} = {constant}")
    if any(finding.code == "RW0412" for finding in findings_of(condition)):
        assert not CONTEXT.value_of(condition, {"properties": {"a": a, "b": b}})


@given(st.sampled_from(("contains", "!contains", "match", "starts_with", "ends_with")), _values, _constants, _anything)
def test_what_is_no_text_meets_no_test_of_texts(function: str, value: str, constant: str, anything: Any) -> None:
    condition = condition_of(f"{function}({value}, {constant})")
    for finding in findings_of(condition):
        if finding.code == "RW0414":
            event = {"properties": {"a": anything, "b": anything}}
            assert not CONTEXT.value_of(condition, event)
            helped = re.fullmatch("write `(.*)`", finding.help[0]) if finding.help else None
            assert helped is None or findings_of(condition_of(helped[1])) == []
