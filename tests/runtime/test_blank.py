"""What counts as blank: nothing of it can be seen."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.semantics.blank import is_blank, is_blank_text
from rulewright.runtime.semantics.javascript import WHITESPACE
from rulewright.runtime.semantics.missing import MISSING

BLANK: list[Any] = [
    None, MISSING, "", " ", "\t\r\n", "\u00a0\u2003\u3000", "\u200b", "\u200d\ufeff\u2060", "\u00ad", "\u202e",
    "\x00\x1f", "\x7f\x85", "\u2028", [""], [None], [" \u200b"], WHITESPACE,
]  # fmt: skip
VISIBLE: list[Any] = [
    "a", " a", "\u200ba", "!", "~", "é", "日本", "😀", "0", "\u2800", "\u3164", "\ud800", 0, False, [], {}, [[]],
    ["", ""], [0], ["a"], {"": ""},
]  # fmt: skip


@pytest.mark.parametrize("value", BLANK, ids=ascii)
def test_nothing_can_be_seen(value: Any) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", VISIBLE, ids=ascii)
def test_something_can_be_seen(value: Any) -> None:
    assert not is_blank(value)


@given(st.text())
def test_text_is_blank_by_the_categories_of_its_characters(text: str) -> None:
    unseen = ("Zs", "Zl", "Zp", "Cc", "Cf")
    assert is_blank_text(text) is all(unicodedata.category(character) in unseen for character in text)
