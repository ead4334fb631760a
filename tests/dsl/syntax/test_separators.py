"""A separator that is forgotten, or written as in another language, is reported with a fix that puts it in place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.dsl.diagnostics.fixes import apply
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression, read_file

_PLAIN = st.sampled_from(["1", "2.5e3", '"x"', "'y, z'", "properties.total", "traits.a.b", "lowercase(event)"])
_BLANKS = st.sampled_from([" ", "  ", "\n", "\n    ", " # a note, b: 1\n  ", "\t"])
_KEYS = st.sampled_from(["a", "plan", '"odd key"', "Order_ID", "b-c"])


def _object(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    entries = st.lists(st.tuples(_KEYS, values), min_size=2, max_size=4, unique_by=lambda entry: entry[0])
    return st.tuples(entries, _BLANKS).map(
        lambda parts: ["{", *_joined([[key, ":", " ", value] for key, value in parts[0]], parts[1]), "}"]
    )


def _list(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    items = st.lists(values, min_size=2, max_size=4)
    return st.tuples(items, _BLANKS, st.sampled_from(["[]", "()"])).map(
        lambda parts: [
            "[" if parts[2] == "[]" else "coalesce(",
            *_joined([[item] for item in parts[0]], parts[1]),
            parts[2][1],
        ]
    )


def _joined(parts: list[list[str]], blank: str) -> list[str]:
    tokens: list[str] = []
    for part in parts:
        tokens += (*part, ",", blank)
    return tokens[:-2]


_tokens = st.deferred(lambda: _object(_values) | _list(_values))
_values: st.SearchStrategy[str] = st.recursive(
    _PLAIN, lambda inner: (_object(inner) | _list(inner)).map("".join), max_leaves=4
)


@given(_tokens, st.data())
def test_a_forgotten_separator_is_put_in_place_by_its_fix(tokens: list[str], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([number for number, token in enumerate(tokens) if token in (",", ":")]))
    text = "".join(tokens)
    without = "".join((*tokens[:place], *tokens[place + 1 :]))
    meant, problems = read_expression(Source("shop.rules", text))
    assert problems == []
    _, (problem,) = read_expression(Source("shop.rules", without))
    assert problem.fix is not None
    mended, problems = read_expression(Source("shop.rules", apply(without, [problem.fix])))
    assert problems == []
    assert mended == meant


@pytest.mark.parametrize(
    ("written", "message", "help_", "corrected"),
    [
        ("{a = 1}", "expected `:` after `a`, found `=`", "write `:`", "{a : 1}"),
        ("{a => 1, b: 2}", "expected `:` after `a`, found `=>`", "write `:`", "{a : 1, b: 2}"),
        ('{"a" -> 1}', 'expected `:` after `"a"`, found `->`', "write `:`", '{"a" : 1}'),
        ("{a 1}", "expected `:` after `a`, found `1`", "write `a:`", "{a: 1}"),
        ("{plan properties.plan}", "expected `:` after `plan`, found `properties.plan`", "write `plan:`",
         "{plan: properties.plan}"),
        ("{a: 1; b: 2}", "expected `,`, found `;`", "write `,`", "{a: 1, b: 2}"),
        ("[1; 2]", "expected `,`, found `;`", "write `,`", "[1, 2]"),
        ("['A'\"B\"]", 'expected `,`, `for` or `]`, found `"B"`', 'write `,` before `"B"`', "['A',\"B\"]"),
        ("{a}", "expected a path, found `{`", "write `a`", "a"),
        ("{a, b}", "expected `:`, found `,`", "write an entry of an object as `key: value`", None),
        # A word between two values may be an operator of another language.
        ("[a is b]", "unknown operator `is`", "write `a = b`", "[a = b]"),
        ("f(a eq 1)", "unknown operator `eq`", "write `a = 1`", "f(a = 1)"),
        ("[a beside b]", "expected `,`, `for` or `]`, found `beside`", "separate the items of a list with `,`", None),
        ("properties.city as town", "unknown syntax `as town`", "delete `as town`", "properties.city "),
        ("[properties.a as a, 1]", "unknown syntax `as a`", "delete `as a`", "[properties.a , 1]"),
        ("properties.city as text", "unknown operator `as`", "write `string(properties.city)`",
         "string(properties.city)"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_separator(written: str, message: str, help_: str, corrected: str | None) -> None:
    problem = read_expression(Source("shop.rules", written))[1][0]
    assert (problem.message, problem.help) == (message, (help_,))
    assert (None if problem.fix is None else apply(written, [problem.fix])) == corrected


MAPPING = 'mapping "A"{} -> logEventV2{} {{\n  when type = "track"{}\n  use defaults{}\n}}\n'


@pytest.mark.parametrize("place", range(4))
def test_no_alias_is_taken_for_a_comprehension(place: int) -> None:
    text = MAPPING.format(*(" as a" if number == place else "" for number in range(4)))
    problems = read_file(Source("shop.rules", text))[1]
    assert problems
    assert not any("for name in list" in help_ for problem in problems for help_ in problem.help)


def test_all_entries_of_an_object_without_commas_are_read() -> None:
    entries = "\n".join(f"    key{number}: properties.value{number}" for number in range(10))
    fields = f"  user_properties = {{\n{entries}\n  }}\n  citty\n"
    text = f'mapping "A" -> logEventV2 {{\n  when type = "track"\n{fields}}}\n'
    problems = read_file(Source("shop.rules", text))[1]
    helps = [problem.help for problem in problems]
    assert helps[:9] == [(f"write `,` before `key{number}`",) for number in range(1, 10)]
    assert problems[9].span.text == "citty"
    mended = apply(text, [problem.fix for problem in problems if problem.fix is not None])
    assert len(read_file(Source("shop.rules", mended))[1]) == 1
