"""Tokens are spelled in one file, and what the formatter writes is one token of its kind."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.dsl import lexis
from rulewright.dsl.syntax.paths import write_name, write_path
from rulewright.dsl.syntax.strings import quote
from tests.paths import ROOT

_QUOTED = re.compile(r"""\[\^\\?["']\\\\""")
"""A class of characters that ends at a quote or a backslash: the inside of a text in quotes."""
names = st.text(min_size=1, max_size=8).filter(lambda text: "\n" not in text)


@pytest.mark.parametrize("folder", ["dsl", "src/rulewright/authoring"])
def test_no_other_file_spells_a_text_in_quotes(folder: str) -> None:
    files = [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.lark")]
    assert [str(path.relative_to(ROOT)) for path in files if _QUOTED.search(path.read_text())] == (
        ["dsl/lexis.py"] if folder == "dsl" else []
    )


@given(st.text(max_size=8), st.sampled_from([0, 1]))
def test_a_written_text_is_one_token(value: str, depth: int) -> None:
    assert re.fullmatch(lexis.STRING, quote(value, depth))


@given(names)
def test_a_written_name_is_one_token(value: str) -> None:
    assert re.fullmatch(lexis.NAME, write_name(value))
    assert re.fullmatch(lexis.LIKE_NAME, write_name(value))


@given(st.lists(st.text(max_size=6) | st.integers(0, 10**10 - 1), min_size=1, max_size=4).map(tuple), st.booleans())
def test_a_written_path_is_one_token(steps: tuple[str | int, ...], rooted: bool) -> None:
    written = write_path(steps, rooted=rooted)
    assert re.fullmatch(lexis.PATH, written)
    assert re.fullmatch(lexis.FILTER_PATH, written)


@pytest.mark.parametrize(
    ("number", "is_number"),
    [("1", True), ("1.5", True), (".5", True), ("1e5", True), ("1.5E-3", True), ("1.", False), ("1x", False)],
)
def test_numbers(number: str, is_number: bool) -> None:
    assert (re.fullmatch(lexis.NUMBER, number) is not None) is is_number
