"""What counts as blank: nothing of it can be seen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.semantics.blank import is_blank, is_blank_text
from rulewright.runtime.semantics.javascript import WHITESPACE
from rulewright.runtime.semantics.missing import MISSING

BLANK: list[Any] = [
    None, MISSING, "", " ", "\t\r\n", "\u00a0\u2003\u3000", "\u200b", "\u200d\ufeff\u2060", "\u00ad", "\u202e",
    "\x00\x1f", "\x7f\x85", "\u2028", "\u2800", "\u3164", "\uffa0\u115f\u1160", "\u034f", "\ufe0f\u180b", "\U000e0100",
    [""], [None], [" \u200b"], WHITESPACE,
]  # fmt: skip
VISIBLE: list[Any] = [
    "a", " a", "\u200ba", "!", "~", "é", "日本", "😀", "0", "\u2801", "\u3163", "\u2764\ufe0f", "\ud800",
    0, False, [], {}, [[]],
    ["", ""], [0], ["a"], {"": ""},
]  # fmt: skip


@pytest.mark.parametrize("value", BLANK, ids=ascii)
def test_nothing_can_be_seen(value: Any) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", VISIBLE, ids=ascii)
def test_something_can_be_seen(value: Any) -> None:
    assert not is_blank(value)


UNSEEN = st.characters(categories=("Zs", "Zl", "Zp", "Cc", "Cf")) | st.sampled_from("\u034f\u1160\u2800\u3164\ufe0f")


@given(st.text(UNSEEN), st.characters(categories=("L", "N", "P", "Sc"), exclude_characters="\u115f\u1160\u3164\uffa0"))
def test_text_is_blank_until_one_character_of_it_can_be_seen(unseen: str, seen: str) -> None:
    assert is_blank_text(unseen)
    assert not is_blank_text(unseen + seen)
    assert not is_blank_text(seen + unseen)
