"""The tables of the grammar give the tree that Lark gives, and refuse the texts that Lark refuses."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, Tree
from lark.exceptions import UnexpectedInput

from rulewright.dsl import ast
from rulewright.dsl.format.printer import file_to_text
from rulewright.dsl.source import Source
from rulewright.dsl.syntax import lalr
from rulewright.dsl.syntax.lalr.driver import Start, tree_of
from rulewright.dsl.syntax.lalr.driver import Tree as OwnTree
from rulewright.dsl.syntax.lalr.grammar import TABLES
from rulewright.dsl.syntax.lalr.making_tables import lark_parser, make_tables, written
from rulewright.dsl.syntax.lalr.tables import grammar_tables
from rulewright.dsl.syntax.splitter import Splitter
from tests import strategies
from tests.dsl.syntax.test_any_text import PIECES
from tests.dsl.syntax.test_statements_in_a_row import GAPS, VALUES
from tests.paths import ROOT

STARTS: tuple[Start, ...] = ("item", "trigger", "expression")
_laws = settings(max_examples=200, deadline=None)
_OPERATORS = tuple("= != < <= in and or AND + - * / ! ( ) [ ] { } , :".split())
_WORDS = (
    "use", "on", "for", "expect", "given", "case", "when", "if", "where", "any", "event", "no", "value", "of", "in",
    "requests", "exactly", "failure", "nothing", "dropped", "snapshot", "line", "->", "mapping", "defaults", "conflict",
)  # fmt: skip
tokens = st.sampled_from((*VALUES, *_OPERATORS, *_WORDS, "f(", "x =", "k:", "[0]", ".a"))
spaced = st.lists(st.tuples(tokens, st.sampled_from(("", " ", *GAPS))), max_size=14).map(
    lambda parts: "".join(token + gap for token, gap in parts)
)


@cache
def _lark() -> Lark:
    return lark_parser()


def _same(text: str) -> None:
    for start in STARTS:
        try:
            expected = _of_lark(_lark().parse(text, start=start))
        except UnexpectedInput:
            expected = None
        tree = tree_of(grammar_tables(), text, start)
        assert (None if tree is None else _of_tables(tree)) == expected


def _of_lark(part: Any) -> Any:
    if not isinstance(part, Tree):
        return part.type, str(part), part.start_pos, part.end_pos
    place = None if part.meta.empty else (part.meta.start_pos, part.meta.end_pos)
    return str(part.data), place, list(map(_of_lark, part.children))


def _of_tables(part: Any) -> Any:
    if not isinstance(part, OwnTree):
        return part.type, str(part), part.start_pos, part.end_pos
    # Lark gives a tree of nothing no place.
    place = None if part.start_pos == part.end_pos and not part.children else (part.start_pos, part.end_pos)
    return part.data, place, list(map(_of_tables, part.children))


@_laws
@given(spaced)
def test_any_tokens(text: str) -> None:
    _same(text)


@_laws
@given(spaced)
def test_any_tokens_in_an_item(text: str) -> None:
    _same(f'mapping "a" -> b {{ {text} }}')
    _same(f'test "a" {{ expect {text} }}')


@_laws
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_pieces_of_the_language(text: str) -> None:
    _same(text)


@_laws
@given(strategies.files, st.data())
def test_items_whole_and_cut(tree: ast.File, data: st.DataObject) -> None:
    text = file_to_text(tree)
    for span in Splitter().cut(Source("any", text))[0]:
        _same(span.text)
        at = data.draw(st.integers(0, len(span.text)))
        _same(span.text[:at] + data.draw(st.sampled_from(("", *PIECES))) + span.text[at + 1 :])


@pytest.mark.parametrize("folder", ["rules", "examples", "tests"])
def test_rules_in_files(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.rules")):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\0", "")
        for span in Splitter().cut(Source("file", text))[0]:
            _same(span.text)


def test_the_tables_that_ship_are_those_of_the_grammar() -> None:
    shipped = resources.files(lalr).joinpath(TABLES).read_text(encoding="utf-8")
    made = written(make_tables())
    assert json.loads(shipped) == json.loads(made), "run `python -m rulewright.dsl.syntax.lalr.making_tables`"
    assert shipped == made
