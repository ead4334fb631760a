"""Any text at all gives a tree or diagnostics, at once, and never another exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.dsl import ast
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.format.printer import file_to_text
from rulewright.dsl.render.text import render_all
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import MAX_CHARACTERS, FileReader, read_expression, read_file, read_trigger
from tests import strategies

_laws = settings(max_examples=150, deadline=None, derandomize=True)
_SNIPPETS = (
    'mapping "a" -> b {', "}", "{", "(", ")", "[", "]", "when ", "use defaults\n", "on conflict fold\n", "x = ",
    "y.z", "and ", "or ", "in ", "!", "= ", "!= ", "<", '"t {{ x }}"', '"t {{', "'", '"', "\\", "#c\n", "\n", "if(",
    "for p in ", "omit ", "null ", "true ", "1", "1e400", "-", "+", "$", ".", ",", ":", 'test "t" {', "given ",
    "expect ", "case ", "drop when ", "keep ", "drop ", "settings {", "defaults ", "destination ", "include ",
    "disabled ", "\0", "\ufeff", "\ud800", "\r\n", "\t", "é", "中", "[0]", "[99999999999]", "line 1.5 ", "exactly ",
)  # fmt: skip


def _read(text: str) -> tuple[ast.File, list[Diagnostic]]:
    """Reads, prints what was read and renders what was found; the three are for any text."""
    file, diagnostics = read_file(Source("any.rules", text))
    file_to_text(file)
    render_all(diagnostics)
    for read in (read_expression, read_trigger):
        tree, problems = read(Source("any", text))
        assert tree is not None or any(diagnostic.severity == "error" for diagnostic in problems)
        render_all(problems)
    return file, diagnostics


@_laws
@given(st.text(st.characters(exclude_categories=())))
def test_random_text(text: str) -> None:
    _read(text)


@_laws
@given(st.lists(st.sampled_from(_SNIPPETS), max_size=25).map("".join))
def test_random_pieces_of_the_language(text: str) -> None:
    _read(text)


@_laws
@given(st.binary(max_size=200))
def test_arbitrary_bytes(data: bytes) -> None:
    _read(data.decode("latin-1"))


@_laws
@given(strategies.files, st.data())
def test_files_with_a_mistake(tree: ast.File, data: st.DataObject) -> None:
    text = file_to_text(tree)
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 5)))
    _read(text[:start] + data.draw(st.sampled_from(("", *_SNIPPETS))) + text[end:])


@pytest.mark.parametrize("piece", ["(", "[", "!", "{a:", "-", "![", "f(", "(a and "])
@pytest.mark.parametrize("start", ["", "drop when "])
def test_nesting_beyond_all_reason(piece: str, start: str) -> None:
    text = start + piece * 100_000 + "a"
    read = read_file if start else read_trigger
    assert [diagnostic.code for diagnostic in read(Source("deep", text))[1]] == ["RW0104"]


@pytest.mark.parametrize("depth", [50, 900])
def test_parentheses_nest_as_deep_as_anyone_wants(depth: int) -> None:
    text = "(" * depth + "a = 1" + ")" * depth
    assert read_trigger(Source("deep", text)) == (ast.Comparison("=", ast.Path(("a",)), ast.Literal(1)), [])


def test_a_text_that_is_too_large_is_not_read() -> None:
    file, diagnostics = read_file(Source("large", "mapping " * (MAX_CHARACTERS // 8 + 1)))
    assert (file.items, [diagnostic.code for diagnostic in diagnostics]) == ((), ["RW0003"])
    assert diagnostics[0].message == "the file has 16,000,008 characters; 16,000,000 is the limit"
    assert diagnostics[0].help == ("divide the rules among files that are compiled separately",)


def test_an_unchanged_item_keeps_its_nodes_and_its_spans_move() -> None:
    text = 'drop when a = 1\n\ndrop when b = 2\n\ndrop when a = 1\n\ndrop when !c = "x"\n'
    reader = FileReader()
    before, _ = reader.read(Source("a", text))
    after, diagnostics = reader.read(Source("a", text.replace("b = 2", "b = 2 or\n c = 3")))
    assert [old is new for old, new in zip(before.items, after.items, strict=True)] == [True, False, True, True]
    assert [item.span.line for item in after.items] == [1, 3, 6, 8]
    assert [(diagnostic.code, diagnostic.span.line) for diagnostic in diagnostics] == [("RW0402", 8)]
    assert after.items[0] is not after.items[2]
