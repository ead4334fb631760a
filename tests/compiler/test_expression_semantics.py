"""What field expressions give, and how the four kinds of nothing are kept apart."""

from __future__ import annotations

from typing import Any

import pytest

import rulewright

MISSING = rulewright.MISSING
EVENT: dict[str, Any] = {
    "type": "track",
    "name": "Home",
    "nothing": None,
    "empty": "",
    "no": False,
    "n": 4,
    "f": 2.5,
    "list": [{"p": 1, "q": 2}, {"p": None}, {}],
    "one": {"p": 7},
    "words": ["a", "b"],
    "context": {"device": {"id": "d"}},
}
CASES: list[tuple[str, Any]] = [
    ("name", "Home"),
    ("$", EVENT),
    ("gone", MISSING),
    ("gone.deeper.still", MISSING),
    ("nothing", None),
    ("nothing.deeper", None),
    ("no.deeper", False),
    ("empty.deeper", ""),
    ("words[1]", "b"),
    ("words[9]", MISSING),
    ("words.length", 2),
    ('"Viewed {{ name }}"', "Viewed Home"),
    ('"{{gone}}{{nothing}}{{empty}}{{no}}{{n}}{{f}}{{words}}{{one}}"', "false42.5a,b[object Object]"),
    ('"{{{ name }}}!"', "Home!"),
    (r'"\{{name}}"', "{{name}}"),
    ('"it\'s"', "it's"),
    ("coalesce(gone, nothing, name)", "Home"),
    ("coalesce(gone, nothing)", None),
    ("coalesce(nothing, gone)", MISSING),
    ("coalesce(no, name)", False),
    ('if(type = "track", 1, 2)', 1),
    ('if(type = "page", 1, 2)', 2),
    ("if(gone, 1, omit)", MISSING),
    ("omit", MISSING),
    ("{ a: name, b: gone, c: nothing, d: empty }", {"a": "Home", "c": None, "d": ""}),
    ('{ "odd key": 1 }', {"odd key": 1}),
    ("{}", {}),
    ("[name, gone, nothing]", ["Home", None, None]),
    ("[]", []),
    ("[ x.p for x in list ]", [1, None]),
    ("[ { p: x.p } for x in list ]", [{"p": 1}, {"p": None}, {}]),
    ("[ x.p for x in list if x.p > 0 ]", [1]),
    ("[ x.p for x in one ]", [7]),
    ("[ x for x in gone ]", MISSING),
    ("[ x for x in nothing ]", None),
    ("[ x for x in name ]", "Home"),
    ("[ [ y.p for y in list if y.p = x.p ] for x in list if x.q = 2 ]", [[1]]),
    ("[ $.name for name in words ]", ["Home", "Home"]),
    ("[ name for name in words ]", ["a", "b"]),
    ("n + f * 2 - 1", 8),
    ("n / f", 1.6),
    ("n / 2", 2),
    ("-n", -4),
    ("-3", -3),
    ("n + gone", MISSING),
    ("n > 3 and f < 3", True),
    ("n = 4", True),
    ("first(list).q", 2),
    ("lowercase(name)", "home"),
    ("lowercase(gone)", MISSING),
]


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[expression for expression, _ in CASES])
def test_an_expression_gives(expression: str, expected: Any) -> None:
    value = rulewright.compile_expression(expression)(EVENT)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("number(name)", '"Home" is not a number'),
        ("n + name", '"Home" is not a number'),
        ("n / 0", "divided by zero"),
        ("1e308 * 10", "too large"),
    ],
)
def test_a_value_that_cannot_be_taken_names_the_expression(expression: str, sentence: str) -> None:
    with pytest.raises(rulewright.MappingError) as caught:
        rulewright.compile_expression(expression)(EVENT)
    assert sentence in str(caught.value)
    assert expression in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("if(n = 5 and coalesce(number(name), 0) > 1, 1, 2)", 2),
        ("if(n = 4 or coalesce(number(name), 0) > 1, 1, 2)", 1),
        ("if(n = 4 or n = 5 and coalesce(n + name, 0) > 1, 1, 2)", 1),
        ("if(!(n = 4 or if(n = 1, n + name, n + name) > 1), 1, 2)", 2),
        ("n = 5 and coalesce(number(name), 0) > 1", False),
    ],
)
def test_what_could_fail_is_not_computed_where_an_earlier_answer_decides(expression: str, expected: Any) -> None:
    assert rulewright.compile_expression(expression)(EVENT) == expected


def test_an_event_is_never_changed() -> None:
    before = repr(EVENT)
    for expression, _ in CASES:
        rulewright.compile_expression(expression)(EVENT)
    assert repr(EVENT) == before


def test_depth_has_a_limit_and_it_is_said() -> None:
    with pytest.raises(rulewright.RuleError, match="RW0104"):
        rulewright.compile_expression("[" * 150 + "]" * 150)
    with pytest.raises(rulewright.RuleError, match="RW0104"):
        rulewright.compile_expression("[ " * 20 + "y" + " for a in list ]" * 20)
    deep = "if(n = 1, 2, " * 60 + "3" + ")" * 60
    assert rulewright.compile_expression(deep)(EVENT) == 3
    deep = "(n = 1 or (n = 4 and " * 30 + "n = 4" + "))" * 30
    assert rulewright.compile_expression(deep)(EVENT) is True
