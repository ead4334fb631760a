"""Each pass on values makes less of them, and leaves what they mean."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.compiler import ir
from rulewright.compiler.optimize.rewrite import simplified
from rulewright.compiler.plan.program_plan import plan_program
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression
from rulewright.loading.catalog import catalog
from rulewright.loading.pipeline import compile_files, read
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.trace.evaluation import evaluate


def resolved(text: str) -> ir.Value:
    node, diagnostics = read_expression(Source("test", text))
    assert node is not None, diagnostics
    return Resolver(catalog(), diagnostics).value(node)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("\"a{{'b'}}c\"", '"abc"'),
        ("\"a{{event}}{{'b'}}c\"", '"a{{event}}bc"'),
        ("if(true, event, name)", "event"),
        ("if(1 = 2, event, name)", "name"),
        ('if("a" = "a" and 1 != 2, event, name)', "event"),
        ('if(event = "x" and false, event, name)', "name"),
        ('if(event = "x" or true, event, name)', "event"),
        ('if(event = "x" and true, event, name)', 'if(event = "x", event, name)'),
        ('if(!(!(event = "x")), event, name)', 'if(event = "x", event, name)'),
        ("if(null = null, event, name)", "event"),
        ("if(1 = true, event, name)", "name"),
        ('if("1" != 1, event, name)', "name"),
        ('if("a" < 2, event, name)', "name"),
        ('if(true != "x", event, name)', "event"),
        ("coalesce(null, event, omit, name)", "coalesce(event, name)"),
        ('coalesce(event, "none", name)', 'coalesce(event, "none")'),
        ('coalesce("always", event)', '"always"'),
        ("coalesce(if(true, event, name), if(false, event, name))", "coalesce(event, name)"),
        ("{ a: if(true, event, name) }", "{ a: event }"),
        ("[ if(false, p, p.a) for p in properties.items if true ]", "[ p.a for p in properties.items if true ]"),
    ],
)
def test_what_is_left(text: str, same_as: str) -> None:
    assert simplified(resolved(text)) == simplified(resolved(same_as))


@pytest.mark.parametrize(
    "text",
    [
        "coalesce(event, null)",
        "coalesce(event, omit)",
        '"{{event}}"',
        "[ p for p in properties.items if p.a ]",
    ],
)
def test_what_has_to_stay(text: str) -> None:
    value = resolved(text)
    assert simplified(value) is value


def test_a_function_that_may_fail_is_still_called() -> None:
    value = simplified(resolved("if(number(event) = 1 and false, event, name)"))
    assert isinstance(value, ir.If)
    with pytest.raises(rulewright.MappingError):
        rulewright.compile_expression("if(number(event) = 1 and false, event, name)")({"event": "x"})


def test_true_is_not_one() -> None:
    assert ir.Constant(True) != ir.Constant(1)
    trigger = rulewright.compile_trigger("event = 1 or event = true")
    assert trigger({"event": True})
    assert trigger({"event": 1})
    mappings = [
        f'mapping "{literal}" -> mapUser {{ when event > 0 and name = {literal} }}' for literal in ("1", "true")
    ]
    rules = "\n".join(["destination amplitude", *mappings])
    match = rulewright.load(rules, settings={}).program.match
    assert list(match({"event": 1, "name": True})) == [1]
    assert list(match({"event": 1, "name": 1})) == [0]


def test_a_field_that_no_event_can_fill_is_not_in_the_plan() -> None:
    text = (
        'destination amplitude\nmapping "a" -> logEventV2 { when type = "track"\n event_type = event\n'
        " city = if(false, context.location.city, omit) }"
    )
    (plan,) = plan_program(compile_files(read(text))).mappings
    assert plan.copies is not None
    assert [row.sources for row in plan.copies.rows] == [(("event",),)]
    assert plan.computed == ()


NUMBERS = st.one_of(
    st.integers(-50, 50),
    st.integers(),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.just(0),
    st.just(-0.0),
)
ARITHMETIC = st.recursive(
    NUMBERS.map(lambda number: ir.Constant(number)),
    lambda parts: st.one_of(
        st.builds(ir.Arithmetic, st.sampled_from(["+", "-", "*", "/"]), parts, parts), st.builds(ir.Negative, parts)
    ),
    max_leaves=6,
)


@settings(max_examples=500, deadline=None)
@given(ARITHMETIC)
def test_arithmetic_on_constants_is_what_it_is_at_run_time(value: ir.Value) -> None:
    assert result(simplified(value)) == result(value)


def result(value: ir.Value) -> tuple[type, Any]:
    """The kind and value of the result; the reason where there is none."""
    try:
        result = evaluate(value, {})
    except ValueFailure as failure:
        return ValueFailure, str(failure)
    return type(result), result


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("60000 * 5", 300_000),
        ("-(2 + 3)", -5),
        ("7 / 2", 3.5),
        ("6 / 2", 3),
        ("0.5 * 4", 2),
        ("0 - 0.0", 0),
        ("9007199254740993 + 1", 9_007_199_254_740_994),
        ("9007199254740992 * 2", 18_014_398_509_481_984),
    ],
)
def test_arithmetic_on_constants_is_done_once(text: str, constant: float) -> None:
    assert simplified(resolved(text)) == ir.Constant(constant)


@pytest.mark.parametrize("text", ["1 / 0", "9e307 * 9e307", "properties.a * 2", '"2" * 3'])
def test_arithmetic_that_is_not_sure_is_left_to_the_runtime(text: str) -> None:
    assert not isinstance(simplified(resolved(text)), ir.Constant)
