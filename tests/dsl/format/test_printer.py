"""Laws of the printer: what it writes reads back as the same tree, and what it wrote once it writes again."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.dsl import ast
from rulewright.dsl.format.expressions import expression_to_text
from rulewright.dsl.format.printer import file_to_text
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression, read_file, read_trigger
from tests import strategies

_laws = settings(max_examples=100, deadline=None, derandomize=True)
_QUOTED_OR_GAP = re.compile(r"\\.|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|([ \n])")


def _read(text: str) -> ast.File:
    file, diagnostics = read_file(Source("test.rules", text))
    wrong = [finding.message for finding in diagnostics if finding.severity == "error"]
    assert not wrong, f"{wrong} in:\n{text}"
    return file


@_laws
@given(strategies.expressions())
def test_an_expression_reads_back_as_itself(tree: ast.Expression) -> None:
    text = expression_to_text(tree)
    assert read_expression(Source("text", text))[0] == tree, text


@_laws
@given(strategies.triggers)
def test_a_trigger_reads_back_as_itself(tree: ast.Expression) -> None:
    text = expression_to_text(tree)
    assert read_trigger(Source("text", text))[0] == tree, text


@_laws
@given(strategies.files)
def test_a_file_reads_back_as_itself_and_is_printed_the_same_again(tree: ast.File) -> None:
    text = file_to_text(tree)
    again = _read(text)
    assert again == tree, text
    assert file_to_text(again) == text


@_laws
@given(strategies.files, st.data())
def test_formatting_keeps_every_comment_and_settles_at_once(tree: ast.File, data: st.DataObject) -> None:
    text = file_to_text(tree)
    gaps = [match.end() for match in _QUOTED_OR_GAP.finditer(text) if match[1]]
    places = sorted(data.draw(st.lists(st.sampled_from(gaps), max_size=6)) if gaps else [], reverse=True)
    for number, place in enumerate(places):
        text = f"{text[:place]}# {number}\n{text[place:]}"
    file = _read(text)
    assert file == tree
    once = _read(formatted := file_to_text(file))
    assert once == tree, formatted
    assert Counter(c.text for c in once.comments) == Counter(c.text for c in file.comments), formatted
    assert file_to_text(once) == formatted
