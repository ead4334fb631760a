"""Texts with a blank at an end, and arguments in the wrong order: what is reported, and what is meant as it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler import ir
from rulewright.compiler.analysis.findings.argument_order import argument_order_findings
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression
from rulewright.loading.catalog import catalog

from .cases import TRACK, Case, assert_found, findings_of, mapping

CONTEXT = analysis_context()


def blank(condition: str, underlined: str | None, help_: str | None = None) -> Case:
    return Case(condition, mapping("A", f"{TRACK} and {condition}"), "RW0417", underlined, None, help_)


def order(value: str, underlined: str | None, help_: str | None = None, field: str = "region") -> Case:
    return Case(value, mapping("A", TRACK, f"{field} = {value}"), "RW0418", underlined, None, help_)


def swapped(condition: str, underlined: str | None, help_: str | None = None) -> Case:
    return Case(condition, mapping("A", f"{TRACK} and {condition}"), "RW0418", underlined, None, help_)


def written(format_: str, help_: str | None) -> Case:
    rules = mapping("A", TRACK, f"region = format_time(timestamp, {format_})")
    return Case(format_, rules, "RW0312", None if help_ is None else format_, None, help_)


CASES = [
    blank('event = "Order "', '"Order "', 'write `"Order"`'),
    blank("event = 'Order '", "'Order '", "write `'Order'`"),
    blank('lowercase(event) = " order"', '" order"'),
    blank('coalesce(event, name) in ["Order "]', '"Order "'),
    blank('event = "Order\\u200b"', '"Order\\u200b"', 'write `"Order"`'),
    blank('event = "Liked ❤️"', None),
    blank('event in ["Order", "Order "]', None),
    blank('(event = "Order" or event = "Order ")', None),
    blank('(event != "Order" and "Order " != event)', None),
    blank('(event = "Order" or properties.name = "Order ")', '"Order "'),
    blank('starts_with(event, " Order")', '" Order"', 'write `"Order"`'),
    blank('starts_with(event, "Order ")', None),
    blank('ends_with(event, "Order ")', '"Order "', 'write `"Order"`'),
    blank('ends_with(event, " Order")', None),
    blank('match(event, "* Order ")', '"* Order "', 'write `"* Order"`'),
    blank('match(event, "Order *")', None),
    blank('contains(event, " Order ")', None),
    blank('event = " "', None),
    swapped('contains("Order", lowercase(event))', '"Order"', 'write `contains(lowercase(event), "Order")`'),
    swapped('contains("a, b|c", event)', '"a, b|c"', 'write `event in ["a", "b", "c"]`'),
    swapped("!contains('a,b', event)", "'a,b'", "write `!(event in ['a', 'b'])`"),
    swapped('!match("a*", event)', '"a*"', 'write `!match(event, "a*")`'),
    swapped('starts_with("a,b", event)', '"a,b"', 'write `starts_with(event, "a,b")`'),
    order('coalesce("web", context.device.type)', '"web"', 'write `coalesce(context.device.type, "web")`'),
    order('coalesce(properties.a, "b", name)', '"b"', 'write `coalesce(properties.a, name, "b")`'),
    order("coalesce(properties.a, null, name)", None),
    order('coalesce(properties.a, if(event = "a", "b", omit), name)', None),
    order('coalesce("{{event}}", name)', '"{{event}}"', "write `coalesce(event, name)`"),
    order('coalesce("a {{event}}", name)', '"a {{event}}"', 'write `if(exists(event), "a {{event}}", name)`'),
    order(
        'coalesce(city, "a {{event}}", name, "b")',
        '"a {{event}}"',
        'write `coalesce(city, if(exists(event), "a {{event}}", coalesce(name, "b")))`',
    ),
    order('coalesce("{{context.device.id}}", anonymousId)', None, field="device_id"),
    order('coalesce("u-{{userId}}", anonymousId)', '"u-{{userId}}"', field="device_id"),
    order('default("web", context.device.type)', '"web"', 'write `default(context.device.type, "web")`'),
    order('default("", context.device.type)', None),
    order('default("{{event}}", "x")', None),
    order('replace("-", event, "")', '"-"', 'write `replace(event, "-", "")`'),
    order('replace("-", event, "", true)', '"-"', 'write `replace(event, "-", "", true)`'),
    order('replace("Hello NAME", "NAME", event)', None),
    order('first(split(",", event))', '","', 'write `split(event, ",")`'),
    order('format_time("%Y", timestamp)', '"%Y"', 'write `format_time(timestamp, "%Y")`'),
    order('format_time("2024-01-01", properties.format)', None),
    written('"YYYY-MM-DD"', 'write `"%Y-%m-%d"`'),
    written("'dd.MM.yyyy HH:mm:ss'", "write `'%d.%m.%Y %H:%M:%S'`"),
    written('"MMMM yyyy"', 'write `"%B %Y"`'),
    written('"week of DD"', "write the parts of a time as in `%Y-%m-%d %H:%M:%S`"),
    written('"%Y"', None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_findings(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize("case", [case for case in CASES if case.help is not None], ids=lambda case: case.what)
def test_each_help_settles_its_finding(case: Case) -> None:
    (finding,) = findings_of(case.rules, case.code)
    if (help_ := re.fullmatch("write `(.*)`", finding.help[0])) is None:
        return
    at = finding.span.start - len("destination amplitude\n")
    end = at + len(finding.span.text)
    if case.code == "RW0418":
        # The help is the whole call, or the condition with its negation.
        call = case.what.removeprefix("first(").removesuffix(")") if case.what.startswith("first(") else case.what
        at = case.rules.index(call)
        end = at + len(call)
    assert findings_of(f"{case.rules[:at]}{help_[1]}{case.rules[end:]}", case.code) == []


_PATHS = ("properties.a", "properties.b")
_alternatives = st.one_of(
    st.sampled_from(_PATHS),
    st.sampled_from(('"x"', '""', '" "', "0", "false", "null", "[]", "omit", "{ a: 1 }")),
    st.sampled_from(_PATHS).flatmap(
        lambda path: st.sampled_from(
            (
                f'"{{{{{path}}}}}"',
                f'"a {{{{{path}}}}}"',
                f"lowercase({path})",
                f"typeof({path})",
                f"compact({path})",
                f'if({path} = 1, "y", omit)',
                f"coalesce({path}, 1)",
                f"[{path}]",
            )
        )
    ),
)
_values = st.one_of(st.none(), st.sampled_from(("", " ", "x", 0, 1, False, [], {})))


@given(st.sampled_from(("coalesce", "default")), st.lists(_alternatives, min_size=2, max_size=3), _values, _values)
def test_what_comes_after_a_value_that_is_always_there_is_never_given(
    function: str, alternatives: list[str], first: Any, second: Any
) -> None:
    alternatives = alternatives[:2] if function == "default" else alternatives
    call = value_of(f"{function}({', '.join(alternatives)})")
    event = {"type": "track", "properties": {"a": first, "b": second}}
    for finding in argument_order_findings([call]):
        parts = call.values if isinstance(call, ir.Coalesce) else call.arguments
        always = next(part for part in parts if part.span == finding.span)
        before = parts[: parts.index(always)]
        expected = ir.Coalesce((*before, always)) if before else always
        assert CONTEXT.value_of(call, event) == CONTEXT.value_of(expected, event)


def value_of(text: str) -> Any:
    expression, diagnostics = read_expression(Source("shop.rules", text))
    assert expression is not None
    assert diagnostics == []
    return Resolver(catalog(), []).value(expression)
