"""The table of sentences for text that the grammar does not take: one example for each row, in the table's order."""

from __future__ import annotations

import pytest

from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.source import Source
from rulewright.dsl.syntax import expectations, messages
from rulewright.dsl.syntax.reader import read_expression, read_file
from rulewright.dsl.syntax.unexpected import Context, Unexpected

MAPPING = 'mapping "A" -> logEvent {{\n  when type = "track"\n  {}\n}}\n'
TEST = 'test "A" {{\n  given {{ a: 1 }}\n  {}\n}}\n'
EXAMPLES = [
    ("{}", " ", "expected a value, found no text", ""),
    (
        "drop traits.a {}",
        "when",
        "`when` has no condition",
        'write the condition after `when`, as in `when type = "track"`',
    ),
    ("{}", "a and", "expected a value, found the end of the text", ""),
    (MAPPING, "usee defaults", "expected a statement, found `usee`", "did you mean `use`?"),
    (TEST, "expect if", "expected an expectation, found `if`", expectations._EXPECTATIONS),
    (
        MAPPING,
        'on conflict "x"',
        'expected a policy, found `"x"`',
        "write `on conflict fold`, `split` or `reject`",
    ),
    ("{}", "a = b = c", "unexpected second comparison `=`", "join two comparisons with `and`"),
    (MAPPING, "a = not [1]", "unexpected `[` after a value", "write `!` before what is negated, or `!( … )`"),
    ("{}", "1 (", "unexpected `(` after a value", "call a function by its name alone, as in `lowercase(name)`"),
    ("{}", "a[b]", "unexpected `[` after a value", expectations._INDEX),
    ("{}", "a, b", "unexpected `,` after a value", "delete `,`"),
    ("{}", 'a "b"', 'unexpected `"b"` after a value', ""),
    None,
    ("{}", "(a,b)", "expected `)`, found `,`", "write a list as `[a, b]`"),
    ("{}", "{a, b}", "expected `:`, found `,`", "write an entry of an object as `key: value`"),
    (
        MAPPING,
        "event_type = {{x",
        "expected a key, `}` or a text in quotes, found `{`",
        expectations._PLACEHOLDER,
    ),
    (
        "{}",
        'settings { apiKey "x" }',
        "expected `field = …` or `}`, found `apiKey`",
        "write a setting as `name = value`",
    ),
    ("{}", "f(a b)", "expected `,` or `)`, found `b`", "separate arguments with `,`"),
]
"""The shape around a text, the text, the message and the help. No text reaches the row without an example: the parser
always has something that it would take."""


def diagnostics_of(shape: str, text: str) -> list[Diagnostic]:
    is_file = shape != "{}" or text.startswith("settings")
    read = read_file if is_file else read_expression
    return read(Source("shop.rules", text if shape == "{}" else shape.format(text)))[1]


def test_every_row_has_an_example() -> None:
    assert len(EXAMPLES) == len(expectations._TABLE)


@pytest.mark.parametrize("number", [number for number, example in enumerate(EXAMPLES) if example])
def test_a_row_is_said_of_its_example(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    example = EXAMPLES[number]
    assert example is not None
    shape, text, message, help_ = example
    reached = []

    def spy(context: Context) -> tuple[str, tuple[str, ...]]:
        reached.append(next(at for at, row in enumerate(expectations._TABLE) if row.applies(context)))
        return expectations.sentence(context)

    monkeypatch.setattr(messages, "sentence", spy)
    diagnostics = diagnostics_of(shape, text)
    assert number in reached
    assert (message, help_) in [(diagnostic.message, "".join(diagnostic.help)) for diagnostic in diagnostics]


def test_where_nothing_is_expected_the_syntax_is_unknown() -> None:
    context = Context.of("~", Unexpected(0, 1, "", frozenset()))
    assert expectations.sentence(context) == ("unknown syntax `~`", ())
