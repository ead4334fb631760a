"""Rules that check clean compile, load and run, however deep or wide; what is beyond a limit is a diagnostic."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import assume, given, settings

import rulewright
from rulewright.checking import check
from rulewright.dsl.syntax.builders.expression_builder import MAX_DEPTH
from rulewright.dsl.syntax.builders.token_builder import MAX_STEPS
from rulewright.loading.rule_files import read_rules_text
from tests.expressions import deep_expressions, wide_expressions
from tests.long_cases import long_cases

pytestmark = pytest.mark.untraced

EVENT: dict[str, Any] = {"type": "track", "event": "x", "userId": "user-1", "a": {"b": "q"}, "n": 2}


def rules(expression: str = "a", trigger: str = 'type = "track"', city: str = "b") -> str:
    """One mapping with an expression in a property, which takes any value, and one in a field, which takes a text."""
    return f"""destination amplitude
mapping "A" -> logEvent {{
  when {trigger}
  use defaults
  user_properties = omit
  event_properties = {{ it: {expression} }}
  city = {city}
}}
"""


def nested(around: str, depth: int, core: str = "a") -> str:
    before, after = around.split("…")
    return before * depth + core + after * depth


DEEP = {
    "if, else": ("if(b = 1, 1, …)", 98), "if, then": ("if(b = 1, …, 1)", 98),
    "if, condition": ("if(…, true, false)", 98),
    "coalesce": ("coalesce(b, …)", 98), "coalesce first": ("coalesce(…, b)", 98),
    "call": ("lowercase(…)", 98), "list": ("[…]", 98), "object": ("{ k: … }", 97),
    "object with more": ("{ j: a, k: … }", 97), "comprehension": ("[… for p in a]", 15),
    "comprehension over": ("[p for p in …]", 98), "filtered": ("[p for p in a if p = 1 and …]", 15),
    "text": ("\"{{ lowercase('{{ … }}') }}\"", 1), "and, or": ("(b = 1 and (n = 2 or …))", 48),
    "and, or that may fail": ("(number(b) = 1 and (coalesce(number(n), 1) = 2 or …))", 48),
    "not": ("!(b = 1 and …)", 48),
    "minus": ("-(…)", 98), "sum": ("(n + …)", 98), "product": ("(… * n)", 98), "access": ("first(…).b", 49),
    "mixed": ("if(b = 1, coalesce(lowercase(n), …), 2)", 48), "contains": ("contains(…, \"x\")", 98),
    "in": ("(b in [n, …])", 48),
}  # fmt: skip
WIDE = {
    "coalesce": f"coalesce({', '.join(f'p{number}.a' for number in range(1000))})",
    "coalesce of calls": f"coalesce({', '.join(f'lowercase(p{number})' for number in range(1000))})",
    "concat": f"concat({', '.join(['a'] * 1000)})",
    "text": f'"{"{{ a }}" * 1100}"',
    "list": f"[{', '.join(['a'] * 1100)}]",
    "object": f"{{ {', '.join(f'k{number}: a{number}' for number in range(1100))} }}",
    "or": " or ".join(f"number(a{number}) = 1" for number in range(300)),
    "path": ".".join("a" * MAX_STEPS),
    "paths": f"[{', '.join(f'p{number}.' + '.'.join('a' * (MAX_STEPS - 1)) for number in range(50))}]",
    "sum": " + ".join(["n"] * 100),
    "text value": f'"{"x" * 1_000_000}"',
    "number": "9" * 300,
}


def runs(text: str) -> None:
    """Checks, loads and runs rules, in both forms of an event, and compiles the module that stands alone."""
    findings = check(read_rules_text(text)).findings
    assert [finding.message for finding in findings if finding.severity == "error"] == []
    mapper = rulewright.load(text, settings={})
    assert mapper(EVENT) == mapper.map_bytes(json.dumps(EVENT))
    compile(rulewright.compile_source(text), "module", "exec")


LONG = {
    "if, then", "if, condition", "coalesce first", "object with more", "comprehension over", "product",
    "and, or that may fail", "coalesce of calls", "concat", "paths", "text",
}  # fmt: skip
"""Those that are written almost as another one is."""


def quick_and_long(names: Iterable[str]) -> list[Any]:
    return [name for case in names for name in (long_cases(case) if case in LONG else [case])]


@pytest.mark.parametrize("name", quick_and_long(DEEP))
def test_deep_rules_run(name: str) -> None:
    deep = nested(*DEEP[name])
    is_text = not name.startswith(("object", "and, or"))
    runs(rules(deep, city=deep if is_text else "b"))


@pytest.mark.parametrize("name", quick_and_long(DEEP))
def test_deep_triggers_run(name: str) -> None:
    around, depth = DEEP[name]
    if name != "text":
        runs(rules(trigger=f'type = "track" and {nested(around, depth - 1)}'))


@pytest.mark.parametrize("name", quick_and_long(WIDE))
def test_wide_rules_run(name: str) -> None:
    runs(rules(WIDE[name]))


@given(deep_expressions() | wide_expressions())
@settings(max_examples=30)
def test_rules_that_check_clean_load_and_run(expression: str) -> None:
    text = rules(expression)
    assume(all(finding.severity != "error" for finding in check(read_rules_text(text)).findings))
    runs(text)


@pytest.mark.parametrize(
    "expression",
    [
        ".".join("a" * (MAX_STEPS + 1)), ".".join("a" * 99), ".".join("a" * 5000), "a" + "[0]" * MAX_STEPS,
        "first(a)" + ".b" * (MAX_STEPS + 1), f'"{{{{ {".".join("a" * 500)} }}}}"', "$" + ".a" * 500,
        " + ".join("a" * (MAX_DEPTH + 1)), "(" + " + ".join("a" * 60) + ") * 2" + " + a" * 60,
        nested("lowercase(…)", MAX_DEPTH), nested("[… for p in a]", 16),
        "\"{{ " + nested("lowercase(…)", 60, "'{{ " + nested("lowercase(…)", 60) + " }}'") + ' }}"',
    ],
    ids=lambda text: f"{text[:12]}… {len(text)}",
)  # fmt: skip
def test_what_is_beyond_a_limit_is_a_diagnostic(expression: str) -> None:
    findings = check(read_rules_text(rules(expression))).findings
    assert "RW0104" in {finding.code for finding in findings}
    with pytest.raises(rulewright.RuleError, match="RW0104"):
        rulewright.load(rules(expression), settings={})


@pytest.mark.parametrize("filter_", ["drop", "keep"])
def test_paths_of_filters_have_the_same_limit(filter_: str) -> None:
    for steps, codes in ((MAX_STEPS, set()), (MAX_STEPS + 1, {"RW0104"})):
        text = f"{filter_} {'.'.join('a' * steps)}\n{rules()}"
        assert {diagnostic.code for diagnostic in read_rules_text(text).diagnostics} == codes


def test_depth_has_a_limit_and_it_is_said() -> None:
    with pytest.raises(rulewright.RuleError, match="RW0104"):
        rulewright.compile_expression("[" * 150 + "]" * 150)
    with pytest.raises(rulewright.RuleError, match="RW0104"):
        rulewright.compile_expression("[ " * 20 + "y" + " for a in list ]" * 20)
    deep = "if(n = 1, 2, " * 60 + "3" + ")" * 60
    assert rulewright.compile_expression(deep)(EVENT) == 3
    deep = "(n = 1 or (n = 2 and " * 30 + "n = 2" + "))" * 30
    assert rulewright.compile_expression(deep)(EVENT) is True
